/**
 * A replay through a hierarchy as JSON: documented, versioned, the same bytes for the same numbers.
 *
 * @module
 */

import { CAUSES, type HierarchyResult } from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import type { DocumentOptions } from "../json.ts";
import { modelDocument } from "../learned.ts";
import { type Run, type RunPlace, type RunScope, warmupOf } from "./metric.ts";
import { runMetricsOf } from "./metrics.ts";
import { links, placeName } from "./places.ts";

/** Version of the JSON document; raised when a key changes its meaning or goes away. */
export const RUN_SCHEMA = 1;

type Values = Record<string, number | null>;

/** All metrics of one scope at a place, raw, in order. */
export function runValues(run: Run, scope: RunScope, place: RunPlace = {}): Values {
  return Object.fromEntries(
    runMetricsOf(scope).map(({ name, value }) => [name, value(run, place)]),
  );
}

/** The document as a value: plain data with keys in their written order. */
export function hierarchyDocument(
  result: HierarchyResult,
  scenario: HierarchyScenario,
  options: DocumentOptions,
): Record<string, unknown> {
  const run: Run = { result, scenario };
  return {
    command: options.command ?? "run",
    version: options.version,
    schema: RUN_SCHEMA,
    scenario: scenarioDocument(run),
    run: runValues(run, "run"),
    tiers: result.tiers.map((tier, index) => ({
      name: tier.name,
      policy: tier.policy,
      modelHash: tier.modelHash ?? null,
      admission: scenario.tiers[index].admission,
      scheme: scenario.tiers[index].scheme.name,
      scope: scenario.tiers[index].scope,
      ...runValues(run, "tier", { tier: index }),
    })),
    causes: CAUSES.map((name, cause) => ({ cause: name, ...runValues(run, "cause", { cause }) })),
    links: links(result).map(({ cause, source, target }) => ({
      cause: CAUSES[cause],
      source: placeName(result, source),
      target: placeName(result, target),
      ...runValues(run, "link", { cause, source, target }),
    })),
    samples: result.samples.map(({ request, timeNs, usedBytes, lookups, hits }) => ({
      request,
      timeNs,
      usedBytes: [...usedBytes],
      lookups,
      hits: [...hits],
    })),
    learned: learnedDocument(result),
    hashes: {
      trace: result.hashes.trace,
      engine: result.hashes.engine,
      scenario: result.hashes.scenario,
    },
    resultHash: result.resultHash,
  };
}

/** What was kept for learning, and what came of it; null without either. */
function learnedDocument(
  { learned, learnRequests }: HierarchyResult,
): Record<string, unknown> | null {
  if (learned === undefined && learnRequests === undefined) return null;
  return {
    learnRequests: learnRequests ?? 0,
    verdict: learned?.verdict ?? null,
    tiers: (learned?.tiers ?? []).map((each) => ({
      name: each.name,
      prefixHits: each.prefixHits,
      lruPrefixHits: each.lruPrefixHits,
      ...modelDocument(each),
    })),
  };
}

function scenarioDocument(run: Run): Record<string, unknown> {
  const { result, scenario } = run;
  const { promotion } = scenario;
  return {
    name: result.scenario,
    containment: scenario.containment,
    write: scenario.write,
    promotion: promotion.kind === "nth" ? `nth(${promotion.hits})` : promotion.kind,
    entry: scenario.entry,
    demotion: scenario.demotion,
    movement: scenario.movement,
    recompute: scenario.recompute,
    prefetch: scenario.prefetch.name,
    bytesPerToken: scenario.bytesPerToken,
    warmupRequests: warmupOf(run),
    seed: result.seed,
  };
}

/**
 * Writes a replay through a hierarchy as JSON, indented by two, ending in a newline.
 *
 * Keys keep their order; numbers are the shortest that read back as the same double, so equal
 * results give equal bytes on every host. Links that moved nothing are absent. The shape is
 * `docs/schema/run.v1.json`.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, hierarchyJson } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { result, scenario } = EXAMPLE_RUN;
 * const document = JSON.parse(hierarchyJson(result, scenario, { version: "0.1.0" }));
 * assertEquals(document.tiers[1].hitRatio, 0.09);
 * ```
 */
export function hierarchyJson(
  result: HierarchyResult,
  scenario: HierarchyScenario,
  options: DocumentOptions,
): string {
  return `${JSON.stringify(hierarchyDocument(result, scenario, options), null, 2)}\n`;
}
