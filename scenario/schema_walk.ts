/**
 * Questions to a schema: which keys may stand at a path, and does a path lead anywhere.
 *
 * @module
 */
import type { z } from "zod";

/** The parts of a zod definition that a walk needs. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly catchall?: z.ZodType;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

function definition(schema: z.ZodType): Definition {
  return (schema as unknown as { readonly def: Definition }).def;
}

/** The alternatives that a value may be, wrappers taken off. */
export function alternatives(schema: z.ZodType): z.ZodType[] {
  const { innerType, options, type, in: input } = definition(schema);
  if (innerType !== undefined) return alternatives(innerType);
  if (type === "pipe" && input !== undefined) return alternatives(input);
  return options === undefined ? [schema] : options.flatMap(alternatives);
}

/** The schemas of what stands at one more step; none when the step leads nowhere. */
export function below(schemas: readonly z.ZodType[], step: PropertyKey): z.ZodType[] {
  return schemas.flatMap((schema) => {
    const { type, shape, catchall, element, valueType } = definition(schema);
    if (type === "array" && element !== undefined) {
      return typeof step === "number" ? alternatives(element) : [];
    }
    if (typeof step === "number") return [];
    if (type === "record" && valueType !== undefined) return alternatives(valueType);
    const child = shape !== undefined && Object.hasOwn(shape, step)
      ? shape[step as string]
      : catchall !== undefined && definition(catchall).type !== "never"
      ? catchall
      : undefined;
    return child === undefined ? [] : alternatives(child);
  });
}

/** The schemas of what may stand at a path. */
export function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  return path.reduce<z.ZodType[]>(below, alternatives(schema));
}

/** The keys that maps at a path may have, each once. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return keysOf(schemasAt(schema, path));
}

/** The keys that maps of these schemas may have, each once. */
export function keysOf(schemas: readonly z.ZodType[]): string[] {
  const keys = schemas.flatMap((each) => Object.keys(definition(each).shape ?? {}));
  return [...new Set(keys)];
}

/** Whether one of these schemas is a list. */
export function hasList(schemas: readonly z.ZodType[]): boolean {
  return schemas.some((schema) => definition(schema).type === "array");
}

/** The words that enums and literals at a path allow. */
export function wordsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return schemasAt(schema, path).flatMap((each) => {
    const { values, entries } = definition(each);
    return [...(values ?? []), ...Object.values(entries ?? {})].map(String);
  });
}

/** What these schemas are, for a sentence: `a text`, `always, never`, `a map with nth`. */
export function formsOf(schemas: readonly z.ZodType[]): string[] {
  return schemas.map((schema) => {
    const { type, values, entries, shape } = definition(schema);
    if (values !== undefined) return values.map(String).join(", ");
    if (entries !== undefined) return Object.values(entries).map(String).join(", ");
    if (shape !== undefined) return `a map with ${Object.keys(shape).join(", ")}`;
    return FORMS[type] ?? type;
  });
}

/** Names of types for people; zod's own where they are missing. */
export const FORMS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map of keys",
  record: "a map of keys",
  array: "a list",
};
