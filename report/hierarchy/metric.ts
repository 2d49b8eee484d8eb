/**
 * What a metric of `kvtier run` is; the tables of them are in `metrics.ts`.
 *
 * @module
 */

import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import type { MetricHead } from "../metric.ts";

/** A replay with the scenario that it replayed: all that its metrics are computed from. */
export interface Run {
  readonly result: HierarchyResult;
  readonly scenario: HierarchyScenario;
}

/** Requests before counting began: the scenario's warm-up, or what models learned from. */
export function warmupOf({ result, scenario }: Run): number {
  return Math.max(scenario.warmupRequests, result.learnRequests ?? 0);
}

/** Which tier, cause or link a value belongs to; what the scope does not use is ignored. */
export interface RunPlace {
  readonly tier?: number;
  readonly cause?: number;
  /** Tier, or the count of tiers for the GPU. */
  readonly source?: number;
  readonly target?: number;
}

/** What a metric has a value for: the whole run, each tier, each cause of movement, each link. */
export type RunScope = "run" | "tier" | "cause" | "link";

/** One number that a replay through a hierarchy has. */
export interface RunMetric extends MetricHead {
  readonly scope: RunScope;
  /** The raw value, or `null` where it is not defined. */
  readonly value: (run: Run, place?: RunPlace) => number | null;
}

/** A row of a table of metrics, before it is told its scope. */
export type RunMetricRow = Omit<RunMetric, "scope">;
