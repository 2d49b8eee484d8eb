/**
 * The heat map of the gap to the optimum.
 *
 * @module
 */

import { axisStyle, type ChartInput, isNarrow, labelLimit, type Spec } from "./chart_input.ts";
import { formatCount, formatPercent } from "./format.ts";
import { metric } from "./metric_text.ts";
import type { CapacityGroup } from "./series.ts";

/** Classes of the gap, in points. */
const HEAT_LIMITS = [1, 2, 5, 10, 20];
const HEAT_LABELS = ["below 1: a draw", "1 to 2", "2 to 5", "5 to 10", "10 to 20", "20 or more"];

interface Cell {
  readonly label: string;
  readonly capacity: string;
  readonly text: string;
  readonly heat: string;
  readonly ink: string;
}

function cells(input: ChartInput): Cell[] {
  const { groups, series, theme } = input;
  const touches = new Set(groups.map((group) => group.touch));
  const column = (group: CapacityGroup) =>
    formatCount(group.capacityBlocks) + (touches.size > 1 ? ` ${group.touch}` : "");
  return series.filter((one) => !one.isBound).flatMap((one) =>
    one.rows.flatMap((row, index) => {
      const gap = row?.result === undefined ? null : metric("prefixGapToOptimal").value(row.result);
      if (gap === null) return [];
      const heat = HEAT_LIMITS.filter((limit) => gap * 100 >= limit).length;
      return [{
        label: one.label,
        capacity: column(groups[index]),
        text: formatPercent(gap),
        heat: HEAT_LABELS[heat],
        ink: theme.heatInk[heat],
      }];
    })
  );
}

/** Gap to the optimum: policies × capacities, darker where further below. */
export function gapSpec(input: ChartInput): Spec {
  const { groups, series, theme } = input;
  const x = {
    field: "capacity",
    type: "nominal",
    sort: null,
    axis: axisStyle("capacity in blocks", {
      orient: "top",
      labelAngle: isNarrow(input) ? -90 : 0,
      domain: false,
      ticks: false,
    }),
  };
  const y = {
    field: "label",
    type: "nominal",
    sort: series.map((one) => one.label),
    axis: axisStyle(null, { domain: false, ticks: false, labelLimit: labelLimit(input) }),
  };
  return {
    data: { values: cells(input) },
    height: { step: 21 },
    layer: [
      {
        mark: { type: "rect", stroke: theme.surface, strokeWidth: 1.5 },
        encoding: {
          x,
          y,
          color: {
            field: "heat",
            type: "ordinal",
            scale: { domain: HEAT_LABELS, range: theme.heat },
            legend: {
              title: "points below the optimum",
              orient: "bottom",
              columns: isNarrow(input) ? 1 : 6,
              symbolType: "square",
              symbolStrokeWidth: 1,
              symbolStrokeColor: theme.muted,
              titleLimit: 300,
            },
          },
        },
      },
      {
        mark: { type: "text", fontSize: isNarrow(input) && groups.length > 8 ? 9 : 11 },
        encoding: {
          x,
          y,
          text: { field: "text", type: "nominal" },
          color: { field: "ink", type: "nominal", scale: null },
        },
      },
    ],
  };
}
