/**
 * The tables that text, Markdown and HTML reports of a serving simulation share.
 *
 * @module
 */

import { visible } from "../format.ts";
import { formatMetric } from "../metric_text.ts";
import type { MetricFormat } from "../metric.ts";
import { servingConfidence } from "./confidence.ts";
import type { ServingMetric, ServingRun, ServingScope } from "./metric.ts";
import { servingMetric, servingMetricsOf, servingNumber, servingValue } from "./metrics.ts";
import { STATISTICS } from "./quantile.ts";
import { PARTS } from "./times.ts";

/** A table of plain texts; the first column names the row. */
export interface PlainTable {
  readonly title: string;
  /** What there is to know of the columns, in a sentence. */
  readonly note?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns, by index, that are left out first where room is short. */
  readonly expendable?: readonly number[];
}

const SIGNS: Partial<Record<MetricFormat, string>> = { percent: ", %", share: ", %" };

/** Name of a column, with percent where its values are. */
export function headOf({ label, format }: Pick<ServingMetric, "label" | "format">): string {
  return label + (SIGNS[format] ?? "");
}

/** Words of a head over two lines, so that columns are as narrow as their numbers. */
export function headLines(label: string): readonly [string, string] {
  const words = label.split(" ");
  if (words.length === 1 || label.length < 9) return ["", label];
  const first = words.slice(0, Math.ceil(words.length / 2)).join(" ");
  return [first, label.slice(first.length + 1)];
}

/** A value with its percent sign, for rows that mix units. */
export function withSign(run: ServingRun, entry: ServingMetric, at?: number): string {
  const value = entry.value(run, at);
  const text = formatMetric(entry, value);
  return value !== null && SIGNS[entry.format] !== undefined ? `${text} %` : text;
}

const FAMILIES = ["ttft", "tpot", "itl", "e2e"];

/** TTFT, TPOT, ITL and E2E by mean and percentiles; the confidence of the mean and of the tail. */
export function latencyTable(run: ServingRun): PlainTable {
  return {
    title: "Latency",
    note:
      "From arrival to the first token (TTFT), for each later token of a request (TPOT), between " +
      "two tokens (ITL), from arrival to the last token (E2E).",
    head: ["", ...STATISTICS.map(({ label }) => label), "confidence"],
    rows: FAMILIES.map((family) => [
      family.toUpperCase(),
      ...STATISTICS.map(({ suffix }) => servingNumber(run, `${family}Ns${suffix}`)),
      confidenceRange(run, [`${family}NsMean`, `${family}NsP999`]),
    ]),
    expendable: [4, 3],
  };
}

/** The confidence of several numbers: one word, or the first and the last. */
function confidenceRange(run: ServingRun, names: readonly string[]): string {
  const levels = names.map((name) => servingConfidence(run, servingMetric(name)).level);
  return [...new Set(levels)].join(" … ");
}

/** Where the time of an answer goes. */
export function partsTable(run: ServingRun): PlainTable & { readonly shares: readonly number[] } {
  const whole = servingValue(run, "e2eNsMean") ?? 0;
  return {
    title: `Where the time goes: ${servingNumber(run, "e2eNsMean")} from arrival to last token`,
    note: "Over all finished requests; the means sum to E2E's.",
    head: ["part", "mean", "p50", "p99"],
    rows: PARTS.map((part) => [
      part,
      ...["Mean", "P50", "P99"].map((suffix) => servingNumber(run, `${part}Ns${suffix}`)),
    ]),
    shares: PARTS.map((part) =>
      whole === 0 ? 0 : (servingValue(run, `${part}NsMean`) ?? 0) / whole
    ),
  };
}

