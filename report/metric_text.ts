/**
 * The table of metrics in words: values for people, `kvtier explain`, and `docs/metrics.md`.
 *
 * @module
 */

import type { Comparison, RunResult } from "../engine/result.ts";
import { UsageError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import {
  formatBytes,
  formatCount,
  formatDecimal,
  formatDollars,
  formatDuration,
  formatJoules,
  formatPercent,
  NO_VALUE,
} from "./format.ts";
import type { Metric, MetricContext, MetricFormat, MetricHead } from "./metric.ts";
import { METRICS } from "./metrics.ts";
import { wrap } from "./text_table.ts";

/**
 * Finds a metric by its name.
 *
 * @throws {UsageError} `metric/unknown`, with the nearest names, when there is no such metric.
 *
 * @example
 * ```ts
 * import { EXAMPLE_COMPARISON, metric } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const [, , , , , lfu] = EXAMPLE_COMPARISON.results;
 * assertEquals(metric("prefixGapClosed").value(lfu), 2 / 3);
 * ```
 */
export function metric(name: string): Metric {
  const found = METRICS.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const hint = didYouMean(name, METRICS.map((candidate) => candidate.name));
  throw new UsageError({
    code: "metric/unknown",
    message: `Cannot explain: "${name}" is not a metric`,
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier explain` lists all metrics"],
  });
}

/** The context that a comparison gives its metrics. */
export function metricContext(comparison: Comparison): MetricContext {
  const { blockBytes, trace: { uniqueBlocks } } = comparison;
  return blockBytes === undefined ? { uniqueBlocks } : { uniqueBlocks, blockBytes };
}

/** Writes a raw value as the metric's format says, without a unit sign; `–` for none. */
export function formatMetric(
  { format }: Pick<MetricHead, "format">,
  value: number | null,
): string {
  if (value === null) return NO_VALUE;
  return format === "share" && value < -1 ? "< -100" : FORMATS[format](value);
}

const FORMATS: Readonly<Record<MetricFormat, (value: number) => string>> = {
  count: formatCount,
  percent: formatPercent,
  points: formatPercent,
  share: formatPercent,
  bytes: formatBytes,
  duration: formatDuration,
  decimal: formatDecimal,
  dollars: formatDollars,
  joules: formatJoules,
};

/** Computes a metric of a run and writes it for people; `–` for what says nothing. */
export function metricText(name: string, result: RunResult, context?: MetricContext): string {
  const found = metric(name);
  const isShown = found.isShown?.(result) ?? true;
  return isShown ? formatMetric(found, found.value(result, context)) : NO_VALUE;
}

const SHOWN_AS: Readonly<Record<MetricFormat, string>> = {
  count: "a whole number",
  percent: "percent, one decimal",
  points: "points (hundredths), one decimal",
  share: "percent, `–` for a gap below a point",
  bytes: "KiB, MiB, GiB, TiB",
  duration: "ns, µs, ms, s, min, h",
  decimal: "a number with three digits",
  dollars: "dollars",
  joules: "mJ, J, kJ, MJ",
};

/**
 * Explains one metric in plain words: what it is, its formula, which way is better, its limits.
 *
 * @param name Name of a metric; without it, the list of all metrics with one line each.
 * @throws {UsageError} `metric/unknown`, when there is no such metric.
 *
 * @example
 * ```ts
 * import { explainMetric } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(explainMetric("prefixHitRatio"), "prefixHits ÷ accesses");
 * ```
 */
export function explainMetric(name?: string): string {
  if (name === undefined) {
    const width = Math.max(...METRICS.map((entry) => entry.name.length));
    return METRICS.map((entry) => `${entry.name.padEnd(width)}  ${entry.meaning}\n`).join("");
  }
  return metricExplanation(metric(name));
}

/** What is known of a metric, for a terminal. */
export function metricExplanation(entry: MetricHead): string {
  return [
    `${entry.name} ("${entry.label}" in tables)`,
    "",
    entry.meaning,
    "",
    `  formula         ${entry.formula}`,
    `  unit            ${entry.unit}, shown as ${SHOWN_AS[entry.format]}`,
    `  better          ${entry.better}`,
    `  does not show   ${entry.doesNotShow}`,
    "",
  ].join("\n");
}

const INTRODUCTION = [
  "# Metrics",
  "",
  "<!-- Written by `deno task docs` from report/metrics.ts. Change it there. -->",
  "",
  "Every number that a report shows is defined here, and reports compute no other.",
  "",
  "## What is counted, and when",
  "",
  "A **request** arrives and looks up its blocks in order, root first. Each look-up is one **access**:",
  "a **hit** if the block is resident at that instant, else a **miss**. With touch order `root-first` a",
  "block is looked up, touched and, if missed, inserted before the next one is looked up; with",
  "`tail-first` all blocks are looked up when the request arrives and then touched from the last to the",
  "first. The optimum and the LRU that a run is compared with use the same capacity and touch order.",
  "",
  "The **leading run** of a request is its longest unbroken run of hits from the first block on. A",
  "prefix cache can use these **prefix hits** and no others: a hit behind a miss saves it nothing.",
  "",
  "## What ranks",
  "",
  "Reports rank policies, sign wins and losses, and draw curves and gaps by prefix hits ÷ look-ups. The",
  "other ratios stand beside it. The optimum is the most _block_ hits that any policy can reach; as",
  "prefix hits are block hits, it bounds them too, and gaps are measured to it. On a prefix tree (each",
  "block always follows the same one) its hits are all prefix hits.",
  "",
  "## Four hit ratios",
  "",
  "Published numbers differ by several points by definition alone, so every ratio says which it is.",
  "",
  "| ratio                 | a hit counts           | weighs by                                     |",
  "| --------------------- | ---------------------- | --------------------------------------------- |",
  "| `prefixHitRatio`      | in the leading run     | blocks                                        |",
  "| `blockHitRatio`       | anywhere in the prompt | blocks                                        |",
  "| `tokenHitRatio`       | in the leading run     | tokens, the last block by the tokens it holds |",
  "| `requestHitRatioMean` | in the leading run     | requests, each the same                       |",
  "",
  "## Three kinds of miss",
  "",
  "Misses split into three kinds that sum to `misses`.",
  "",
  "| kind       | who could avoid it                                      | metric             |",
  "| ---------- | ------------------------------------------------------- | ------------------ |",
  "| compulsory | nobody: the block was never seen before                 | `compulsoryMisses` |",
  "| capacity   | only more capacity: the optimum misses at this size too | `capacityMisses`   |",
  "| policy     | a policy as good as the optimum, at this size           | `policyMisses`     |",
  "",
  "The kinds are counts, not labels on single misses: the optimum may hit where the policy misses and",
  "the other way round; only the sums compare. All three are blocks: hits behind a miss, which are no",
  "misses and save nothing either, are counted apart as `unusableHits`.",
  "",
  "## All metrics",
  "",
  "Ratios are between 0 and 1 in JSON and CSV, and percent in tables. `null` (an empty CSV field, `–`",
  "in tables) means that the value is not defined, such as a ratio of nothing. Tables also write `–`",
  "for the share closed of a gap below one point, and `< -100` where more than the whole gap is lost;",
  "JSON and CSV keep the number.",
  "",
].join("\n");

const DOCUMENT_WIDTH = 100;

/** A metric as a section of a document, in lines as the formatter breaks them. */
export function metricSection(entry: MetricHead): string {
  const item = (text: string) => wrap(`- ${text}`, DOCUMENT_WIDTH, "  ");
  return [
    `### ${entry.name}`,
    "",
    ...wrap(entry.meaning, DOCUMENT_WIDTH),
    "",
    ...item(`Formula: ${entry.formula}`),
    ...item(
      `Unit: ${entry.unit}, shown as ${SHOWN_AS[entry.format]}; column "${entry.label}"`,
    ),
    ...item(`Better: ${entry.better}`),
    ...item(`Does not show: ${entry.doesNotShow}`),
    "",
  ].join("\n");
}

/** The text of `docs/metrics.md`. */
export function metricsMarkdown(): string {
  return `${INTRODUCTION}\n${METRICS.map(metricSection).join("\n")}`;
}
