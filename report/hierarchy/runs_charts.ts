/**
 * The charts of a comparison of runs: means with intervals, and latency against bytes moved.
 *
 * @module
 */

import { canvasOf, type Chart, type ChartOptions, drawChart } from "../chart_draw.ts";
import { axisStyle, type Canvas, isNarrow, labelLimit, SHAPES, type Spec } from "../chart_input.ts";
import type { MetricFormat } from "../metric.ts";
import { meanText } from "./runs_findings.ts";
import {
  groupsOf,
  headOf,
  metricNamesOf,
  rowLabel,
  type RunsGroup,
  type RunsTable,
  standingsOf,
} from "./runs.ts";

/** Charts of at most this many groups are drawn; the others are in the table. */
export const GROUPS_DRAWN = 8;
const COLORED = 7;

/** What an axis divides raw values by, and how it says so. */
function axisUnit(format: MetricFormat, largest: number): readonly [size: number, sign: string] {
  if (format === "percent" || format === "share") return [0.01, ", %"];
  if (format === "points") return [0.01, ", points"];
  if (format === "bytes") {
    const power = Math.min(5, Math.max(0, Math.floor(Math.log2(Math.max(1, largest)) / 10)));
    return [2 ** (10 * power), `, ${["B", "KiB", "MiB", "GiB", "TiB", "PiB"][power]}`];
  }
  if (format !== "duration") return [1, ""];
  const [size, sign] = largest >= 1e9
    ? [1e9, "s"]
    : largest >= 1e6
    ? [1e6, "ms"]
    : largest >= 1e3
    ? [1e3, "µs"]
    : [1, "ns"];
  return [size, `, ${sign}`];
}

interface Point {
  readonly label: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly text: string;
  readonly standing: string;
}

function pointsOf(group: RunsGroup, table: RunsTable, name: string, size: number): Point[] {
  const stands = standingsOf(group, name);
  return group.rows.flatMap((row, at) => {
    const spread = row.metrics[name];
    if (spread === undefined) return [];
    const { mean, low = mean, high = mean } = spread;
    const standing = stands[at] ?? "behind";
    return [{
      label: rowLabel(row, table),
      mean: mean / size,
      low: low / size,
      high: high / size,
      text: meanText(name, spread),
      standing,
    }];
  });
}

const STANDINGS = ["best", "draw", "behind", "oracle"];

/** Means with intervals, best first; what is a draw with the best has a sign and colour of its own. */
function intervalSpec(
  group: RunsGroup,
  table: RunsTable,
  name: string,
  canvas: Canvas,
): Spec {
  const { theme } = canvas;
  const { format, label, better } = headOf(name);
  const largest = Math.max(...group.rows.map(({ metrics }) => Math.abs(metrics[name]?.mean ?? 0)));
  const [size, sign] = axisUnit(format, largest);
  const points = pointsOf(group, table, name, size);
  const sorted = points.toSorted((a, b) => better === "lower" ? a.mean - b.mean : b.mean - a.mean);
  const there = STANDINGS.filter((one) => points.some(({ standing }) => standing === one));
  const colors: Record<string, string> = {
    best: theme.series[2],
    draw: theme.series[0],
    behind: theme.series[1],
    oracle: theme.ink,
  };
  const color = {
    field: "standing",
    type: "nominal",
    scale: { domain: there, range: there.map((one) => colors[one]) },
    legend: { title: null, orient: "top", columns: isNarrow(canvas) ? 2 : 4 },
  };
  const y = {
    field: "label",
    type: "nominal",
    sort: sorted.map((point) => point.label),
    axis: axisStyle(null, {
      domain: false,
      ticks: false,
      labelPadding: 6,
      labelLimit: labelLimit(canvas),
    }),
  };
  const scale = { zero: false, nice: true, padding: 12 };
  const x = {
    type: "quantitative",
    scale,
    axis: axisStyle(label + sign, { tickCount: isNarrow(canvas) ? 4 : 8 }),
  };
  return {
    data: { values: sorted },
    height: { step: 24 },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 2.5 },
        encoding: { y, color, x: { ...x, field: "low" }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 75, opacity: 1 },
        encoding: {
          y,
          color,
          x: { ...x, field: "mean" },
          shape: {
            field: "standing",
            type: "nominal",
            scale: {
              domain: there,
              range: there.map((one) => SHAPES[STANDINGS.indexOf(one)]),
            },
            legend: color.legend,
          },
        },
      },
    ],
  };
}

const ACROSS = "bytesMoved";
const UP = "latencyNsMean";

/** Whether there is anything to set latency against. */
function hasTradeOff({ rows }: RunsTable): boolean {
  return rows.filter(({ metrics }) => metrics[ACROSS] && metrics[UP]).length > 1;
}

const OTHERS = "others";

