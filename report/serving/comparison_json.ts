/**
 * Several serving simulations as JSON and CSV.
 *
 * @module
 */

import { stringify } from "@std/csv";
import type { DocumentOptions } from "../json.ts";
import { groupsOf, standingsOf } from "../hierarchy/runs.ts";
import {
  comparedMetrics,
  paretoFront,
  runsOf,
  type ServingComparison,
  servingRunsTable,
  tradeOffOf,
} from "./comparison.ts";
import { servingConfidence } from "./confidence.ts";
import { servingDocument } from "./json.ts";
import { servingMetric } from "./metrics.ts";

/** Version of the JSON document; raised when a key changes its meaning or goes away. */
export const COMPARISON_SCHEMA = 1;

/**
 * The document as a value: each run as its own document of `serving.v1.json`, with what was varied,
 * how it stands by each compared metric, and whether it is on the front of the trade-off.
 */
export function servingComparisonDocument(
  comparison: ServingComparison,
  options: DocumentOptions,
): Record<string, unknown> {
  const table = servingRunsTable(comparison);
  const metrics = comparedMetrics(comparison);
  const tradeOff = tradeOffOf(comparison);
  const runs = groupsOf(table).flatMap((group) => {
    const members = runsOf(comparison, table, group);
    const front = new Set(paretoFront(members, tradeOff));
    const stands = metrics.map((name) => standingsOf(group, name));
    return members.map(({ varied, run }, at) => ({
      varied: { ...varied },
      standings: Object.fromEntries(
        metrics.map((name, column) => [name, stands[column][at] ?? null]),
      ),
      isOnFront: front.has(at),
      result: servingDocument(run, options),
    }));
  });
  return {
    command: options.command ?? "route",
    version: options.version,
    schema: COMPARISON_SCHEMA,
    by: comparison.by ?? null,
    metrics,
    tradeOff: [...tradeOff],
    runs,
  };
}

/**
 * Writes a comparison of serving simulations as JSON, indented by two, ending in a newline.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingComparisonJson, servingRun } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * const runs = ["round-robin", "random"].map((router) => ({ varied: { router }, run }));
 * const document = JSON.parse(servingComparisonJson({ runs }, { version: "0.1.0" }));
 * assertEquals(document.runs[1].standings.ttftNsP99, "draw");
 * ```
 */
export function servingComparisonJson(
  comparison: ServingComparison,
  options: DocumentOptions,
): string {
  return `${JSON.stringify(servingComparisonDocument(comparison, options), null, 2)}\n`;
}

/**
 * Writes a comparison as CSV: a column for each thing that was varied, then one line for each run
 * and metric.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingComparisonCsv, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * const csv = servingComparisonCsv({ runs: [{ varied: { router: "random" }, run }] });
 * assertStringIncludes(csv, "random,ttftNsP99,nanoseconds,80000000,low,");
 * ```
 */
export function servingComparisonCsv(comparison: ServingComparison): string {
  const keys = [...new Set(comparison.runs.flatMap(({ varied }) => Object.keys(varied)))];
  const rows = comparison.runs.flatMap(({ varied, run }) =>
    comparedMetrics(comparison).map((name) => {
      const entry = servingMetric(name);
      return [
        ...keys.map((key) => varied[key] ?? ""),
        name,
        entry.unit,
        entry.value(run) ?? "",
        servingConfidence(run, entry).level,
        run.context.hashes.result,
      ];
    })
  );
  return stringify([[...keys, "metric", "unit", "value", "confidence", "resultHash"], ...rows]);
}
