/**
 * A comparison as CSV (RFC 4180): one line per run, every metric a column, raw values.
 *
 * @module
 */

import { stringify } from "@std/csv";
import type { Comparison } from "../engine/result.ts";
import { DOCUMENT_METRICS } from "./json.ts";
import { metric, metricContext } from "./metric_text.ts";
import { parametersText } from "./series.ts";

const FIRST_COLUMNS = ["policy", "capacityBlocks", "touch", "admission"];
const LAST_COLUMNS = [
  ...["parameters", "seed", "engine", "tracePath", "reuse"],
  ...["traceHash", "engineHash", "resultHash"],
];

/**
 * Writes a comparison as CSV: a head line, then one line per run in the order of the results.
 *
 * Values are raw (ratios between 0 and 1, bytes as numbers); an undefined value is an empty field.
 * Lines end in CR LF, as RFC 4180 asks.
 *
 * @example
 * ```ts
 * import { comparisonCsv, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const [head, first] = comparisonCsv(EXAMPLE_COMPARISON).split("\r\n");
 * assertEquals(head.split(",").slice(0, 2), ["policy", "capacityBlocks"]);
 * assertEquals(first.split(",").slice(0, 2), ["lru", "2"]);
 * ```
 */
export function comparisonCsv(comparison: Comparison): string {
  const context = metricContext(comparison);
  const rows = comparison.results.map((result) => [
    result.policy,
    result.capacityBlocks,
    result.touch,
    result.admission,
    ...DOCUMENT_METRICS.map((name) => metric(name).value(result, context)),
    parametersText(result.parameters),
    result.seed,
    result.engine,
    comparison.trace.path,
    comparison.trace.reuse,
    comparison.trace.hash,
    comparison.engine.hash,
    comparison.resultHash,
  ]);
  const head = [...FIRST_COLUMNS, ...DOCUMENT_METRICS, ...LAST_COLUMNS];
  return stringify([head, ...rows].map((row) => row.map((field) => field ?? "")));
}
