/**
 * The curve as a drawing: hit ratio over capacity, the capacity on a logarithmic axis.
 *
 * @module
 */
import { hitsAt } from "../../curves/lru_curve.ts";
import type { CurvePoint } from "../../curves/curve.ts";
import { formatCount } from "../../report/format.ts";

/** What to draw. */
export interface ChartInput {
  /** Of the drawing, in CSS pixels. */
  readonly width: number;
  /** Block look-ups of the trace; 1 or more. */
  readonly accesses: number;
  /** Right end of the axis; 2 or more. */
  readonly uniqueBlocks: number;
  /** Hits of a cache without limit. */
  readonly ceilingHits: number;
  readonly lru: readonly CurvePoint[];
  /** Absent as long as nobody knows. */
  readonly optimum?: readonly CurvePoint[];
  /** Points to show as such, since the line between them is a guess. */
  readonly points: readonly CurvePoint[];
  /** The capacity in question. */
  readonly markedBlocks: number;
}

const TOP = 12;
const RIGHT = 12;
const BOTTOM = 44;
const LEFT = 46;

/** Positions in the drawing. */
interface Scale {
  readonly height: number;
  readonly x: (blocks: number) => number;
  readonly y: (hits: number) => number;
}

function scaleOf({ width, accesses, uniqueBlocks, ceilingHits }: ChartInput): Scale {
  const height = Math.round(Math.min(380, Math.max(230, width * 0.45)));
  const span = width - LEFT - RIGHT;
  const most = Math.log(Math.max(2, uniqueBlocks));
  const top = topRatio(ceilingHits / accesses) * accesses;
  return {
    height,
    x: (blocks) => LEFT + span * Math.log(Math.max(1, blocks)) / most,
    y: (hits) => TOP + (height - TOP - BOTTOM) * (1 - hits / top),
  };
}

/** The capacity at a horizontal position of a chart of that width. */
export function blocksAtX(x: number, width: number, uniqueBlocks: number): number {
  const inside = Math.min(width - RIGHT, Math.max(LEFT, x));
  return Math.round(blocksAt(inside, width, uniqueBlocks));
}

function blocksAt(x: number, width: number, uniqueBlocks: number): number {
  return Math.max(2, uniqueBlocks) ** ((x - LEFT) / (width - LEFT - RIGHT));
}

/** The top of the axis: the next step of the grid above the ceiling. */
function topRatio(ceiling: number): number {
  const step = gridStep(ceiling);
  return Math.min(1, Math.max(step, Math.ceil(ceiling / step + 0.2) * step));
}

function gridStep(ceiling: number): number {
  return [0.01, 0.02, 0.05, 0.1].find((step) => ceiling / step <= 5) ?? 0.2;
}

/**
 * Draws the curve as SVG; colours are variables of the page, texts are numbers and fixed words.
 *
 * @example
 * ```ts
 * import { curveChart } from "./curve_chart.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = curveChart({
 *   width: 400,
 *   accesses: 10,
 *   uniqueBlocks: 5,
 *   ceilingHits: 5,
 *   lru: [[4, 0], [5, 5]],
 *   optimum: [[1, 1], [5, 5]],
 *   points: [],
 *   markedBlocks: 5,
 * });
 * assertStringIncludes(svg, "optimum");
 * ```
 */
export function curveChart(input: ChartInput): string {
  const scale = scaleOf(input);
  return [
    `<svg viewBox="0 0 ${input.width} ${scale.height}" width="${input.width}" ` +
    `height="${scale.height}" aria-hidden="true">`,
    ...ratioAxis(input, scale),
    ...capacityAxis(input, scale),
    ceilingLine(input, scale),
    line(input, scale, input.optimum, "optimum"),
    ...input.points.map(([blocks, hits]) =>
      `<circle class="optimum" cx="${f(scale.x(blocks))}" cy="${f(scale.y(hits))}" r="2.5"/>`
    ),
    line(input, scale, input.lru, "lru"),
    marker(input, scale),
    "</svg>",
  ].join("");
}

function f(position: number): string {
  return position.toFixed(1);
}

function ratioAxis(input: ChartInput, { y }: Scale): string[] {
  const { accesses, ceilingHits, width } = input;
  const ceiling = ceilingHits / accesses;
  const step = gridStep(ceiling);
  const steps = Math.round(topRatio(ceiling) / step);
  const parts: string[] = [];
  for (let i = 0; i <= steps; i++) {
    const at = f(y(i * step * accesses));
    parts.push(
      `<line class="grid" x1="${LEFT}" x2="${width - RIGHT}" y1="${at}" y2="${at}"/>`,
      `<text x="${LEFT - 6}" y="${at}" dy="0.32em" text-anchor="end">` +
        `${Math.round(100 * i * step)} %</text>`,
    );
  }
  return parts;
}

function capacityAxis(input: ChartInput, { x, height }: Scale): string[] {
  const { uniqueBlocks, width } = input;
  const parts: string[] = [];
  const base = height - BOTTOM;
  for (let power = 1; power <= uniqueBlocks; power *= 10) {
    const at = f(x(power));
    const anchor = power === 1 ? "start" : x(power) > width - 40 ? "end" : "middle";
    parts.push(
      `<line class="grid" x1="${at}" x2="${at}" y1="${TOP}" y2="${base + 4}"/>`,
      `<text x="${at}" y="${base + 17}" text-anchor="${anchor}">${shortCount(power)}</text>`,
    );
  }
  parts.push(
    `<text x="${(LEFT + width - RIGHT) / 2}" y="${height - 6}" text-anchor="middle">` +
      "blocks of cache (logarithmic)</text>",
  );
  return parts;
}

function shortCount(power: number): string {
  if (power >= 1e9) return `${formatCount(power / 1e9)}G`;
  if (power >= 1e6) return `${power / 1e6}M`;
  return power >= 1e3 ? `${power / 1e3}k` : String(power);
}

function ceilingLine({ ceilingHits, width }: ChartInput, { y }: Scale): string {
  const at = y(ceilingHits);
  return `<line class="ceiling" x1="${LEFT}" x2="${width - RIGHT}" y1="${f(at)}" y2="${f(at)}"/>`;
}

/** A line with one corner for each pixel: capacities between the points count as well. */
function line(
  { width, uniqueBlocks }: ChartInput,
  { x, y }: Scale,
  points: readonly CurvePoint[] | undefined,
  kind: string,
): string {
  if (points === undefined) return "";
  const corners: string[] = [];
  for (let at = LEFT; at <= width - RIGHT; at++) {
    const blocks = blocksAt(at, width, uniqueBlocks);
    corners.push(`${f(x(blocks))} ${f(y(hitsAt(points, blocks)))}`);
  }
  return `<path class="${kind}" d="M${corners.join("L")}"/>`;
}

function marker({ markedBlocks, lru, optimum }: ChartInput, { x, y, height }: Scale): string {
  const at = f(x(markedBlocks));
  const dot = (points: readonly CurvePoint[] | undefined, kind: string) =>
    points === undefined
      ? ""
      : `<circle class="${kind} marked" cx="${at}" cy="${
        f(y(hitsAt(points, markedBlocks)))
      }" r="5"/>`;
  return `<line class="marker" x1="${at}" x2="${at}" y1="${TOP}" y2="${height - BOTTOM}"/>` +
    dot(optimum, "optimum") + dot(lru, "lru");
}
