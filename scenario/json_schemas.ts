/**
 * JSON Schemas of the files that people write, for editors, and the same keys as text.
 *
 * @module
 */
import { z } from "zod";
import { CalibrationSchema } from "./calibration_schema.ts";
import { ClusterSchema } from "./cluster_schema.ts";
import { GridSchema } from "./grid_schema.ts";
import { HardwareSchema } from "./hardware_schema.ts";
import { ModelSchema } from "./model_schema.ts";
import { RunSchema } from "./run_schema.ts";

const SCHEMAS = {
  scenario: { schema: RunSchema, title: "A scenario of kvtier run" },
  cluster: { schema: ClusterSchema, title: "A scenario of kvtier latency: a cluster and its load" },
  model: { schema: ModelSchema, title: "A model of kvtier: what its KV takes" },
  calibration: { schema: CalibrationSchema, title: "Measured numbers for a scenario of kvtier" },
  hardware: { schema: HardwareSchema, title: "A device of kvtier, each number with its source" },
  grid: { schema: GridSchema, title: "A grid of kvtier sweep" },
} as const;

/** Files that have a schema. */
export type SchemaName = keyof typeof SCHEMAS;

/** Names of {@linkcode fileSchemaJson}, in the order of the documents. */
export const SCHEMA_FILES = Object.keys(SCHEMAS) as SchemaName[];

/** The JSON Schema of a kind of file, as text with a newline at its end. */
export function fileSchemaJson(name: SchemaName): string {
  return `${JSON.stringify(jsonSchema(name), null, 2)}\n`;
}

function jsonSchema(name: SchemaName): Node {
  const { schema, title } = SCHEMAS[name];
  const { $schema, ...content } = z.toJSONSchema(schema, { io: "input" }) as Node;
  return { $schema, $id: `${name}.v1.json`, title, ...content };
}

/** The parts of a JSON Schema that the text shows. */
interface Node {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

const WIDTH = 100;

/** Every key of a kind of file with its meaning, a line or more each; `*` marks required keys. */
export function fileKeysText(name: SchemaName): string {
  const rows = keyRows(jsonSchema(name), "");
  const column = Math.min(36, Math.max(...rows.map(({ path }) => path.length)) + 2);
  return rows.flatMap(({ path, text }) => {
    const lines = folded(text, WIDTH - column);
    const first = path.length + 2 > column
      ? [path, " ".repeat(column) + lines[0]]
      : [path.padEnd(column) + lines[0]];
    return [...first, ...lines.slice(1).map((line) => " ".repeat(column) + line)];
  }).join("\n");
}

interface Row {
  readonly path: string;
  readonly text: string;
}

function keyRows(node: Node, path: string): Row[] {
  const rows: Row[] = [];
  const shown = new Set<string>();
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const at = path === "" ? key : `${path}.${key}`;
    const required = node.required?.includes(key) ? "*" : "";
    rows.push({ path: at + required, text: child.description ?? "" });
    // Presets, schemes and sourced values are alike: the first of them shows the form.
    const form = JSON.stringify(child.properties);
    if (form === undefined || !shown.has(form)) rows.push(...keyRows(child, at));
    shown.add(form);
  }
  if (node.items !== undefined) rows.push(...keyRows(node.items, `${path}[]`));
  const { additionalProperties: any } = node;
  if (typeof any === "object") {
    const own = any.description === undefined
      ? []
      : [{ path: `${path}.NAME`, text: any.description }];
    rows.push(...own, ...keyRows(any, `${path}.NAME`));
  }
  for (const each of [...node.anyOf ?? [], ...node.oneOf ?? []]) rows.push(...keyRows(each, path));
  return rows.filter(({ path }, at) => rows.findIndex((row) => row.path === path) === at);
}

function folded(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * Puts the keys of each kind of file into a document, between a line `<!-- keys of NAME -->` and
 * the next line `<!-- end -->`.
 */
export function withKeys(document: string): string {
  return SCHEMA_FILES.reduce((text, name) => {
    const [open, close] = [`<!-- keys of ${name} -->\n`, "<!-- end -->"];
    const from = text.indexOf(open);
    if (from < 0) return text;
    const start = from + open.length;
    const end = text.indexOf(close, start);
    const block = `\n\`\`\`text\n${fileKeysText(name)}\n\`\`\`\n\n`;
    return text.slice(0, start) + block + text.slice(end);
  }, document);
}
