/**
 * JSON Schema of what `kvtier sweep --json` writes: summaries, or with `--cells` every cell.
 *
 * Keys of rows are those of the grid, so only their kinds are told.
 *
 * @module
 */

import { closed, hash, nullable, type Schema, text, whole } from "./schema_parts.ts";

/** Version of the document; `sweep/export.ts` writes it. */
export const SWEEP_SCHEMA = 1;

const number = (description: string): Schema => ({ type: ["number", "null"], description });

function array(items: Schema, description: string): Schema {
  return { type: "array", items, description };
}

/** An object with these keys and more of one kind. */
function open(properties: Readonly<Record<string, Schema>>, more: Schema): Schema {
  return { ...closed(properties), additionalProperties: more };
}

function rowSchema(): Schema {
  return open({
    runs: whole("Cells that the row is made of."),
    mean: number("Mean over them; null where some cell has no such number."),
    standardDeviation: number("Of a sample; null where noSpread says why."),
    low: number("Lower end of the interval of 95 %."),
    high: number("Upper end of it."),
    spreadOver: {
      enum: ["workload", "policy", null],
      description: "What seeds change: the traffic, or only the draws of a policy.",
    },
    noSpread: nullable(text("Why there is no interval; null where there is one.")),
    standing: {
      enum: ["best", "draw", "behind", "oracle", null],
      description: "Among rows that differ in `by` only; an oracle cannot be run.",
    },
    difference: number("Mean of this less the best, in pairs."),
    differenceLow: number("Lower end of its interval."),
    differenceHigh: number("Upper end of it."),
    confidence: {
      enum: ["low", "medium", "high", null],
      description: "How far the mean may be believed; null for replays, which are exact.",
    },
    confidenceWhy: nullable(text("Why.")),
  }, text("A key of the grid, and its value here."));
}

function summarySchema(): Schema {
  return closed({
    metric: text("Name of the metric."),
    unit: { enum: ["ratio", "nanoseconds", "bytes", "count"], description: "Unit of its numbers." },
    better: { enum: ["higher", "lower", "neither"], description: "Which way is better." },
    by: nullable(text("The key whose values compete.")),
    pooled: { type: "boolean", description: "Whether all traces are taken together." },
    rows: array(rowSchema(), "One entry for each combination of values."),
  });
}

function cellSchema(): Schema {
  return open({
    cell: whole("Number of the cell in the grid, from 0."),
    scenario: text("Path of the scenario."),
    trace: text("The trace, or the workload that it was made by."),
    seed: whole("Seed of every random stream."),
    traceHash: hash("SHA-256 of the columns of the trace."),
  }, {
    type: ["number", "string", "null"],
    description: "A key of the grid and its value here, or a metric; null where it has none.",
  });
}

function documentSchema(content: string, rest: Readonly<Record<string, Schema>>): Schema {
  return closed({
    command: { const: "sweep", description: "Command that wrote the document." },
    content: { const: content, description: "What it holds." },
    schema: { const: SWEEP_SCHEMA, description: "Version of this shape." },
    version: text("Version of kvtier that ran the cells."),
    grid: text("Path of the grid."),
    kind: { enum: ["compare", "run", "cluster"], description: "What a cell is." },
    cellsDone: whole("Cells whose results are here."),
    cellsTotal: whole("Cells of the whole grid."),
    shard: closed({ number: whole("Which part, from 1."), of: whole("How many parts.") }),
    hashes: closed({
      grid: hash("SHA-256 of the text of the grid."),
      scenario: hash("SHA-256 over what all cells are."),
      engine: hash("SHA-256 of engine.wasm."),
      result: hash("SHA-256 over all rows."),
    }),
    ...rest,
  });
}

/**
 * JSON Schema (2020-12) of the documents of a sweep.
 *
 * @example
 * ```ts
 * import { sweepSchema } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((sweepSchema().oneOf as unknown[]).length, 2);
 * ```
 */
export function sweepSchema(): Record<string, unknown> {
  const summaries = array(summarySchema(), "One entry for each metric.");
  const cells = array(cellSchema(), "One entry for each cell.");
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `kvtier sweep, version ${SWEEP_SCHEMA}`,
    description:
      "A grid of runs. Made from report/sweep_schema.ts by `deno task docs`; change it " +
      "there.",
    oneOf: [documentSchema("summary", { summaries }), documentSchema("cells", { cells })],
  };
}

/** The text of `docs/schema/sweep.v1.json`. */
export function sweepSchemaJson(): string {
  return `${JSON.stringify(sweepSchema(), null, 2)}\n`;
}
