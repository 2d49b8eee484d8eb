/**
 * A serving simulation as Markdown, for a pull request, an issue or a page.
 *
 * @module
 */

import type { MarkdownOptions } from "../markdown.ts";
import { code, escapeMarkdown, table } from "../markdown_parts.ts";
import { confidenceSentence, servingAnswer, servingLine } from "./findings.ts";
import { servingLimits } from "./limits.ts";
import type { ServingRun } from "./metric.ts";
import { servingProvenance } from "./provenance.ts";
import { kindTable, latencyTable, numbersTable, partsTable, type PlainTable } from "./tables.ts";

/**
 * Writes a serving simulation as Markdown: answer, tables, limits, hashes.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingMarkdown, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * assertStringIncludes(servingMarkdown(run, { title: "Enough GPUs?" }), "# Enough GPUs?\n");
 * ```
 */
export function servingMarkdown(run: ServingRun, options: MarkdownOptions = {}): string {
  const { context } = run;
  const { hashes } = context;
  const { title = context.name, command } = options;
  const lines = [
    `# ${escapeMarkdown(title)}`,
    "",
    `${escapeMarkdown(servingLine(run))}.`,
    "",
    ...servingAnswer(run).flatMap((paragraph) => [escapeMarkdown(paragraph), ""]),
    escapeMarkdown(confidenceSentence(run)),
    "",
    ...(run.times.rows.length === 0 ? [] : tables(run)),
    ...servingProvenance(run).flatMap((paragraph) => [escapeMarkdown(paragraph), ""]),
    "## What this does not show",
    "",
    ...servingLimits(run).map((limit) => `- ${escapeMarkdown(limit)}`),
    "",
    "## To repeat it",
    "",
    ...(command === undefined ? [] : [`- command ${code(command)}`]),
    `- trace ${code(hashes.trace)}`,
    `- engine ${code(hashes.engine)}`,
    `- cluster ${code(hashes.spec)}`,
    `- result ${code(hashes.result)}`,
    "",
  ];
  return lines.join("\n");
}

function tables(run: ServingRun): string[] {
  const found = [
    latencyTable(run),
    partsTable(run),
    numbersTable(run),
    ...(["group", "store", "link"] as const).map((scope) => kindTable(run, scope)),
  ];
  return found.filter((one) => one !== undefined).flatMap(markdownTable);
}

/** A table under its heading. */
export function markdownTable({ title, note, head, rows }: PlainTable): string[] {
  return [
    `## ${escapeMarkdown(title)}`,
    "",
    ...(note === undefined ? [] : [escapeMarkdown(note), ""]),
    ...table(head.map(escapeMarkdown), rows.map((row) => row.map(escapeMarkdown))),
  ];
}
