/**
 * A comparison as JSON: documented, versioned, the same bytes for the same numbers.
 *
 * @module
 */

import type { Comparison, RunResult } from "../engine/result.ts";
import { modelDocument } from "./learned.ts";
import { traceDocument } from "./json_parts.ts";
import { metric, metricContext } from "./metric_text.ts";
import { METRICS } from "./metrics.ts";

/** What a document says about its making. */
export interface DocumentOptions {
  /** Version of kvtier. */
  readonly version: string;
  /** Name of the command that made it; `compare` unless told. */
  readonly command?: string;
}

/** Version of the JSON document; raised when a key changes its meaning or goes away. */
export const COMPARE_SCHEMA = 1;

/** Metrics of a result in the order of the document: the settled first ones, then all others. */
export const DOCUMENT_METRICS: readonly string[] = ((first: readonly string[]) => [
  ...first,
  ...METRICS.map(({ name }) => name).filter((name) => !first.includes(name)),
])([
  "accesses",
  "hits",
  "misses",
  "evictions",
  "bypasses",
  "blockHitRatio",
  "prefixHitRatio",
  "tokenHitRatio",
  "requestHitRatioMean",
  "optimalHits",
  "gapToOptimal",
]);

/** The document as a value: plain data with keys in their written order. */
export function comparisonDocument(
  comparison: Comparison,
  options: DocumentOptions,
): Record<string, unknown> {
  const { trace, engine, blockBytes, learned, results, resultHash } = comparison;
  return {
    command: options.command ?? "compare",
    version: options.version,
    schema: COMPARE_SCHEMA,
    trace: traceDocument(trace),
    engine: { hash: engine.hash, abiVersion: engine.abiVersion },
    blockBytes: blockBytes ?? null,
    learned: learned === undefined ? null : {
      learnRequests: learned.learnRequests,
      models: learned.models.map(modelDocument),
    },
    results: results.map((result) => resultDocument(result, comparison)),
    resultHash,
  };
}

function resultDocument(result: RunResult, comparison: Comparison): Record<string, unknown> {
  const context = metricContext(comparison);
  return {
    policy: result.policy,
    capacityBlocks: result.capacityBlocks,
    touch: result.touch,
    admission: result.admission,
    ...Object.fromEntries(
      DOCUMENT_METRICS.map((name) => [name, metric(name).value(result, context)]),
    ),
    parameters: { ...result.parameters },
    seed: result.seed,
    engine: result.engine,
    requests: result.requests,
    requestHitRatioSum: result.requestHitRatioSum,
    modelHash: result.modelHash ?? null,
  };
}

/**
 * Writes a comparison as JSON, indented by two, ending in a newline.
 *
 * Keys keep their order; numbers are the shortest that read back as the same double, so equal
 * results give equal bytes on every host. The shape is `docs/schema/compare.v1.json`.
 *
 * @example
 * ```ts
 * import { comparisonJson, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const document = JSON.parse(comparisonJson(EXAMPLE_COMPARISON, { version: "0.1.0" }));
 * assertEquals(document.results[5].prefixHitRatio, 4 / 13);
 * ```
 */
export function comparisonJson(comparison: Comparison, options: DocumentOptions): string {
  return `${JSON.stringify(comparisonDocument(comparison, options), null, 2)}\n`;
}
