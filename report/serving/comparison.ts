/**
 * Several serving simulations of one trace beside each other: routers, ratios, sizes.
 *
 * @module
 */

import { formatCount, formatCounted, formatDuration, sentenceList, visible } from "../format.ts";
import { groupsOf, rowLabel, type RunsGroup, type RunsTable } from "../hierarchy/runs.ts";
import { DRAW_RATIO } from "../metric_values.ts";
import { overallConfidence } from "./confidence.ts";
import type { ServingRun } from "./metric.ts";
import { servingMetric } from "./metrics.ts";

/** One simulation, and how it differs from the others. */
export interface ComparedRun {
  /** What was varied and its value here, such as `{ router: "kvtier-ms", staleness: "50 ms" }`. */
  readonly varied: Readonly<Record<string, string>>;
  readonly run: ServingRun;
}

/** What is compared, and how. */
export interface ServingComparison {
  readonly runs: readonly ComparedRun[];
  /** The key whose values compete; all runs do when absent. */
  readonly by?: string;
  /** Names of metrics of the run, the one that ranks first; see {@linkcode COMPARED_METRICS}. */
  readonly metrics?: readonly string[];
}

/** Metrics of a comparison unless told otherwise, the one that ranks first. */
export const COMPARED_METRICS: readonly string[] = [
  "ttftNsP99",
  "ttftNsMean",
  "tpotNsP99",
  "e2eNsMean",
  "goodputRequestsPerSecond",
  "outputTokensPerSecond",
  "cachedTokenRatio",
  "peerTokenRatio",
  "loadedTokenRatio",
  "busySkew",
  "dollarsPerMillionTokens",
];

/** Metrics that some run has a value for. */
export function comparedMetrics({ runs, metrics = COMPARED_METRICS }: ServingComparison): string[] {
  return metrics.filter((name) => runs.some(({ run }) => servingMetric(name).value(run) !== null));
}

/**
 * A comparison as the table that reports of several runs read; one run has no interval.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingRun, servingRunsTable } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * const { rows } = servingRunsTable({ runs: [{ varied: { router: "round-robin" }, run }] });
 * assertEquals(rows[0].metrics.ttftNsP99.mean, 80e6);
 * ```
 */
export function servingRunsTable(comparison: ServingComparison): RunsTable {
  const names = comparedMetrics(comparison);
  return {
    ...(comparison.by === undefined ? {} : { by: comparison.by }),
    rows: comparison.runs.map(({ varied, run }) => ({
      varied,
      metrics: Object.fromEntries(names.flatMap((name) => {
        const value = servingMetric(name).value(run);
        return value === null ? [] : [[name, { mean: value, n: 1 }]];
      })),
    })),
  };
}

/** Whether runs differ in a metric that all of them have, by more than a draw. */
function differs(runs: readonly ComparedRun[], name: string): boolean {
  const values = runs.map(({ run }) => servingMetric(name).value(run));
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return false;
  return Math.max(...known) - Math.min(...known) > DRAW_RATIO * Math.min(...known.map(Math.abs));
}

/**
 * The two metrics that are set against each other: the tail of the TTFT, and money where runs cost
 * unlike sums, else the tail of the TPOT.
 */
export function tradeOffOf({ runs }: ServingComparison): readonly [string, string] {
  const money = "dollarsPerMillionTokens";
  return ["ttftNsP99", differs(runs, money) ? money : "tpotNsP99"];
}

/** Whether there is anything to trade: rivals that differ in one of the two at least. */
export function hasTradeOff(runs: readonly ComparedRun[], names: readonly string[]): boolean {
  return runs.length > 1 && names.some((name) => differs(runs, name));
}

/** How much worse one value is than another, as a share of the other; below zero when better. */
function loss(name: string, one: number, other: number): number {
  const difference = servingMetric(name).better === "higher" ? other - one : one - other;
  return difference === 0 ? 0 : difference / Math.abs(other);
}

