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
