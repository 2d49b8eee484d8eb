/**
 * The LRU curve from a sample of the blocks, for traces whose reuse table is too large.
 *
 * A folded trace seldom needs it: sampling cuts references, and the exact curve grows with extents.
 *
 * Source: Waldspurger et al., "Efficient MRC construction with SHARDS", FAST 2015. Its correction
 * of the sample's size is taken further: repeats are counted exactly, blocks are drawn in strata.
 *
 * @module
 */
import type { ReuseRuns } from "../engine/reuse_runs.ts";
import type { Trace } from "../traces/trace.ts";
import { type Curve, type CurvePoint, hitsAt } from "./curve.ts";
import { lruCurve } from "./lru_curve.ts";
import { sampledTrace } from "./sampled_trace.ts";

/** How a sampled curve came about. */
export interface Sampling {
  /** One block in this many is in a sample, on average. */
  readonly oneIn: number;
  /** Independent samples, 2 or more; the curve is their mean. */
  readonly samples: number;
  readonly seed: number;
}

/** Makes the reuse table of a sample. */
export type ReuseOf = (sample: Trace) => ReuseRuns;

/** Samples unless told: their spread is the error that is stated. */
export const SAMPLES = 8;

/** Points to a doubling of the capacity. */
const STEPS_PER_OCTAVE = 16;

/** Standard errors to either side of a mean that hold the truth 19 times in 20. */
const ERRORS_OF_95 = 2;

/**
 * The mean curve of several samples.
 *
 * @param reuseOf Gives the reuse table of a sample, in the touch order of the curve.
 * @returns Hits at capacities 4 % apart from `oneIn` blocks on, rounded; `errorHits` is twice the
 * largest standard error of any of them, by the spread of the samples: an estimate, and no bound.
 *
 * @example Whole at a rate of one in one
 * ```ts
 * import { hitsAt, reuseRuns, sampledCurve, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 5]] });
 * const trace = await builder.build();
 * const sampling = { oneIn: 1, samples: 2, seed: 42 };
 * const curve = sampledCurve(trace, sampling, (sample) => reuseRuns(sample, "tail-first"));
 * assertEquals([4, 5].map((blocks) => hitsAt(curve.points, blocks)), [8, 10]);
 * ```
 */
export function sampledCurve(trace: Trace, sampling: Sampling, reuseOf: ReuseOf): Curve {
  const { oneIn, samples, seed } = sampling;
  const capacities = gridOf(oneIn, trace.uniqueBlocks);
  const found = Array.from({ length: samples }, (_, index) => {
    const sample = sampledTrace(trace, oneIn, seed, String(index));
    const curve = lruCurve(reuseOf(sample));
    const scaled = (points: readonly CurvePoint[]) =>
      capacities.map((capacity) => scaledHits(points, capacity, trace, sample, oneIn));
    return { hits: scaled(curve.points), prefixHits: scaled(curve.prefixPoints) };
  });
  const hits = found.map((each) => each.hits);
  const pointsOf = (all: readonly (readonly number[])[]) =>
    capacities.map((capacity, i): CurvePoint => [capacity, Math.round(mean(column(all, i)))]);
  const errors = capacities.map((_, i) => standardError(column(hits, i)));
  return {
    policy: "lru",
    exact: false,
    points: pointsOf(hits),
    prefixPoints: pointsOf(found.map((each) => each.prefixHits)),
    errorHits: Math.round(ERRORS_OF_95 * Math.max(0, ...errors)),
  };
}

/**
 * Hits of the whole trace by a sample. Repeats are counted exactly and only the missed ones are
 * scaled up: a hot block, in the sample or not, is hardly ever missed.
 */
function scaledHits(
  points: readonly CurvePoint[],
  capacity: number,
  trace: Trace,
  sample: Trace,
  oneIn: number,
): number {
  const repeats = trace.accesses - trace.uniqueBlocks;
  const missed = sample.accesses - sample.uniqueBlocks - hitsAt(points, capacity / oneIn);
  return Math.max(0, repeats - oneIn * missed);
}

/** Whole capacities from one block of a sample to all blocks, evenly spaced in their logarithm. */
function gridOf(oneIn: number, blocks: number): number[] {
  const capacities = new Set<number>();
  for (let step = 0;; step++) {
    const capacity = Math.round(oneIn * 2 ** (step / STEPS_PER_OCTAVE));
    if (capacity >= blocks) break;
    capacities.add(capacity);
  }
  if (blocks > 0) capacities.add(blocks);
  return [...capacities];
}

function column(rows: readonly (readonly number[])[], index: number): number[] {
  return rows.map((row) => row[index]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a mean of independent values; a single one has no spread to tell. */
function standardError(values: readonly number[]): number {
  if (values.length < 2) return Infinity;
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
