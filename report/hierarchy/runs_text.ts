/**
 * A comparison of runs for a terminal: which is best, a table for each group, what is not shown.
 *
 * @module
 */

import { fit, fitColumns, paint, wrap } from "../text_table.ts";
import { type Column, drawTable, type Ink } from "../text_table.ts";
import { headText, intervalText, meanText, runsAnswer, runsLimits } from "./runs_findings.ts";
import {
  groupsOf,
  metricNamesOf,
  rowLabel,
  type RunsGroup,
  type RunsTable,
  type RunStanding,
  standingsOf,
} from "./runs.ts";

/** How a comparison of runs is laid out. */
export interface RunsTextOptions {
  /** The metric that ranks; the first of the table unless told. */
  readonly metric?: string;
  /** Columns of the terminal; 100 unless told, and never fewer than 40. */
  readonly width?: number;
  readonly color?: boolean;
  readonly title?: string;
}

/** How a standing is marked. */
export const MARKS: Readonly<Record<RunStanding, string>> = {
  best: "*",
  draw: "=",
  behind: "-",
  oracle: "o",
};

const INKS: Readonly<Record<RunStanding, Ink | undefined>> = {
  best: "good",
  draw: undefined,
  behind: "bad",
  oracle: "strong",
};

/** What the marks of {@linkcode MARKS} mean. */
export const MARKS_LEGEND = "* best, = a draw with it (under a point, or not to be told apart), " +
  "- behind, o sees the future. Intervals: where the mean would be with other seeds.";

/**
 * Writes a comparison of runs: answer first, a table for each group of rivals, limits last.
 *
 * @example
 * ```ts
 * import { runsText } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const row = (policy: string, mean: number) => ({
 *   varied: { policy },
 *   metrics: { prefixHitRatio: { mean, low: mean - 0.002, high: mean + 0.002, n: 5 } },
 * });
 * const text = runsText({ by: "policy", rows: [row("lru", 0.31), row("gdsf", 0.34)] });
 * assertStringIncludes(text, "best by prefix hit is gdsf");
 * ```
 */
export function runsText(table: RunsTable, options: RunsTextOptions = {}): string {
  const width = Math.max(40, options.width ?? 100);
  const color = options.color ?? false;
  const metric = options.metric ?? metricNamesOf(table)[0] ?? "";
  const lines = [
    ...(options.title === undefined ? [] : [paint(fit(options.title, width), "strong", color)]),
    ...runsAnswer(table, metric).flatMap((paragraph) => wrap(paragraph, width)),
    "",
    ...groupsOf(table).flatMap((group) => [
      ...groupLines(group, table, { metric, width, color }),
      "",
    ]),
    ...wrap(MARKS_LEGEND, width),
    "",
    ...wrap(`What this does not show: ${runsLimits(table).join(" · ")}`, width),
  ];
  return lines.join("\n") + "\n";
}

function groupLines(
  group: RunsGroup,
  table: RunsTable,
  { metric, width, color }: { metric: string; width: number; color: boolean },
): string[] {
  const { rows } = group;
  const stands = standingsOf(group, metric);
  const column = (head: string, expendable: number, cells: string[]): Column => ({
    head: [head],
    align: "right",
    expendable,
    cells,
  });
  const mark = (at: number) => {
    const standing = stands[at];
    return standing === undefined ? " " : MARKS[standing];
  };
  const others = metricNamesOf(table).filter((name) => name !== metric);
  const columns: Column[] = [
    { ...column("", 0, rows.map((_, at) => mark(at))), align: "left" },
    { ...column(table.by ?? "run", 0, rows.map((row) => rowLabel(row, table))), align: "left" },
    column(headText(metric), 0, rows.map(({ metrics }) => meanText(metric, metrics[metric]))),
    column("interval", 1, rows.map(({ metrics }) => intervalText(metric, metrics[metric]))),
    column("runs", 2, rows.map(({ metrics }) => String(metrics[metric]?.n ?? ""))),
    ...others.map((name, at) =>
      column(headText(name), 3 + at, rows.map(({ metrics }) => meanText(name, metrics[name])))
    ),
  ];
  return [
    ...(group.title === "" ? [] : wrap(group.title, width).map((l) => paint(l, "strong", color))),
    ...drawTable(fitColumns(columns, width), {
      color,
      inkOf: (row) => {
        const standing = stands[row];
        return standing === undefined ? undefined : INKS[standing];
      },
    }),
  ];
}
