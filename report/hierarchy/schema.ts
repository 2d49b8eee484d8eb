/**
 * JSON Schema of the document that `hierarchyJson` writes, made from the table of metrics.
 *
 * @module
 */

import { CAUSES } from "../../engine/hierarchy_result.ts";
import { modelSchema } from "../learned.ts";
import { closed, hash, nullable, type Schema, text, whole } from "../schema_parts.ts";
import { RUN_SCHEMA } from "./json.ts";
import type { RunMetric, RunScope } from "./metric.ts";
import { COUNTED } from "./metric_rows.ts";
import { runMetricsOf } from "./metrics.ts";

/** What the engine counts is never null; what is derived may be. */
function metricSchema(entry: RunMetric): Schema {
  const description = `${entry.meaning} Formula: ${entry.formula}. Unit: ${entry.unit}.`;
  if (entry.formula !== COUNTED) return { type: ["number", "null"], description };
  return entry.unit === "nanoseconds"
    ? { type: "number", minimum: 0, description }
    : whole(description);
}

function metricsSchema(scope: RunScope): Record<string, Schema> {
  return Object.fromEntries(runMetricsOf(scope).map((entry) => [entry.name, metricSchema(entry)]));
}

const array = (items: Schema, description: string): Schema => ({
  type: "array",
  items,
  description,
});

function scenarioSchema(): Schema {
  return closed({
    name: text("Name of the scenario."),
    containment: { enum: ["exclusive", "inclusive"], description: "How many tiers hold a block." },
    write: {
      enum: ["back", "through", "selective"],
      description: "When the lower copy of a block is made.",
    },
    promotion: text("When a block moves up: always, never, or nth(hits)."),
    entry: { enum: ["fastest", "slowest"], description: "Tier that a computed block enters." },
    demotion: { enum: ["cascade", "drop"], description: "Where evicted blocks go." },
    movement: { enum: ["synchronous", "timed"], description: "Whether there is a clock." },
    recompute: {
      enum: ["never", "cheaper"],
      description: "Whether a block is computed where loading it would end later.",
    },
    prefetch: text("Registered name of the prefetcher."),
    bytesPerToken: { type: "number", description: "KV bytes of a token, unquantised." },
    warmupRequests: whole("Requests replayed before counting began."),
    seed: whole("Seed of every random stream of the run."),
  });
}

function learnedSchema(): Schema {
  const tier = closed({
    name: text("Name of the tier."),
    prefixHits: whole("Look-ups in leading runs that this tier or a faster one served."),
    lruPrefixHits: whole("The same with every learned tier under LRU."),
    ...modelSchema(),
  });
  const description = "What was kept for learning, and what learned tiers go by; null without.";
  return {
    ...nullable(closed({
      learnRequests: whole("Requests from the start that models learn from; not counted."),
      verdict: {
        type: ["string", "null"],
        description: "Whether the models are worth their trouble; null when no tier is learned.",
      },
      tiers: array(tier, "Learned tiers, fastest first."),
    })),
    description,
  };
}

/**
 * JSON Schema (2020-12) of the document of `kvtier run --json`.
 *
 * @example
 * ```ts
 * import { runSchema } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(runSchema().type, "object");
 * ```
 */
export function runSchema(): Record<string, unknown> {
  const cause = { enum: [...CAUSES], description: "Why bytes moved." };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kvtier run, version 1",
    description: "A trace replayed through a memory hierarchy. Made from report/hierarchy/ by " +
      "`deno task docs`; change it there.",
    ...closed({
      command: text("Command that wrote the document."),
      version: text("Version of kvtier."),
      schema: { const: RUN_SCHEMA, description: "Version of this shape." },
      scenario: scenarioSchema(),
      run: closed(metricsSchema("run")),
      tiers: array(
        closed({
          name: text("Name of the tier."),
          policy: text("Eviction policy, with parameters that are not its defaults."),
          modelHash: {
            type: ["string", "null"],
            description: "SHA-256 of the model that a learned tier went by.",
          },
          admission: text("Admitter."),
          scheme: text("How numbers are stored."),
          scope: { enum: ["private", "shared"], description: "Who uses the tier." },
          ...metricsSchema("tier"),
        }),
        "One entry per tier, fastest first.",
      ),
      causes: array(closed({ cause, ...metricsSchema("cause") }), "One entry per cause."),
      links: array(
        closed({
          cause,
          source: text("Tier that bytes left, or GPU."),
          target: text("Tier that bytes went to, or GPU."),
          ...metricsSchema("link"),
        }),
        "Links that moved something, by cause, source and target.",
      ),
      samples: array(
        closed({
          request: whole("Requests served so far."),
          timeNs: { type: "number", description: "Time on the trace's clock." },
          usedBytes: array(whole("Bytes held."), "By tier."),
          lookups: whole("Look-ups since the sample before."),
          hits: array(whole("Hits since the sample before."), "By tier."),
        }),
        "The hierarchy over time.",
      ),
      learned: learnedSchema(),
      hashes: closed({
        trace: hash("SHA-256 of the columns of the trace."),
        engine: hash("SHA-256 of engine.wasm."),
        scenario: hash("SHA-256 of the resolved scenario."),
      }),
      resultHash: hash("SHA-256 over everything that is a number here; equal on every host."),
    }),
  };
}

/** The text of `docs/schema/run.v1.json`. */
export function runSchemaJson(): string {
  return `${JSON.stringify(runSchema(), null, 2)}\n`;
}