/** Numbers of the run that are no times, in the order in which they matter. */
export const RUN_NUMBERS = [
  "goodputRequestsPerSecond",
  "sloRatio",
  "requestsPerSecond",
  "offeredRequestsPerSecond",
  "queueGrowthRatio",
  "turnDelayNsMean",
  "heldBackRatio",
  "inputTokensPerSecond",
  "outputTokensPerSecond",
  "outputTokensPerSecondPerGpu",
  "cachedTokenRatio",
  "peerTokenRatio",
  "loadedTokenRatio",
  "computedTokenRatio",
  "transferBytes",
  "activeGpuRatio",
  "busyRatio",
  "busySkew",
  "requestSkew",
  "hbmOccupancyMean",
  "hbmOccupancyPeak",
  "preemptions",
  "retries",
  "refused",
  "unfinished",
  "leftOut",
  "dollarsPerHour",
  "dollarsPerMillionTokens",
  "dollarsPerMillionOutputTokens",
  "joulesPerOutputToken",
  "elapsedNs",
  "events",
];

/** Numbers that say nothing when they are zero. */
const QUIET_ZEROS = new Set([
  "transferBytes",
  "preemptions",
  "retries",
  "refused",
  "unfinished",
  "leftOut",
]);

/** Rates, ratios, counts and costs, each with its confidence. */
export function numbersTable(run: ServingRun): PlainTable {
  const shown = RUN_NUMBERS.map((name) => servingMetric(name)).filter((entry) => {
    const value = entry.value(run);
    return value !== null && !(value === 0 && QUIET_ZEROS.has(entry.name));
  });
  return {
    title: "Rates, reuse, GPUs and cost",
    head: ["", "value", "unit", "confidence"],
    rows: shown.map((entry) => [
      entry.label,
      withSign(run, entry),
      entry.format === "percent" || entry.format === "duration" ? "" : entry.unit,
      servingConfidence(run, entry).level,
    ]),
  };
}

const COLUMNS: Readonly<Record<Exclude<ServingScope, "run">, readonly string[]>> = {
  group: [
    "gpus",
    "activeGpuRatio",
    "busyRatio",
    "busySkew",
    "hbmOccupancyMean",
    "hbmOccupancyPeak",
    "mostRunning",
    "mostWaiting",
    "promptTokens",
    "outputTokens",
    "evictions",
  ],
  link: [
    "links",
    "linkUseRatio",
    "linkUseRatioPeak",
    "linkFullNs",
    "linkWaitNsMean",
    "linkBytes",
    "linkBusyRatio",
    "linkBusyRatioMost",
    "linkTransfers",
  ],
  store: [
    "stores",
    "storeTokenRatio",
    "storeHits",
    "storeWrites",
    "storeEvictions",
    "storeOccupancyPeak",
  ],
};

const TITLES: Readonly<Record<keyof typeof COLUMNS, string>> = {
  group: "GPUs, by what they do",
  link: "Links, by kind",
  store: "Stores below HBM, fastest first",
};

/** Names of what a scope has values for. */
export function placesOf({ kinds }: ServingRun, scope: keyof typeof COLUMNS): string[] {
  const all = { group: kinds.groups, link: kinds.links, store: kinds.stores }[scope];
  return all.map(({ name }) => visible(name));
}

/** Groups of GPUs, kinds of links or kinds of stores; `undefined` where there is none. */
export function kindTable(
  run: ServingRun,
  scope: keyof typeof COLUMNS,
): PlainTable | undefined {
  const names = placesOf(run, scope);
  if (names.length === 0) return undefined;
  const columns = COLUMNS[scope].map((name) => servingMetric(name, scope));
  return {
    title: TITLES[scope],
    head: [scope, ...columns.map(headOf)],
    rows: names.map((name, at) => [
      name,
      ...columns.map((entry) => servingNumber(run, entry.name, scope, at)),
    ]),
    expendable: columns.map((_, at) => columns.length - at).slice(0, columns.length - 3),
  };
}

/** Every metric of a scope, raw, by name. */
export function valuesOf(
  run: ServingRun,
  scope: ServingScope,
  at?: number,
): Record<string, number | null> {
  return Object.fromEntries(
    servingMetricsOf(scope).map((entry) => [entry.name, entry.value(run, at)]),
  );
}
