/**
 * The report for a terminal: the answer, the tables, the limits.
 *
 * @module
 */

import type { Comparison, RunResult } from "../engine/result.ts";
import { answer, limits, traceLine } from "./findings.ts";
import { formatBytes, formatCounted, NO_VALUE, visible } from "./format.ts";
import { hasUnusable, headlineText } from "./headline.ts";
import { metric, metricContext, metricText } from "./metric_text.ts";
import { type CapacityGroup, groupByCapacity, type Row, seriesOf, standing } from "./series.ts";
import { textMatrix } from "./text_matrix.ts";
import { INKS, type Page, rowLabels, SIGNS } from "./text_page.ts";
import { bar, type Column, drawTable, fit, fitColumns, paint } from "./text_table.ts";
import { tableWidth, wrap } from "./text_table.ts";

/** How a terminal report is laid out. */
export interface TextOptions {
  /** Columns of the terminal; 100 unless told, and never fewer than 40. */
  readonly width?: number;
  /** Paint with ANSI colours: only for a terminal, and never when NO_COLOR is set. */
  readonly color?: boolean;
  /**
   * `capacities`: one table per capacity with every column. `matrix`: policies × capacities.
   * `auto`, the default, takes tables for up to three capacities and 40 rows in all.
   */
  readonly layout?: "auto" | "capacities" | "matrix";
}

const TABLES_AT_MOST = 3;
const ROWS_AT_MOST = 40;
const BAR_WIDTH_AT_LEAST = 8;
const BAR_WIDTH_AT_MOST = 24;

const LEGEND = "Ranked by prefix hits. Against LRU at the same capacity: * the best policy, " +
  "+ a point or more above, - a point or more below, no sign: a draw. Ratios in percent, gap in " +
  "points";

/**
 * Writes a comparison for a terminal: answer first, then tables, then what it does not show.
 *
 * @returns Lines ending in a newline, at most `width` columns wide as far as names allow.
 *
 * @example
 * ```ts
 * import { comparisonText, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const text = comparisonText(EXAMPLE_COMPARISON, { width: 80 });
 * assertStringIncludes(text, "optimal (bound)");
 * ```
 */
export function comparisonText(comparison: Comparison, options: TextOptions = {}): string {
  const { width = 100, color = false, layout = "auto" } = options;
  const page: Page = { width: Math.max(40, width), color, comparison };
  const lines = [
    paint(fit(visible(comparison.trace.path), page.width), "strong", color),
    ...wrap(traceLine(comparison), page.width),
    "",
    ...answer(comparison).flatMap((paragraph) => wrap(paragraph, page.width)),
    "",
    ...tables(groupByCapacity(comparison), layout, page),
    ...wrap(`What this does not show: ${limits(comparison).join(" · ")}`, page.width),
    paint(`result ${comparison.resultHash}`, "faint", color),
  ];
  return lines.join("\n") + "\n";
}

function tables(
  groups: readonly CapacityGroup[],
  layout: NonNullable<TextOptions["layout"]>,
  page: Page,
): string[] {
  if (groups.length === 0) return [];
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const isSmall = groups.length <= TABLES_AT_MOST && rows <= ROWS_AT_MOST;
  const useTables = layout === "capacities" || (layout === "auto" && isSmall);
  if (!useTables) return [...textMatrix(groups, page), ""];
  const drawn = groups.map((group) => capacityTable(group, page));
  const legend = drawn.some((table) => table.hasBar)
    ? `${LEGEND}, bar: share of the optimum's hits.`
    : `${LEGEND}.`;
  return [...drawn.flatMap(({ lines }) => [...lines, ""]), ...wrap(legend, page.width), ""];
}

function capacityTitle(group: CapacityGroup, page: Page): string {
  const context = metricContext(page.comparison);
  const bytes = metric("capacityBytes").value(group.shared, context);
  return [
    `${formatCounted(group.capacityBlocks, "block")}`,
    `${metricText("capacityRatio", group.shared, context)} % of all distinct blocks`,
    ...(bytes === null ? [] : [formatBytes(bytes)]),
    group.touch,
  ].join(" · ");
}

/** A metric of a row; a bound that was not replayed still has its hits. */
function cell(row: Row, group: CapacityGroup, name: string): string {
  if (row.result !== undefined) return metricText(name, row.result);
  const isRatio = name === "prefixHitRatio" || name === "blockHitRatio";
  return isRatio ? headlineText(row, group) : NO_VALUE;
}

/** Columns with the highest number are left out first; `unusable` only where there is any. */
const COLUMNS: readonly { name: string; expendable: number; unusable?: true }[] = [
  { name: "prefixHitRatio", expendable: 0 },
  { name: "prefixGapToOptimal", expendable: 0 },
  { name: "prefixGapClosed", expendable: 4 },
  { name: "blockHitRatio", expendable: 1 },
  { name: "unusableHitRatio", expendable: 2, unusable: true },
  { name: "tokenHitRatio", expendable: 3 },
  { name: "requestHitRatioMean", expendable: 5 },
  { name: "evictions", expendable: 7 },
];
const BAR_EXPENDABLE = 6;

/** The words of a head in two lines, so that columns are as narrow as their numbers. */
function headOf(label: string): string[] {
  const space = label.indexOf(" ");
  return space < 0 ? ["", label] : [label.slice(0, space), label.slice(space + 1)];
}

function capacityTable(group: CapacityGroup, page: Page): { lines: string[]; hasBar: boolean } {
  const { rows } = group;
  const stands = rows.map((row) => {
    return row.result === undefined || row.isBound ? undefined : standing(group, row.result);
  });
  const showsUnusable = hasUnusable(seriesOf([group]));
  const columns: Column[] = [
    {
      head: ["", ""],
      align: "left",
      expendable: 0,
      cells: stands.map((stand) => stand === undefined ? " " : SIGNS[stand]),
    },
    { head: ["", "policy"], align: "left", expendable: 0, cells: rowLabels(rows, page) },
    ...COLUMNS.filter(({ unusable }) => !unusable || showsUnusable)
      .map(({ name, expendable }): Column => ({
        head: headOf(metric(name).label),
        align: "right",
        expendable,
        cells: rows.map((row) => cell(row, group, name)),
      })),
    barColumn(group, BAR_WIDTH_AT_LEAST),
  ];
  const kept = fitColumns(columns, page.width);
  const last = kept.length - 1;
  const hasBar = kept[last] === columns[columns.length - 1];
  if (hasBar) {
    const room = page.width - tableWidth(kept) + BAR_WIDTH_AT_LEAST;
    kept[last] = barColumn(group, Math.min(BAR_WIDTH_AT_MOST, room));
  }
  const inkOf = (index: number) => {
    const stand = stands[index];
    return stand === undefined ? "strong" : INKS[stand];
  };
  const title = wrap(capacityTitle(group, page), page.width)
    .map((line) => paint(line, "strong", page.color));
  return { lines: [...title, ...drawTable(kept, { color: page.color, inkOf })], hasBar };
}

function barColumn(group: CapacityGroup, width: number): Column {
  const { optimalHits } = group.shared;
  const usable = (run: RunResult | undefined) => run?.prefixHits ?? optimalHits;
  const share = (row: Row) => optimalHits === 0 ? 0 : usable(row.result) / optimalHits;
  const cells = group.rows.map((row) => bar(share(row), width));
  return { head: ["", "".padEnd(width)], align: "left", expendable: BAR_EXPENDABLE, cells };
}
