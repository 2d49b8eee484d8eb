/**
 * A plain report for a terminal.
 *
 * @module
 */
import { visible } from "../format.ts";
import { bar, type Column, drawTable, fit, fitColumns, paint, wrap } from "../text_table.ts";
import type { PlainReport, PlainTable } from "./report.ts";

/** How a terminal report is laid out. */
export interface PlainTextOptions {
  /** Columns of the terminal; 100 unless told, and never fewer than 40. */
  readonly width?: number;
  /** Paint with ANSI colours: only for a terminal, and never when NO_COLOR is set. */
  readonly color?: boolean;
}

const BAR_WIDTH = 20;

/** Writes a report for a terminal: lines ending in a newline. */
export function plainText(report: PlainReport, options: PlainTextOptions = {}): string {
  const { color = false } = options;
  const width = Math.max(40, options.width ?? 100);
  const lines = [
    paint(fit(visible(report.path), width), "strong", color),
    ...wrap(report.facts, width),
    "",
    ...report.answer.flatMap((paragraph) => wrap(paragraph, width)),
    "",
    ...report.tables.flatMap((table) => [...tableLines(table, width, color), ""]),
    ...wrap(`What this does not show: ${report.limits.join(" · ")}`, width),
    paint(`result ${report.resultHash}`, "faint", color),
  ];
  return `${lines.join("\n")}\n`;
}

function tableLines(table: PlainTable, width: number, color: boolean): string[] {
  const { head, rows, best, bars } = table;
  const columns = head.map((label, at): Column => ({
    head: [label],
    align: at === 0 ? "left" : "right",
    expendable: at,
    cells: rows.map((row, index) => at === 0 && index === best ? `${row[at]} *` : row[at]),
  }));
  if (bars !== undefined) {
    const cells = bars.map((share) => bar(share, BAR_WIDTH));
    columns.push({ head: ["".padEnd(BAR_WIDTH)], align: "left", expendable: head.length, cells });
  }
  // Numbers that do not fit are left to Markdown, CSV and JSON, but never all of them.
  const lasting = columns.map((column, at) => at < 2 ? { ...column, expendable: 0 } : column);
  const inkOf = (row: number) => row === best ? "good" : undefined;
  return [
    ...wrap(table.title, width).map((line) => paint(line, "strong", color)),
    ...drawTable(fitColumns(lasting, width), { color, inkOf }),
    ...(table.note === undefined ? [] : wrap(table.note, width)),
  ];
}
