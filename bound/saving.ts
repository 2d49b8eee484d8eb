/**
 * What several tiers save at most: each number of fastest tiers, taken together, is one cache.
 *
 * @module
 */
import type { Packing } from "./packing.ts";
import type { SavingBound } from "./result.ts";
import { worthOf } from "./schedule.ts";
import { bestSchedule, type Cache, type Effort, solve, type Solved } from "./solve.ts";

/** The least load of each tier, by item. */
export type Loads = (item: number) => readonly number[];

/** What is common to all measures. */
export interface Job {
  readonly packing: Packing;
  /** Room of the fastest 1, 2, … tiers. */
  readonly capacities: readonly number[];
  /** Room of each tier by itself, where blocks differ in size. */
  readonly single?: readonly number[];
  readonly offered: Float64Array;
  readonly effort: Effort;
}

/**
 * Bounds the saving where tier `k` saves a block's computing less `loads[k]`. With one load only,
 * all tiers are as good as one cache of all their room.
 */
export function boundWith(job: Job, loads: Loads): SavingBound {
  const { packing, offered, effort } = job;
  const count = packing.length === 0 ? 1 : loads(0).length;
  const first = job.capacities.length - count;
  const parts = Array.from({ length: count }, (_, k) => {
    const capacity = job.capacities[first + k];
    const cache: Cache = { capacity, worth: worthBeyond(packing, packing.computeNs, loads, k) };
    return { cache, solved: solve(packing, cache, offered, effort) };
  });
  const boundNs = parts.map(({ solved }) => Math.ceil(solved.bound));
  return {
    boundNs: boundNs.reduce((sum, ns) => sum + ns, 0),
    feasibleNs: Math.floor(feasible(job, loads, parts)),
    parts: parts.map(({ cache, solved }, k) => ({
      tiers: first + k + 1,
      capacityUnits: cache.capacity,
      boundNs: boundNs[k],
      method: solved.method,
    })),
  };
}

/** Worth of a unit in tier `k` beyond its worth one tier further down, or beyond nothing. */
function worthBeyond(
  { unitsPerPiece, length }: Packing,
  computeNs: Float64Array,
  loads: Loads,
  k: number,
): Float64Array {
  return Float64Array.from({ length }, (_, item) => {
    const costs = loads(item);
    const here = Math.max(0, computeNs[item] - costs[k]);
    const below = k + 1 < costs.length ? Math.max(0, computeNs[item] - costs[k + 1]) : 0;
    return (here - below) / unitsPerPiece[item];
  });
}

/** Schedules all room first, then of that what the faster tiers hold. */
function feasible(
  job: Job,
  loads: Loads,
  parts: readonly { readonly cache: Cache; readonly solved: Solved }[],
): number {
  const { packing, offered, single } = job;
  if (single !== undefined) return feasibleApart(job, single, loads);
  let kept = offered;
  let sum = 0;
  for (let k = parts.length; k-- > 0;) {
    const { cache: { capacity }, solved } = parts[k];
    const worth = worthBeyond(packing, packing.leastComputeNs, loads, k);
    kept = bestSchedule(packing, { capacity, worth }, kept, solved.prices);
    sum += worthOf(worth, kept);
  }
  return sum;
}

/** Fills one tier after the other with what stays in it all the time. */
function feasibleApart(
  { packing, offered }: Job,
  single: readonly number[],
  loads: Loads,
): number {
  let left = offered;
  let sum = 0;
  for (const [tier, capacity] of single.entries()) {
    const worth = Float64Array.from(packing.leastComputeNs, (computeNs, item) => {
      const costs = loads(item);
      const saved = computeNs - costs[Math.min(tier, costs.length - 1)];
      return Math.max(0, saved) / packing.unitsPerPiece[item];
    });
    const kept = bestSchedule(packing, { capacity, worth }, left);
    sum += worthOf(worth, kept);
    left = left.map((units, item) => units - kept[item]);
  }
  return sum;
}
