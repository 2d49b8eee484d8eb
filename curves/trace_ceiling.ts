/**
 * The ceiling of a trace, and what stands between it and a cache of a given size.
 *
 * @module
 */
import { ABI_VERSION } from "../assembly/abi.ts";
import { choosePolicies, resolveCapacities } from "../engine/choices.ts";
import { summarize } from "../engine/compare.ts";
import { FoldedReplayer } from "../engine/folded.ts";
import { registry } from "../engine/registry.ts";
import { ENGINE_HASH } from "../engine/wasm.ts";
import type { Trace } from "../traces/trace.ts";
import { ceilingHash } from "./curve_hash.ts";
import { replayInTurn, type ReplayJob } from "./replays.ts";
import type { CeilingResult, CeilingRow, PolicyHits } from "./result.ts";
import type { CurveOptions } from "./trace_curves.ts";

/** What to hold against the ceiling; everything has a default. */
export interface CeilingOptions extends
  Pick<
    CurveOptions,
    "touch" | "seed" | "blockBytes" | "replayAll" | "module" | "onProgress"
  > {
  /** Online policies as `compare` takes them; LRU is always among them. Default `all`. */
  readonly policies?: readonly string[];
  /** Capacities as `compare` takes them. Default {@linkcode DEFAULT_CEILING_CAPACITIES}. */
  readonly capacities?: readonly string[];
}

/** Three sizes: a small cache, a fair one, a large one. */
export const DEFAULT_CEILING_CAPACITIES: readonly string[] = ["1%", "5%", "20%"];

/**
 * Ceiling, optimum, the best online policy and LRU at some capacities.
 *
 * @throws {UsageError} For a name, parameter or capacity that makes no sense.
 * @throws {EngineError} If the trace does not fit in 4 GiB.
 *
 * @example
 * ```ts
 * import { TraceBuilder, traceCeiling } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 3]] }).add({ runs: [[9, 3]] });
 * const { ceilingHits, rows: [row] } = await traceCeiling(await builder.build(), {
 *   capacities: ["4"],
 *   policies: ["fifo"],
 *   touch: "root-first",
 * });
 * assertEquals([ceilingHits, row.optimal.hits, row.best.hits, row.lru.hits], [12, 8, 0, 0]);
 * ```
 */
export async function traceCeiling(
  trace: Trace,
  options: CeilingOptions = {},
): Promise<CeilingResult> {
  const { touch = "tail-first", seed = 42, blockBytes, module, onProgress } = options;
  const policies = choosePolicies(registry(), ["lru", ...options.policies ?? ["all"]])
    .filter(({ entry }) => !entry.oracle)
    .map(({ label }) => label);
  const capacities = resolveCapacities(
    options.capacities ?? DEFAULT_CEILING_CAPACITIES,
    trace,
    blockBytes,
  );
  const jobs = capacities.flatMap((capacityBlocks) =>
    policies.map((policy): ReplayJob => ({ policy, capacityBlocks }))
  );
  const replayAll = options.replayAll ?? replayInTurn(trace, { touch, seed, module });
  const found = await replayAll(jobs, (done, { policy, capacityBlocks }) => {
    onProgress?.(done, jobs.length, `${policy} at ${capacityBlocks}`);
  });
  const folded = new FoldedReplayer(trace, module);
  const rows = capacities.map((capacityBlocks, index): CeilingRow => {
    const online = policies.map((policy, at): PolicyHits => {
      const { hits, prefixHits } = found[index * policies.length + at];
      return { policy, hits, prefixHits };
    });
    const { hits, prefixHits } = folded.optimal(capacityBlocks, touch);
    const best = online.reduce((most, one) => one.prefixHits > most.prefixHits ? one : most);
    const optimal = { policy: "optimal", hits, prefixHits };
    return { capacityBlocks, optimal, lru: online[0], best, online };
  });
  const content = {
    trace: summarize(trace),
    engine: { hash: ENGINE_HASH, abiVersion: ABI_VERSION },
    ...(blockBytes === undefined ? {} : { blockBytes }),
    touch,
    seed,
    ceilingHits: trace.accesses - trace.uniqueBlocks,
    rows,
  };
  return { ...content, resultHash: await ceilingHash(content) };
}
