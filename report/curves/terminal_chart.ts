/**
 * Curves drawn with characters: capacity on a log axis, hit ratio from zero.
 *
 * @module
 */
import { type Curve, hitsAt } from "../../curves/curve.ts";
import type { CurveResult } from "../../curves/result.ts";
import { formatCount, formatPercent, NO_BREAK } from "../format.ts";
import { paint, textWidth, wrap } from "../text_table.ts";
import { curveName, headlinePoints } from "./curve_findings.ts";
import { shownCapacities } from "./shown.ts";

const HEIGHT = 12;
const AXIS_WIDTH = 6;
const WIDTH_AT_MOST = 90;

/** A sign for each curve; beyond these they are in the table only. */
const MARKS = ["●", "○", "▲", "△", "■", "□", "◆", "◇"];

/**
 * Draws the curves of a result.
 *
 * A curve that is exact, or sampled, has a mark in every column; one that was replayed has marks at
 * its replayed capacities only, and nothing between them. Where two curves meet the one that was
 * asked for first is seen.
 *
 * @param width Columns of the terminal.
 * @returns Lines; none where there is nothing to draw.
 */
export function curveChart(result: CurveResult, width: number, color: boolean): string[] {
  const { ceilingHits, trace: { accesses } } = result;
  const capacities = shownCapacities(result);
  const [low, high] = [capacities[0], capacities[capacities.length - 1]];
  if (capacities.length < 2 || ceilingHits === 0) return [];
  const columns = Math.min(width, WIDTH_AT_MOST) - AXIS_WIDTH - 2;
  const rows = Array.from({ length: HEIGHT + 1 }, () => Array<string>(columns).fill(" "));
  rows[HEIGHT].fill("╌");
  const drawn = result.curves.slice(0, MARKS.length);
  const columnOf = (blocks: number) =>
    Math.round((columns - 1) * Math.log(blocks / low) / Math.log(high / low));
  for (const [index, curve] of [...drawn.entries()].reverse()) {
    for (const [blocks, hits] of pointsOf(curve, result, { low, high, columns })) {
      const row = Math.round(HEIGHT * Math.min(1, hits / ceilingHits));
      rows[row][columnOf(blocks)] = MARKS[index];
    }
  }
  const top = ceilingHits / accesses;
  const lines = rows.map((cells, row) => {
    const label = row % 3 === 0 ? formatPercent(top * row / HEIGHT) : "";
    return `${label.padStart(AXIS_WIDTH)} ┤${cells.join("").trimEnd()}`;
  });
  return [
    ...lines.reverse(),
    axisLine(capacities, columnOf, columns),
    ...legend(drawn, width).map((line) => paint(line, "faint", color)),
  ];
}

interface Frame {
  readonly low: number;
  readonly high: number;
  readonly columns: number;
}

/** A point for each column, or the replayed ones. */
function pointsOf(
  curve: Curve,
  { at }: CurveResult,
  { low, high, columns }: Frame,
): (readonly [number, number])[] {
  const points = headlinePoints(curve);
  const inside = points.filter(([blocks]) => blocks >= low && blocks <= high);
  if (at !== undefined || curve.errorHits === Infinity) return inside;
  const first = curve.exact ? 0 : points[0]?.[0] ?? 0;
  return Array.from(
    { length: columns },
    (_, column) => low * (high / low) ** (column / (columns - 1)),
  )
    .filter((blocks) => blocks >= first)
    .map((blocks) => [blocks, hitsAt(points, Math.round(blocks))] as const);
}

/** Capacities under their columns, as many as there is room for. */
function axisLine(
  capacities: readonly number[],
  columnOf: (blocks: number) => number,
  columns: number,
): string {
  let line = "";
  // The ends first matter most: the last one keeps its room.
  const last = formatCount(capacities[capacities.length - 1]);
  for (const [index, blocks] of capacities.entries()) {
    const isLast = index === capacities.length - 1;
    const text = isLast ? last : formatCount(blocks);
    const at = Math.max(0, Math.min(columnOf(blocks) - text.length + 1, columns - text.length));
    const room = isLast ? Infinity : columns - last.length - 2;
    if (at < textWidth(line) + (line === "" ? 0 : 2) || at + text.length > room) continue;
    line = line.padEnd(at) + text;
  }
  return `${" ".repeat(AXIS_WIDTH + 2)}${line}`;
}

function legend(curves: readonly Curve[], width: number): string[] {
  const signs = curves.map((curve, index) =>
    `${MARKS[index]} ${curveName(curve)}`.replaceAll(" ", NO_BREAK)
  );
  return wrap(
    `Up: prefix hits in percent of look-ups, from 0 to the ceiling (╌). Right: blocks, log scale. ` +
      signs.join(" "),
    width,
  );
}
