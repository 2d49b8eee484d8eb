/**
 * The chart of hit ratio against capacity.
 *
 * @module
 */

import { axisStyle, type ChartInput, isNarrow, SHAPES, type Spec } from "./chart_input.ts";
import { formatPercent } from "./format.ts";
import { headlineRatio } from "./headline.ts";
import { metric } from "./metric_text.ts";
import { DRAW_RATIO } from "./metric_values.ts";
import { type CapacityGroup, leadOverLru, type Series, shownName } from "./series.ts";

/** Lines beyond these stay thin and grey, so that many policies can still be read. */
const HIGHLIGHTS = 7;

/**
 * Chooses the lines to highlight: LRU, what beats it by a point or more at some capacity, then the
 * best on average.
 */
export function highlighted(groups: readonly CapacityGroup[], series: readonly Series[]): string[] {
  const online = series.filter((one) => !one.isBound);
  const isLru = (one: Series) => one.rows.some((row) => row?.result?.policy === "lru");
  const wanted = [
    ...online.filter(isLru).map((one) => one.label),
    ...groups.flatMap(({ bestOnline }) =>
      bestOnline !== undefined && leadOverLru(bestOnline.result) >= DRAW_RATIO
        ? [bestOnline.label]
        : []
    ),
    ...online.map((one) => one.label),
  ];
  const chosen = new Set([...new Set(wanted)].slice(0, HIGHLIGHTS));
  return online.map((one) => one.label).filter((label) => chosen.has(label));
}

/** Hit ratio against capacity: a line per policy, the optimum bold, the ceiling dashed. */
export function hitRatioSpec(input: ChartInput): Spec {
  const { groups, series, theme } = input;
  const chosen = highlighted(groups, series);
  const { x, y } = positions(input);
  const bounds = series.filter((one) => one.isBound).map((one) => lineLabel(one, input));
  const names = [...bounds, ...chosen];
  const byName = (ofBound: (index: number) => string, others: readonly string[]) => ({
    field: "label",
    type: "nominal",
    scale: {
      domain: names,
      range: [...bounds.map((_, index) => ofBound(index)), ...others].slice(0, names.length),
    },
    legend: isNarrow(input)
      ? { orient: "bottom", columns: 2, title: null }
      : { orient: "right", title: null },
  });
  const color = byName((index) => index === 0 ? theme.ink : theme.muted, theme.series);
  const shape = byName(() => "circle", SHAPES);
  const of = (rank: Rank) => [{ filter: `datum.rank === '${rank}'` }];
  return {
    data: { values: points(input, chosen) },
    height: isNarrow(input) ? 300 : 420,
    layer: [
      {
        transform: of("other"),
        mark: { type: "line", strokeWidth: 1, color: theme.muted, opacity: 0.45 },
        encoding: { x, y, detail: { field: "label", type: "nominal" } },
      },
      ...ceilingLayers(input),
      {
        transform: of("chosen"),
        mark: { type: "line", strokeWidth: 1.75 },
        encoding: { x, y, color },
      },
      {
        transform: of("bound"),
        mark: { type: "line", strokeWidth: 3.5 },
        encoding: { x, y, color },
      },
      {
        transform: [{ filter: "datum.rank !== 'other'" }],
        mark: { type: "point", filled: true, size: 46, opacity: 1 },
        encoding: { x, y, color, shape },
      },
    ],
  };
}

/** Two columns of a legend on a telephone leave no room for more than the name. */
function lineLabel(one: Series, input: ChartInput): string {
  return isNarrow(input) ? one.label : shownName(one);
}

type Rank = "bound" | "chosen" | "other";

/** The best last, so that it is drawn over what it hides: bounds often share one line. */
function points(input: ChartInput, chosen: readonly string[]): Spec[] {
  return input.series.toReversed().flatMap((one) =>
    one.rows.flatMap((row, index) => {
      if (row === undefined) return [];
      const { capacityBlocks } = input.groups[index];
      const ratio = headlineRatio(row, input.groups[index]);
      if (ratio === null) return [];
      const label = lineLabel(one, input);
      const rank: Rank = one.isBound ? "bound" : chosen.includes(one.label) ? "chosen" : "other";
      return [{ label, rank, capacity: capacityBlocks, percent: ratio * 100 }];
    })
  );
}

function positions(input: ChartInput): { x: Spec; y: Spec } {
  const capacities = input.groups.map((group) => group.capacityBlocks);
  const x = {
    field: "capacity",
    type: "quantitative",
    scale: {
      type: "log",
      domain: [Math.min(...capacities) / 1.15, Math.max(...capacities) * 1.15],
      nice: false,
    },
    axis: axisStyle("capacity in blocks (log scale)", {
      values: [...new Set(capacities)],
      format: isNarrow(input) ? ".3~s" : ",",
      labelOverlap: "greedy",
      labelSeparation: 6,
      grid: false,
    }),
  };
  const y = {
    field: "percent",
    type: "quantitative",
    axis: axisStyle("prefix hit ratio, %", { tickCount: 6 }),
  };
  return { x, y };
}

function ceilingLayers(input: ChartInput): Spec[] {
  const { groups, theme } = input;
  const ratio = metric("ceilingHitRatio").value(groups[0].shared) ?? 0;
  const y = { datum: ratio * 100, type: "quantitative" };
  return [
    {
      mark: { type: "rule", color: theme.muted, strokeDash: [5, 4] },
      encoding: { y },
    },
    {
      data: { values: [{}] },
      mark: {
        type: "text",
        text: `ceiling ${formatPercent(ratio)} %`,
        align: "left",
        baseline: "bottom",
        dx: 4,
        dy: -3,
        color: theme.muted,
      },
      encoding: { y, x: { value: 0 } },
    },
  ];
}
