/**
 * Several serving simulations for a terminal and as Markdown: best, draws, trade-offs.
 *
 * @module
 */

import {
  groupsOf,
  rowLabel,
  type RunsGroup,
  type RunsTable,
  standingsOf,
} from "../hierarchy/runs.ts";
import { runsAnswer } from "../hierarchy/runs_findings.ts";
import { MARKS } from "../hierarchy/runs_text.ts";
import type { MarkdownOptions } from "../markdown.ts";
import { escapeMarkdown } from "../markdown_parts.ts";
import { fit, paint, wrap } from "../text_table.ts";
import {
  comparedMetrics,
  comparisonConfidence,
  paretoSentences,
  runsOf,
  saturatedSentence,
  type ServingComparison,
  servingRunsTable,
  warmupSentence,
} from "./comparison.ts";
import { notesSentence } from "./findings.ts";
import { markdownTable } from "./markdown.ts";
import { servingMetric, servingNumber } from "./metrics.ts";
import { headOf, type PlainTable } from "./tables.ts";
import { draw, type ServingTextOptions } from "./text.ts";

/** What the marks of a comparison mean. */
export const COMPARISON_LEGEND =
  "* best of its column, = a draw with it: under a point for ratios, under 1 % for all else.";

/** What is compared, in sentences: best, draws, trade-off, saturation, confidence. */
export function comparisonAnswer(comparison: ServingComparison): string[] {
  const table = servingRunsTable(comparison);
  return [
    ...runsAnswer(table, comparedMetrics(comparison)[0]),
    ...paretoSentences(comparison),
    warmupSentence(comparison),
    saturatedSentence(comparison),
    notesSentence(comparison.runs.map(({ run }) => run)),
    comparisonConfidence(comparison),
  ].filter((sentence) => sentence !== "");
}

/** What a comparison does not show. */
export const COMPARISON_LIMITS: readonly string[] = [
  "Chance: one seed each; `kvtier sweep` over seeds gives intervals",
  "Other traffic and other sizes: what wins here may lose there",
];

/** Rivals as rows, metrics as columns, each value with its mark. */
export function groupTable(
  comparison: ServingComparison,
  table: RunsTable,
  group: RunsGroup,
): PlainTable {
  const names = comparedMetrics(comparison);
  const stands = names.map((name) => standingsOf(group, name));
  const runs = runsOf(comparison, table, group);
  return {
    title: group.title === "" ? "All runs" : group.title,
    head: [table.by ?? "run", ...names.map((name) => headOf(servingMetric(name)))],
    rows: group.rows.map((row, at) => [
      rowLabel(row, table),
      ...names.map((name, column) => {
        const standing = stands[column][at];
        const mark = standing === "best" || standing === "draw" ? MARKS[standing] : " ";
        return `${servingNumber(runs[at].run, name)}${mark}`;
      }),
    ]),
    expendable: names.map((_, at) => names.length - at).slice(0, -1),
  };
}

/**
 * Writes a comparison of serving simulations for a terminal.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingComparisonText, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * const runs = ["round-robin", "random"].map((router) => ({ varied: { router }, run }));
 * const text = servingComparisonText({ runs, by: "router" });
 * assertStringIncludes(text, "best by TTFT p99 is round-robin");
 * ```
 */
export function servingComparisonText(
  comparison: ServingComparison,
  options: ServingTextOptions & { readonly title?: string } = {},
): string {
  const page = { width: Math.max(40, options.width ?? 100), color: options.color ?? false };
  const table = servingRunsTable(comparison);
  const lines = [
    ...(options.title === undefined
      ? []
      : [paint(fit(options.title, page.width), "strong", page.color)]),
    ...comparisonAnswer(comparison).flatMap((paragraph) => wrap(paragraph, page.width)),
    "",
    ...groupsOf(table).flatMap((group) => [
      ...draw(groupTable(comparison, table, group), page),
      "",
    ]),
    ...wrap(COMPARISON_LEGEND, page.width),
    "",
    ...wrap(`What this does not show: ${COMPARISON_LIMITS.join(" · ")}`, page.width),
  ];
  return lines.join("\n") + "\n";
}

/**
 * Writes a comparison of serving simulations as Markdown.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingComparisonMarkdown, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * const text = servingComparisonMarkdown({ runs: [{ varied: { router: "random" }, run }] });
 * assertStringIncludes(text, "| run | TTFT p99 |");
 * ```
 */
export function servingComparisonMarkdown(
  comparison: ServingComparison,
  options: MarkdownOptions = {},
): string {
  const table = servingRunsTable(comparison);
  const lines = [
    `# ${escapeMarkdown(options.title ?? "Serving simulations compared")}`,
    "",
    ...comparisonAnswer(comparison).flatMap((paragraph) => [escapeMarkdown(paragraph), ""]),
    ...groupsOf(table).flatMap((group) => markdownTable(groupTable(comparison, table, group))),
    escapeMarkdown(COMPARISON_LEGEND),
    "",
    "## What this does not show",
    "",
    ...COMPARISON_LIMITS.map((limit) => `- ${escapeMarkdown(limit)}`),
    "",
    ...(options.command === undefined ? [] : [`To repeat it: \`${options.command}\``, ""]),
  ];
  return lines.join("\n");
}
