/**
 * Charts of a replay through a hierarchy as SVG text, drawn by Vega without a browser.
 *
 * @module
 */

import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { canvasOf, type Chart, type ChartOptions, drawChart } from "../chart_draw.ts";
import type { Spec } from "../chart_input.ts";
import type { RunChartInput } from "./chart_input.ts";
import { latencySpec, prefetchSpec, requestSpec } from "./chart_latency.ts";
import { residencySpec, servedSpec } from "./chart_time.ts";
import { trafficSpec } from "./chart_traffic.ts";
import type { Run } from "./metric.ts";
import { runText } from "./metrics.ts";
import { links } from "./places.ts";

/** Names of the charts, in the order of a report. */
export const RUN_CHART_NAMES = [
  "served",
  "residency",
  "traffic",
  "latency",
  "requests",
  "prefetch",
] as const;

/** Name of a chart of a replay. */
export type RunChartName = (typeof RUN_CHART_NAMES)[number];

interface Drawing {
  readonly title: (run: Run) => string;
  readonly caption: string;
  /** Whether there is anything to draw. */
  readonly isThere: (run: Run) => boolean;
  readonly spec: (input: RunChartInput) => Spec;
}

const hasSamples = ({ result }: Run) => result.samples.length > 1;

const DRAWINGS: Readonly<Record<RunChartName, Drawing>> = {
  served: {
    title: () => "Which tier served",
    caption: "Share of the look-ups since the sample before that each tier served, fastest tier " +
      "at the bottom. A hit behind a miss is a hit here; a prefix cache cannot use it.",
    isThere: hasSamples,
    spec: servedSpec,
  },
  residency: {
    title: () => "How full each tier was",
    caption: "Bytes held, in percent of each tier's capacity. A tier that never fills is larger " +
      "than this trace needs.",
    isThere: hasSamples,
    spec: residencySpec,
  },
  traffic: {
    title: (run) => `What moved: ${runText(run, "bytesMoved")}`,
    caption: "Bytes by cause and source (rows) and target (columns). What is demoted to make " +
      "room has the cause of the move that needed the room. GPU: newly computed blocks, and " +
      "blocks read where they are. An empty cell moved nothing.",
    isThere: ({ result }) => links(result).length > 0,
    spec: trafficSpec,
  },
  latency: {
    title: (run) => `Where a look-up's time goes: ${runText(run, "latencyNsMean")}`,
    caption: "Mean over all look-ups. The parts of one request overlap, so that its sum is more " +
      "than what its user waits for.",
    isThere: ({ result }) => result.latencyNs.total > 0,
    spec: latencySpec,
  },
  requests: {
    title: () => "How long requests take",
    caption: "From arrival until all KV of the prompt is ready: nearest-rank percentiles over " +
      "the counted requests.",
    isThere: ({ result }) => result.requestNs !== undefined,
    spec: requestSpec,
  },
  prefetch: {
    title: () => "What prefetches came to",
    caption: "Useful: arrived before the block was asked for. Late: asked for on its way. " +
      "Wasted: evicted unused, or unused at the end.",
    isThere: ({ result }) => result.prefetch.requested > 0,
    spec: prefetchSpec,
  },
};

/**
 * Draws the charts of a replay; loads Vega on first use.
 *
 * @returns The charts that have something to show, in the order of {@linkcode RUN_CHART_NAMES}.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, hierarchyCharts } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const [chart] = await hierarchyCharts(EXAMPLE_RUN.result, EXAMPLE_RUN.scenario);
 * assertStringIncludes(chart.svg, "<svg");
 * ```
 */
export async function hierarchyCharts(
  result: HierarchyResult,
  scenario: HierarchyScenario,
  options: ChartOptions = {},
): Promise<Chart<RunChartName>[]> {
  const run: Run = { result, scenario };
  const input: RunChartInput = { run, ...canvasOf(options) };
  const charts: Chart<RunChartName>[] = [];
  for (const name of RUN_CHART_NAMES) {
    const { title, caption, isThere, spec } = DRAWINGS[name];
    if (result.lookups === 0 || !isThere(run)) continue;
    charts.push({ name, title: title(run), caption, svg: await drawChart(spec(input), input) });
  }
  return charts;
}
