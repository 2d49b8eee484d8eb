/**
 * The charts of time: where a look-up's time goes, how long requests take, what prefetches came to.
 *
 * @module
 */

import { axisStyle, isNarrow, type Spec } from "../chart_input.ts";
import { formatDuration } from "../format.ts";
import { type RunChartInput, topLegend } from "./chart_input.ts";
import { runMetric, runText, runValue } from "./metrics.ts";

/** The unit in which an axis of times is read: nanoseconds of it, and its sign. */
function timeUnit(longestNs: number): readonly [ns: number, sign: string] {
  if (longestNs >= 1e9) return [1e9, "s"];
  if (longestNs >= 1e6) return [1e6, "ms"];
  return longestNs >= 1e3 ? [1e3, "µs"] : [1, "ns"];
}

interface Bar {
  readonly label: string;
  readonly ns: number;
  readonly text: string;
}

/** Bars of times with their values written beside them, as small ones cannot be seen. */
function timeBars(input: RunChartInput, bars: readonly Bar[], title: string, color: string): Spec {
  const longest = Math.max(1, ...bars.map(({ ns }) => ns));
  const [size, sign] = timeUnit(longest);
  const y = {
    field: "label",
    type: "nominal",
    sort: null,
    axis: axisStyle(null, { domain: false, ticks: false, labelPadding: 6 }),
  };
  const x = {
    field: "time",
    type: "quantitative",
    // Room for the text beside the longest bar.
    scale: { domain: [0, (longest / size) * (isNarrow(input) ? 1.5 : 1.15)], nice: false },
    axis: axisStyle(`${title}, ${sign}`, { tickCount: isNarrow(input) ? 4 : 8 }),
  };
  return {
    data: { values: bars.map(({ label, ns, text }) => ({ label, time: ns / size, text })) },
    height: { step: 26 },
    layer: [
      { mark: { type: "bar", height: { band: 0.68 }, color }, encoding: { x, y } },
      {
        mark: { type: "text", align: "left", dx: 5, color: input.theme.ink },
        encoding: { x, y, text: { field: "text", type: "nominal" } },
      },
    ],
  };
}

const PARTS = ["computeNsMean", "loadNsMean", "waitNsMean", "dequantiseNsMean"];

/** What the average look-up takes, part by part. */
export function latencySpec(input: RunChartInput): Spec {
  const { run, theme } = input;
  const total = runValue(run, "latencyNsMean") ?? 0;
  const bars = PARTS.flatMap((name): Bar[] => {
    const ns = runValue(run, name) ?? 0;
    const share = total > 0 ? ((ns / total) * 100).toFixed(1) : "0.0";
    const text = `${runText(run, name)} · ${share} %`;
    return ns === 0 ? [] : [{ label: runMetric(name).label, ns, text }];
  });
  return timeBars(input, bars, "per look-up", theme.series[0]);
}

const TIMES = [
  "requestNsMean",
  "requestNsP50",
  "requestNsP90",
  "requestNsP95",
  "requestNsP99",
  "requestNsMax",
];

/** How long it takes until all KV of a prompt is ready. */
export function requestSpec(input: RunChartInput): Spec {
  const { run, theme } = input;
  const bars = TIMES.map((name): Bar => {
    const ns = runValue(run, name) ?? 0;
    return { label: runMetric(name).label, ns, text: formatDuration(ns) };
  });
  return timeBars(input, bars, "from arrival until all KV is ready", theme.series[0]);
}

const ENDS = ["prefetchUseful", "prefetchLate", "prefetchWasted"];

/** Prefetches that came in time, late, and for nothing. */
export function prefetchSpec(input: RunChartInput): Spec {
  const { run, theme } = input;
  const labels = ENDS.map((name) => runMetric(name).label);
  const parts = ENDS.map((name, order) => ({
    end: labels[order],
    order,
    percent: (runValue(run, `${name}Ratio`) ?? 0) * 100,
  }));
  return {
    data: { values: parts },
    height: 52,
    mark: { type: "bar" },
    encoding: {
      x: {
        field: "percent",
        type: "quantitative",
        stack: "zero",
        scale: { domain: [0, 100] },
        axis: axisStyle("of prefetched blocks, %", { tickCount: 5 }),
      },
      order: { field: "order", type: "quantitative" },
      color: {
        field: "end",
        type: "nominal",
        scale: { domain: labels, range: [theme.series[2], theme.series[4], theme.series[1]] },
        legend: topLegend(input, 3),
      },
    },
  };
}
