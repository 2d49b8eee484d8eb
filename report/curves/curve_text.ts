/**
 * Curves for a terminal: the answer, the chart, the table, the limits.
 *
 * @module
 */
import type { CurveResult } from "../../curves/result.ts";
import { traceLine } from "../findings.ts";
import { visible } from "../format.ts";
import {
  type Column,
  drawTable,
  fit,
  fitColumns,
  paint,
  splitColumns,
  wrap,
} from "../text_table.ts";
import { curveAnswer, curveLimits } from "./curve_findings.ts";
import { curveColumns, groupColumns, type TextColumn } from "./tables.ts";
import { curveChart } from "./terminal_chart.ts";

/** How a terminal report of curves is laid out. */
export interface CurveTextOptions {
  /** Columns of the terminal; 100 unless told, and never fewer than 40. */
  readonly width?: number;
  /** Paint with ANSI colours. */
  readonly color?: boolean;
}

/**
 * Writes curves for a terminal: answer first.
 *
 * @example
 * ```ts
 * import { curveText, TraceBuilder, traceCurves } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 9; round++) builder.add({ runs: [[0, 9]] });
 * const text = curveText(await traceCurves(await builder.build()));
 * assertStringIncludes(text, "lru needs 9 blocks");
 * ```
 */
export function curveText(result: CurveResult, options: CurveTextOptions = {}): string {
  const { color = false } = options;
  const width = Math.max(40, options.width ?? 100);
  const { trace, curves, groups } = result;
  const isEmpty = curves.length === 0 || trace.uniqueBlocks === 0;
  const lines = [
    paint(fit(visible(trace.path), width), "strong", color),
    ...wrap(traceLine(result), width),
    "",
    ...curveAnswer(result).flatMap((paragraph) => wrap(paragraph, width)),
    "",
    ...spaced(isEmpty ? [] : curveChart(result, width, color)),
    ...spaced(isEmpty ? [] : tableLines(curveColumns(result), width, color)),
    ...spaced(groups.length === 0 ? [] : groupLines(result, width, color)),
    ...wrap(`What this does not show: ${curveLimits(result).join(" · ")}`, width),
    paint(`result ${result.resultHash}`, "faint", color),
  ];
  return lines.join("\n") + "\n";
}

function groupLines(result: CurveResult, width: number, color: boolean): string[] {
  return [
    ...wrap(
      "LRU by part and capacity in blocks: prefix hits in percent of the part's own look-ups. One " +
        "cache serves all parts.",
      width,
    ).map((line) => paint(line, "strong", color)),
    ...tableLines(groupColumns(result), width, color),
  ];
}

/** Draws columns without those that there is no room for; what must stay goes over several tables. */
export function tableLines(
  columns: readonly TextColumn[],
  width: number,
  color: boolean,
): string[] {
  const drawn = columns.map((column): Column => ({ align: "right", ...column }));
  const [names, ...rest] = fitColumns(drawn, width);
  return splitColumns(rest, names, width).flatMap((part, index) => [
    ...(index === 0 ? [] : [""]),
    ...drawTable([names, ...part], { color }),
  ]);
}

/** Lines with an empty one after them, or nothing. */
function spaced(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines, ""];
}
