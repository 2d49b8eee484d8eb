/**
 * A ceiling for a terminal: the answer, the table, what each loss is, the limits.
 *
 * @module
 */
import type { CeilingResult } from "../../curves/result.ts";
import { traceLine } from "../findings.ts";
import { visible } from "../format.ts";
import { fit, paint, wrap } from "../text_table.ts";
import { ceilingAnswer, ceilingLimits } from "./ceiling_findings.ts";
import { ceilingColumns } from "./ceiling_tables.ts";
import { type CurveTextOptions, tableLines } from "./curve_text.ts";

const LEGEND =
  "In percent of look-ups: prefix hits, of the optimum block hits, which bound them. " +
  "Lost: first uses, which nothing avoids (compulsory); capacity is what the optimum misses too at this size; future " +
  "is between it and the best online policy; choice is between that one and LRU. lru + choice + " +
  "future + capacity = ceiling.";

/**
 * Writes a ceiling for a terminal: answer first.
 *
 * @example
 * ```ts
 * import { ceilingText, TraceBuilder, traceCeiling } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 9; round++) builder.add({ runs: [[0, 9]] });
 * const ceiling = await traceCeiling(await builder.build(), { policies: ["mru"] });
 * assertStringIncludes(ceilingText(ceiling), "No cache can serve more than 88.9 %");
 * ```
 */
export function ceilingText(result: CeilingResult, options: CurveTextOptions = {}): string {
  const { color = false } = options;
  const width = Math.max(40, options.width ?? 100);
  const { trace, rows } = result;
  const isEmpty = rows.length === 0 || trace.accesses === 0;
  const lines = [
    paint(fit(visible(trace.path), width), "strong", color),
    ...wrap(traceLine(result), width),
    "",
    ...ceilingAnswer(result).flatMap((paragraph) => wrap(paragraph, width)),
    "",
    ...(isEmpty ? [] : [
      ...tableLines(ceilingColumns(result), width, color),
      "",
      ...wrap(LEGEND, width),
      "",
    ]),
    ...wrap(`What this does not show: ${ceilingLimits(result).join(" · ")}`, width),
    paint(`result ${result.resultHash}`, "faint", color),
  ];
  return lines.join("\n") + "\n";
}
