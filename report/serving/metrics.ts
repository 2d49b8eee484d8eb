/**
 * The table of metrics of serving simulations: every number that their reports may show, defined
 * once.
 *
 * Reports, `docs/serving-metrics.md` and `kvtier explain` read this table and compute nothing else.
 *
 * @module
 */

import { UsageError } from "../../errors/errors.ts";
import { didYouMean } from "../../errors/nearest.ts";
import { formatMetric } from "../metric_text.ts";
import type { Ground, ServingMetric, ServingRow, ServingRun, ServingScope } from "./metric.ts";
import { CACHE_ROWS } from "./metrics_cache.ts";
import { COST_ROWS } from "./metrics_cost.ts";
import { FLEET_ROWS, GROUP_ROWS } from "./metrics_fleet.ts";
import { LATENCY_ROWS } from "./metrics_latency.ts";
import { LINK_ROWS, STORE_ROWS } from "./metrics_link.ts";
import { LOAD_ROWS } from "./metrics_load.ts";

/** Of metrics that say nothing else. */
export const USUAL_GROUNDS: readonly Ground[] = ["arrivals", "reuse", "steps"];

const of = (scope: ServingScope) => (row: ServingRow): ServingMetric => ({
  scope,
  grounds: USUAL_GROUNDS,
  ...row,
});

/** Every metric of a serving simulation, in the order of `docs/serving-metrics.md`. */
export const SERVING_METRICS: readonly ServingMetric[] = [
  ...[...LATENCY_ROWS, ...LOAD_ROWS, ...CACHE_ROWS, ...FLEET_ROWS, ...COST_ROWS].map(of("run")),
  ...GROUP_ROWS.map(of("group")),
  ...LINK_ROWS.map(of("link")),
  ...STORE_ROWS.map(of("store")),
];

const BY_NAME = new Map(SERVING_METRICS.map((entry) => [`${entry.scope} ${entry.name}`, entry]));

/** All metrics of one scope, in order. */
export function servingMetricsOf(scope: ServingScope): ServingMetric[] {
  return SERVING_METRICS.filter((entry) => entry.scope === scope);
}

/**
 * Finds a metric of a serving simulation.
 *
 * @param scope Some names exist in several: `busyRatio` is of the run and of each group of GPUs.
 * @throws {UsageError} `metric/unknown`, with the nearest name, when there is no such metric.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingMetric, servingRun } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * assertEquals(servingMetric("ttftNsP50").value(run), 40e6);
 * ```
 */
export function servingMetric(name: string, scope: ServingScope = "run"): ServingMetric {
  const found = BY_NAME.get(`${scope} ${name}`);
  if (found !== undefined) return found;
  const hint = didYouMean(name, servingMetricsOf(scope).map((entry) => entry.name));
  throw new UsageError({
    code: "metric/unknown",
    message: `Cannot explain: "${name}" is not a metric of a serving ${scope}`,
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier explain` lists all metrics"],
  });
}

/** The raw value of a metric. */
export function servingValue(
  run: ServingRun,
  name: string,
  scope: ServingScope = "run",
  at?: number,
): number | null {
  return servingMetric(name, scope).value(run, at);
}

/** Computes a metric and writes it for people; `–` where it is not defined. */
export function servingNumber(
  run: ServingRun,
  name: string,
  scope: ServingScope = "run",
  at?: number,
): string {
  return formatMetric(servingMetric(name, scope), servingValue(run, name, scope, at));
}
