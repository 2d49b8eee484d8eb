/**
 * A bound on the worth that a cache can keep, by layers of worth.
 *
 * The worth of a unit is the sum of the layers that it reaches; a cache keeps in no layer more
 * units than the most that it could if there were nothing else.
 *
 * @module
 */
import { keepNearest } from "./furthest.ts";
import type { Packing } from "./packing.ts";

const LAYERS_MAX = 24;

/**
 * Bounds `Σ worth · units kept`. Exact when all worths are equal; else off by no more than their
 * spread, however many there are.
 *
 * @param worth Of one unit of each item; negative and 0 count for nothing.
 * @param offered Units of each item.
 */
export function layeredBound(
  packing: Packing,
  capacity: number,
  worth: Float64Array,
  offered: Float64Array,
): number {
  let bound = 0;
  let below = 0;
  for (const level of levelsOf(worth, offered)) {
    const reaching = offered.map((units, item) => worth[item] > below ? units : 0);
    bound += (level - below) * keepNearest(packing, capacity, reaching).sum;
    below = level;
  }
  return bound;
}

/** Up to so many rising levels, the highest worth among them; a worth between two is rounded up. */
function levelsOf(worth: Float64Array, offered: Float64Array): number[] {
  const unitsAt = new Map<number, number>();
  let all = 0;
  for (let item = 0; item < worth.length; item++) {
    if (!(worth[item] > 0) || offered[item] === 0) continue;
    unitsAt.set(worth[item], (unitsAt.get(worth[item]) ?? 0) + offered[item]);
    all += offered[item];
  }
  const distinct = [...unitsAt.keys()].sort((a, b) => a - b);
  if (distinct.length <= LAYERS_MAX) return distinct;
  const levels: number[] = [];
  let sum = 0;
  for (const [index, value] of distinct.entries()) {
    sum += unitsAt.get(value)!;
    const due = (levels.length + 1) * all / LAYERS_MAX;
    if (sum >= due || index === distinct.length - 1) levels.push(value);
  }
  return levels;
}
