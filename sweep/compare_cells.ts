/**
 * Cells of policies on one tier: policy × capacity × touch order × admission on a trace.
 *
 * @module
 */
import { EngineError, UsageError } from "../errors/errors.ts";
import { freeStart } from "../engine/free_start.ts";
import { LEARNED, type PackedModel } from "../engine/model.ts";
import type { Registry } from "../engine/registry.ts";
import { type Counters, Replayer } from "../engine/replayer.ts";
import type { Touch } from "../engine/result.ts";
import { trainEvictionModel } from "../learn/train.ts";
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
  /** Part of the requests that `learned` is trained on, and that no policy is counted on. */
  readonly learnShare?: number;
}

/** What all cells of a grid have: bytes of a block or of a token, and what is learned from. */
export type CommonSpec = Pick<CompareSpec, "blockBytes" | "bytesPerToken" | "learnShare">;

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
  common: CommonSpec,
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
      ...common,
    };
  };
}

/** Makes the runner of `compare` cells: one stage for as long as the trace stays the same. */
export const createRunner: RunnerFactory = (module) => {
  let stage: Stage | undefined;
  return async (given, trace) => {
    const spec = given as unknown as CompareSpec;
    if (stage?.trace !== trace) stage = new Stage(trace, module);
    const capacityBlocks = blocksOf(spec, trace);
    return compareMetrics(await stage.run(spec, capacityBlocks), capacityBlocks);
  };
};

/** A trace in the engine, with what cells on it have in common. */
class Stage {
  private readonly replayer: Replayer;
  /** The trace for oracles when counting begins late, by the requests that do not count. */
  private readonly free = new Map<number, Replayer>();
  private readonly models = new Map<string, Promise<PackedModel>>();

  constructor(readonly trace: Trace, private readonly module: WebAssembly.Module) {
    this.replayer = new Replayer(trace, module);
  }

  async run(spec: CompareSpec, capacityBlocks: number): Promise<Counters> {
    const { registry } = this.replayer;
    const policy = registry.policy(spec.policy);
    const common = {
      policy,
      admission: registry.admitter(spec.admission),
      capacityBlocks,
      touch: spec.touch,
      seed: spec.seed,
    };
    const { learnShare } = spec;
    if (learnShare === undefined) return this.replayer.run(common);
    const warmupRequests = Math.floor(this.trace.requestCount * learnShare);
    if (policy.entry.oracle && warmupRequests > 0) {
      return this.freeReplayer(warmupRequests).run({ ...common, warmupRequests: 1 });
    }
    if (policy.entry.name !== LEARNED) return this.replayer.run({ ...common, warmupRequests });
    const model = await this.model(capacityBlocks, spec.touch, learnShare);
    return this.replayer.run({ ...common, warmupRequests, model });
  }

  private freeReplayer(requests: number): Replayer {
    const found = this.free.get(requests) ??
      new Replayer(freeStart(this.trace, requests), this.module);
    this.free.set(requests, found);
    return found;
  }

  private model(capacityBlocks: number, touch: Touch, learnShare: number): Promise<PackedModel> {
    const key = `${capacityBlocks} ${touch} ${learnShare}`;
    const options = { capacityBlocks, touch, learnShare, module: this.module };
    const found = this.models.get(key) ??
      trainEvictionModel(this.trace, options).then(({ model }) => model.packed);
    this.models.set(key, found);
    return found;
  }
}

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
