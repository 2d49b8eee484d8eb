/**
 * A sizing result as JSON, and the schema of that document.
 *
 * @module
 */
import type { SizeResult } from "../../curves/size_result.ts";
import type { DocumentOptions } from "../json.ts";
import { traceDocument } from "../json_parts.ts";
import { closed, hash, type Schema, text, traceSchema, whole } from "../schema_parts.ts";

/** Version of the JSON document; raised when a key changes its meaning or goes away. */
export const SIZE_SCHEMA = 1;

/** The document as a value: plain data with keys in their written order. */
export function sizeDocument(
  result: SizeResult,
  options: DocumentOptions,
): Record<string, unknown> {
  const { trace, engine, blockBytes } = result;
  return {
    command: options.command ?? "size",
    version: options.version,
    schema: SIZE_SCHEMA,
    trace: traceDocument(trace),
    engine: { hash: engine.hash, abiVersion: engine.abiVersion },
    blockBytes: blockBytes ?? null,
    touch: result.touch,
    target: result.target,
    ceilingPrefixHits: result.ceilingPrefixHits,
    ceilingBlockHits: result.ceilingBlockHits,
    rows: result.rows,
    samples: result.samples,
    mixes: result.mixes ?? null,
    resultHash: result.resultHash,
  };
}

/** Writes a sizing result as JSON, indented by two, ending in a newline. */
export function sizeJson(result: SizeResult, options: DocumentOptions): string {
  return `${JSON.stringify(sizeDocument(result, options), null, 2)}\n`;
}

const list = (items: Schema, description: string): Schema => ({
  type: "array",
  items,
  description,
});
const number = (description: string): Schema => ({ type: "number", description });
const question: Schema = {
  enum: ["given", "target", "memory-only", "budget"],
  description: "What the mix is the answer to.",
};

function mixSchema(): Schema {
  return closed({
    question,
    tiers: list(
      closed({
        name: text("Name of the tier."),
        fixed: { type: "boolean", description: "Whether its size was given." },
        capacityBlocks: whole("Size in blocks."),
        capacityBytes: number("Size in bytes."),
        prefixHits: number("Prefix hits whose leading run needs this tier and none below it."),
        loadNsPerBlock: number("Time to load a block, or to compute it where that is faster."),
        loadNs: number("Time of all its loads."),
        writtenBytes: number("Bytes pushed into the tier."),
        readLoad: number("Mean rate of reading ÷ what one device does."),
        writeLoad: number("Mean rate of writing ÷ what one device does; above 1 it takes several."),
        joules: number("Energy of the bytes moved."),
        dollarsPerMonth: number("Price of its memory; 0 where none is known."),
      }),
      "Tiers, fastest first.",
    ),
    prefixHits: number("Prefix hits of all tiers."),
    savedNs: number("GPU time that the hits did not compute."),
    loadNs: number("Time of all loads."),
    joules: number("Energy of the bytes moved."),
    dollarsPerMonth: number("Price of all memory."),
    gpuDollarsPerMonth: number("(savedNs − loadNs) ÷ spanNs × price of the GPU, for a month."),
    netDollarsPerMonth: number("gpuDollarsPerMonth − dollarsPerMonth."),
  });
}

function mixesSchema(): Schema {
  return {
    ...closed({
      weights: closed({
        containment: { enum: ["exclusive", "inclusive"], description: "Tiers of one block." },
        spanNs: number("From the first arrival to the last, in nanoseconds."),
        prefillNsPerToken: number("Time to compute a prompt token."),
        gpuDollarsPerHour: number("Price of what computes it."),
        target: number("Share of the ceiling."),
        budgetDollarsPerMonth: {
          type: ["number", "null"],
          description: "Money for memory, or null.",
        },
      }),
      mixes: list(mixSchema(), "One mix for each question that has an answer."),
      unanswered: list(question, "Questions that no mix answers."),
    }),
    type: ["object", "null"],
    description: "Mixes of tiers; null when no tiers were given.",
  };
}

/** JSON Schema (2020-12) of the document of `kvtier size --json`. */
export function sizeSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kvtier size, version 1",
    description: "The memory for shares of the ceiling, and mixes of tiers. Made from " +
      "report/size/json.ts by `deno task docs`; change it there.",
    ...closed({
      command: text("Command that wrote the document."),
      version: text("Version of kvtier."),
      schema: { const: SIZE_SCHEMA, description: "Version of this shape." },
      trace: traceSchema(),
      engine: closed({
        hash: hash("SHA-256 of engine.wasm."),
        abiVersion: whole("Version of the boundary to the engine."),
      }),
      blockBytes: {
        type: ["number", "null"],
        description: "Bytes of one full block, or null when not known.",
      },
      touch: { enum: ["root-first", "tail-first"], description: "Order of touching blocks." },
      target: number("Share of the ceiling that was asked for."),
      ceilingPrefixHits: whole("Prefix hits of an endless cache."),
      ceilingBlockHits: whole("Block hits of an endless cache."),
      rows: list(
        closed({
          share: number("Share of ceilingPrefixHits."),
          capacityBlocks: whole("Fewest blocks of an LRU cache with that share."),
          prefixHits: whole("Prefix hits at that capacity."),
          blockHits: whole("Block hits at that capacity."),
          optimumBlocks: whole("Fewest blocks with which the optimum has that share."),
        }),
        "Shares rising, the target among them.",
      ),
      samples: list(
        { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
        "Capacity in blocks and prefix hits of LRU, each exact.",
      ),
      mixes: mixesSchema(),
      resultHash: hash("SHA-256 over everything that is a number here; equal on every host."),
    }),
  };
}

/** The text of `docs/schema/size.v1.json`. */
export function sizeSchemaJson(): string {
  return `${JSON.stringify(sizeSchema(), null, 2)}\n`;
}
