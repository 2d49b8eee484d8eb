/**
 * Charts of a comparison as SVG text, drawn by Vega without a browser.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import { definitionPolicy, definitionsSpec, missKindsSpec } from "./chart_breakdown.ts";
import { highlighted, hitRatioSpec } from "./chart_curve.ts";
import { gapSpec } from "./chart_gap.ts";
import { type ChartInput, chartInput, type Spec } from "./chart_input.ts";
import { type ChartTheme, DARK_THEME, LIGHT_THEME, PAGE_THEME } from "./chart_theme.ts";
import { formatCount, sentenceList } from "./format.ts";
import { decisiveGroup } from "./series.ts";

/** Names of the charts, in the order of a report. */
export const CHART_NAMES = ["hit-ratio", "gap", "miss-kinds", "definitions"] as const;

/** Name of a chart. */
export type ChartName = (typeof CHART_NAMES)[number];

/** A drawn chart. */
export interface Chart {
  readonly name: ChartName;
  readonly title: string;
  /** What to see in it and how it was chosen; plain text. */
  readonly caption: string;
  /** A complete SVG element; its text is escaped. */
  readonly svg: string;
}

/** How charts are drawn. */
export interface ChartOptions {
  /** `light` and `dark` stand alone; `page` takes its colours from the CSS of the HTML report. */
  readonly theme?: "light" | "dark" | "page";
  /** Width in CSS pixels; 760 unless told. Below 500 the layout is that of a telephone. */
  readonly width?: number;
}

const SPECS: Readonly<Record<ChartName, (input: ChartInput) => Spec>> = {
  "hit-ratio": hitRatioSpec,
  "gap": gapSpec,
  "miss-kinds": missKindsSpec,
  "definitions": definitionsSpec,
};

const THEMES: Readonly<Record<NonNullable<ChartOptions["theme"]>, ChartTheme>> = {
  light: LIGHT_THEME,
  dark: DARK_THEME,
  page: PAGE_THEME,
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
): Promise<Chart[]> {
  const { theme = "light", width = 760 } = options;
  const input = chartInput(comparison, THEMES[theme], width);
  if (input.groups.length === 0) return [];
  const charts: Chart[] = [];
  for (const name of CHART_NAMES) {
    const svg = await draw(SPECS[name](input), input);
    charts.push({ name, ...words(name, input), svg });
  }
  return charts;
}

/** Vega reports what it adjusted; the report writes nothing but its result. */
const SILENT = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
};

async function draw(spec: Spec, input: ChartInput): Promise<string> {
  const { theme, width } = input;
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const whole = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width,
    autosize: { type: "fit-x", contains: "padding" },
    background: theme === PAGE_THEME ? "transparent" : theme.surface,
    padding: 4,
    config: chartConfig(theme),
    ...spec,
  };
  // The specification is plain data; its type would add nothing but the weight of checking it.
  const compiled = vegaLite.compile(whole as unknown as Parameters<typeof vegaLite.compile>[0], {
    logger: SILENT,
  });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

function chartConfig(theme: ChartTheme): Spec {
  const words = { labelColor: theme.ink, titleColor: theme.ink };
  return {
    aria: false,
    font: "system-ui, -apple-system, 'Segoe UI', sans-serif",
    view: { stroke: null },
    axis: {
      ...words,
      gridColor: theme.grid,
      domainColor: theme.muted,
      tickColor: theme.muted,
      labelFontSize: 11,
      titleFontSize: 12,
      labelFlush: false,
    },
    legend: {
      ...words,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: "normal",
      symbolSize: 70,
      labelLimit: 220,
    },
    text: { fontSize: 11 },
  };
}

function words(name: ChartName, input: ChartInput): Pick<Chart, "title" | "caption"> {
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
      title: `What was not saved, at ${formatCount(group.capacityBlocks)} blocks`,
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
