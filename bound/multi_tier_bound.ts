/**
 * A certified bound on what any policy can save in a hierarchy of several tiers.
 *
 * The proof, and what it does not cover: `docs/decisions/0009-the-multi-tier-bound.md`.
 *
 * @module
 */
import { counted } from "../engine/counted.ts";
import { hashOf, withoutFiles } from "../engine/hierarchy_hash.ts";
import type { HierarchyResult } from "../engine/hierarchy_result.ts";
import { EngineError } from "../errors/errors.ts";
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import type { Trace } from "../traces/trace.ts";
import {
  type Packing,
  type PackingInput,
  packIntervals,
  prefillNs,
  prefillNsOfAll,
} from "./packing.ts";
import type { BoundGap, BoundResult } from "./result.ts";
import { boundWith, type Job, type Loads } from "./saving.ts";
import type { Effort } from "./solve.ts";
import { cumulativeUnits, leastLoadNs, ownUnits } from "./tiers.ts";

/** Facts that scenario and trace do not carry, and how hard to try. */
export interface BoundOptions extends Partial<Effort> {
  /** Bytes of each block in the model's own precision, where they differ. */
  readonly blockBytes?: Uint32Array;
  /**
   * Timed movement without load-or-recompute: the bound is for policies under which no request,
   * those of the warm-up included, takes longer than this, in nanoseconds. Without it, blocks of
   * any request may be on their way for ever, and the bound is what an endless cache would save.
   */
  readonly requestNsMax?: number;
}

const FLOW_ITEMS = 600;
const STEPS = 400;

/**
 * Bounds what any policy can save on a trace: no way of evicting, admitting, promoting, demoting or
 * prefetching does better, however much it knows of the future.
 *
 * @param trace What was replayed: the first requests only, where the scenario limits them.
 * @throws {EngineError} For blocks that come from nowhere (`entry: slowest` with a prefetcher), or
 * timed movement of a trace without arrival times.
 *
 * @example A loop of six blocks over tiers of two and two
 * ```ts
 * import { exampleHierarchy, multiTierBound, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 6]] });
 * const scenario = exampleHierarchy({
 *   capacityBlocks: [2, 2],
 *   prefill: { nsPerToken: 1000, nsPerTokenSquared: 0 },
 * });
 * const bound = await multiTierBound(await builder.build(), scenario);
 * assertEquals(bound.gpu.boundNs, 2 * 4 * 16_000);
 * ```
 */
export async function multiTierBound(
  trace: Trace,
  scenario: HierarchyScenario,
  options: BoundOptions = {},
): Promise<BoundResult> {
  refuseUncovered(trace, scenario);
  const { prefill, warmupRequests } = counted(scenario, trace.requestCount);
  const blockTokens = scenario.blockTokens ?? trace.blockTokens;
  const packing = packIntervals({
    trace,
    blockTokens,
    prefill,
    warmupRequests,
    blockBytes: options.blockBytes,
    delayNs: delays(trace, scenario, options.requestNsMax),
  });
  const bytes = options.blockBytes ?? scenario.bytesPerToken * blockTokens;
  const offered = packing.pieces.map((pieces, item) => pieces * packing.unitsPerPiece[item]);
  const effort = {
    flowItems: options.flowItems ?? FLOW_ITEMS,
    steps: options.steps ?? STEPS,
  };
  const job: Job = {
    packing,
    capacities: cumulativeUnits(scenario, bytes),
    // Blocks of one size can always make room below; others must be given a tier each.
    ...(options.blockBytes === undefined ? {} : { single: ownUnits(scenario, bytes) }),
    offered,
    effort,
  };
  const hidden = isHidden(scenario);
  const loads = loadCosts(scenario, packing, blockTokens, options.blockBytes !== undefined);
  const gpu = boundWith(job, () => [0]);
  const latency = boundWith(job, hidden ? (item) => [loads(item)[0]] : loads);
  return {
    label: "bound",
    scenario: scenario.name,
    // Loads cost time, so what bounds the computing that is saved bounds the latency too.
    latency: { ...latency, boundNs: Math.min(latency.boundNs, gpu.boundNs) },
    gpu,
    computeNsWithoutCache: prefillNsOfAll(trace, prefill, warmupRequests),
    reusedBlocks: packing.pieces.reduce((sum, pieces) => sum + pieces, 0),
    items: packing.length,
    conditions: conditionsOf(scenario, options),
    hashes: { trace: trace.hash, scenario: await hashOf(withoutFiles(scenario)) },
  };
}

