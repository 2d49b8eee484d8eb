/**
 * The matrix of a terminal report: policies × capacities, and the gaps that remain.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import { formatBytesShort, formatCount, formatPercent } from "./format.ts";
import { gapLines, hasUnusable, headlineText, mostUnusable } from "./headline.ts";
import { metric, metricContext, metricText } from "./metric_text.ts";
import { type CapacityGroup, type Row, type Series, seriesOf, standing } from "./series.ts";
import { INKS, type Page, rowLabels, SIGNS } from "./text_page.ts";
import { type Column, drawTable, type Ink, paint, splitColumns, wrap } from "./text_table.ts";

/** Prefix hit ratios with signs against LRU, split over as many tables as the width needs. */
export function textMatrix(groups: readonly CapacityGroup[], page: Page): string[] {
  const series = seriesOf(groups);
  const gaps = gapLines(groups);
  const labels = rowLabels(series, page);
  const names: Column = {
    head: capacityHead(page.comparison),
    align: "left",
    expendable: 0,
    cells: [...labels, ...gaps.map((gap) => gap.label)],
  };
  const columns = groups.map((group, index): Column => {
    const cells = series.map((one) => ratioCell(one.rows[index], group));
    return {
      head: capacityHead(page.comparison, group),
      align: "right",
      expendable: 0,
      cells: [...cells.map(({ text }) => text), ...gaps.map((gap) => `${gap.cells[index]} `)],
      inks: [...cells.map(({ ink }) => ink), ...gaps.map((): Ink => "faint")],
    };
  });
  const showsUnusable = hasUnusable(series);
  if (showsUnusable) columns.push(unusableColumn(series, names.head.length, gaps.length));
  const inkOf = (index: number): Ink | undefined => {
    if (index >= series.length) return "faint";
    return series[index].isBound ? "strong" : undefined;
  };
  const tables = splitColumns(columns, names, page.width).map((chunk) =>
    drawTable([names, ...chunk], { color: page.color, inkOf })
  );
  return [
    ...wrap(matrixTitle(groups), page.width)
      .map((line) => paint(line, "strong", page.color)),
    ...tables.flatMap((table, index) => index === 0 ? table : ["", ...table]),
  ];
}

function matrixTitle([{ shared }]: readonly CapacityGroup[]): string {
  return `Prefix hits, % of look-ups (ceiling ${metricText("ceilingHitRatio", shared)}). ` +
    "Against LRU: * best, + above, - below by a point or more";
}

/** What names a capacity, line by line; without a group, the words before these lines. */
function capacityHead(comparison: Comparison, group?: CapacityGroup): string[] {
  const context = metricContext(comparison);
  const lines = context.blockBytes === undefined ? 2 : 3;
  if (group === undefined) return ["blocks", "% of distinct", "bytes"].slice(0, lines);
  return [
    formatCount(group.capacityBlocks),
    metricText("capacityRatio", group.shared, context),
    formatBytesShort(metric("capacityBytes").value(group.shared, context) ?? 0),
  ].slice(0, lines);
}

function ratioCell(row: Row | undefined, group: CapacityGroup): { text: string; ink?: Ink } {
  const text = headlineText(row, group);
  if (row?.result === undefined || row.isBound) return { text: `${text} ` };
  const stand = standing(group, row.result);
  return { text: text + SIGNS[stand], ink: INKS[stand] };
}

/** The most hits behind a miss at any capacity. */
function unusableColumn(series: readonly Series[], headLines: number, gaps: number): Column {
  return {
    head: ["most hits", "behind", "a miss"].slice(-headLines),
    align: "right",
    expendable: 0,
    cells: [
      ...series.map((one) => formatPercent(mostUnusable(one))),
      ...Array.from({ length: gaps }, () => ""),
    ],
  };
}
