/**
 * What an LRU stack pushes down: the writes of the tiers below.
 *
 * @module
 */
import { NEVER, type ReuseRuns } from "../engine/reuse_runs.ts";
import type { CurvePoint } from "./curve.ts";

/**
 * Blocks that enter the first so many places of the LRU stack, over all capacities.
 *
 * Root-first these are the misses. Tail-first a block sinks under the tail of its own prompt before
 * it is touched itself, so some blocks that were found at arrival enter again; how far they sink is
 * exact on a prefix tree, where that tail was not above them before.
 */
export function entriesCurve(runs: ReuseRuns): CurvePoint[] {
  const found = new Map<number, number>();
  let accesses = 0;
  for (let first = 0; first < runs.count;) {
    let end = first;
    let length = 0;
    for (; end < runs.count && runs.request[end] === runs.request[first]; end++) {
      length += runs.blockCount[end];
    }
    let left = length;
    for (let row = first; row < end; row++) {
      if (runs.distance[row] !== NEVER) {
        const depth = runs.distance[row] + (runs.touch === "root-first" ? 0 : left - 1);
        found.set(depth + 1, (found.get(depth + 1) ?? 0) + runs.blockCount[row]);
      }
      left -= runs.blockCount[row];
    }
    accesses += length;
    first = end;
  }
  let entries = accesses;
  const steps = [...found].sort(([a], [b]) => a - b)
    .map(([capacity, blocks]): CurvePoint => [capacity, entries -= blocks]);
  return [[0, accesses], ...steps];
}

/** Entries at a capacity: steps, level between two points. */
export function entriesAt(points: readonly CurvePoint[], capacityBlocks: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle][0] <= capacityBlocks) low = middle + 1;
    else high = middle;
  }
  return points[low - 1][1];
}
