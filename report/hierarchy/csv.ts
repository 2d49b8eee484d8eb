/**
 * A replay through a hierarchy as CSV (RFC 4180): one line per number, raw values.
 *
 * @module
 */

import { stringify } from "@std/csv";
import { CAUSES, type HierarchyResult } from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import type { Run, RunPlace, RunScope } from "./metric.ts";
import { runMetricsOf } from "./metrics.ts";
import { links, placeName } from "./places.ts";

const HEAD = [
  "scenario",
  "seed",
  "scope",
  "tier",
  "cause",
  "source",
  "target",
  "metric",
  "unit",
  "value",
  "resultHash",
];

/**
 * Writes a replay as CSV: a head line, then one line per number: of the run, of each tier, of each
 * cause, of each link that moved something.
 *
 * The shape does not depend on how many tiers there are, so that files of several runs can be
 * joined. Values are raw (ratios between 0 and 1, nanoseconds); an undefined one is an empty field.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, hierarchyCsv } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const csv = hierarchyCsv(EXAMPLE_RUN.result, EXAMPLE_RUN.scenario);
 * assertStringIncludes(csv, ",tier,nvme,,,,hits,blocks,3000,");
 * ```
 */
export function hierarchyCsv(result: HierarchyResult, scenario: HierarchyScenario): string {
  const run: Run = { result, scenario };
  const rows = [
    ...block(run, "run", {}),
    ...result.tiers.flatMap((_, tier) => block(run, "tier", { tier })),
    ...CAUSES.flatMap((_, cause) => block(run, "cause", { cause })),
    ...links(result).flatMap(({ cause, source, target }) =>
      block(run, "link", { cause, source, target })
    ),
  ];
  return stringify([HEAD, ...rows]);
}

function block(run: Run, scope: RunScope, place: RunPlace): (string | number)[][] {
  const { result } = run;
  const { tier, cause, source, target } = place;
  const named = (at: number | undefined) => at === undefined ? "" : placeName(result, at);
  return runMetricsOf(scope).map(({ name, unit, value }) => [
    result.scenario,
    result.seed,
    scope,
    named(tier),
    cause === undefined ? "" : CAUSES[cause],
    named(source),
    named(target),
    name,
    unit,
    value(run, place) ?? "",
    result.resultHash,
  ]);
}
