/**
 * The report for a terminal: the answer, the tables, the limits.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import { answer, limits, traceLine } from "./findings.ts";
import { formatBytes, formatBytesShort, formatCount, NO_VALUE, visible } from "./format.ts";
import { metric, metricContext, metricText } from "./metric_text.ts";
import { type CapacityGroup, groupByCapacity, type Row, type Series } from "./series.ts";
import { seriesOf, type Standing, standing } from "./series.ts";
import { bar, type Column, drawTable, fit, fitColumns, type Ink, paint } from "./text_table.ts";
import { tableWidth, wrap } from "./text_table.ts";

/** How a terminal report is laid out. */
export interface TextOptions {
  /** Columns of the terminal; 100 unless told, and never fewer than 40. */
  readonly width?: number;
  /** Paint with ANSI colours: only for a terminal, and never when NO_COLOR is set. */
  readonly color?: boolean;
  /**
   * `capacities`: one table per capacity with every column. `matrix`: policies × capacities.
   * `auto`, the default, takes tables for up to three capacities.
   */
  readonly layout?: "auto" | "capacities" | "matrix";
}

interface Page {
  readonly width: number;
  readonly color: boolean;
  readonly comparison: Comparison;
}

const TABLES_AT_MOST = 3;
const LABEL_WIDTH_AT_MOST = 26;
const BAR_WIDTH_AT_LEAST = 8;
const BAR_WIDTH_AT_MOST = 24;

const SIGNS: Readonly<Record<Standing, string>> = { best: "*", above: "+", draw: " ", below: "-" };
const INKS: Readonly<Record<Standing, Ink | undefined>> = {
  best: "good",
  above: "good",
  draw: undefined,
  below: "bad",
};

const LEGEND = "Against LRU at the same capacity: * the best policy, + a point or more above, " +
  "- a point or more below, no sign: a draw.";

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
  const groups = groupByCapacity(comparison);
  const useTables = layout === "capacities" ||
    (layout === "auto" && groups.length <= TABLES_AT_MOST);
  const body = groups.length === 0
    ? []
    : useTables
    ? groups.flatMap((group) => ["", ...capacityTable(group, page)])
    : matrices(groups, page);
  const lines = [
    paint(fit(visible(comparison.trace.path), page.width), "strong", color),
    ...wrap(traceLine(comparison), page.width),
    "",
    ...answer(comparison).flatMap((paragraph) => wrap(paragraph, page.width)),
    ...body,
    "",
    ...(groups.length === 0 ? [] : wrap(legend(useTables), page.width)),
    "",
    "What this does not show",
    ...limits(comparison).flatMap((limit) => wrap(`· ${limit}`, page.width, "  ")),
    "",
    paint(`result ${comparison.resultHash}`, "faint", color),
  ];
  return lines.join("\n") + "\n";
}

function legend(useTables: boolean): string {
  return useTables
    ? `${LEGEND} Ratios in percent, gap in points, bar: share of the optimum's hits.`
    : LEGEND;
}

function capacityTitle(group: CapacityGroup, page: Page): string {
  const context = metricContext(page.comparison);
  const bytes = metric("capacityBytes").value(group.shared, context);
  return [
    `${formatCount(group.capacityBlocks)} blocks`,
    `${metricText("capacityRatio", group.shared, context)} % of the unique ones`,
    ...(bytes === null ? [] : [formatBytes(bytes)]),
    group.touch,
  ].join(" · ");
}

/** The name in the first column, cut to a common width. */
function labelOf(row: Pick<Row, "label" | "isBound">): string {
  return fit(row.isBound ? `${row.label} (bound)` : row.label, LABEL_WIDTH_AT_MOST);
}

/** A metric of a row; a bound that was not replayed still has its block hits. */
function cell(row: Row, group: CapacityGroup, name: string): string {
  if (row.result !== undefined) return metricText(name, row.result);
  const known: Readonly<Record<string, string>> = {
    blockHitRatio: "optimalHitRatio",
    hits: "optimalHits",
  };
  return name in known ? metricText(known[name], group.shared) : NO_VALUE;
}

const COLUMNS: readonly { name: string; expendable: number }[] = [
  { name: "blockHitRatio", expendable: 0 },
  { name: "prefixHitRatio", expendable: 1 },
  { name: "tokenHitRatio", expendable: 2 },
  { name: "hits", expendable: 5 },
  { name: "evictions", expendable: 6 },
  { name: "gapToOptimal", expendable: 0 },
  { name: "gapClosed", expendable: 3 },
];

