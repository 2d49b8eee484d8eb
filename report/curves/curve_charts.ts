/**
 * Charts of curves as SVG text: policies, and parts of the trace.
 *
 * @module
 */
import { type Curve, hitsAt } from "../../curves/curve.ts";
import type { CurveResult } from "../../curves/result.ts";
import { canvasOf, type Chart, type ChartOptions, drawChart } from "../chart_draw.ts";
import { axisStyle, type Canvas, isNarrow, SHAPES, type Spec } from "../chart_input.ts";
import { formatPercent, sentenceList } from "../format.ts";
import { metric } from "../metric_text.ts";
import { curveName, headlinePoints, isBound } from "./curve_findings.ts";

/** Lines that can be told apart. */
const DRAWN_AT_MOST = 7;

/** Capacities at which an exact curve is drawn: more than a screen has columns of pixels to show. */
const STEPS = 400;

interface Line {
  readonly label: string;
  readonly curve: Curve;
  /** Look-ups that its ratio is of. */
  readonly accesses: number;
  readonly isBound: boolean;
}

interface Dot {
  readonly label: string;
  readonly capacity: number;
  readonly percent: number;
  readonly rank: "line" | "bound";
  /** A replayed point, and not one of a line that is known throughout. */
  readonly isReplayed: boolean;
}

/**
 * Draws the curves of a result; loads Vega on first use.
 *
 * @returns `curves`, and `parts` where the trace was split; none for a trace without look-ups.
 *
 * @example
 * ```ts
 * import { curveCharts, TraceBuilder, traceCurves } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 9]] });
 * const charts = await curveCharts(await traceCurves(await builder.build(), { by: "window=2" }));
 * assertEquals(charts.map(({ name }) => name), ["curves", "parts"]);
 * ```
 */
export async function curveCharts(
  result: CurveResult,
  options: ChartOptions = {},
): Promise<Chart[]> {
  const { trace, curves, groups, ceilingHits } = result;
  if (trace.accesses === 0 || trace.uniqueBlocks < 2 || curves.length === 0) return [];
  const canvas = canvasOf(options);
  const lines = curves.map((curve): Line => ({
    label: curveName(curve),
    curve,
    accesses: trace.accesses,
    isBound: isBound(curve),
  }));
  const left = lines.slice(DRAWN_AT_MOST).map(({ label }) => label);
  const charts: Chart[] = [{
    name: "curves",
    title: "Prefix hit ratio against capacity",
    caption:
      "The dashed line is the ceiling, a cache without limit; of a bound the block hits are " +
      "drawn, which bound all prefix hits. Dots are replayed capacities: the line between them is " +
      `a guess.${left.length === 0 ? "" : ` Not drawn: ${sentenceList(left)}.`}`,
    svg: await drawChart(curveSpec(lines, result, canvas, ceilingHits / trace.accesses), canvas),
  }];
  if (groups.length === 0) return charts;
  const parts = groups.map(({ name, curve, accesses }): Line => ({
    label: name,
    curve,
    accesses,
    isBound: false,
  }));
  const others = parts.slice(DRAWN_AT_MOST).map(({ label }) => label);
  charts.push({
    name: "parts",
    title: `LRU by ${groups[0].by}`,
    caption: "Prefix hits in percent of the part's own look-ups; one cache serves all parts." +
      (others.length === 0 ? "" : ` In the table only: ${sentenceList(others)}.`),
    svg: await drawChart(curveSpec(parts, result, canvas), canvas),
  });
  return charts;
}

function curveSpec(all: readonly Line[], result: CurveResult, canvas: Canvas, top?: number): Spec {
  const { theme } = canvas;
  const lines = all.slice(0, DRAWN_AT_MOST);
  const { uniqueBlocks } = result.trace;
  const [low, high] = result.at === undefined
    ? [Math.max(1, uniqueBlocks / 1e5), uniqueBlocks]
    : [result.at[0] / 1.15, result.at[result.at.length - 1] * 1.15];
  const x = {
    field: "capacity",
    type: "quantitative",
    scale: { type: "log", domain: [low, high], nice: false },
    axis: axisStyle("capacity in blocks (log scale)", {
      format: isNarrow(canvas) ? ".1~s" : ",",
      labelOverlap: "greedy",
      labelSeparation: 6,
      grid: false,
    }),
  };
  const y = {
    field: "percent",
    type: "quantitative",
    scale: { zero: true },
    axis: axisStyle(`${metric("prefixHitRatio").label} ratio, %`, { tickCount: 6 }),
  };
  const names = lines.map(({ label }) => label);
  const legend = isNarrow(canvas)
    ? { orient: "bottom", columns: 2, title: null }
    : { orient: "right", title: null };
  const colors = lines.map((line, index) => line.isBound ? theme.ink : theme.series[index]);
  const color = {
    field: "label",
    type: "nominal",
    scale: { domain: names, range: colors },
    legend,
  };
  const shape = { ...color, scale: { domain: names, range: SHAPES.slice(0, names.length) } };
  const of = (filter: string) => [{ filter }];
  return {
    data: { values: lines.flatMap((line) => dotsOf(line, result, low, high)) },
    height: isNarrow(canvas) ? 300 : 420,
    layer: [
      ...(top === undefined ? [] : ceilingLayers(top, canvas)),
      {
        transform: of("datum.rank === 'line'"),
        mark: { type: "line", strokeWidth: 1.75 },
        encoding: { x, y, color },
      },
      {
        transform: of("datum.rank === 'bound'"),
        mark: { type: "line", strokeWidth: 3.5 },
        encoding: { x, y, color },
      },
      {
        transform: of("datum.isReplayed"),
        mark: { type: "point", filled: true, size: 46, opacity: 1 },
        encoding: { x, y, color, shape },
      },
    ],
  };
}

/** Points of a line: everywhere where it is known throughout, else where it was replayed. */
function dotsOf(
  { label, curve, accesses, isBound }: Line,
  { at }: CurveResult,
  low: number,
  high: number,
): Dot[] {
  const points = headlinePoints(curve);
  const isReplayed = at !== undefined || curve.errorHits === Infinity;
  const first = curve.exact ? 1 : points[0]?.[0] ?? 1;
  const capacities = isReplayed
    ? points.map(([blocks]) => blocks).filter((blocks) => blocks >= low && blocks <= high)
    : Array.from({ length: STEPS + 1 }, (_, i) => Math.round(low * (high / low) ** (i / STEPS)));
  return [...new Set(capacities)].filter((blocks) => blocks >= first).map((capacity) => ({
    label,
    capacity,
    percent: accesses === 0 ? 0 : 100 * hitsAt(points, capacity) / accesses,
    rank: isBound ? "bound" : "line",
    isReplayed,
  }));
}

function ceilingLayers(share: number, { theme }: Canvas): Spec[] {
  const y = { datum: share * 100, type: "quantitative" };
  return [
    { mark: { type: "rule", color: theme.muted, strokeDash: [5, 4] }, encoding: { y } },
    {
      data: { values: [{}] },
      mark: {
        type: "text",
        text: `ceiling ${formatPercent(share)} %`,
        align: "left",
        baseline: "bottom",
        dx: 4,
        dy: -3,
        color: theme.muted,
      },
      encoding: { y, x: { value: 0 } },
    },
  ];
}
