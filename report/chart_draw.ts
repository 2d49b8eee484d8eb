/**
 * Draws a chart without a browser: Vega-Lite in, SVG text out.
 *
 * @module
 */

import type { Canvas, Spec } from "./chart_input.ts";
import { type ChartTheme, DARK_THEME, LIGHT_THEME, PAGE_THEME } from "./chart_theme.ts";

/** A drawn chart. */
export interface Chart<Name extends string = string> {
  readonly name: Name;
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

const THEMES: Readonly<Record<NonNullable<ChartOptions["theme"]>, ChartTheme>> = {
  light: LIGHT_THEME,
  dark: DARK_THEME,
  page: PAGE_THEME,
};

/** Colours and width that options ask for. */
export function canvasOf({ theme = "light", width = 760 }: ChartOptions): Canvas {
  return { theme: THEMES[theme], width };
}

/** Vega reports what it adjusted; the report writes nothing but its result. */
const SILENT = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
};

/** Draws a specification as SVG text; loads Vega on first use. */
export async function drawChart(spec: Spec, { theme, width }: Canvas): Promise<string> {
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
