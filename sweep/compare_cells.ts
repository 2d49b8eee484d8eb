/**
 * Cells of policies on one tier: policy × capacity × touch order × admission on a trace.
 *
 * @module
 */
import { EngineError, UsageError } from "../errors/errors.ts";
import type { Registry } from "../engine/registry.ts";
import { type Counters, Replayer } from "../engine/replayer.ts";
import type { Touch } from "../engine/result.ts";
import { parseCapacity } from "../scenario/units.ts";
import type { Trace } from "../traces/trace.ts";
import type { Cell, SweepPlan } from "./plan.ts";
import type { CellSpec, Metrics, RunnerFactory } from "./runner.ts";

/** What a `compare` cell runs. */
export interface CompareSpec {
  /** Policy with its parameters, as the registry writes it. */
  readonly policy: string;
  readonly admission: string;
  /** Blocks, share of the distinct blocks, or bytes, as the grid writes it. */
  readonly capacity: string;
  readonly touch: Touch;
  readonly seed: number;
  /** Bytes of one full block, for capacities in bytes; or of one token; or neither. */
  readonly blockBytes?: number;
  readonly bytesPerToken?: number;
}

/** Bytes of a block or of a token, where the grid gives them. */
export type BlockSize = Pick<CompareSpec, "blockBytes" | "bytesPerToken">;

/**
 * Checks one value of an axis; what is wrong with it is thrown.
 *
 * @throws {KvtierError} For a name that is not registered.
 * @throws {RangeError} For a capacity or a touch order that makes no sense.
 */
export function checkCompareValue(key: string, text: string, registry: Registry): void {
  if (key === "policy") registry.policy(text);
  else if (key === "admission") registry.admitter(text);
  else if (key === "capacity") parseCapacity(text);
  else if (text !== "root-first" && text !== "tail-first") {
    throw new RangeError(`"${text}" is no touch order; write root-first or tail-first`);
  }
}

/** The function that specifies a cell from its settings, which were checked. */
export function compareSpecs(
  { axes }: Pick<SweepPlan, "axes">,
  size: BlockSize,
  registry: Registry,
): (cell: Pick<Cell, "settings" | "seed">) => CellSpec {
  const places = new Map(axes.map(({ key }, at) => [key, at]));
  const labels = new Map<string, string>();
  const label = (kind: "policy" | "admitter", text: string) => {
    const name = `${kind} ${text}`;
    const found = labels.get(name) ?? registry[kind](text).label;
    labels.set(name, found);
    return found;
  };
  return ({ settings, seed }) => {
    const read = (key: string, normal: string): string => {
      const at = places.get(key);
      return at === undefined ? normal : String(settings[at]);
    };
    return {
      policy: label("policy", read("policy", "")),
      admission: label("admitter", read("admission", "always")),
      capacity: read("capacity", ""),
      touch: read("touch", "tail-first"),
      seed,
      ...size,
    };
  };
}

/** Makes the runner of `compare` cells: one replayer for as long as the trace stays the same. */
export const createRunner: RunnerFactory = (module) => {
  let held: { readonly trace: Trace; readonly replayer: Replayer } | undefined;
  return (given, trace) => {
    const spec = given as unknown as CompareSpec;
    if (held?.trace !== trace) held = { trace, replayer: new Replayer(trace, module) };
    const { replayer } = held;
    const capacityBlocks = blocksOf(spec, trace);
    const counters = replayer.run({
      policy: replayer.registry.policy(spec.policy),
      admission: replayer.registry.admitter(spec.admission),
      capacityBlocks,
      touch: spec.touch,
      seed: spec.seed,
    });
    return compareMetrics(counters, capacityBlocks);
  };
};

function blocksOf(spec: CompareSpec, trace: Trace): number {
  const { capacity, bytesPerToken } = spec;
  const parsed = parseCapacity(capacity);
  if (parsed.kind === "blocks") return parsed.blocks;
  if (parsed.kind === "share") return Math.max(1, Math.floor(parsed.share * trace.uniqueBlocks));
  const blockBytes = spec.blockBytes ??
    (bytesPerToken === undefined ? undefined : Math.ceil(bytesPerToken * trace.blockTokens));
  if (blockBytes === undefined) {
    throw new UsageError({
      code: "usage/block-bytes",
      message: `"${capacity}" is in bytes, and the size of a block is not known`,
      mend: ["give model or blockBytes in the grid, or write capacities in blocks or per cent"],
    });
  }
  const blocks = Math.floor(parsed.bytes / blockBytes);
  if (blocks >= 1) return blocks;
  throw new EngineError({
    code: "engine/CapacityZero",
    message: "the tier cannot hold one block",
    found: `${capacity} for blocks of ${blockBytes} bytes (${trace.blockTokens} tokens)`,
    expected: "room for 1 block or more",
    mend: ["raise the capacity, or use a model (or precision) with fewer bytes per token"],
  });
}

/** The counters of a run, and the ratios of `docs/metrics.md` that are compared over seeds. */
export function compareMetrics(counters: Counters, capacityBlocks: number): Metrics {
  const { engine: _, requestHitRatioSum, ...counts } = counters;
  const { accesses, hits, prefixHits, hitTokens, inputTokens, requests } = counts;
  return {
    prefixHitRatio: ratio(prefixHits, accesses),
    blockHitRatio: ratio(hits, accesses),
    tokenHitRatio: ratio(hitTokens, inputTokens),
    requestHitRatioMean: ratio(requestHitRatioSum, requests),
    capacityBlocks,
    ...counts,
    misses: accesses - hits,
    requestHitRatioSum,
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
