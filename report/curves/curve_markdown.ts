/**
 * Curves and ceilings as Markdown: answer, tables, limits, how to repeat it.
 *
 * @module
 */
import type { CeilingResult, CurveFacts, CurveResult } from "../../curves/result.ts";
import { traceLine } from "../findings.ts";
import type { MarkdownOptions } from "../markdown.ts";
import { code, escapeMarkdown, table } from "../markdown_parts.ts";
import { ceilingAnswer, ceilingLimits } from "./ceiling_findings.ts";
import { ceilingColumns } from "./ceiling_tables.ts";
import { curveAnswer, curveLimits } from "./curve_findings.ts";
import { curveColumns, groupColumns, type TextColumn } from "./tables.ts";

/**
 * Writes curves as Markdown.
 *
 * @example
 * ```ts
 * import { curveMarkdown, TraceBuilder, traceCurves } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 9]] });
 * const text = curveMarkdown(await traceCurves(await builder.build()));
 * assertStringIncludes(text, "| blocks |");
 * ```
 */
export function curveMarkdown(result: CurveResult, options: MarkdownOptions = {}): string {
  const groups = result.groups.length === 0 ? [] : [
    "## LRU by part",
    "",
    "Prefix hits in percent of the part's own look-ups; one cache serves all parts.",
    "",
    ...columnTable(groupColumns(result)),
  ];
  return page(result, options.title ?? "Hits over capacities", options.command, {
    answer: curveAnswer(result),
    tables: [
      "Hit ratios in percent of look-ups.",
      "",
      ...columnTable(curveColumns(result)),
      ...groups,
    ],
    limits: curveLimits(result),
  });
}

/** Writes a ceiling as Markdown. */
export function ceilingMarkdown(result: CeilingResult, options: MarkdownOptions = {}): string {
  return page(result, options.title ?? "The ceiling", options.command, {
    answer: ceilingAnswer(result),
    tables: ["In percent of look-ups.", "", ...columnTable(ceilingColumns(result))],
    limits: ceilingLimits(result),
  });
}

interface Parts {
  readonly answer: readonly string[];
  readonly tables: readonly string[];
  readonly limits: readonly string[];
}

function page(
  facts: CurveFacts,
  title: string,
  command: string | undefined,
  { answer, tables, limits }: Parts,
): string {
  const { trace, engine, resultHash } = facts;
  return [
    `# ${escapeMarkdown(title)}`,
    "",
    `${code(trace.path)}: ${traceLine(facts)}.`,
    "",
    ...answer.flatMap((paragraph) => [escapeMarkdown(paragraph), ""]),
    ...tables,
    "## What this does not show",
    "",
    ...limits.map((limit) => `- ${escapeMarkdown(limit)}`),
    "",
    "## To repeat it",
    "",
    ...(command === undefined ? [] : [`- command ${code(command)}`]),
    `- trace ${code(trace.hash)}`,
    `- engine ${code(engine.hash)}, boundary version ${engine.abiVersion}`,
    `- result ${code(resultHash)}`,
    "",
  ].join("\n");
}

function columnTable(columns: readonly TextColumn[]): string[] {
  const head = columns.map((column) => escapeMarkdown(column.head.join(" ").trim()));
  const rows = columns[0].cells.map((_, row) =>
    columns.map(({ cells }) => escapeMarkdown(cells[row]))
  );
  return table(head, rows);
}
