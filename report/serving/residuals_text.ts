/**
 * Residuals of a fit for a terminal: the mean error of points of like size, left or right of zero.
 *
 * @module
 */
import type { CalibratedFit } from "../../serving/calibration.ts";
import { formatCount, formatPercent } from "../format.ts";
import { type Column, drawTable, fitColumns } from "../text_table.ts";

type FitPoint = CalibratedFit["fit"]["points"][number];

/** Points of like size. */
export interface ResidualGroup {
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** Mean of predicted ÷ observed − 1. */
  readonly meanError: number;
}

const GROUPS = 8;
const HALF = 10;

/** Points by size in eight groups of like count, or fewer; equal sizes stay together. */
export function residualGroups(points: readonly FitPoint[]): ResidualGroup[] {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const groups: ResidualGroup[] = [];
  for (let at = 0; at < sorted.length;) {
    const share = Math.ceil((sorted.length - at) / Math.max(1, GROUPS - groups.length));
    let end = at + share;
    while (end < sorted.length && sorted[end].x === sorted[end - 1].x) end++;
    const own = sorted.slice(at, end);
    const sum = own.reduce((sum, { predicted, observed }) => sum + predicted / observed - 1, 0);
    groups.push({
      from: own[0].x,
      to: own[own.length - 1].x,
      points: own.length,
      meanError: sum / own.length,
    });
    at = end;
  }
  return groups;
}

/** The residuals of a fit as lines; none for so few points that they say nothing. */
export function residualLines(
  points: readonly FitPoint[],
  width: number,
  color: boolean,
): string[] {
  const groups = residualGroups(points);
  if (groups.length < 3) return [];
  const widest = Math.max(0.05, ...groups.map(({ meanError }) => Math.abs(meanError)));
  const cells = (of: (group: ResidualGroup) => string) => groups.map(of);
  const size = (x: number) => formatCount(Math.round(x));
  const columns: Column[] = [
    column("size", "right", 0, cells(({ from, to }) => `${size(from)} to ${size(to)}`)),
    column("points", "right", 2, cells(({ points }) => size(points))),
    column("mean residual", "right", 0, cells(({ meanError }) => signed(meanError))),
    column("", "left", 1, cells(({ meanError }) => around(meanError / widest))),
  ];
  return drawTable(fitColumns(columns, width), { color });
}

function column(
  head: string,
  align: Column["align"],
  expendable: number,
  cells: readonly string[],
): Column {
  return { head: [head], align, expendable, cells };
}

/** A bar from the middle: left for predictions below what was measured, right for those above. */
function around(share: number): string {
  const length = Math.round(Math.abs(share) * HALF);
  const [left, right] = share < 0 ? [length, 0] : [0, length];
  return "·".repeat(HALF - left) + "█".repeat(left) + "│" + "█".repeat(right) +
    "·".repeat(HALF - right);
}

function signed(share: number): string {
  return `${share >= 0 ? "+" : "−"}${formatPercent(Math.abs(share))} %`;
}
