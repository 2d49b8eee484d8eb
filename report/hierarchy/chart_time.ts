/**
 * The charts over time: which tier served, and how full each was.
 *
 * @module
 */

import { axisStyle, isNarrow, type Spec } from "../chart_input.ts";
import { MISSED, type RunChartInput, tierColors, tierNames, topLegend } from "./chart_input.ts";
import { residency } from "./tier_columns.ts";

/** Dashes that differ even where colours cannot be told apart. */
const DASHES = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [1, 3], [12, 3], [6, 2, 1, 2]];

function requestAxis(input: RunChartInput): Spec {
  return {
    field: "request",
    type: "quantitative",
    scale: { nice: false },
    axis: axisStyle("requests served", {
      grid: false,
      tickCount: isNarrow(input) ? 4 : 8,
      format: ",d",
    }),
  };
}

/** Share of the look-ups that each tier served, and that missed, from sample to sample. */
export function servedSpec(input: RunChartInput): Spec {
  const { theme, run: { result } } = input;
  const names = tierNames(input);
  const domain = [...names, MISSED];
  const points = result.samples.flatMap(({ request, lookups, hits }) => {
    const missed = lookups - hits.slice(0, names.length).reduce((sum, count) => sum + count, 0);
    return domain.map((tier, order) => {
      const count = order === names.length ? missed : hits[order];
      return { request, tier, order, percent: lookups > 0 ? (count / lookups) * 100 : 0 };
    });
  });
  return {
    data: { values: points },
    height: isNarrow(input) ? 240 : 300,
    mark: { type: "area", line: false, interpolate: "step-before" },
    encoding: {
      x: requestAxis(input),
      y: {
        field: "percent",
        type: "quantitative",
        stack: "zero",
        scale: { domain: [0, 100] },
        axis: axisStyle("of look-ups, %", { tickCount: 5 }),
      },
      order: { field: "order", type: "quantitative" },
      color: {
        field: "tier",
        type: "nominal",
        scale: { domain, range: [...tierColors(names.length, theme), theme.misses[3]] },
        legend: topLegend(input, domain.length),
      },
    },
  };
}

/** How full each tier was, from sample to sample. */
export function residencySpec(input: RunChartInput): Spec {
  const { theme, run: { result } } = input;
  const names = tierNames(input);
  const points = names.flatMap((tier, at) =>
    residency(result, at).map((share, sample) => ({
      tier,
      request: result.samples[sample].request,
      percent: share * 100,
    }))
  );
  const legend = { ...topLegend(input, names.length), symbolType: "stroke", symbolSize: 400 };
  return {
    data: { values: points },
    height: isNarrow(input) ? 220 : 280,
    mark: { type: "line", strokeWidth: 2 },
    encoding: {
      x: requestAxis(input),
      y: {
        field: "percent",
        type: "quantitative",
        scale: { domain: [0, 100] },
        axis: axisStyle("held, % of capacity", { tickCount: 5 }),
      },
      color: {
        field: "tier",
        type: "nominal",
        scale: { domain: names, range: tierColors(names.length, theme) },
        legend,
      },
      strokeDash: {
        field: "tier",
        type: "nominal",
        scale: { domain: names, range: DASHES.slice(0, names.length) },
        legend,
      },
    },
  };
}
