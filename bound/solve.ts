/**
 * One cache: the lowest bound that the methods give, and schedules below it.
 *
 * @module
 */
import { bestFlow } from "./flow.ts";
import { keepNearest } from "./furthest.ts";
import { layeredBound } from "./layers.ts";
import type { Packing } from "./packing.ts";
import { boundAt, pricedBound } from "./prices.ts";
import type { BoundMethod } from "./result.ts";
import { packGreedily, wholePieces, worthOf } from "./schedule.ts";

/** What to pack. */
export interface Cache {
  readonly capacity: number;
  /** Of one unit of each item, at most. */
  readonly worth: Float64Array;
}

/** How hard to try. */
export interface Effort {
  /** Up to so many items the flow is solved. */
  readonly flowItems: number;
  /** Steps in search of prices. */
  readonly steps: number;
}

/** A bound and the prices behind it, where there are any. */
export interface Solved {
  readonly bound: number;
  readonly method: BoundMethod;
  readonly prices?: Float64Array;
}

/** A bound this near to a schedule is not worth more work. */
const NEAR = 1e-4;

/** The lowest bound on what one cache keeps. */
export function solve(
  packing: Packing,
  { capacity, worth }: Cache,
  offered: Float64Array,
  effort: Effort,
): Solved {
  const distinct = new Set(worth.filter((value) => value > 0));
  if (distinct.size <= 1) {
    const [value = 0] = distinct;
    const only = offered.map((units, item) => worth[item] > 0 ? units : 0);
    return { bound: value * keepNearest(packing, capacity, only).sum, method: "furthest" };
  }
  if (packing.length <= effort.flowItems) {
    const { prices } = bestFlow(packing, capacity, worth, offered);
    return { bound: boundAt(packing, capacity, worth, offered, prices), method: "flow", prices };
  }
  const layers = layeredBound(packing, capacity, worth, offered);
  const kept = bestSchedule(packing, { capacity, worth }, offered);
  const reached = worthOf(worth, kept);
  if (layers - reached <= NEAR * layers || effort.steps === 0) {
    return { bound: layers, method: "layers" };
  }
  const priced = pricedBound(packing, capacity, worth, offered, reached, effort.steps);
  return priced.bound < layers
    ? { ...priced, method: "prices" }
    : { bound: layers, method: "layers", prices: priced.prices };
}

/** The best of some schedules of one cache, in units kept of each item. */
export function bestSchedule(
  packing: Packing,
  { capacity, worth }: Cache,
  offered: Float64Array,
  prices?: Float64Array,
): Float64Array {
  const worthy = offered.map((units, item) => worth[item] > 0 ? units : 0);
  const nearest = wholePieces(packing, keepNearest(packing, capacity, worthy).units);
  const found = [nearest, packGreedily(packing, capacity, worthByLength(packing, worth), worthy)];
  if (prices !== undefined) {
    found.push(packGreedily(packing, capacity, leftAfter(packing, worth, prices), worthy));
  }
  const sums = found.map((kept) => worthOf(worth, kept));
  return found[sums.indexOf(Math.max(...sums))];
}

function worthByLength({ from, to }: Packing, worth: Float64Array): Float64Array {
  return worth.map((value, item) => value / Math.max(1, to[item] - from[item]));
}

/** What is left of the worth after paying for room, for each checkpoint of room. */
function leftAfter(packing: Packing, worth: Float64Array, prices: Float64Array): Float64Array {
  const { from, to, checkpoints } = packing;
  const sums = new Float64Array(checkpoints + 1);
  for (let g = 0; g < checkpoints; g++) sums[g + 1] = sums[g] + prices[g];
  return worth.map((value, item) => value - (sums[to[item]] - sums[from[item]]));
}
