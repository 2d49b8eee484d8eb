/**
 * JSON Schemas of the documents of `kvtier curve` and `kvtier ceiling`.
 *
 * @module
 */
import { closed, hash, type Schema, text, traceSchema, whole } from "../schema_parts.ts";
import { CEILING_SCHEMA, CURVE_SCHEMA } from "./curve_json.ts";

function envelope(schema: number): Record<string, Schema> {
  return {
    command: text("Command that wrote the document."),
    version: text("Version of kvtier."),
    schema: { const: schema, description: "Version of this shape." },
    trace: traceSchema(),
    engine: closed({
      hash: hash("SHA-256 of engine.wasm."),
      abiVersion: whole("Version of the boundary to the engine."),
    }),
    blockBytes: {
      type: ["number", "null"],
      description: "Bytes of one full block, or null when not known.",
    },
    touch: {
      enum: ["root-first", "tail-first"],
      description: "Order in which a request touches its blocks.",
    },
    seed: whole("Seed of policies that draw random numbers, and of samples."),
    ceilingHits: whole("Hits of a cache without limit: accesses − uniqueBlocks."),
  };
}

const RESULT_HASH = hash("SHA-256 over everything that is a number here; equal on every host.");

function points(description: string): Schema {
  return {
    type: "array",
    items: {
      type: "array",
      items: { type: "number", minimum: 0 },
      minItems: 2,
      maxItems: 2,
    },
    description,
  };
}

function oneCurve(): Schema {
  return closed({
    policy: text("Registered name of the policy, with parameters that are not its defaults."),
    exact: {
      type: "boolean",
      description: "Whether every point is exact and, unless capacities were picked (at), so is " +
        "every whole capacity on the straight line between two points. The curve starts at " +
        "[0, 0] and is level after its last point.",
    },
    points: points("[capacityBlocks, hits], capacities rising strictly."),
    prefixPoints: points(
      "[capacityBlocks, prefixHits]: hits in the leading runs, what a prefix cache serves. Their " +
        "capacities may be others than those of points.",
    ),
    errorHits: {
      type: ["number", "null"],
      description: "Most hits that a value on the line between two points may be off; 0 when " +
        "exact, null when nothing bounds it. Of a sampled curve: twice the largest standard " +
        "error of its points.",
    },
  });
}

/**
 * JSON Schema (2020-12) of the document of `kvtier curve --json`.
 *
 * @example
 * ```ts
 * import { curveSchema } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(curveSchema().type, "object");
 * ```
 */
export function curveSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kvtier curve, version 1",
    description: "Hits over capacities on one trace. Made from report/curves/curve_schema.ts by " +
      "`deno task docs`; change it there.",
    ...closed({
      ...envelope(CURVE_SCHEMA),
      at: {
        type: ["array", "null"],
        items: { type: "integer", minimum: 1 },
        description: "Capacities that were picked, in blocks: then every curve has these points " +
          "and no others. Null for whole curves.",
      },
      sampling: {
        type: ["object", "null"],
        required: ["oneIn", "samples"],
        properties: {
          oneIn: whole("One block in this many is in a sample."),
          samples: whole("Independent samples; the curve of lru is their mean."),
        },
        additionalProperties: false,
        description: "How the curve of lru was sampled, or null when it is exact.",
      },
      curves: {
        type: "array",
        items: oneCurve(),
        description: "Curves of the whole trace, in the order asked for.",
      },
      groups: {
        type: "array",
        items: closed({
          by: {
            enum: ["tenant", "turn", "kind", "session-length", "window"],
            description: "What the trace was split by.",
          },
          name: text("Which part."),
          requests: whole("Requests with a look-up of the part."),
          accesses: whole("Block look-ups of the part."),
          compulsoryMisses: whole("Look-ups of blocks that were never seen before."),
          curve: oneCurve(),
        }),
        description: "LRU's curve of each part; the parts share one cache. Empty unless asked for.",
      },
      resultHash: RESULT_HASH,
    }),
  };
}

/** JSON Schema (2020-12) of the document of `kvtier ceiling --json`. */
export function ceilingSchema(): Record<string, unknown> {
  const policy = (description: string): Schema => ({
    ...closed({
      policy: text("Registered name, with parameters that are not the defaults."),
      hits: whole("Block hits."),
      prefixHits: whole("Hits in the leading runs."),
    }),
    description,
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kvtier ceiling, version 1",
    description: "Ceiling, optimum, best online policy and LRU at some capacities. Made from " +
      "report/curves/curve_schema.ts by `deno task docs`; change it there.",
    ...closed({
      ...envelope(CEILING_SCHEMA),
      rows: {
        type: "array",
        items: closed({
          capacityBlocks: { type: "integer", minimum: 1, description: "Capacity in blocks." },
          compulsoryMisses: whole("accesses − ceilingHits: no cache avoids them."),
          capacityMisses: whole("ceilingHits − hits of the optimum: only more blocks help."),
          optimal: policy("The exact optimum, MIN with bypass."),
          best: policy("The online policy with the most prefix hits."),
          lru: policy("Plain LRU."),
          online: {
            type: "array",
            items: policy("An online policy."),
            description: "Every online policy that was replayed, LRU first.",
          },
        }),
        description: "One entry per capacity, in the order asked for.",
      },
      resultHash: RESULT_HASH,
    }),
  };
}

/** The text of `docs/schema/curve.v1.json`. */
export function curveSchemaJson(): string {
  return `${JSON.stringify(curveSchema(), null, 2)}\n`;
}

/** The text of `docs/schema/ceiling.v1.json`. */
export function ceilingSchemaJson(): string {
  return `${JSON.stringify(ceilingSchema(), null, 2)}\n`;
}
