/**
 * The charts of spread: percentile curves, parts of slow and of all requests, replicas, links.
 *
 * @module
 */

import { axisStyle, isNarrow, labelLimit, SHAPES, type Spec } from "../chart_input.ts";
import { formatDuration, visible } from "../format.ts";
import {
  lineEncoding,
  partColor,
  type ServingChartInput,
  timeUnit,
  topLegend,
} from "./chart_input.ts";
import type { ServingRun } from "./metric.ts";
import { servingNumber, servingValue } from "./metrics.ts";
import { quantile } from "./quantile.ts";
import { byPart, type Part, PARTS } from "./times.ts";

/** Shares of a curve, in thousandths: dense where tails are. */
const PER_MILLE = [
  ...Array.from({ length: 49 }, (_, at) => (at + 1) * 20),
  ...[985, 990, 993, 995, 997, 999, 1000],
];

/** Share of requests that took at most so long, for each kind of latency. */
export function percentilesSpec(input: ServingChartInput): Spec {
  const { times: { ascending }, context: { slo } } = input.run;
  const curves = ([
    ["TPOT", ascending.tpotNs],
    ["TTFT", ascending.ttftNs],
    ["E2E", ascending.e2eNs],
  ] as const).filter(([, column]) => column.length > 0);
  const names = curves.map(([name]) => name);
  const points = curves.flatMap(([name, column]) =>
    PER_MILLE.map((perMille) => ({
      name,
      percent: perMille / 10,
      // A logarithmic axis has no room for nothing.
      ms: Math.max(1, quantile(column, perMille)!) / 1e6,
    }))
  );
  const promises = [["TTFT", slo?.ttftNs], ["TPOT", slo?.tpotNs]].flatMap(([name, ns]) =>
    ns === undefined || !names.some((other) => other === name)
      ? []
      : [{ name, ms: Number(ns) / 1e6 }]
  );
  const x = {
    field: "ms",
    type: "quantitative",
    scale: { type: "log", nice: false },
    axis: axisStyle("at most so long, ms", {
      tickCount: isNarrow(input) ? 4 : 8,
      format: ",~f",
      labelOverlap: true,
    }),
  };
  const encoding = lineEncoding(input, "name", names);
  return {
    height: isNarrow(input) ? 240 : 300,
    layer: [
      {
        data: { values: points },
        mark: { type: "line", strokeWidth: 2 },
        encoding: {
          x,
          y: {
            field: "percent",
            type: "quantitative",
            scale: { domain: [0, 100] },
            axis: axisStyle("of requests, %", { tickCount: 5 }),
          },
          ...encoding,
        },
      },
      {
        data: { values: promises },
        mark: { type: "rule", strokeWidth: 1.25, opacity: 0.75 },
        encoding: { x, ...encoding },
      },
    ],
  };
}

const CLASSES = [["all", 0], ["slowest 10 %", 900], ["slowest 1 %", 990]] as const;

/** Mean of each part over the requests whose E2E is above a rank. */
export function partsAbove({ times }: ServingRun, perMille: number): Record<Part, number> {
  const least = perMille === 0 ? 0 : quantile(times.ascending.e2eNs, perMille) ?? 0;
  const slow = [...times.rows.keys()].filter((at) => times.e2eNs[at] >= least);
  return byPart((part) =>
    slow.reduce((sum, at) => sum + times.parts[part][at], 0) / Math.max(1, slow.length)
  );
}

/** Where the time of all, of slow and of very slow requests goes. */
export function partsSpec(input: ServingChartInput): Spec {
  const { run } = input;
  const rows = CLASSES.map(([name, perMille]) => ({ name, parts: partsAbove(run, perMille) }));
  const totals = rows.map(({ parts }) => PARTS.reduce((sum, part) => sum + parts[part], 0));
  const [size, sign] = timeUnit(Math.max(...totals));
  const shown = PARTS.filter((part) => rows.some(({ parts }) => parts[part] > 0));
  const bars = rows.flatMap(({ name, parts }) =>
    shown.map((part, order) => ({ name, part, order, time: parts[part] / size }))
  );
  const sums = rows.map(({ name }, at) => ({
    name,
    time: totals[at] / size,
    text: formatDuration(totals[at]),
  }));
  const y = {
    field: "name",
    type: "nominal",
    sort: null,
    axis: axisStyle(null, { domain: false, ticks: false, labelPadding: 6 }),
  };
  const x = {
    field: "time",
    type: "quantitative",
    scale: {
      domain: [0, Math.max(...totals) / size * (isNarrow(input) ? 1.25 : 1.1)],
      nice: false,
    },
    axis: axisStyle(`mean time of a request, ${sign}`, { tickCount: isNarrow(input) ? 4 : 8 }),
  };
  return {
    height: { step: 34 },
    layer: [
      {
        data: { values: bars },
        mark: { type: "bar", height: { band: 0.68 } },
        encoding: {
          y,
          x: { ...x, stack: "zero" },
          order: { field: "order", type: "quantitative" },
          color: {
            field: "part",
            type: "nominal",
            scale: { domain: shown, range: shown.map((part) => partColor(input, part)) },
            legend: topLegend(input, shown.length),
          },
        },
      },
      {
        data: { values: sums },
        mark: { type: "text", align: "left", dx: 5, color: input.theme.ink },
        encoding: { y, x, text: { field: "text", type: "nominal" } },
      },
    ],
  };
}

