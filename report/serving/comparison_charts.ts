/**
 * The charts of a comparison of serving simulations: what is traded for what.
 *
 * @module
 */

import { canvasOf, type Chart, type ChartOptions, drawChart } from "../chart_draw.ts";
import { axisStyle, type Canvas, isNarrow, labelLimit, SHAPES, type Spec } from "../chart_input.ts";
import { groupsOf, rowLabel, type RunsGroup, type RunsTable } from "../hierarchy/runs.ts";
import { timeUnit } from "./chart_input.ts";
import {
  hasTradeOff,
  paretoFront,
  runsOf,
  type ServingComparison,
  tradeOffOf,
} from "./comparison.ts";
import { servingMetric } from "./metrics.ts";

/** Charts of at most this many groups are drawn; the others are in the tables. */
const GROUPS_DRAWN = 8;

/** Draws the trade-off of each group of rivals that has one. */
export async function tradeOffCharts(
  comparison: ServingComparison,
  table: RunsTable,
  options: ChartOptions,
): Promise<Chart[]> {
  const canvas = canvasOf(options);
  const charts: Chart[] = [];
  const names = tradeOffOf(comparison);
  const labels = names.map((name) => servingMetric(name).label);
  for (const [at, group] of groupsOf(table).slice(0, GROUPS_DRAWN).entries()) {
    if (!hasTradeOff(runsOf(comparison, table, group), names)) continue;
    const of = group.title === "" ? "" : `, ${group.title}`;
    charts.push({
      name: `trade-off-${at + 1}`,
      title: `${labels[0]} against ${labels[1]}${of}`,
      caption: "Filled: no other is better in one without being worse in the other, by more than " +
        "1 %.",
      svg: await drawChart(tradeOffSpec(comparison, table, group, canvas), canvas),
    });
  }
  return charts;
}

function tradeOffSpec(
  comparison: ServingComparison,
  table: RunsTable,
  group: RunsGroup,
  canvas: Canvas,
): Spec {
  const names = tradeOffOf(comparison);
  const runs = runsOf(comparison, table, group);
  const front = new Set(paretoFront(runs, names));
  const [down, across] = names.map((name) => servingMetric(name));
  const longest = Math.max(...runs.map(({ run }) => down.value(run) ?? 0));
  const [size, sign] = timeUnit(longest);
  const isTime = across.format === "duration";
  const [acrossSize, acrossSign] = isTime
    ? timeUnit(Math.max(...runs.map(({ run }) => across.value(run) ?? 0)))
    : [1, ""];
  const labels = group.rows.map((row) => rowLabel(row, table));
  const points = runs.map(({ run }, at) => ({
    label: labels[at],
    y: (down.value(run) ?? 0) / size,
    x: (across.value(run) ?? 0) / acrossSize,
    front: front.has(at),
  }));
  const legend = {
    title: null,
    orient: isNarrow(canvas) ? "bottom" : "right",
    columns: isNarrow(canvas) ? 2 : 1,
    labelLimit: labelLimit(canvas),
    // What is filled is said by the points alone.
    symbolFillColor: "transparent",
  };
  const by = (range: readonly string[]) => ({
    field: "label",
    type: "nominal",
    scale: { domain: labels, range },
    legend,
  });
  const scale = (of: (point: typeof points[number]) => number) => ({
    domain: domainOf(points.map(of)),
    padding: 14,
    nice: false,
  });
  const color = by(labels.map((_, at) => canvas.theme.series[at % canvas.theme.series.length]));
  return {
    data: { values: points },
    height: isNarrow(canvas) ? 280 : 340,
    mark: { type: "point", size: 90, strokeWidth: 2 },
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        scale: scale(({ x }) => x),
        axis: axisStyle(isTime ? `${across.label}, ${acrossSign}` : across.label, {
          tickCount: isNarrow(canvas) ? 4 : 7,
        }),
      },
      y: {
        field: "y",
        type: "quantitative",
        scale: scale(({ y }) => y),
        axis: axisStyle(`${down.label}, ${sign}`, { tickCount: 6 }),
      },
      color,
      shape: by(labels.map((_, at) => SHAPES[at % SHAPES.length])),
      fillOpacity: { condition: { test: "datum.front", value: 0.9 }, value: 0 },
      fill: { ...color, legend: null },
    },
  };
}

/** Values that are a draw are drawn close to each other: an axis spans a tenth at least. */
function domainOf(values: readonly number[]): [number, number] {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const more = Math.max(0, 0.1 * most - (most - least)) / 2;
  return [least - more, most + more];
}
