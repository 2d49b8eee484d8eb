/**
 * The table of metrics of `kvtier run`: every number that a report of a hierarchy may show, defined
 * once.
 *
 * Reports, `docs/run-metrics.md` and `kvtier explain` read this table and compute nothing else.
 *
 * @module
 */

import { UsageError } from "../../errors/errors.ts";
import { didYouMean } from "../../errors/nearest.ts";
import { formatMetric } from "../metric_text.ts";
import type { Run, RunMetric, RunPlace, RunScope } from "./metric.ts";
import { CAUSE_ROWS, LINK_ROWS } from "./metrics_link.ts";
import { RUN_ROWS } from "./metrics_run.ts";
import { TIER_ROWS } from "./metrics_tier.ts";

/** Every metric of a replay through a hierarchy, in the order of `docs/run-metrics.md`. */
export const RUN_METRICS: readonly RunMetric[] = [
  ...RUN_ROWS.map((row): RunMetric => ({ scope: "run", ...row })),
  ...TIER_ROWS.map((row): RunMetric => ({ scope: "tier", ...row })),
  ...CAUSE_ROWS.map((row): RunMetric => ({ scope: "cause", ...row })),
  ...LINK_ROWS.map((row): RunMetric => ({ scope: "link", ...row })),
];

const BY_NAME = new Map(RUN_METRICS.map((entry) => [`${entry.scope} ${entry.name}`, entry]));

/** All metrics of one scope, in order. */
export function runMetricsOf(scope: RunScope): RunMetric[] {
  return RUN_METRICS.filter((entry) => entry.scope === scope);
}

/**
 * Finds a metric of a replay through a hierarchy.
 *
 * @param scope Some names exist in several: `hitRatio` is of a tier, `missRatio` of the run.
 * @throws {UsageError} `metric/unknown`, with the nearest name, when there is no such metric.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, runMetric } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(runMetric("missRatio").value(EXAMPLE_RUN), 0.63);
 * assertEquals(runMetric("hitRatio", "tier").value(EXAMPLE_RUN, { tier: 1 }), 0.09);
 * ```
 */
export function runMetric(name: string, scope: RunScope = "run"): RunMetric {
  const found = BY_NAME.get(`${scope} ${name}`);
  if (found !== undefined) return found;
  const hint = didYouMean(name, runMetricsOf(scope).map((entry) => entry.name));
  throw new UsageError({
    code: "metric/unknown",
    message: `Cannot explain: "${name}" is not a metric of a ${scope}`,
    mend: [...(hint === undefined ? [] : [hint]), "`kvtier explain` lists all metrics"],
  });
}

/** The raw value of a metric of the run. */
export function runValue(run: Run, name: string): number | null {
  return runMetric(name).value(run);
}

/** The raw value of a metric of a tier. */
export function tierValue(run: Run, name: string, tier: number): number | null {
  return runMetric(name, "tier").value(run, { tier });
}

/** Computes a metric of the run and writes it for people; `–` where it is not defined. */
export function runText(run: Run, name: string): string {
  return formatMetric(runMetric(name), runValue(run, name));
}

/** Computes a metric of a tier and writes it for people; `–` where it is not defined. */
export function tierText(run: Run, name: string, tier: number): string {
  return formatMetric(runMetric(name, "tier"), tierValue(run, name, tier));
}

/** Computes a metric of a cause or a link and writes it for people. */
export function moveText(run: Run, name: string, place: RunPlace): string {
  const entry = runMetric(name, place.source === undefined ? "cause" : "link");
  return formatMetric(entry, entry.value(run, place));
}
