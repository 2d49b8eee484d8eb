/**
 * A checker for the part of JSON Schema that docs/schema/ uses, which also minds the order of keys.
 *
 * @module
 */

type Schema = Readonly<Record<string, unknown>>;

const KNOWN = [
  ...["$schema", "title", "description", "type", "const", "enum", "pattern", "minimum"],
  ...["required", "properties", "additionalProperties", "items", "minItems", "maxItems", "oneOf"],
];

/** Every way in which a value departs from a schema, each with its path. */
export function departures(value: unknown, schema: Schema, path = "$"): string[] {
  const unknown = Object.keys(schema).filter((key) => !KNOWN.includes(key));
  if (unknown.length > 0) throw new Error(`the checker does not know ${unknown} at ${path}`);
  if (Array.isArray(schema.oneOf)) {
    const each = (schema.oneOf as Schema[]).map((form) => departures(value, form, path));
    return each.reduce((best, found) => found.length < best.length ? found : best);
  }
  const found = [...ofType(value, schema, path), ...ofValue(value, schema, path)];
  if (Array.isArray(value)) {
    const items = schema.items as Schema | undefined;
    return found.concat(
      value.flatMap((item, i) => items ? departures(item, items, `${path}[${i}]`) : []),
    );
  }
  return typeof value === "object" && value !== null
    ? found.concat(ofObject(value as Record<string, unknown>, schema, path))
    : found;
}

function typeOf(value: unknown): string[] {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (Number.isInteger(value)) return ["integer", "number"];
  return [typeof value];
}

function ofType(value: unknown, { type }: Schema, path: string): string[] {
  if (type === undefined) return [];
  const allowed = Array.isArray(type) ? type : [type];
  return typeOf(value).some((name) => allowed.includes(name))
    ? []
    : [`${path} is ${typeOf(value)[0]}, not ${allowed.join(" or ")}`];
}

function ofValue(value: unknown, schema: Schema, path: string): string[] {
  const found: string[] = [];
  if ("const" in schema && value !== schema.const) found.push(`${path} is not ${schema.const}`);
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) {
    found.push(`${path} is "${value}", not one of ${schema.enum.join(", ")}`);
  }
  const isText = typeof value === "string";
  if (isText && schema.pattern !== undefined && !new RegExp(schema.pattern as string).test(value)) {
    found.push(`${path} does not match ${schema.pattern}`);
  }
  if (Array.isArray(value)) {
    const { minItems = 0, maxItems = Infinity } = schema as Record<string, number>;
    if (value.length < minItems) found.push(`${path} has fewer than ${minItems} items`);
    if (value.length > maxItems) found.push(`${path} has more than ${maxItems} items`);
  }
  if (typeof value === "number" && value < (schema.minimum as number ?? -Infinity)) {
    found.push(`${path} is ${value}, below ${schema.minimum}`);
  }
  return found;
}

function ofObject(value: Record<string, unknown>, schema: Schema, path: string): string[] {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const keys = Object.keys(value);
  const found = required.filter((key) => !(key in value)).map((key) => `${path}.${key} is missing`);
  const order = Object.keys(properties).filter((key) => keys.includes(key));
  const known = keys.filter((key) => key in properties);
  if (order.join() !== known.join()) found.push(`${path} has its keys in another order: ${known}`);
  for (const key of keys) {
    const { additionalProperties = {} } = schema;
    if (!(key in properties) && additionalProperties === false) {
      found.push(`${path}.${key} is not in the schema`);
      continue;
    }
    const member = properties[key] ?? additionalProperties as Schema;
    found.push(...departures(value[key], member, `${path}.${key}`));
  }
  return found;
}
