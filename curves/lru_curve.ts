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
  const marks = new Uint32Array(wordsFor(runs));
  const points = draw(marks, (change) => addHits(runs, counts, change));
  // On a prefix tree every hit leads, and both curves are one.
  const prefixPoints = everyHitLeads(runs, counts)
    ? points
    : draw(marks.fill(0), (change) => addPrefixHits(runs, counts, change));
  return { policy: "lru", exact: true, points, prefixPoints, errorHits: 0 };
}

/** Changes the slope of a curve from a capacity on. */
type Change = (capacity: number, by: number) => void;

function addHits(runs: ReuseRuns, counts: RowFilter, change: Change): void {
  const add = runs.touch === "root-first" ? jump : rise;
  for (let row = 0; row < runs.count; row++) {
    const distance = runs.distance[row];
    if (distance !== NEVER && counts(row)) add(distance, runs.blockCount[row], change);
  }
}

function addPrefixHits(runs: ReuseRuns, counts: RowFilter, change: Change): void {
  for (let row = 0; row < runs.count; row++) {
    const distance = runs.distance[row];
    const peak = runs.peak[row];
    if (distance === NEVER || peak === NEVER || !counts(row)) continue;
    const length = runs.blockCount[row];
    if (runs.touch === "root-first") {
      jump(Math.max(distance, peak), length, change);
      continue;
    }
    // Blocks nearer than the peak become prefix hits with it, all at one capacity.
    const held = Math.min(length, Math.max(0, peak - distance + 1));
    if (held > 0) jump(peak, held, change);
    rise(distance + held, length - held, change);
  }
}

/** Whether no block lies deeper in the stack than one after it in its request. */
function everyHitLeads(runs: ReuseRuns, counts: RowFilter): boolean {
  for (let row = 0; row < runs.count; row++) {
    const distance = runs.distance[row];
    if (distance !== NEVER && runs.peak[row] > distance && counts(row)) return false;
  }
  return true;
}

/** `blocks` hits more from the capacity `distance + 1` on. */
function jump(distance: number, blocks: number, change: Change): void {
  change(distance, blocks);
  change(distance + 1, -blocks);
}

/** One hit more with each block of capacity, `blocks` times, after `distance`. */
function rise(distance: number, blocks: number, change: Change): void {
  change(distance, 1);
  change(distance + blocks, -1);
}

/** Words of a bitmap of capacities: distances are below the number of distinct blocks. */
function wordsFor(runs: ReuseRuns): number {
  let blocks = 0;
  for (let row = 0; row < runs.count; row++) {
    blocks = Math.max(blocks, runs.firstBlock[row] + runs.blockCount[row]);
  }
  return (blocks >>> 5) + 1;
}

/**
 * The curve that some changes make, told twice: first they are marked, a bit per capacity, then
 * summed, so that tables grow with the changes and not with blocks.
 */
function draw(marks: Uint32Array, tell: (change: Change) => void): CurvePoint[] {
  tell((capacity) => {
    marks[capacity >>> 5] |= 1 << (capacity & 31);
  });
  const before = new Uint32Array(marks.length + 1);
  for (let word = 0; word < marks.length; word++) {
    before[word + 1] = before[word] + ones(marks[word]);
  }
  const sums = new Float64Array(before[marks.length]);
  tell((capacity, by) => {
    const word = capacity >>> 5;
    const below = marks[word] & ~(-1 << (capacity & 31));
    sums[before[word] + ones(below)] += by;
  });
  return join(marks, sums);
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
