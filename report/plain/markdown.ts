/**
 * A plain report as Markdown.
 *
 * @module
 */
import { code, escapeMarkdown, table } from "../markdown_parts.ts";
import type { PlainReport } from "./report.ts";

/** Writes a report as Markdown; `command` is the line that repeats it. */
export function plainMarkdown(report: PlainReport, command?: string): string {
  const lines = [
    `# ${escapeMarkdown(report.title)}`,
    "",
    `${code(report.path)}: ${escapeMarkdown(report.facts)}.`,
    "",
    ...report.answer.flatMap((paragraph) => [escapeMarkdown(paragraph), ""]),
    ...report.tables.flatMap(({ title, note, head, rows, best }) => [
      `## ${escapeMarkdown(title)}`,
      "",
      ...table(
        head.map(escapeMarkdown),
        rows.map((row, index) =>
          row.map((cell, at) => {
            const text = escapeMarkdown(cell);
            return at === 0 && index === best ? `**${text}**` : text;
          })
        ),
      ),
      ...(note === undefined ? [] : [escapeMarkdown(note), ""]),
    ]),
    "## What this does not show",
    "",
    ...report.limits.map((limit) => `- ${escapeMarkdown(limit)}`),
    "",
    "## To repeat it",
    "",
    ...(command === undefined ? [] : [`- command ${code(command)}`]),
    ...report.repeat.map(([name, value]) => `- ${escapeMarkdown(name)} ${code(value)}`),
    `- result ${code(report.resultHash)}`,
    "",
  ];
  return lines.join("\n");
}
