/**
 * The heat map of the traffic matrix: source × target, a line for each cause.
 *
 * @module
 */

import { axisStyle, isNarrow, type Spec } from "../chart_input.ts";
import { formatBytes, formatBytesShort } from "../format.ts";
import type { RunChartInput } from "./chart_input.ts";
import { movedBytes } from "./books.ts";
import { links, matrixRows, placeNames } from "./places.ts";

/** Classes of a link's share of all bytes moved. */
const LIMITS = [0.01, 0.03, 0.1, 0.2, 0.4];
const LABELS = ["below 1 %", "1 to 3 %", "3 to 10 %", "10 to 20 %", "20 to 40 %", "40 % or more"];

interface Cell {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly heat: string;
  readonly ink: string;
}

/** The links that moved anything, as they are shown. */
function cellsOf(input: RunChartInput): Cell[] {
  const { run: { result }, theme } = input;
  const all = movedBytes(result);
  const rows = matrixRows(result);
  const names = placeNames(result);
  return links(result).map(({ cause, source, target, bytes }) => {
    const heat = LIMITS.filter((limit) => bytes / all >= limit).length;
    return {
      from: rows.find((row) => row.cause === cause && row.source === source)!.label,
      to: names[target],
      text: isNarrow(input) ? formatBytesShort(bytes) : formatBytes(bytes),
      heat: LABELS[heat],
      ink: theme.heatInk[heat],
    };
  });
}

/** Bytes by cause, source and target, darker where more of them went. */
export function trafficSpec(input: RunChartInput): Spec {
  const { run: { result }, theme } = input;
  const rows = matrixRows(result);
  const short = isNarrow(input);
  const cells = cellsOf(input);
  const targets = placeNames(result).filter((name) => cells.some(({ to }) => to === name));
  const x = {
    field: "to",
    type: "nominal",
    scale: { domain: targets },
    axis: axisStyle("to", {
      orient: "top",
      labelAngle: short && targets.length > 4 ? -90 : 0,
      domain: false,
      ticks: false,
    }),
  };
  const y = {
    field: "from",
    type: "nominal",
    sort: rows.map(({ label }) => label),
    axis: axisStyle(null, {
      domain: false,
      ticks: false,
      labelPadding: 6,
      labelLimit: short ? 170 : 260,
    }),
  };
  return {
    data: { values: cells },
    height: { step: 26 },
    layer: [
      {
        mark: { type: "rect", stroke: theme.surface, strokeWidth: 1.5 },
        encoding: {
          x,
          y,
          color: {
            field: "heat",
            type: "ordinal",
            scale: { domain: LABELS, range: theme.heat },
            legend: {
              title: "share of all bytes moved",
              orient: "bottom",
              columns: short ? 1 : input.width < 900 ? 3 : 6,
              symbolType: "square",
              symbolStrokeWidth: 1,
              symbolStrokeColor: theme.muted,
              titleLimit: 300,
            },
          },
        },
      },
      {
        mark: { type: "text", fontSize: short ? 10 : 12 },
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