/** More points than this say no more. */
const REPLICAS_DRAWN = 400;

/** Each replica by how busy and how full it was. */
export function fleetSpec(input: ServingChartInput): Spec {
  const { run } = input;
  const { result, times, kinds } = run;
  const elapsedNs = times.lastFinishNs - times.startNs;
  const lastedNs = result.endNs - result.countedFromNs;
  const names = kinds.groups.map(({ name }) => visible(name));
  const each = Math.max(1, Math.floor(REPLICAS_DRAWN / kinds.groups.length));
  const points = kinds.groups.flatMap(({ replicas }, at) => {
    const sorted = replicas.toSorted((a, b) => a.busyNs - b.busyNs);
    const count = Math.min(each, sorted.length);
    return Array.from({ length: count }, (_, i) => {
      const rank = count === 1 ? 0 : Math.round(i * (sorted.length - 1) / (count - 1));
      const { busyNs, meanHeldBlocks, capacityBlocks } = sorted[rank];
      return {
        group: names[at],
        busy: busyNs / elapsedNs * 100,
        held: meanHeldBlocks * lastedNs / elapsedNs / capacityBlocks * 100,
      };
    });
  });
  const legend = topLegend(input, names.length);
  const scale = (range: readonly string[]) => ({ domain: names, range });
  const axis = (title: string) => axisStyle(title, { tickCount: 5 });
  const domain = { domain: [0, 100] };
  return {
    data: { values: points },
    height: isNarrow(input) ? 240 : 280,
    mark: { type: "point", filled: true, size: 46, opacity: 0.7 },
    encoding: {
      x: {
        field: "busy",
        type: "quantitative",
        scale: domain,
        axis: axis("busy, % of the time"),
      },
      y: {
        field: "held",
        type: "quantitative",
        scale: domain,
        axis: axis("KV in use on average, %"),
      },
      color: {
        field: "group",
        type: "nominal",
        scale: scale(names.map((_, at) => input.theme.series[at] ?? input.theme.muted)),
        legend,
      },
      shape: {
        field: "group",
        type: "nominal",
        scale: scale(names.map((_, at) => SHAPES[at % SHAPES.length])),
        legend,
      },
    },
  };
}

/** How busy each kind of link was: the mean as a bar, the busiest link as a tick. */
export function linksSpec(input: ServingChartInput): Spec {
  const { run, theme } = input;
  const bars = run.kinds.links.map(({ name, links }, at) => {
    const wait = servingNumber(run, "linkWaitNsMean", "link", at);
    return {
      name: links.length === 1 ? visible(name) : `${visible(name)} (${links.length})`,
      mean: (servingValue(run, "linkBusyRatio", "link", at) ?? 0) * 100,
      most: (servingValue(run, "linkBusyRatioMost", "link", at) ?? 0) * 100,
      text: `${servingNumber(run, "linkBytes", "link", at)} · wait ${wait}`,
    };
  });
  const y = {
    field: "name",
    type: "nominal",
    sort: null,
    axis: axisStyle(null, {
      domain: false,
      ticks: false,
      labelPadding: 6,
      labelLimit: labelLimit(input),
    }),
  };
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: [0, 100] },
    axis: axisStyle("busy, % of the time", { tickCount: 5 }),
  });
  const beside = {
    mark: { type: "text", align: "left", dx: 7, color: theme.ink },
    encoding: { y, x: x("most"), text: { field: "text", type: "nominal" } },
  };
  return {
    data: { values: bars },
    height: { step: 30 },
    layer: [
      {
        mark: { type: "bar", height: { band: 0.62 }, color: theme.series[0] },
        encoding: { y, x: x("mean") },
      },
      {
        mark: { type: "tick", thickness: 3, color: theme.series[1], height: { band: 0.8 } },
        encoding: { y, x: x("most") },
      },
      // Where the busiest is near the edge, its text has no room there.
      ...(isNarrow(input) || bars.some(({ most }) => most > 70) ? [] : [beside]),
    ],
  };
}