/**
 * How far a replay of the same trace and scenario stayed below its bound.
 *
 * @param measure `latency` compares the total latency, `gpu` the time computing.
 */
export function gapToBound(
  bound: BoundResult,
  result: HierarchyResult,
  measure: "latency" | "gpu" = "latency",
): BoundGap {
  const { latencyNs } = result;
  const spentNs = measure === "gpu" ? latencyNs.compute : latencyNs.total;
  const savedNs = bound.computeNsWithoutCache - spentNs;
  const { boundNs } = bound[measure];
  return { savedNs, gapNs: boundNs - savedNs, ratio: boundNs === 0 ? 1 : savedNs / boundNs };
}

function refuseUncovered(trace: Trace, scenario: HierarchyScenario): void {
  if (scenario.entry === "slowest" && scenario.prefetch.name !== "none") {
    throw new EngineError({
      code: "bound/not-covered",
      message: "Cannot bound: prefetches may bring blocks that no tier holds, at no cost",
      place: { key: "entry" },
      found: `entry: slowest with the prefetcher ${scenario.prefetch.name}`,
      expected: "entry: fastest, or no prefetcher",
    });
  }
  if (scenario.movement === "timed" && trace.requests.arrivalNs === undefined) {
    throw new EngineError({
      code: "bound/no-arrivals",
      message: "Cannot bound: timed movement needs arrival times, and the trace has none",
      place: { file: trace.path },
      mend: ["set movement: synchronous"],
    });
  }
}

/** Timed, a prefetch moves blocks up while nobody waits: only the fastest tier's cost counts. */
function isHidden({ movement, prefetch }: HierarchyScenario): boolean {
  return movement === "timed" && prefetch.name !== "none";
}

/** The longest that each request may take; absent where it is served at once. */
function delays(
  trace: Trace,
  { movement, recompute, prefill }: HierarchyScenario,
  requestNsMax = Infinity,
): PackingInput["delayNs"] {
  if (movement === "synchronous") return undefined;
  const { inputTokens } = trace.requests;
  if (recompute === "never") return new Float64Array(trace.requestCount).fill(requestNsMax);
  // Computing the whole prompt is always a choice, so no request takes longer.
  return Float64Array.from(inputTokens, (tokens) => prefillNs(prefill, tokens, 0));
}

function conditionsOf(scenario: HierarchyScenario, options: BoundOptions): string[] {
  const conditions = ["Blocks are kept, loaded and computed whole."];
  if (scenario.movement === "synchronous") {
    conditions.push("Prefetches pay for their transfers, as all movement does.");
  } else {
    conditions.push(
      "Blocks on their way take no room until their request ends, as in timed movement.",
    );
    if (isHidden(scenario)) {
      conditions.push(
        "Prefetches are in time: every block counts as if found in the fastest tier.",
      );
    }
    if (scenario.recompute === "never") {
      const { requestNsMax } = options;
      conditions.push(
        requestNsMax === undefined
          ? "Requests may take any time, so that room bounds nothing: this is an endless cache."
          : `No request takes longer than ${requestNsMax} ns.`,
      );
    }
  }
  return conditions;
}

function loadCosts(
  scenario: HierarchyScenario,
  { unitsPerPiece }: Packing,
  blockTokens: number,
  differ: boolean,
): Loads {
  const same = leastLoadNs(scenario, scenario.bytesPerToken * blockTokens);
  if (!differ) return () => same;
  const known = new Map<number, readonly number[]>();
  return (item) => {
    const bytes = unitsPerPiece[item];
    let costs = known.get(bytes);
    if (costs === undefined) known.set(bytes, costs = leastLoadNs(scenario, bytes));
    return costs;
  };
}
