/**
 * The charts of a serving simulation, with their titles and what to see in them.
 *
 * @module
 */

import { canvasOf, type Chart, type ChartOptions, drawChart } from "../chart_draw.ts";
import type { Spec } from "../chart_input.ts";
import { formatCounted, formatDuration } from "../format.ts";
import type { ServingChartInput } from "./chart_input.ts";
import { fleetSpec, linksSpec, partsSpec, percentilesSpec } from "./chart_spread.ts";
import { inSystemSpec, ttftSpec } from "./chart_time.ts";
import { busySpec, drawnLinks, linkUseSpec, occupancySpec } from "./chart_timeline.ts";
import { sloText } from "./findings.ts";
import type { ServingRun } from "./metric.ts";
import { servingNumber } from "./metrics.ts";

/** Names of the charts, in the order in which reports show them. */
export const SERVING_CHART_NAMES = [
  "percentiles",
  "parts",
  "system",
  "ttft",
  "busy",
  "occupancy",
  "fleet",
  "use",
  "links",
] as const;

/** Name of a chart of a serving simulation. */
export type ServingChartName = (typeof SERVING_CHART_NAMES)[number];

interface Drawing {
  readonly title: (run: ServingRun) => string;
  readonly caption: (run: ServingRun) => string;
  /** Whether there is anything to draw. */
  readonly isThere: (run: ServingRun) => boolean;
  readonly spec: (input: ServingChartInput) => Spec;
}

const always = () => true;
const isSampled = ({ timeline }: ServingRun) => timeline !== undefined;
const hasSpan = ({ times }: ServingRun) => times.lastArrivalNs > times.firstArrivalNs;

/** How fine a timeline is. */
function columnsText({ timeline }: ServingRun): string {
  return ` Means over ${formatDuration(timeline!.columnNs)} each.`;
}

function linkUseCaption(run: ServingRun): string {
  const used = run.timeline!.links.filter(({ peak }) => peak > 0).length;
  const left = used - drawnLinks(run).length;
  return "Share of bandwidth. Areas: the mean over links of a kind. Lines: the one of them that was " +
    `full for longest, or carried most. A link at 100 % makes its transfers wait.${
      columnsText(run)
    }` +
    (left === 0 ? "" : ` ${formatCounted(left, "kind")} with lower peaks left out.`);
}

const DRAWINGS: Readonly<Record<ServingChartName, Drawing>> = {
  percentiles: {
    title: () => "How long requests take",
    caption: (run) => {
      const promise = sloText(run);
      return "Share of requests with at most so much, to the right is slower." +
        (promise === "" ? "" : ` Upright lines: what was promised, ${promise}.`);
    },
    isThere: always,
    spec: percentilesSpec,
  },
  parts: {
    title: (run) => `Where the time goes: ${servingNumber(run, "e2eNsMean")} on average`,
    caption: () =>
      "Mean of each part over all requests, and over the slowest by E2E. A part that only slow " +
      "requests have is what makes them slow.",
    isThere: always,
    spec: partsSpec,
  },
  system: {
    title: () => "Requests in the system",
    caption: () =>
      "Mean over each span of time, by what happens to them. A queue that grows until the last " +
      "arrival says that more is offered than served.",
    isThere: always,
    spec: inSystemSpec,
  },
  ttft: {
    title: () => "TTFT over the run",
    caption: () => "Of the requests that arrived in each span: half had their first token by p50.",
    isThere: hasSpan,
    spec: ttftSpec,
  },
  busy: {
    title: () => "How busy the GPUs were",
    caption: (run) =>
      "Share of each group's GPUs in a step. A step of one sequence is as busy as one of a " +
      `hundred.${columnsText(run)}`,
    isThere: isSampled,
    spec: busySpec,
  },
  occupancy: {
    title: () => "How full KV memory was",
    caption: (run) =>
      "Blocks that requests use, of all that fit beside weights and activations; what is kept for " +
      `reuse fills the rest.${columnsText(run)}`,
    isThere: isSampled,
    spec: occupancySpec,
  },
  fleet: {
    title: () => "Replicas beside each other",
    caption: () =>
      "A point for each replica (400 at most, evenly by how busy they are). A cloud that is wide " +
      "says that the router does not balance.",
    isThere: ({ result }) => result.replicas.length > 1,
    spec: fleetSpec,
  },
  use: {
    title: () => "How much of their bandwidth links carried",
    caption: linkUseCaption,
    isThere: (run) => drawnLinks(run).length > 0,
    spec: linkUseSpec,
  },
  links: {
    title: () => "How busy the links were",
    caption: () =>
      "Bars: the mean over links of a kind. Ticks: the busiest of them. Wait: what a transfer " +
      "took beyond its own latency and bytes, on average.",
    isThere: ({ kinds }) => kinds.links.length > 0,
    spec: linksSpec,
  },
};

/**
 * Draws the charts of a serving simulation; loads Vega on first use.
 *
 * @returns The charts that have something to show, in the order of
 * {@linkcode SERVING_CHART_NAMES}.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingCharts, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { result, context } = EXAMPLE_SERVING;
 * const [chart] = await servingCharts(servingRun(result, context));
 * assertStringIncludes(chart.svg, "<svg");
 * ```
 */
export async function servingCharts(
  run: ServingRun,
  options: ChartOptions = {},
): Promise<Chart<ServingChartName>[]> {
  const input: ServingChartInput = { run, ...canvasOf(options) };
  const charts: Chart<ServingChartName>[] = [];
  if (run.times.rows.length === 0) return charts;
  for (const name of SERVING_CHART_NAMES) {
    const { title, caption, isThere, spec } = DRAWINGS[name];
    if (!isThere(run)) continue;
    const svg = await drawChart(spec(input), input);
    charts.push({ name, title: title(run), caption: caption(run), svg });
  }
  return charts;
}
