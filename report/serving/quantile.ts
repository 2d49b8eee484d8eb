/**
 * Percentiles of serving metrics, all by nearest rank.
 *
 * ```
 * p of n values = the value at rank ⌈p × n⌉ in ascending order
 * ```
 *
 * It is always a value that occurred. Shares are given in thousandths, so that ranks are exact.
 *
 * @module
 */

import type { IntervalCounts } from "../../engine/serving_result.ts";

/** The statistics that reports give of each column of times; `perMille` is absent for the mean. */
export const STATISTICS: readonly {
  readonly suffix: string;
  readonly label: string;
  readonly perMille?: number;
}[] = [
  { suffix: "Mean", label: "mean" },
  { suffix: "P50", label: "p50", perMille: 500 },
  { suffix: "P90", label: "p90", perMille: 900 },
  { suffix: "P95", label: "p95", perMille: 950 },
  { suffix: "P99", label: "p99", perMille: 990 },
  { suffix: "P999", label: "p99.9", perMille: 999 },
];

/** Rank, from 1, of a share of `count` values. */
export function nearestRank(perMille: number, count: number): number {
  return Math.max(1, Math.ceil(perMille * count / 1000));
}

/** A percentile of ascending values, or `null` without any. */
export function quantile(ascending: Float64Array, perMille: number): number | null {
  return ascending.length === 0 ? null : ascending[nearestRank(perMille, ascending.length) - 1];
}

/** A mean, or `null` without values. */
export function mean(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * A percentile of counted times: the middle of the bucket that holds its rank, which is at most
 * 1.1 % from the time itself with 32 buckets an octave.
 */
export function countedQuantile(intervals: IntervalCounts, perMille: number): number | null {
  const { counts, perOctave } = intervals;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = nearestRank(perMille, total);
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= rank);
  return 2 ** ((bucket + 0.5) / perOctave);
}
