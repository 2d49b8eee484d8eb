/**
 * A replay through a hierarchy as Markdown, for a pull request, an issue or a page.
 *
 * @module
 */

import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { formatBytes } from "../format.ts";
import type { MarkdownOptions } from "../markdown.ts";
import { code, escapeMarkdown, table } from "../markdown_parts.ts";
import { runAnswer, runLine } from "./findings.ts";
import { runLimits } from "./limits.ts";
import type { Run } from "./metric.ts";
import { runMetric, runText, runValue } from "./metrics.ts";
import { matrixRows, placeNames } from "./places.ts";
import { tierCell, tierColumns, tierHead, tierLabels } from "./tier_columns.ts";

const NUMBERS = [
  "latencyNsMean",
  "loadNsMean",
  "waitNsMean",
  "dequantiseNsMean",
  "computeNsMean",
  "requestNsMean",
  "requestNsP50",
  "requestNsP90",
  "requestNsP95",
  "requestNsP99",
  "requestNsMax",
  "prefetchUsefulRatio",
  "prefetchLateRatio",
  "prefetchWastedRatio",
  "gpuNsSaved",
  "dollarsPerHour",
  "dollarsPerMillionTokens",
  "joules",
];

/**
 * Writes a replay as Markdown: answer, tiers, traffic matrix, times and costs, limits.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, hierarchyMarkdown } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { result, scenario } = EXAMPLE_RUN;
 * const text = hierarchyMarkdown(result, scenario, { title: "Is flash worth it?" });
 * assertStringIncludes(text, "# Is flash worth it?\n");
 * ```
 */
export function hierarchyMarkdown(
  result: HierarchyResult,
  scenario: HierarchyScenario,
  options: MarkdownOptions = {},
): string {
  const run: Run = { result, scenario };
  const { title = result.scenario, command } = options;
  const lines = [
    `# ${escapeMarkdown(title)}`,
    "",
    `${escapeMarkdown(runLine(run))}.`,
    "",
    ...runAnswer(run).flatMap((paragraph) => [escapeMarkdown(paragraph), ""]),
    ...(result.lookups === 0 ? [] : tables(run)),
    "## What this does not show",
    "",
    ...runLimits(run).map((limit) => `- ${escapeMarkdown(limit)}`),
    "",
    "## To repeat it",
    "",
    ...(command === undefined ? [] : [`- command ${code(command)}`]),
    `- trace ${code(result.hashes.trace)}`,
    `- engine ${code(result.hashes.engine)}`,
    `- scenario ${code(result.hashes.scenario)}`,
    `- result ${code(result.resultHash)}`,
    "",
  ];
  return lines.join("\n");
}

function tables(run: Run): string[] {
  return ["## Tiers", "", ...tierTable(run), ...matrixTable(run), ...numbersTable(run)];
}

function tierTable(run: Run): string[] {
  const columns = tierColumns(run);
  return table(
    ["tier (policy)", ...columns.map(({ name }) => tierHead(name))],
    tierLabels(run).map((label, tier) => [
      escapeMarkdown(label),
      ...columns.map(({ name }) => tierCell(run, name, tier)),
    ]),
  );
}

function matrixTable(run: Run): string[] {
  const { trafficBytes } = run.result;
  const rows = matrixRows(run.result);
  if (rows.length === 0) return [];
  const names = placeNames(run.result);
  const targets = [...names.keys()].filter((target) =>
    rows.some(({ cause, source }) => trafficBytes[cause][source][target] > 0)
  );
  return [
    `## What moved: ${runText(run, "bytesMoved")}`,
    "",
    ...table(
      ["from", ...targets.map((target) => `to ${escapeMarkdown(names[target])}`)],
      rows.map(({ cause, source, label }) => [
        escapeMarkdown(label),
        ...targets.map((target) => {
          const bytes = trafficBytes[cause][source][target];
          return bytes === 0 ? "" : formatBytes(bytes);
        }),
      ]),
    ),
  ];
}

function numbersTable(run: Run): string[] {
  const rows = NUMBERS.filter((name) => (runValue(run, name) ?? 0) !== 0).map((name) => {
    const { format } = runMetric(name);
    return [code(name), runText(run, name) + (format === "percent" ? " %" : "")];
  });
  return rows.length === 0 ? [] : ["## Times and costs", "", ...table(["metric", "value"], rows)];
}
