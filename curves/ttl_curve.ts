/**
 * Hits of an endless cache that forgets what was idle for too long, at every TTL at once.
 *
 * A hit renews its block, so a block is there exactly when its last touch is no older than the TTL:
 * the curve is the distribution of ages. A prefix hit needs that of every block before it, too.
 *
 * @module
 */
import { type ReuseAges, rowsByAge } from "./ttl_ages.ts";
import type { TtlCurve, TtlPoint } from "./ttl_result.ts";

/**
 * The whole curve, exact at every TTL: steps, with a point where hits are added.
 *
 * @example
 * ```ts
 * import { hitsWithin, reuseAges, reuseRuns, TraceBuilder, ttlCurve } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (const arrivalNs of [0, 5e9, 65e9]) builder.add({ arrivalNs, runs: [[0, 3]] });
 * const trace = await builder.build();
 * const { points } = ttlCurve(reuseAges(trace, reuseRuns(trace, "tail-first")));
 * assertEquals([4e9, 5e9, 60e9].map((ttlNs) => hitsWithin(points, ttlNs)), [0, 3, 6]);
 * ```
 */
export function ttlCurve({ runs, ageNs, peakAgeNs, byAge }: ReuseAges): TtlCurve {
  return {
    points: steps(ageNs, runs.blockCount, byAge),
    prefixPoints: steps(peakAgeNs, runs.blockCount, rowsByAge(peakAgeNs)),
  };
}

/**
 * Hits at a TTL.
 *
 * @param points Of a {@linkcode TtlCurve}.
 * @param ttlNs 0 or more; `Infinity` never forgets.
 */
export function hitsWithin(points: readonly TtlPoint[], ttlNs: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle][0] <= ttlNs) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : points[low - 1][1];
}

function steps(ages: Float64Array, blocks: Uint32Array, order: Uint32Array): TtlPoint[] {
  const points: [number, number][] = [];
  let hits = 0;
  for (const row of order) {
    hits += blocks[row];
    const last = points.at(-1);
    if (last?.[0] === ages[row]) last[1] = hits;
    else points.push([ages[row], hits]);
  }
  return points;
}
