/**
 * JSON Schema of the document that `servingComparisonJson` writes.
 *
 * @module
 */

import { closed, nullable, type Schema, text } from "../schema_parts.ts";
import { COMPARISON_SCHEMA } from "./comparison_json.ts";
import { servingMetricsOf } from "./metrics.ts";
import { servingSchema } from "./schema.ts";

const METRIC: Schema = { enum: servingMetricsOf("run").map(({ name }) => name) };

function array(items: Schema, description: string): Schema {
  return { type: "array", items, description };
}

/** An object whose keys depend on what was compared. */
function keyed(values: Schema, description: string): Schema {
  return { type: "object", additionalProperties: values, description };
}

function runSchema(): Schema {
  const { $schema: _, ...result } = servingSchema();
  return closed({
    varied: keyed({ type: "string" }, "What was varied, and its value here."),
    standings: keyed(
      { enum: ["best", "draw", "behind", "oracle", null] },
      "How it stands by each compared metric among runs that differ in `by` only: the best, " +
        "within 1 % of it, or behind; null where there is nothing to rank.",
    ),
    isOnFront: {
      type: "boolean",
      description:
        "Whether no rival is better in one metric of tradeOff and not worse in the other.",
    },
    result,
  });
}

/**
 * JSON Schema (2020-12) of the document of a comparison of serving simulations.
 *
 * @example
 * ```ts
 * import { servingComparisonSchema } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(servingComparisonSchema().title, "kvtier route, version 1");
 * ```
 */
export function servingComparisonSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `kvtier route, version ${COMPARISON_SCHEMA}`,
    description:
      "Serving simulations side by side. Made from report/serving/ by `deno task docs`; " +
      "change it there.",
    ...closed({
      command: text("Command that wrote the document."),
      version: text("Version of kvtier."),
      schema: { const: COMPARISON_SCHEMA, description: "Version of this shape." },
      by: nullable(text("The key whose values compete; null where all runs do.")),
      metrics: array(METRIC, "What the runs are compared by, the one that ranks first."),
      tradeOff: {
        ...array(METRIC, "The two metrics that are set against each other."),
        minItems: 2,
        maxItems: 2,
      },
      runs: array(runSchema(), "Each run, rivals together."),
    }),
  };
}

/** The text of `docs/schema/route.v1.json`. */
export function servingComparisonSchemaJson(): string {
  return `${JSON.stringify(servingComparisonSchema(), null, 2)}\n`;
}