function capacityTable(group: CapacityGroup, page: Page): string[] {
  const { rows } = group;
  const stands = rows.map((row) => {
    return row.result === undefined || row.isBound ? undefined : standing(group, row.result);
  });
  const columns: Column[] = [
    {
      head: [" "],
      align: "left",
      expendable: 0,
      cells: stands.map((stand) => stand === undefined ? " " : SIGNS[stand]),
    },
    { head: ["policy"], align: "left", expendable: 0, cells: rows.map(labelOf) },
    ...COLUMNS.map(({ name, expendable }): Column => ({
      head: [metric(name).label],
      align: "right",
      expendable,
      cells: rows.map((row) => cell(row, group, name)),
    })),
    barColumn(group, BAR_WIDTH_AT_LEAST),
  ];
  const kept = fitColumns(columns, page.width);
  const last = kept.length - 1;
  if (kept[last] === columns[columns.length - 1]) {
    const room = page.width - tableWidth(kept) + BAR_WIDTH_AT_LEAST;
    kept[last] = barColumn(group, Math.min(BAR_WIDTH_AT_MOST, room));
  }
  const inkOf = (index: number) => {
    const stand = stands[index];
    return stand === undefined ? "strong" : INKS[stand];
  };
  const title = wrap(capacityTitle(group, page), page.width)
    .map((line) => paint(line, "strong", page.color));
  return [...title, ...drawTable(kept, { color: page.color, inkOf })];
}

function barColumn(group: CapacityGroup, width: number): Column {
  const { optimalHits } = group.shared;
  const share = (row: Row) =>
    optimalHits === 0 ? 0 : (row.result?.hits ?? optimalHits) / optimalHits;
  const cells = group.rows.map((row) => bar(share(row), width));
  return { head: ["".padEnd(width)], align: "left", expendable: 4, cells };
}

/** A matrix to draw: which series, and what stands in a cell. */
interface Matrix {
  readonly title: string;
  readonly series: readonly Series[];
  readonly cellOf: (row: Row, group: CapacityGroup) => { text: string; ink?: Ink };
}

function matrices(groups: readonly CapacityGroup[], page: Page): string[] {
  const series = seriesOf(groups);
  const ceiling = metricText("ceilingHitRatio", groups[0].shared);
  const ratios: Matrix = {
    title: `Block hit ratio, percent (ceiling ${ceiling})`,
    series,
    cellOf: (row, group) => {
      const text = cell(row, group, "blockHitRatio");
      if (row.result === undefined || row.isBound) return { text: `${text} ` };
      const stand = standing(group, row.result);
      return { text: text + SIGNS[stand], ink: INKS[stand] };
    },
  };
  const gaps: Matrix = {
    title: "Gap to the optimum, points",
    series: series.filter((one) => !one.isBound),
    cellOf: (row, group) => ({ text: cell(row, group, "gapToOptimal") }),
  };
  return [ratios, gaps].flatMap((matrix) => drawMatrix(matrix, groups, page));
}

function drawMatrix(matrix: Matrix, groups: readonly CapacityGroup[], page: Page): string[] {
  const { series, cellOf } = matrix;
  if (series.length === 0) return [];
  const context = metricContext(page.comparison);
  const size = (group: CapacityGroup) => metric("capacityBytes").value(group.shared, context);
  const hasSize = context.blockBytes !== undefined;
  const names: Column = {
    head: ["blocks", "% of unique", ...(hasSize ? ["bytes"] : [])],
    align: "left",
    expendable: 0,
    cells: series.map(labelOf),
  };
  const columns = groups.map((group, index): Column => {
    const cells = series.map((one) => {
      const row = one.rows[index];
      return row === undefined ? { text: NO_VALUE } : cellOf(row, group);
    });
    return {
      head: [
        formatCount(group.capacityBlocks),
        metricText("capacityRatio", group.shared, context),
        ...(hasSize ? [formatBytesShort(size(group)!)] : []),
      ],
      align: "right",
      expendable: 0,
      cells: cells.map(({ text }) => text),
      inks: cells.map(({ ink }) => ink),
    };
  });
  const inkOf = (index: number): Ink | undefined => series[index].isBound ? "strong" : undefined;
  return chunks(columns, names, page.width).flatMap((chunk) => [
    "",
    paint(matrix.title, "strong", page.color),
    ...drawTable([names, ...chunk], { color: page.color, inkOf }),
  ]);
}

/** Splits columns over as few tables as the width needs, evenly filled. */
function chunks(columns: readonly Column[], names: Column, width: number): Column[][] {
  for (let perTable = columns.length; perTable > 1; perTable--) {
    const tables = Math.ceil(columns.length / perTable);
    const even = Math.ceil(columns.length / tables);
    const split = Array.from({ length: tables }, (_, i) => columns.slice(i * even, (i + 1) * even));
    if (split.every((chunk) => tableWidth([names, ...chunk]) <= width)) return split;
  }
  return columns.map((column) => [column]);
}
