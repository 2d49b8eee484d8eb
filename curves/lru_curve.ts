/**
 * The exact LRU curve of every capacity at once, from the reuse table.
 *
 * Source: Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal 1970;
 * the runs of blocks that share one distance are ours.
 *
 * @module
 */
import { NEVER, type ReuseRuns } from "../engine/reuse_runs.ts";
import type { Curve, CurvePoint } from "./curve.ts";

export { capacityFor, hitsAt } from "./curve.ts";

/** Which rows of the reuse table count; all when absent. */
export type RowFilter = (row: number) => boolean;

/**
 * Hits of LRU at every capacity, block hits and prefix hits.
 *
 * @param runs The reuse table of a trace.
 * @param counts Restricts the hits that are counted; the cache still serves the whole trace.
 * @example
 * ```ts
 * import { hitsAt, lruCurve, reuseRuns, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 5]] });
 * const curve = lruCurve(reuseRuns(await builder.build(), "tail-first"));
 * assertEquals([4, 5, 6].map((blocks) => hitsAt(curve.points, blocks)), [8, 10, 10]);
 * ```
 */
export function lruCurve(runs: ReuseRuns, counts: RowFilter = () => true): Curve {
  const all = new Slopes(runs);
  const leading = new Slopes(runs);
  for (let row = 0; row < runs.count; row++) {
    const distance = runs.distance[row];
    if (distance === NEVER || !counts(row)) continue;
    const length = runs.blockCount[row];
    const peak = runs.peak[row];
    if (runs.touch === "root-first") {
      all.jump(distance, length);
      if (peak !== NEVER) leading.jump(Math.max(distance, peak), length);
      continue;
    }
    all.rise(distance, length);
    if (peak === NEVER) continue;
    // Blocks nearer than the peak become prefix hits with it, all at one capacity.
    const held = Math.min(length, Math.max(0, peak - distance + 1));
    if (held > 0) leading.jump(peak, held);
    leading.rise(distance + held, length - held);
  }
  return {
    policy: "lru",
    exact: true,
    points: all.points(),
    prefixPoints: leading.points(),
    errorHits: 0,
  };
}

/** A curve under construction: the change of its slope at each capacity. */
class Slopes {
  /** Distances are below the number of distinct blocks. */
  private readonly change: Float64Array;

  constructor(runs: ReuseRuns) {
    let blocks = 0;
    for (let row = 0; row < runs.count; row++) {
      blocks = Math.max(blocks, runs.firstBlock[row] + runs.blockCount[row]);
    }
    this.change = new Float64Array(blocks + 2);
  }

  /** `blocks` hits more from the capacity `distance + 1` on. */
  jump(distance: number, blocks: number): void {
    this.change[distance] += blocks;
    this.change[distance + 1] -= blocks;
  }

  /** One hit more with each block of capacity, `blocks` times, after `distance`. */
  rise(distance: number, blocks: number): void {
    this.change[distance] += 1;
    this.change[distance + blocks] -= 1;
  }

  points(): CurvePoint[] {
    const points: CurvePoint[] = [];
    let slope = 0;
    let hits = 0;
    let from = 0;
    for (let capacity = 0; capacity < this.change.length; capacity++) {
      const change = this.change[capacity];
      if (change === 0) continue;
      hits += slope * (capacity - from);
      from = capacity;
      slope += change;
      points.push([capacity, hits]);
    }
    return points;
  }
}
