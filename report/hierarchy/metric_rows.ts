/**
 * How the tables of metrics of a tier make their rows.
 *
 * @module
 */

import type { TierResult } from "../../engine/hierarchy_result.ts";
import { ratio } from "../metric_values.ts";
import { tierAt } from "./books.ts";
import type { Run, RunMetricRow } from "./metric.ts";

/** The formula of what is not computed from anything else. */
export const COUNTED = "counted by the engine";

type Head = Pick<RunMetricRow, "label" | "better" | "meaning" | "doesNotShow">;
type Counter = {
  [Key in keyof TierResult]-?: TierResult[Key] extends number ? Key : never;
}[keyof TierResult];

const UNITS = { count: "blocks", bytes: "bytes", duration: "nanoseconds" } as const;

/** A counter of the engine. */
export function counter(name: Counter, format: keyof typeof UNITS, head: Head): RunMetricRow {
  return {
    name,
    unit: UNITS[format],
    formula: COUNTED,
    format,
    ...head,
    value: (run, place) => tierAt(run, place?.tier).found[name],
  };
}

/** A quotient of a tier's numbers, in percent. */
export function share(
  name: string,
  formula: string,
  head: Head,
  of: (tier: TierResult, run: Run, index: number) => readonly [part: number, whole: number],
): RunMetricRow {
  return {
    name,
    unit: "ratio",
    formula,
    format: "percent",
    ...head,
    value: (run, place) => ratio(...of(tierAt(run, place?.tier).found, run, place?.tier ?? 0)),
  };
}
