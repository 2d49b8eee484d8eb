/**
 * How the table of metrics makes its values.
 *
 * @module
 */

import type { RunResult } from "../engine/result.ts";
import type { Metric, MetricContext } from "./metric.ts";

/** The quotient, or `null` for a share of nothing. */
export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** Two ratios that differ by less than this (one point) are called a draw. */
export const DRAW_RATIO = 0.01;

/** Whether that many look-ups of all are a point or more. */
export function isOverDraw(part: number, accesses: number): boolean {
  return (ratio(part, accesses) ?? 0) >= DRAW_RATIO;
}

/** Bytes of that many full blocks, or `null` when the size of a block is not known. */
export function sized(blocks: number, context?: MetricContext): number | null {
  return context?.blockBytes === undefined ? null : blocks * context.blockBytes;
}

type CounterName = {
  [Key in keyof RunResult]-?: RunResult[Key] extends number ? Key : never;
}[keyof RunResult];

type Counter = Pick<Metric, "label" | "unit" | "better" | "meaning" | "doesNotShow">;

/** A metric that the engine counts itself. */
export function counter(name: CounterName, metric: Counter): Metric {
  const value = (result: RunResult) => result[name];
  return { name, formula: "counted by the engine", format: "count", ...metric, value };
}
