import { assert, assertEquals } from "@std/assert";
import { parseGrid } from "./grid.ts";
import { fileKeysText, fileSchemaJson, SCHEMA_FILES, type SchemaName } from "./json_schemas.ts";
import { parseRunScenario } from "./load_run.ts";
import { yamlValue } from "./yaml_text.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Whether a value is what a JSON Schema asks for, as far as ours ask. */
function fits(value: unknown, schema: Schema): boolean {
  const some = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (some !== undefined) return some.some((each) => fits(value, each));
  if ("const" in schema && value !== schema.const) return false;
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return false;
  switch (schema.type) {
    case "string":
      return typeof value === "string" && value.length >= (schema.minLength as number ?? 0) &&
        new RegExp(schema.pattern as string ?? "").test(value);
    case "integer":
    case "number":
      return typeof value === "number" && value >= (schema.minimum as number ?? -Infinity) &&
        (schema.type === "number" || Number.isInteger(value)) &&
        value > (schema.exclusiveMinimum as number ?? -Infinity);
    case "boolean":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value) && value.length >= (schema.minItems as number ?? 0) &&
        value.every((item) => fits(item, schema.items as Schema));
    case "object":
      return typeof value === "object" && value !== null && fitsObject(value, schema);
    default:
      return schema.type === undefined;
  }
}

function fitsObject(value: object, schema: Schema): boolean {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const rest = schema.additionalProperties as Schema | boolean | undefined;
  return required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, item]) =>
      key in properties
        ? fits(item, properties[key])
        : rest === undefined || rest === true || (typeof rest === "object" && fits(item, rest))
    );
}

async function shipped(folder: string): Promise<[string, unknown][]> {
  const values: [string, unknown][] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile) continue;
    const file = `${folder}/${name}`;
    values.push([file, await yamlValue(await Deno.readTextFile(file), file, "file")]);
  }
  return values;
}

const FOLDERS: readonly (readonly [SchemaName, string])[] = [
  ["model", "configs/models"],
  ["hardware", "configs/hardware"],
  ["grid", "configs/sweeps"],
  ["grid", "configs/sweeps/serving"],
  ["cluster", "configs/scenarios/serving"],
  ...["which-tier", "offload", "quantisation", "lab"].map((folder) =>
    ["scenario", `configs/scenarios/${folder}`] as const
  ),
];

Deno.test("every shipped file fits the JSON Schema of its kind, and not with a typo", async () => {
  for (const [name, folder] of FOLDERS) {
    const schema = JSON.parse(fileSchemaJson(name));
    for (const [file, value] of await shipped(folder)) {
      assert(fits(value, schema), file);
      assert(!fits({ ...value as object, nmae: "x" }, schema), file);
    }
  }
});

Deno.test("JSON Schemas refuse quantities without units", () => {
  const schema = JSON.parse(fileSchemaJson("scenario"));
  const tier = (more: object) => ({ tiers: [{ name: "a", ...more }] });
  assert(fits(tier({ capacity: "1,024 GiB", latency: "0.5 us", cost: "$0.1/GiB/h" }), schema));
  assert(fits(tier({ capacity: "500 blocks", bandwidth: ".5TB/s" }), schema));
  for (
    const wrong of [
      { capacity: "64" },
      { capacity: 64 },
      { bandwidth: "64 GB" },
      { latency: "5" },
      { cost: "0.1/GiB/h" },
      { energy: "3 J" },
    ]
  ) assert(!fits(tier(wrong), schema), JSON.stringify(wrong));
});

Deno.test("every key of every schema says what it means", () => {
  for (const name of SCHEMA_FILES) {
    const lines = fileKeysText(name).split("\n");
    for (const [at, line] of lines.entries()) {
      assert(line.length <= 100, line);
      const described = /^\S+\s{2,}\S/.test(line) || /^\s+\S/.test(line) ||
        /^\s+\S/.test(lines[at + 1] ?? "");
      assert(described, `${name}: ${line}`);
    }
    assertEquals(undescribed(JSON.parse(fileSchemaJson(name)), ""), [], name);
  }
});

/** Paths of keys without a description. */
function undescribed(schema: Schema, path: string): string[] {
  const inside = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const missing = inside.filter(([, child]) => child.description === undefined);
  return [
    ...missing.map(([key]) => `${path}.${key}`),
    ...inside.flatMap(([key, child]) => undescribed(child, `${path}.${key}`)),
    ...[schema.items, ...(schema.anyOf ?? schema.oneOf ?? []) as Schema[]]
      .filter((each) => each !== undefined)
      .flatMap((each) => undescribed(each as Schema, path)),
  ];
}

Deno.test("the YAML in docs/scenarios.md is right", async () => {
  const text = await Deno.readTextFile("docs/scenarios.md");
  const blocks = [...text.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1]);
  assertEquals(blocks.length, 3);
  const [scenario, calibration, grid] = blocks;
  await parseRunScenario(scenario, { calibration: { file: "c.yaml", text: calibration } });
  await parseRunScenario(scenario, { preset: "smoke", set: ["tiers[dram].capacity=64GiB"] });
  assertEquals((await parseGrid(grid)).vary[0].values.length, 10);
});