/**
 * Indices of the runs that no other is better than in one of the metrics, by more than a draw
 * (1 %), without being worse in the other by more than that.
 */
export function paretoFront(
  runs: readonly ComparedRun[],
  names: readonly [string, string],
): number[] {
  const values = runs.map(({ run }) => names.map((name) => servingMetric(name).value(run)));
  const isKnown = (at: number) => values[at].every((value) => value !== null);
  const losses = (at: number, other: number) =>
    names.map((name, index) => loss(name, values[at][index]!, values[other][index]!));
  return [...runs.keys()].filter((at) =>
    isKnown(at) && ![...runs.keys()].some((other) => {
      if (other === at || !isKnown(other)) return false;
      const found = losses(at, other);
      return found.some((one) => one > DRAW_RATIO) && found.every((one) => one >= -DRAW_RATIO);
    })
  );
}

/** Which runs are worth looking at, a sentence for each group of rivals. */
export function paretoSentences(comparison: ServingComparison): string[] {
  const names = tradeOffOf(comparison);
  const table = servingRunsTable(comparison);
  const [first, second] = names.map((name) => servingMetric(name).label);
  return groupsOf(table).flatMap((group) => {
    const runs = runsOf(comparison, table, group);
    const front = paretoFront(runs, names).map((at) => rowLabel(group.rows[at], table));
    if (!hasTradeOff(runs, names) || front.length === 0) return [];
    const where = group.title === "" ? "" : `${group.title}: `;
    if (front.length === 1) {
      return [`${where}no other is better than ${front[0]} in ${first} or ${second}.`];
    }
    const others = front.length === runs.length
      ? "each is better than another in one of them, or a draw"
      : "all others are worse in one and no better in the other";
    return [
      `${where}between ${first} and ${second} the choice is ${sentenceList(front)}; ${others}.`,
    ];
  });
}

/** The runs of a group, in its order. */
export function runsOf(
  { runs }: ServingComparison,
  { rows }: RunsTable,
  group: RunsGroup,
): ComparedRun[] {
  return group.rows.map((row) => runs[rows.indexOf(row)]);
}

/** How far the numbers may be believed: as far as those of the least sure run. */
export function comparisonConfidence({ runs }: ServingComparison): string {
  if (runs.length === 0) return "No run.";
  const { level, why } = overallConfidence(...runs.map(({ run }) => run));
  return `Confidence of absolute numbers: ${level}, as ${why}. ` +
    "What the runs share they share alike: their order is surer than their numbers.";
}

/** What a warm-up left out, where there was one; nothing when runs differ in it. */
export function warmupSentence({ runs }: ServingComparison): string {
  const ends = new Set(runs.map(({ run }) => run.result.countedFromNs));
  const [ns = 0] = ends;
  if (ends.size > 1 || ns === 0) return "";
  const left = runs.map(({ run }) => run.result.leftOut);
  const [least, most] = [Math.min(...left), Math.max(...left)];
  const requests = least === most
    ? formatCounted(most, "request")
    : `${formatCount(least)} to ${formatCounted(most, "request")}`;
  return `Not counted: ${requests} of the first ${formatDuration(ns)}, the warm-up.`;
}

/** Runs that more is asked of than they can do, by name. */
export function saturatedSentence(comparison: ServingComparison): string {
  const table = servingRunsTable(comparison);
  const named = (cause: "queue" | "turns") =>
    comparison.runs.flatMap(({ run, varied }) =>
      run.saturation.by.includes(cause)
        ? [Object.values(varied).map(visible).join(" · ") || rowLabel(table.rows[0], table)]
        : []
    );
  const sentences = [
    ["so that latencies depend on where the trace ends", named("queue")],
    ["as sessions wait, so that latencies are of a lighter load than the trace's", named("turns")],
  ] as const;
  return sentences.flatMap(([meaning, names]) =>
    names.length === 0 ? [] : [`Saturated, ${meaning}: ${sentenceList(names)}.`]
  ).join(" ");
}
