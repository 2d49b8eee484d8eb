/**
 * What the charts of a comparison share.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import type { ChartTheme } from "./chart_theme.ts";
import { type CapacityGroup, groupByCapacity, type Series, seriesOf } from "./series.ts";

/** A Vega-Lite specification: plain data. */
export type Spec = Readonly<Record<string, unknown>>;

/** What a chart is drawn on. */
export interface Canvas {
  readonly theme: ChartTheme;
  /** Width of the picture in CSS pixels. */
  readonly width: number;
}

/** What every chart of a comparison is drawn from. */
export interface ChartInput extends Canvas {
  readonly comparison: Comparison;
  readonly groups: readonly CapacityGroup[];
  readonly series: readonly Series[];
}

/** Signs that differ even where colours cannot be told apart. */
export const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
];

/** Prepares what the charts share. */
export function chartInput(comparison: Comparison, theme: ChartTheme, width: number): ChartInput {
  const groups = groupByCapacity(comparison);
  return { comparison, groups, series: seriesOf(groups), theme, width };
}

/** Whether to lay out for a telephone. */
export function isNarrow(input: Canvas): boolean {
  return input.width < 500;
}

/** What all axes share. */
export function axisStyle(title: string | null, extra: Spec = {}): Spec {
  return { title, titleFontWeight: "normal", ...extra };
}

/** Room for names of policies, in CSS pixels. */
export function labelLimit(input: Canvas): number {
  return isNarrow(input) ? 140 : 230;
}
