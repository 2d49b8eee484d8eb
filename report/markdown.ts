/**
 * A comparison as Markdown, for a pull request, an issue or a page.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import { answer, limits, traceLine } from "./findings.ts";
import { formatCount, formatCounted, NO_VALUE } from "./format.ts";
import { gapLines, headlineText } from "./headline.ts";
import { code, escapeMarkdown, table } from "./markdown_parts.ts";
import { metric, metricContext, metricText } from "./metric_text.ts";
import { type CapacityGroup, groupByCapacity, type Row, seriesOf, shownName } from "./series.ts";
import { parametersInForce, type Standing, standing } from "./series.ts";

export { escapeMarkdown } from "./markdown_parts.ts";

/** What surrounds the numbers of a Markdown report. */
export interface MarkdownOptions {
  /** Heading of the report; `Eviction policies compared` unless told. */
  readonly title?: string;
  /** The command line that repeats it. */
  readonly command?: string;
}

const COLUMNS = [
  "prefixHitRatio",
  "prefixGapToOptimal",
  "prefixGapClosed",
  "blockHitRatio",
  "unusableHitRatio",
  "tokenHitRatio",
  "requestHitRatioMean",
  "prefixHits",
  "evictions",
  "compulsoryMisses",
  "capacityMisses",
  "policyMisses",
];

const SIGNS: Readonly<Record<Standing, string>> = { best: "*", above: "+", draw: "", below: "−" };

/**
 * Writes a comparison as Markdown: answer, matrix of prefix hits, a table per capacity, limits.
 *
 * @example
 * ```ts
 * import { comparisonMarkdown, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const text = comparisonMarkdown(EXAMPLE_COMPARISON, { title: "Which policy?" });
 * assertStringIncludes(text, "# Which policy?\n");
 * ```
 */
export function comparisonMarkdown(comparison: Comparison, options: MarkdownOptions = {}): string {
  const { title = "Eviction policies compared", command } = options;
  const { trace, engine, resultHash } = comparison;
  const groups = groupByCapacity(comparison);
  const lines = [
    `# ${escapeMarkdown(title)}`,
    "",
    `${code(trace.path)}: ${traceLine(comparison)}.`,
    "",
    ...answer(comparison).flatMap((paragraph) => [escapeMarkdown(paragraph), ""]),
    ...(groups.length === 0 ? [] : matrix(groups, comparison)),
    ...groups.flatMap((group) => capacityTable(group, comparison)),
    "## What this does not show",
    "",
    ...limits(comparison).map((limit) => `- ${escapeMarkdown(limit)}`),
    "",
    "## To repeat it",
    "",
    ...(command === undefined ? [] : [`- command ${code(command)}`]),
    ...parametersInForce(comparison).map(([name, text]) =>
      `- parameters of ${escapeMarkdown(name)} ${code(text)}`
    ),
    `- trace ${code(trace.hash)}`,
    `- engine ${code(engine.hash)}, boundary version ${engine.abiVersion}`,
    `- result ${code(resultHash)}`,
    "",
  ];
  return lines.join("\n");
}

function matrix(groups: readonly CapacityGroup[], comparison: Comparison): string[] {
  const context = metricContext(comparison);
  const head = groups.map((group) =>
    `${formatCount(group.capacityBlocks)} (${metricText("capacityRatio", group.shared, context)} %)`
  );
  const rows = seriesOf(groups).map((series) => [
    rowLabel(series),
    ...series.rows.map((row, index) => signed(row, groups[index])),
  ]);
  const gaps = gapLines(groups).map(({ label, cells }) => [`_${label}, points_`, ...cells]);
  return [
    "## Prefix hits, percent of look-ups",
    "",
    "By capacity in blocks (and as a share of all distinct blocks). Against LRU at the same " +
    `capacity: ${escapeMarkdown(SIGNS.best)} the best policy, ${SIGNS.above} a point or more ` +
    `above, ${SIGNS.below} a point or more below, no sign: a draw.`,
    "",
    ...table(["policy", ...head], [...rows, ...gaps]),
  ];
}

/** A cell of the matrix: prefix hits with the sign of how they stand against LRU. */
function signed(row: Row | undefined, group: CapacityGroup): string {
  const text = headlineText(row, group);
  if (row?.result === undefined || row.isBound) return text;
  return `${text} ${escapeMarkdown(SIGNS[standing(group, row.result)])}`.trimEnd();
}

function capacityTable(group: CapacityGroup, comparison: Comparison): string[] {
  const context = metricContext(comparison);
  const bytes = metric("capacityBytes").value(group.shared, context);
  const size = bytes === null ? "" : `, ${metricText("capacityBytes", group.shared, context)}`;
  const rows = group.rows.map((row) => [
    rowLabel(row),
    ...COLUMNS.map((name) => cell(row, group, name)),
  ]);
  return [
    `## ${formatCounted(group.capacityBlocks, "block")}${size}, ${group.touch}`,
    "",
    ...table(["policy", ...COLUMNS.map((name) => metric(name).label)], rows),
  ];
}

function rowLabel(row: Pick<Row, "label" | "isBound" | "isSchedule">): string {
  const name = escapeMarkdown(shownName(row));
  return row.isBound ? `**${name}**` : name;
}

function cell(row: Row, group: CapacityGroup, name: string): string {
  if (row.result !== undefined) return metricText(name, row.result);
  const isRatio = name === "prefixHitRatio" || name === "blockHitRatio";
  return isRatio ? headlineText(row, group) : NO_VALUE;
}
