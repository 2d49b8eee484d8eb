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
  const points = hitChanges(runs, counts).draw();
  // On a prefix tree every hit leads, and both curves are one.
  const prefixPoints = everyHitLeads(runs, counts) ? points : prefixChanges(runs, counts).draw();
  return { policy: "lru", exact: true, points, prefixPoints, errorHits: 0 };
}

function hitChanges(runs: ReuseRuns, counts: RowFilter): Changes {
  const changes = new Changes(runs, 2);
  const isJump = runs.touch === "root-first";
  for (let row = 0; row < runs.count; row++) {
    const distance = runs.distance[row];
    if (distance === NEVER || !counts(row)) continue;
    if (isJump) changes.jump(distance, runs.blockCount[row]);
    else changes.rise(distance, runs.blockCount[row]);
  }
  return changes;
}

function prefixChanges(runs: ReuseRuns, counts: RowFilter): Changes {
  const changes = new Changes(runs, 4);
  for (let row = 0; row < runs.count; row++) {
    const distance = runs.distance[row];
    const peak = runs.peak[row];
    if (distance === NEVER || peak === NEVER || !counts(row)) continue;
    const length = runs.blockCount[row];
    if (runs.touch === "root-first") {
      changes.jump(Math.max(distance, peak), length);
      continue;
    }
    // Blocks nearer than the peak become prefix hits with it, all at one capacity.
    const held = Math.min(length, Math.max(0, peak - distance + 1));
    if (held > 0) changes.jump(peak, held);
    changes.rise(distance + held, length - held);
  }
  return changes;
}

/** Whether no block lies deeper in the stack than one after it in its request. */
function everyHitLeads(runs: ReuseRuns, counts: RowFilter): boolean {
  for (let row = 0; row < runs.count; row++) {
    const distance = runs.distance[row];
    if (distance !== NEVER && runs.peak[row] > distance && counts(row)) return false;
  }
  return true;
}

/** Changes of the slope of a curve: tables grow with runs, but for a bit or two per block. */
class Changes {
  private readonly at: Uint32Array;
  private readonly by: Int32Array;
  private count = 0;
  /** A bit per capacity, set where the slope changes. */
  private readonly marks: Uint32Array;

  /** @param most Changes of each run. */
  constructor(runs: ReuseRuns, most: number) {
    this.at = new Uint32Array(most * runs.count);
    this.by = new Int32Array(most * runs.count);
    let blocks = 0;
    for (let row = 0; row < runs.count; row++) {
      blocks = Math.max(blocks, runs.firstBlock[row] + runs.blockCount[row]);
    }
    // Distances are below the number of distinct blocks.
    this.marks = new Uint32Array((blocks >>> 5) + 1);
  }

  /** `blocks` hits more from the capacity `distance + 1` on. */
  jump(distance: number, blocks: number): void {
    this.add(distance, blocks);
    this.add(distance + 1, -blocks);
  }

  /** One hit more with each block of capacity, `blocks` times, after `distance`. */
  rise(distance: number, blocks: number): void {
    this.add(distance, 1);
    this.add(distance + blocks, -1);
  }

  private add(capacity: number, by: number): void {
    this.at[this.count] = capacity;
    this.by[this.count++] = by;
    this.marks[capacity >>> 5] |= 1 << (capacity & 31);
  }

  draw(): CurvePoint[] {
    return join(this.marks, this.sums());
  }

  /** The change at each marked capacity, in their order. */
  private sums(): Float64Array {
    const { at, by, count, marks } = this;
    const before = new Uint32Array(marks.length + 1);
    for (let word = 0; word < marks.length; word++) {
      before[word + 1] = before[word] + ones(marks[word]);
    }
    const sums = new Float64Array(before[marks.length]);
    for (let i = 0; i < count; i++) {
      const word = at[i] >>> 5;
      const below = marks[word] & ~(-1 << (at[i] & 31));
      sums[before[word] + ones(below)] += by[i];
    }
    return sums;
  }
}

/** The corners of the curve whose slope changes so at the marked capacities. */
function join(marks: Uint32Array, changes: Float64Array): CurvePoint[] {
  const points: CurvePoint[] = [];
  let slope = 0;
  let hits = 0;
  let from = 0;
  let rank = 0;
  for (let word = 0; word < marks.length; word++) {
    for (let bits = marks[word]; bits !== 0; bits &= bits - 1) {
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

/** How many bits of a 32-bit word are set. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
