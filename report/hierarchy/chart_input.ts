/**
 * What the charts of a replay through a hierarchy share.
 *
 * @module
 */

import { type Canvas, isNarrow, type Spec } from "../chart_input.ts";
import type { ChartTheme } from "../chart_theme.ts";
import type { Run } from "./metric.ts";
import { placeName } from "./places.ts";

/** What every chart of a replay is drawn from. */
export interface RunChartInput extends Canvas {
  readonly run: Run;
}

/** What stands for look-ups that no tier held. */
export const MISSED = "missed";

/** Names of the tiers, fastest first. */
export function tierNames({ run: { result } }: RunChartInput): string[] {
  return result.tiers.map((_, tier) => placeName(result, tier));
}

/** A colour for each tier; more tiers than colours end in grey. */
export function tierColors(count: number, theme: ChartTheme): string[] {
  return Array.from({ length: count }, (_, tier) => theme.series[tier] ?? theme.muted);
}

/** A legend above the chart, in as many columns as there is room for. */
export function topLegend(canvas: Canvas, columns: number): Spec {
  return { title: null, orient: "top", columns: isNarrow(canvas) ? 2 : columns };
}
