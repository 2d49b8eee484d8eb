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
  /** Where the slope changes, and by how much, in the order of the runs; four for each at most. */
  private readonly at: Uint32Array;
  private readonly by: Float64Array;
  private count = 0;
  /** A bit per capacity, set where the slope changes: tables grow with runs, not with blocks. */
  private readonly marks: Uint32Array;

  constructor(runs: ReuseRuns) {
    let blocks = 0;
    for (let row = 0; row < runs.count; row++) {
      blocks = Math.max(blocks, runs.firstBlock[row] + runs.blockCount[row]);
    }
    this.at = new Uint32Array(4 * runs.count);
    this.by = new Float64Array(4 * runs.count);
    // Distances are below the number of distinct blocks.
    this.marks = new Uint32Array((blocks >>> 5) + 1);
  }

  /** `blocks` hits more from the capacity `distance + 1` on. */
  jump(distance: number, blocks: number): void {
    this.change(distance, blocks);
    this.change(distance + 1, -blocks);
  }

  /** One hit more with each block of capacity, `blocks` times, after `distance`. */
  rise(distance: number, blocks: number): void {
    this.change(distance, 1);
    this.change(distance + blocks, -1);
  }

  private change(capacity: number, by: number): void {
    this.at[this.count] = capacity;
    this.by[this.count++] = by;
    this.marks[capacity >>> 5] |= 1 << (capacity & 31);
  }

  points(): CurvePoint[] {
    const changes = this.sums();
    const points: CurvePoint[] = [];
    let slope = 0;
    let hits = 0;
    let from = 0;
    let rank = 0;
    for (let word = 0; word < this.marks.length; word++) {
      for (let bits = this.marks[word]; bits !== 0; bits &= bits - 1) {
        const change = changes[rank++];
        if (change === 0) continue;
        const capacity = word * 32 + 31 - Math.clz32(bits & -bits);
        hits += slope * (capacity - from);
        from = capacity;
        slope += change;
        // Every curve starts at [0, 0] without saying so.
        if (capacity > 0) points.push([capacity, hits]);
      }
    }
    return points;
  }

  /** The change at each marked capacity, in their order. */
  private sums(): Float64Array {
    const before = new Uint32Array(this.marks.length + 1);
    for (let word = 0; word < this.marks.length; word++) {
      before[word + 1] = before[word] + ones(this.marks[word]);
    }
    const sums = new Float64Array(before[this.marks.length]);
    for (let i = 0; i < this.count; i++) {
      const word = this.at[i] >>> 5;
      const below = this.marks[word] & ~(-1 << (this.at[i] & 31));
      sums[before[word] + ones(below)] += this.by[i];
    }
    return sums;
  }
}

/** How many bits of a 32-bit word are set. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
