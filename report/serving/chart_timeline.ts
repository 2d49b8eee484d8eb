/**
 * The charts over time of what the simulation sampled: how busy and how full the GPUs were, and how
 * much of their bandwidth links carried.
 *
 * @module
 */

import { isNarrow, type Spec } from "../chart_input.ts";
import { visible } from "../format.ts";
import {
  horizonNs,
  lineEncoding,
  NUMBERS_WIDTH,
  type ServingChartInput,
  timeAxis,
  timelineAxis,
  timeUnit,
} from "./chart_input.ts";
import type { ServingRun } from "./metric.ts";
import type { KindUse, RoleUse } from "./timeline.ts";

/** A share over time as points in percent: a step for each column, up to the end of the last. */
function steps(
  { run }: ServingChartInput,
  share: Float64Array,
): { readonly time: number; readonly percent: number }[] {
  const { startNs, lastsNs } = run.timeline!;
  const [size] = timeUnit(horizonNs(run));
  const timeOf = (ns: number) => (ns - run.times.startNs) / size;
  const last = share.length - 1;
  return [
    ...Array.from(share, (part, at) => ({ time: timeOf(startNs[at]), percent: part * 100 })),
    { time: timeOf(startNs[last] + lastsNs[last]), percent: share[last] * 100 },
  ];
}

/** A line of shares for each role. */
function roleSpec(
  input: ServingChartInput,
  title: string,
  shareOf: (role: RoleUse) => Float64Array,
): Spec {
  const timeline = input.run.timeline!;
  const names = timeline.roles.map(({ role }) => role);
  const points = timeline.roles.flatMap((role) =>
    steps(input, shareOf(role)).map((point) => ({ ...point, role: role.role }))
  );
  return {
    data: { values: points },
    height: isNarrow(input) ? 180 : 220,
    mark: { type: "line", interpolate: "step-after", strokeWidth: 1.75 },
    encoding: {
      x: timeAxis(input),
      y: {
        field: "percent",
        type: "quantitative",
        scale: { domain: [0, 100] },
        axis: timelineAxis(title),
      },
      ...lineEncoding(input, "role", names),
    },
  };
}

/** Share of the GPUs of each role in a step. */
export function busySpec(input: ServingChartInput): Spec {
  return roleSpec(input, "in a step, % of GPUs", ({ busy }) => busy);
}

/** KV in use, as a share of all that fits. */
export function occupancySpec(input: ServingChartInput): Spec {
  return roleSpec(input, "KV in use, % of blocks", ({ held }) => held);
}

/** More kinds of links than this have no room below each other. */
const KINDS_DRAWN = 8;
/** Below this, a timeline is a flat line. */
const PEAK_DRAWN = 0.05;

/** The kinds of links with the highest peaks, in their own order; none where nothing was sent. */
export function drawnLinks({ timeline, kinds }: ServingRun): (KindUse & { readonly at: number })[] {
  if (timeline === undefined) return [];
  const used = kinds.links.map((_, at) => ({ ...timeline.links[at], at }))
    .filter(({ peak }) => peak > 0);
  return used.toSorted((a, b) => b.peak - a.peak)
    .filter(({ peak }, rank) => rank === 0 || (rank < KINDS_DRAWN && peak >= PEAK_DRAWN))
    .sort((a, b) => a.at - b.at);
}

/** What stands above the timeline of a kind: its name, and that of the busiest link. */
function labelOf(
  input: ServingChartInput,
  { at, busiest }: KindUse & { readonly at: number },
): string {
  const { name, links } = input.run.kinds.links[at];
  if (links.length === 1) return visible(name);
  const mean = `mean of ${links.length}`;
  if (busiest === undefined) return `${visible(name)}: ${mean}`;
  return isNarrow(input)
    ? `${visible(busiest.name)}; area: ${mean}`
    : `${visible(name)}: ${mean}, line: ${visible(busiest.name)}`;
}

/** A band for each kind, one below the other: its timeline, and its name above. In CSS pixels. */
const BAND_HEIGHT = 82;
/** The part of a band that is from 0 to 100 %. */
const PLOT_PART = 56 / BAND_HEIGHT;

/** Bands from the top down, as many as there are kinds; each has numbers from 0 to 100. */
function bandsOf(count: number): { readonly floors: number[]; readonly y: Spec } {
  const floors = Array.from({ length: count }, (_, at) => count - 1 - at);
  const ticks = floors.flatMap((floor) => [0, 0.5, 1].map((share) => floor + share * PLOT_PART));
  const y = {
    field: "to",
    type: "quantitative",
    scale: { domain: [0, count], nice: false },
    axis: timelineAxis("% of bandwidth", {
      values: ticks,
      tickCount: ticks.length,
      labelExpr: `round(100 * (datum.value - floor(datum.value + 0.001)) / ${PLOT_PART})`,
      labelOverlap: false,
      domain: false,
    }),
  };
  return { floors, y };
}

/** The plot as wide as in other timelines: long names shall take no room from it. */
function frameOf({ width }: ServingChartInput, height: number): Spec {
  const padding = { left: NUMBERS_WIDTH + 21, right: 8, top: 4, bottom: 37 };
  return { autosize: "none", width: width - padding.left - padding.right, height, padding };
}

/** Share of bandwidth over time, for each kind of link: the mean as an area, the busiest a line. */
export function linkUseSpec(input: ServingChartInput): Spec {
  const { run, theme } = input;
  const drawn = drawnLinks(run);
  const { floors, y } = bandsOf(drawn.length);
  const pointsOf = (share: Float64Array, kind: number) =>
    steps(input, share).map(({ time, percent }) => ({
      time,
      kind,
      from: floors[kind],
      to: floors[kind] + percent / 100 * PLOT_PART,
    }));
  const busiest = drawn.flatMap(({ at, busiest }, kind) =>
    busiest === undefined || run.kinds.links[at].links.length === 1
      ? []
      : pointsOf(busiest.share, kind)
  );
  const names = drawn.map((use, kind) => ({
    text: labelOf(input, use),
    to: floors[kind] + PLOT_PART,
  }));
  const encoding = { x: timeAxis(input), y, detail: { field: "kind", type: "nominal" } };
  const mark = { interpolate: "step-after", strokeWidth: 1.25 };
  return {
    ...frameOf(input, drawn.length * BAND_HEIGHT),
    layer: [
      {
        data: { values: drawn.flatMap(({ mean }, kind) => pointsOf(mean, kind)) },
        mark: { ...mark, type: "area", color: theme.series[0], opacity: 0.45 },
        encoding: { ...encoding, y: { ...y, stack: null }, y2: { field: "from" } },
      },
      {
        data: { values: busiest },
        mark: { ...mark, type: "line", color: theme.series[1] },
        encoding,
      },
      {
        data: { values: names },
        mark: { type: "text", align: "left", baseline: "bottom", dy: -4, fontSize: 12 },
        encoding: { x: { value: 0 }, y, text: { field: "text" }, color: { value: theme.ink } },
      },
    ],
  };
}