/** Colours and signs of as many labels as can be told apart; the others share one. */
function labelEncoding(
  labels: readonly string[],
  canvas: Canvas,
): { shown: readonly string[]; encoding: Readonly<Record<"color" | "shape", Spec>> } {
  const { theme } = canvas;
  const isAll = labels.length <= COLORED;
  const shown = isAll ? labels : labels.slice(0, COLORED - 1);
  const domain = isAll ? labels : [...shown, OTHERS];
  const colors = shown.map((_, at) => theme.series[at]);
  const legend = {
    title: null,
    orient: isNarrow(canvas) ? "bottom" : "right",
    columns: isNarrow(canvas) ? 2 : 1,
    labelLimit: labelLimit(canvas),
  };
  const by = (range: readonly string[]) => ({
    field: "label",
    type: "nominal",
    scale: { domain, range },
    legend,
  });
  return {
    shown,
    encoding: {
      color: by(isAll ? colors : [...colors, theme.muted]),
      shape: by(SHAPES.slice(0, domain.length)),
    },
  };
}

/** Latency against bytes moved: down and to the left is better in both. */
function tradeOffSpec(table: RunsTable, canvas: Canvas): Spec {
  const rows = table.rows.filter(({ metrics }) => metrics[ACROSS] && metrics[UP]);
  const largest = (name: string) => Math.max(...rows.map(({ metrics }) => metrics[name].mean));
  const [bytes, bytesSign] = axisUnit("bytes", largest(ACROSS));
  const [ns, nsSign] = axisUnit("duration", largest(UP));
  const labels = [...new Set(rows.map((row) => rowLabel(row, table)))];
  const { shown, encoding } = labelEncoding(labels, canvas);
  const { color, shape } = encoding;
  const points = rows.map((row) => {
    const { [ACROSS]: x, [UP]: y } = row.metrics;
    const label = rowLabel(row, table);
    return {
      label: shown.includes(label) ? label : OTHERS,
      x: x.mean / bytes,
      xLow: (x.low ?? x.mean) / bytes,
      xHigh: (x.high ?? x.mean) / bytes,
      y: y.mean / ns,
      yLow: (y.low ?? y.mean) / ns,
      yHigh: (y.high ?? y.mean) / ns,
    };
  });
  const axis = (title: string) => axisStyle(title, { tickCount: 6 });
  const scale = { zero: false, padding: 14 };
  const x = { type: "quantitative", scale, axis: axis(`moved${bytesSign}`) };
  const y = { type: "quantitative", scale, axis: axis(`per look-up${nsSign}`) };
  const whisker = { type: "rule", strokeWidth: 1.25, opacity: 0.6 };
  return {
    data: { values: points },
    height: isNarrow(canvas) ? 300 : 380,
    layer: [
      {
        mark: whisker,
        encoding: {
          color,
          x: { ...x, field: "xLow" },
          x2: { field: "xHigh" },
          y: { ...y, field: "y" },
        },
      },
      {
        mark: whisker,
        encoding: {
          color,
          x: { ...x, field: "x" },
          y: { ...y, field: "yLow" },
          y2: { field: "yHigh" },
        },
      },
      {
        mark: { type: "point", filled: true, size: 70, opacity: 0.9 },
        encoding: {
          color,
          x: { ...x, field: "x" },
          y: { ...y, field: "y" },
          shape,
        },
      },
    ],
  };
}

/**
 * Draws a comparison of runs: a chart of intervals for each group of rivals (at most
 * {@linkcode GROUPS_DRAWN}), and latency against bytes moved where runs have both.
 *
 * @param metric The metric that ranks; the first of the table unless told.
 *
 * @example
 * ```ts
 * import { runsCharts } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const row = (policy: string, mean: number) => ({
 *   varied: { policy },
 *   metrics: { prefixHitRatio: { mean, low: mean - 0.01, high: mean + 0.01, n: 5 } },
 * });
 * const charts = await runsCharts({ by: "policy", rows: [row("lru", 0.31), row("arc", 0.34)] });
 * assertEquals(charts.map(({ name }) => name), ["intervals-1"]);
 * ```
 */
export async function runsCharts(
  table: RunsTable,
  options: ChartOptions & { readonly metric?: string } = {},
): Promise<Chart[]> {
  const canvas = canvasOf(options);
  const metric = options.metric ?? metricNamesOf(table)[0];
  const charts: Chart[] = [];
  if (metric === undefined) return charts;
  const groups = groupsOf(table)
    .filter(({ rows }) => rows.some(({ metrics }) => metrics[metric] !== undefined));
  for (const [at, group] of groups.slice(0, GROUPS_DRAWN).entries()) {
    charts.push({
      name: `intervals-${at + 1}`,
      title: group.title === "" ? headOf(metric).label : `${headOf(metric).label}, ${group.title}`,
      caption:
        "Mean and interval over seeds, best on top. A draw is under a point from the best, " +
        "or cannot be told from it.",
      svg: await drawChart(intervalSpec(group, table, metric, canvas), canvas),
    });
  }
  if (hasTradeOff(table)) {
    charts.push({
      name: "trade-off",
      title: "Latency against bytes moved",
      caption: "Mean time of a look-up, and all bytes moved, with their intervals over seeds: " +
        "down and to the left is better in both. A colour has a point for each group of rivals.",
      svg: await drawChart(tradeOffSpec(table, canvas), canvas),
    });
  }
  return charts;
}
