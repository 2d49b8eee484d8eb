/**
 * What a metric of a serving simulation is; the tables of them are in `metrics.ts`.
 *
 * @module
 */

import type { ServingResult } from "../../engine/serving_result.ts";
import type { MetricHead } from "../metric.ts";
import type { ServingContext } from "./context.ts";
import { type Kinds, kindsOf } from "./kinds.ts";
import { type Saturation, saturationOf } from "../../serving/evidence/saturation.ts";
import { type RunTimeline, runTimeline } from "./timeline.ts";
import { type Times, timesOf } from "./times.ts";

/** A simulation with all that its metrics are computed from. */
export interface ServingRun {
  readonly result: ServingResult;
  readonly context: ServingContext;
  readonly times: Times;
  readonly saturation: Saturation;
  /** Replicas, links and stores by kind. */
  readonly kinds: Kinds;
  /** Shares over time; absent when the simulation kept none. */
  readonly timeline?: RunTimeline;
}

/** What a metric has a value for: the whole run, each group of GPUs, each kind of link or store. */
export type ServingScope = "run" | "group" | "link" | "store";

/** What a number rests on: if that is weak, so is the number. */
export type Ground =
  | "arrivals"
  | "reuse"
  | "steps"
  | "saturation"
  | "prices"
  | "power"
  | "tail";

/** One number that a serving simulation has. */
export interface ServingMetric extends MetricHead {
  readonly scope: ServingScope;
  /** What its confidence is derived from. */
  readonly grounds: readonly Ground[];
  /** Of a percentile: the share of values below it, in thousandths. */
  readonly perMille?: number;
  /** The raw value, or `null` where it is not defined; `at` is an index among the kinds. */
  readonly value: (run: ServingRun, at?: number) => number | null;
}

/** A row of a table of metrics, before it is told its scope. */
export type ServingRow = Omit<ServingMetric, "scope" | "grounds"> & {
  readonly grounds?: readonly Ground[];
};

/**
 * Puts a result and its context together and derives what metrics need.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingRun, servingText } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { result, context } = EXAMPLE_SERVING;
 * assertStringIncludes(servingText(servingRun(result, context)), "TTFT");
 * ```
 */
export function servingRun(result: ServingResult, context: ServingContext): ServingRun {
  const times = timesOf(result);
  const kinds = kindsOf(result, context);
  const timeline = runTimeline(result, context, kinds.links, times);
  return {
    result,
    context,
    times,
    saturation: saturationOf(result),
    kinds,
    ...(timeline === undefined ? {} : { timeline }),
  };
}
