/**
 * Charts of a comparison as SVG text, drawn by Vega without a browser.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import { definitionPolicy, definitionsSpec, missKindsSpec } from "./chart_breakdown.ts";
import { highlighted, hitRatioSpec } from "./chart_curve.ts";
import { gapSpec } from "./chart_gap.ts";
import { canvasOf, type Chart, type ChartOptions, drawChart } from "./chart_draw.ts";
import { type ChartInput, chartInput, type Spec } from "./chart_input.ts";
import { formatCounted, sentenceList } from "./format.ts";
import { decisiveGroup } from "./series.ts";

export type { Chart, ChartOptions } from "./chart_draw.ts";

/** Names of the charts, in the order of a report. */
export const CHART_NAMES = ["hit-ratio", "gap", "miss-kinds", "definitions"] as const;

/** Name of a chart. */
export type ChartName = (typeof CHART_NAMES)[number];

const SPECS: Readonly<Record<ChartName, (input: ChartInput) => Spec>> = {
  "hit-ratio": hitRatioSpec,
  "gap": gapSpec,
  "miss-kinds": missKindsSpec,
  "definitions": definitionsSpec,
};

/**
 * Draws the charts of a comparison; loads Vega on first use.
 *
 * @returns Every chart, in the order of {@linkcode CHART_NAMES}; none when nothing was run.
 *
 * @example
 * ```ts
 * import { comparisonCharts, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const [chart] = await comparisonCharts(EXAMPLE_COMPARISON);
 * assertStringIncludes(chart.svg, "<svg");
 * ```
 */
export async function comparisonCharts(
  comparison: Comparison,
  options: ChartOptions = {},
): Promise<Chart<ChartName>[]> {
  const { theme, width } = canvasOf(options);
  const input = chartInput(comparison, theme, width);
  if (input.groups.length === 0) return [];
  const charts: Chart<ChartName>[] = [];
  for (const name of CHART_NAMES) {
    const svg = await drawChart(SPECS[name](input), input);
    charts.push({ name, ...words(name, input), svg });
  }
  return charts;
}

function words(name: ChartName, input: ChartInput): Pick<Chart<ChartName>, "title" | "caption"> {
  const { groups, series } = input;
  if (name === "hit-ratio") {
    const chosen = highlighted(groups, series);
    const grey = series.filter((one) => !one.isBound && !chosen.includes(one.label));
    const others = grey.length === 0
      ? ""
      : ` Thin grey: ${sentenceList(grey.map((one) => one.label))}.`;
    return {
      title: "Prefix hit ratio against capacity",
      caption:
        "Prefix hits are the ones that a prefix cache can use. The dashed ceiling is an endless " +
        `cache; the bold line is the optimum, which reads the future.${others}`,
    };
  }
  if (name === "gap") {
    return {
      title: "Gap to the optimum",
      caption:
        "Points of prefix hit ratio below the optimum at the same capacity, best policies on " +
        "top. Below one point is a draw.",
    };
  }
  if (name === "miss-kinds") {
    const group = decisiveGroup(groups);
    return {
      title: `What was not saved, at ${formatCounted(group.capacityBlocks, "block")}`,
      caption:
        "All but the prefix hits, where LRU is furthest below the optimum. Hits behind a miss " +
        "are resident but no use to a prefix cache; policy misses are what the optimum avoids " +
        "at this capacity; capacity misses need more blocks; compulsory misses are first uses, " +
        "which nothing avoids.",
    };
  }
  const label = definitionPolicy(series)?.label ?? "the optimum";
  return {
    title: `One run, four hit ratios: ${label}`,
    caption: "The same replay under four definitions. Compare published numbers only under one " +
      "definition.",
  };
}
