/**
 * Routers side by side: the same fleet and load, the view of the router aged step by step.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { formatMetric } from "../metric_text.ts";
import { wrap } from "../text_table.ts";
import { confidenceSentence, servingLine } from "./findings.ts";
import { markdownTable } from "./markdown.ts";
import type { ServingRun } from "./metric.ts";
import { servingMetric, servingMetricsOf, servingValue } from "./metrics.ts";
import { headOf, type PlainTable } from "./tables.ts";
import { draw } from "./text.ts";

/** One router under one view. */
export interface RoutedRun {
  /** As it was asked for, such as `power-of-two(choices=3)`. */
  readonly router: string;
  readonly stalenessNs: number;
  readonly run: ServingRun;
}

/** Below this difference two routers draw. */
const DRAW = 0.01;
const RANKED = "ttftNsMean";
/** What the best is compared with, where it was asked for; else the last. */
const PLAIN = "round-robin";

const COLUMNS = [
  "ttftNsMean",
  "ttftNsP50",
  "ttftNsP99",
  "tpotNsMean",
  "e2eNsMean",
  "sloRatio",
  "cachedTokenRatio",
  "loadedTokenRatio",
  "requestSkew",
] as const;

/**
 * The answer in a sentence for each age of the view: who gives the first token soonest, and by how
 * much.
 */
export function routingAnswer(rows: readonly RoutedRun[]): string[] {
  const ages = [...new Set(rows.map(({ stalenessNs }) => stalenessNs))];
  return ages.map((age) => {
    const ranked = rows.filter(({ stalenessNs }) => stalenessNs === age)
      .map((row) => ({ ...row, ns: servingValue(row.run, RANKED) }))
      .filter((row): row is RoutedRun & { readonly ns: number } => row.ns !== null)
      .sort((a, b) => a.ns - b.ns);
    const seen = age === 0 ? "With a view that is always fresh" : `With a view ${time(age)} old`;
    if (ranked.length === 0) return `${seen}, no request was served.`;
    const [best] = ranked;
    const other = ranked.find(({ router }) => router === PLAIN) ?? ranked.at(-1)!;
    const drawn = ranked.filter(({ ns }) => ns <= best.ns * (1 + DRAW));
    const names = drawn.map(({ router }) => router).join(", ");
    const verb = drawn.length === 1 ? "gives" : "give";
    const shorter = ((1 - best.ns / other.ns) * 100).toFixed(0);
    const against = drawn.includes(other)
      ? ""
      : `, ${shorter} % sooner than ${other.router} with ${time(other.ns)}`;
    return `${seen}, ${names} ${verb} the first token soonest: after ${time(best.ns)} on average` +
      `${against}.`;
  });
}

function time(ns: number): string {
  return formatMetric(servingMetric(RANKED), ns);
}

/** One line for each router and view. */
export function routingTable(rows: readonly RoutedRun[]): PlainTable {
  const metrics = COLUMNS.map((name) => servingMetric(name));
  const isSaturated = rows.some(({ run }) => run.saturation.state === "saturated");
  return {
    title: "Routers, by age of their view",
    head: ["router", "view", ...metrics.map(headOf), ...(isSaturated ? ["queue"] : [])],
    rows: rows.map(({ router, stalenessNs, run }) => [
      router,
      time(stalenessNs),
      ...metrics.map((metric) => formatMetric(metric, metric.value(run))),
      ...(isSaturated ? [run.saturation.state === "saturated" ? "grows" : "steady"] : []),
    ]),
    expendable: [9, 3, 5],
  };
}

/**
 * Writes a comparison of routers for a terminal, the answer first.
 *
 * @param rows One or more.
 */
export function routingText(
  rows: readonly RoutedRun[],
  { width = 100, color = false }: { readonly width?: number; readonly color?: boolean } = {},
): string {
  const [{ run }] = rows;
  const lines = [
    ...routingAnswer(rows).flatMap((sentence) => wrap(sentence, width)),
    ...wrap(confidenceSentence(run), width),
    "",
    ...wrap(`Fleet and load: ${loadLine(run)}`, width),
    "",
    ...draw(routingTable(rows), { width, color }),
    "",
    ...wrap(`What this does not show: ${LIMITS}`, width),
  ];
  return lines.join("\n") + "\n";
}

const LIMITS =
  "other seeds, traces and fleets (`kvtier sweep` varies them); differences below 1 % are a draw; " +
  "the time that a router itself takes";

/** The first parts of a run's line: what does not depend on the router. */
function loadLine(run: ServingRun): string {
  return servingLine(run).split(" · ").slice(0, 3).join(" · ");
}

/** Writes a comparison as Markdown. */
export function routingMarkdown(
  rows: readonly RoutedRun[],
  { command }: { readonly command?: string } = {},
): string {
  return [
    "# Routers",
    "",
    ...routingAnswer(rows),
    confidenceSentence(rows[0].run),
    "",
    `Fleet and load: ${loadLine(rows[0].run)}`,
    "",
    ...markdownTable(routingTable(rows)),
    "",
    `What this does not show: ${LIMITS}.`,
    ...(command === undefined ? [] : ["", "```sh", command, "```"]),
    "",
  ].join("\n");
}

/** Writes every metric of every run as CSV, a line for each router and view. */
export function routingCsv(rows: readonly RoutedRun[]): string {
  const metrics = servingMetricsOf("run");
  return stringify([
    ["router", "stalenessNs", ...metrics.map(({ name }) => name), "saturation", "resultHash"],
    ...rows.map(({ router, stalenessNs, run }) => [
      router,
      stalenessNs,
      ...metrics.map(({ value }) => value(run) ?? ""),
      run.saturation.state,
      run.context.hashes.result,
    ]),
  ]);
}

/** Writes every metric of every run as JSON. */
export function routingJson(
  rows: readonly RoutedRun[],
  { version }: { readonly version: string },
): string {
  const { context } = rows[0].run;
  const document = {
    command: "route",
    version,
    schema: 1,
    scenario: context.name,
    trace: { ...context.trace, hash: context.hashes.trace },
    answer: routingAnswer(rows),
    runs: rows.map(({ router, stalenessNs, run }) => ({
      router,
      stalenessNs,
      saturation: run.saturation.state,
      metrics: Object.fromEntries(
        servingMetricsOf("run").map(({ name, value }) => [name, value(run)]),
      ),
      resultHash: run.context.hashes.result,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
