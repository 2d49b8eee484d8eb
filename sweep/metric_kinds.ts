/**
 * What kind of number a metric is, told from its name: units come last in names.
 *
 * @module
 */

/** How a metric is shown, and which way is better. */
export interface MetricKind {
  readonly unit: "ratio" | "nanoseconds" | "bytes" | "count";
  /** `neither` is not ranked. */
  readonly better: "higher" | "lower" | "neither";
}

const HIGHER = /(^|\.)(hits|prefixHits|hitTokens|prefetchUseful)$|PerSecond$/;
const LOWER =
  /(^|\.)(misses|evictions|dropped|recomputedBlocks|prefetchLate|prefetchWasted)$|^dollars|^(preemptions|refused|retried)$|(Ns|Bytes|moved)$/i;

/** The kind of a metric of a sweep. */
export function metricKind(name: string): MetricKind {
  if (/^(busy|activeGpu)Ratio$/.test(name)) return { unit: "ratio", better: "neither" };
  if (name === "strandedTokenRatio") return { unit: "ratio", better: "lower" };
  if (/Ratio(Mean)?$/.test(name)) return { unit: "ratio", better: "higher" };
  const unit = /Ns(Mean|P\d+)?$/.test(name)
    ? "nanoseconds"
    : /Bytes$|^bytes|\.bytes/.test(name)
    ? "bytes"
    : "count";
  if (unit === "nanoseconds") return { unit, better: "lower" };
  const better = HIGHER.test(name) ? "higher" : LOWER.test(name) ? "lower" : "neither";
  return { unit, better: /^(used|peak)|\.(used|peak|capacity)/.test(name) ? "neither" : better };
}

/** Below this difference two means are a draw: a point of a ratio, a hundredth of anything else. */
export function drawPoint({ unit }: MetricKind, best: number): number {
  return unit === "ratio" ? 0.01 : 0.01 * Math.abs(best);
}
