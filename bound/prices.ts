/**
 * A bound on the worth that a cache can keep, by prices of its room.
 *
 * Whatever price each checkpoint's room has, no cache keeps more than what the room is worth
 * altogether and what is left to each item after it paid (weak duality). So any prices give a
 * bound, and the search only decides how near it is.
 *
 * @module
 */
import type { Packing } from "./packing.ts";

/** Rounding of sums of doubles stays far below this share. */
const ROUNDING = 1e-9;
const STALE_STEPS = 12;

/** A bound, and the prices that prove it. */
export interface PricedBound {
  readonly bound: number;
  /** Price of a unit of room, by checkpoint. */
  readonly prices: Float64Array;
}

/**
 * The bound that given prices prove, rounded up by more than the rounding of its sums.
 *
 * @param worth Of one unit of each item.
 * @param offered Units of each item.
 */
export function boundAt(
  packing: Packing,
  capacity: number,
  worth: Float64Array,
  offered: Float64Array,
  prices: Float64Array,
): number {
  const sums = new Float64Array(packing.checkpoints + 1);
  const bound = evaluate(packing, capacity, worth, offered, prices, sums);
  return Number.isSafeInteger(bound) ? bound : bound * (1 + ROUNDING);
}

/** The bound without rounding up; leaves sums of prices, or the use of room where asked for. */
function evaluate(
  { from, to, length, checkpoints }: Packing,
  capacity: number,
  worth: Float64Array,
  offered: Float64Array,
  prices: Float64Array,
  sums: Float64Array,
  used?: Float64Array,
): number {
  for (let g = 0; g < checkpoints; g++) sums[g + 1] = sums[g] + prices[g];
  let bound = capacity * sums[checkpoints];
  used?.fill(0);
  for (let item = 0; item < length; item++) {
    const left = worth[item] - (sums[to[item]] - sums[from[item]]);
    if (left <= 0) continue;
    bound += left * offered[item];
    if (used !== undefined) {
      used[from[item]] += offered[item];
      used[to[item]] -= offered[item];
    }
  }
  if (used !== undefined) { for (let g = 1; g <= checkpoints; g++) used[g] += used[g - 1]; }
  return bound;
}

/**
 * Looks for prices with a low bound, by subgradient steps: room that is asked for too much becomes
 * dearer, room that stays empty cheaper.
 *
 * @param reached What some schedule keeps; the length of the steps goes by the distance to it.
 * @param start Prices to begin with.
 */
export function pricedBound(
  packing: Packing,
  capacity: number,
  worth: Float64Array,
  offered: Float64Array,
  reached: number,
  steps: number,
  start?: Float64Array,
): PricedBound {
  const { checkpoints } = packing;
  const prices = start?.slice() ?? new Float64Array(checkpoints);
  const sums = new Float64Array(checkpoints + 1);
  const used = new Float64Array(checkpoints + 1);
  const direction = new Float64Array(checkpoints);
  let best = Infinity;
  let bestPrices = prices.slice();
  let reach = 1;
  let stale = 0;
  for (let step = 0; step < steps; step++) {
    const bound = evaluate(packing, capacity, worth, offered, prices, sums, used);
    if (bound < best - Math.abs(best) * 1e-6) stale = 0;
    else if (++stale > STALE_STEPS) [reach, stale] = [reach / 2, 0];
    if (bound < best) [best, bestPrices] = [bound, prices.slice()];
    let norm = 0;
    for (let g = 0; g < checkpoints; g++) {
      // The last direction fades out: steps that go to and fro cancel each other.
      let slope = used[g] - capacity + 0.7 * direction[g];
      if (slope < 0 && prices[g] === 0) slope = 0;
      direction[g] = slope;
      norm += slope * slope;
    }
    if (norm === 0 || bound <= reached) break;
    const length = reach * (bound - reached) / norm;
    for (let g = 0; g < checkpoints; g++) {
      prices[g] = Math.max(0, prices[g] + length * direction[g]);
    }
  }
  return { bound: boundAt(packing, capacity, worth, offered, bestPrices), prices: bestPrices };
}
