/**
 * Percentiles by nearest rank: always a value that occurred.
 *
 * @module
 */

/** Mean, percentiles and maximum of a column of times, in nanoseconds. */
export interface Ranks {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Sorts a copy: the p-th percentile is the value at rank ⌈p/100 × n⌉. All are 0 without values.
 *
 * @example
 * ```ts
 * import { nearestRanks } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const ranks = nearestRanks(Float64Array.of(40, 10, 30, 20));
 * assertEquals([ranks.p50, ranks.p90, ranks.mean], [20, 40, 25]);
 * ```
 */
export function nearestRanks(values: Float64Array): Ranks {
  if (values.length === 0) return { mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 };
  const sorted = values.slice().sort();
  const count = sorted.length;
  const at = (percent: number) => sorted[Math.max(0, Math.ceil(percent * count / 100) - 1)];
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    mean: Math.round(sum / count),
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    max: sorted[count - 1],
  };
}
