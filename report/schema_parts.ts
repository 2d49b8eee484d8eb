/**
 * What the JSON Schemas of all documents are made of.
 *
 * @module
 */

/** A part of a JSON Schema. */
export type Schema = Record<string, unknown>;

/** Any text. */
export const text = (description: string): Schema => ({ type: "string", description });
/** A count. */
export const whole = (description: string): Schema => ({
  type: "integer",
  minimum: 0,
  description,
});
/** A SHA-256 in hex. */
export const hash = (description: string): Schema => ({
  type: "string",
  pattern: "^[0-9a-f]{64}$",
  description,
});

/** The same, or null. */
export function nullable(schema: Schema): Schema {
  return { ...schema, type: [schema.type, "null"] };
}

/** An object all of whose keys are required and known. */
export function closed(properties: Readonly<Record<string, Schema>>): Schema {
  return {
    type: "object",
    required: Object.keys(properties),
    properties,
    additionalProperties: false,
  };
}

/** The facts of a trace, as every document about one repeats them. */
export function traceSchema(): Schema {
  return closed({
    path: text("Where the trace came from, as the user wrote it; not part of resultHash."),
    format: text("Registered name of the format; not part of resultHash."),
    requests: whole("Requests."),
    accesses: whole("Block look-ups."),
    uniqueBlocks: whole("Distinct blocks."),
    blockTokens: whole("Tokens of a full block."),
    extents: whole("Runs of consecutive blocks that the trace folds into."),
    hash: hash("SHA-256 of the columns of the trace."),
    reuse: {
      enum: ["hashes", "none"],
      description: "Whether the source identifies its blocks; without, hit ratios mean nothing.",
    },
    notes: { type: "array", items: { type: "string" }, description: "What reading it met." },
  });
}
