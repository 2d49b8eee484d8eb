/**
 * What the charts of a serving simulation share.
 *
 * @module
 */

import { axisStyle, type Canvas, isNarrow, type Spec } from "../chart_input.ts";
import type { ServingRun } from "./metric.ts";
import type { Part } from "./times.ts";

/** What every chart of a simulation is drawn from. */
export interface ServingChartInput extends Canvas {
  readonly run: ServingRun;
}

/** Dashes that differ even where colours cannot be told apart. */
export const DASHES = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [1, 3], [12, 3]];

/** Spans of a timeline. */
export function spansOf(input: Canvas): number {
  return isNarrow(input) ? 72 : 144;
}

/** Waiting is warm, work is cold; the same in every chart. */
export function partColor({ theme }: Canvas, part: Part): string {
  return {
    queue: theme.series[1],
    load: theme.series[4],
    prefill: theme.series[0],
    transfer: theme.series[3],
    decode: theme.series[2],
  }[part];
}

/** The unit in which an axis of times is read: nanoseconds of it, and its sign. */
export function timeUnit(longestNs: number): readonly [ns: number, sign: string] {
  if (longestNs >= 2 * 3600e9) return [3600e9, "h"];
  if (longestNs >= 300e9) return [60e9, "min"];
  if (longestNs >= 1e9) return [1e9, "s"];
  if (longestNs >= 1e6) return [1e6, "ms"];
  return longestNs >= 1e3 ? [1e3, "µs"] : [1, "ns"];
}

/** From the first arrival until nothing is served or under way: the same for all timelines. */
export function horizonNs({ times, timeline }: ServingRun): number {
  const last = (timeline?.startNs.length ?? 0) - 1;
  const endNs = last < 0 ? 0 : timeline!.startNs[last] + timeline!.lastsNs[last];
  return Math.max(times.lastFinishNs, endNs) - times.startNs;
}

/** Room for numbers left of a timeline, in CSS pixels: timelines begin one below the other. */
export const NUMBERS_WIDTH = 44;

/** What stands left of a timeline. */
export function timelineAxis(title: string, extra: Spec = {}): Spec {
  return axisStyle(title, { tickCount: 5, minExtent: NUMBERS_WIDTH, ...extra });
}

/** The time of the run, along the bottom; points carry it in `time`. */
export function timeAxis(input: ServingChartInput): Spec {
  const [size, sign] = timeUnit(horizonNs(input.run));
  return {
    field: "time",
    type: "quantitative",
    scale: { domain: [0, horizonNs(input.run) / size], nice: false },
    axis: axisStyle(`since the first arrival, ${sign}`, {
      grid: false,
      tickCount: isNarrow(input) ? 4 : 8,
    }),
  };
}

/** A legend above the chart, in as many columns as there is room for. */
export function topLegend(canvas: Canvas, columns: number, extra: Spec = {}): Spec {
  return { title: null, orient: "top", columns: isNarrow(canvas) ? 3 : columns, ...extra };
}

/** Colour and dash of lines, told apart by both. */
export function lineEncoding(
  canvas: Canvas,
  field: string,
  names: readonly string[],
): Record<"color" | "strokeDash", Spec> {
  const legend = topLegend(canvas, names.length, { symbolType: "stroke", symbolSize: 400 });
  const colors = names.map((_, at) => canvas.theme.series[at] ?? canvas.theme.muted);
  const dashes = names.map((_, at) => DASHES[at % DASHES.length]);
  return {
    color: { field, type: "nominal", scale: { domain: names, range: colors }, legend },
    strokeDash: { field, type: "nominal", scale: { domain: names, range: dashes }, legend },
  };
}
