/**
 * JSON Schema of the document that `comparisonJson` writes, made from the table of metrics.
 *
 * @module
 */

import { COMPARE_SCHEMA, DOCUMENT_METRICS } from "./json.ts";
import { metric } from "./metric_text.ts";
import type { Metric } from "./metric.ts";
import { modelSchema } from "./learned.ts";
import { closed, hash, nullable, type Schema, text, traceSchema, whole } from "./schema_parts.ts";

/** Counters that the engine fills are never null; what is derived may be. */
function metricSchema(entry: Metric): Schema {
  const description = `${entry.meaning} Formula: ${entry.formula}. Unit: ${entry.unit}.`;
  if (entry.format === "count") return whole(description);
  return { type: ["number", "null"], description };
}

function resultSchema(): Schema {
  return closed({
    policy: text("Registered name of the policy."),
    capacityBlocks: { type: "integer", minimum: 1, description: "Capacity of the tier in blocks." },
    touch: {
      enum: ["root-first", "tail-first"],
      description: "Order in which a request touches its blocks.",
    },
    admission: text("Registered name of the admitter, with parameters that are not its defaults."),
    ...Object.fromEntries(DOCUMENT_METRICS.map((name) => [name, metricSchema(metric(name))])),
    parameters: {
      type: "object",
      additionalProperties: { type: "number" },
      description: "Parameters of the policy that were in force, defaults included.",
    },
    seed: whole("Seed of every random stream of the run."),
    engine: {
      enum: ["kernel", "general"],
      description: "Which engine ran; both give the same numbers.",
    },
    requests: whole("Requests that were counted."),
    requestHitRatioSum: {
      type: "number",
      minimum: 0,
      description: "Sum over requests of hit tokens ÷ prompt tokens.",
    },
    modelHash: {
      type: ["string", "null"],
      description: "SHA-256 of the model that `learned` went by; null for other policies.",
    },
  });
}

/**
 * JSON Schema (2020-12) of the document of `kvtier compare --format json`.
 *
 * @example
 * ```ts
 * import { compareSchema } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(compareSchema().type, "object");
 * ```
 */
export function compareSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kvtier compare, version 1",
    description: "Several eviction policies at several capacities on one trace. Made from " +
      "report/metrics.ts by `deno task docs`; change it there.",
    ...closed({
      command: text("Command that wrote the document."),
      version: text("Version of kvtier."),
      schema: { const: COMPARE_SCHEMA, description: "Version of this shape." },
      trace: traceSchema(),
      engine: closed({
        hash: hash("SHA-256 of engine.wasm."),
        abiVersion: whole("Version of the boundary to the engine."),
      }),
      blockBytes: {
        type: ["number", "null"],
        description: "Bytes of one full block, or null when not known.",
      },
      learned: {
        ...nullable(closed({
          learnRequests: whole(
            "Requests from the start that models were trained on; not counted, for any policy.",
          ),
          models: {
            type: "array",
            items: closed(modelSchema()),
            description: "One model of `learned` for each capacity.",
          },
        })),
        description: "What `learned` was trained on, or null when counting begins at the start.",
      },
      results: {
        type: "array",
        items: resultSchema(),
        description: "One entry per run: capacity-major, policies in the order asked for.",
      },
      resultHash: hash("SHA-256 over everything that is a number here; equal on every host."),
    }),
  };
}

/** The text of `docs/schema/compare.v1.json`. */
export function compareSchemaJson(): string {
  return `${JSON.stringify(compareSchema(), null, 2)}\n`;
}
