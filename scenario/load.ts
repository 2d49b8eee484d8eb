/**
 * Scenario and model files: YAML text in, checked values out, every finding with its place.
 *
 * zod and the YAML parser are loaded when a file is, so that a plain replay starts without them.
 *
 * @module
 */
import type { z } from "zod";
import { type Problem, ScenarioError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import type { Model } from "./models.ts";
import { placeOf } from "./yaml_places.ts";

/** A comparison of policies on one tier, as a file or a caller describes it. */
export interface Scenario {
  /** Policies by name, with parameters as `s3-fifo(small=0.2)`; `["all"]` takes every one. */
  readonly policies?: readonly string[];
  /** Blocks (`"1000"`), shares of the unique blocks (`"5%"`), or bytes (`"64 GiB"`). */
  readonly capacities?: readonly string[];
  readonly touch?: "root-first" | "tail-first";
  /** Admitter by name. */
  readonly admission?: string;
  /** Seed of every random stream; a non-negative safe integer. */
  readonly seed?: number;
  /** Name of a file in `configs/models`, or a path. */
  readonly model?: string;
  /** Bytes of one full block, with a unit. */
  readonly blockBytes?: string;
  /** Replay only the first so many requests. */
  readonly limit?: number;
}

/**
 * Reads a scenario from YAML text.
 *
 * @param name What to call the text in errors, usually its path.
 * @throws {ScenarioError} With all findings, each with line and column.
 *
 * @example
 * ```ts
 * import { parseScenario } from "kvtier";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const scenario = await parseScenario("policies: [lru, arc]\ncapacities: [5%]");
 * assertEquals(scenario.capacities, ["5%"]);
 * await assertRejects(() => parseScenario("capacitys: [5%]"), Error, "unknown key");
 * ```
 */
export async function parseScenario(yaml: string, name = "scenario"): Promise<Scenario> {
  const { ScenarioSchema } = await import("./schema.ts");
  const scenario = await parseYaml<Scenario>(yaml, name, "scenario", ScenarioSchema);
  if (scenario.model !== undefined && scenario.blockBytes !== undefined) {
    throw new ScenarioError({
      code: "scenario/model-and-bytes",
      message: "Cannot read scenario: model and blockBytes both give the size of a block",
      place: { file: name, key: "blockBytes", ...placeOf(yaml, ["blockBytes"]) },
      mend: ["keep one of the two"],
    });
  }
  return scenario;
}

/** As {@linkcode parseScenario}, from a file. */
export async function loadScenario(path: string): Promise<Scenario> {
  return await parseScenario(await readText(path, "scenario"), path);
}

/**
 * Loads a model: a path to a YAML file, or the name of one in `configs/models`.
 *
 * @throws {ScenarioError} If there is no such model, or its file makes no sense.
 */
export async function loadModel(nameOrPath: string): Promise<Model> {
  const { ModelSchema } = await import("./schema.ts");
  if (/[\\/]|\.ya?ml$/.test(nameOrPath)) {
    const yaml = await readText(nameOrPath, "model");
    return await parseYaml<Model>(yaml, nameOrPath, "model", ModelSchema);
  }
  const folder = new URL("../configs/models/", import.meta.url);
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) names.push(entry.name.replace(/\.yaml$/, ""));
  names.sort();
  if (!names.includes(nameOrPath)) {
    const hint = didYouMean(nameOrPath, names);
    throw new ScenarioError({
      code: "scenario/unknown-model",
      message: `Cannot load model: "${nameOrPath}" is not a shipped model`,
      expected: `one of ${names.join(", ")}, or the path of a YAML file`,
      mend: hint === undefined ? [] : [hint],
    });
  }
  const yaml = await Deno.readTextFile(new URL(`${nameOrPath}.yaml`, folder));
  return await parseYaml<Model>(yaml, `configs/models/${nameOrPath}.yaml`, "model", ModelSchema);
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new ScenarioError(
      {
        code: "scenario/unreadable",
        message: `Cannot read ${what}: ${(error as Error).message}`,
        place: { file: path },
        mend: ["check the path and its permissions"],
      },
      [],
      { cause: error },
    );
  }
}

async function parseYaml<T>(
  yaml: string,
  file: string,
  what: string,
  schema: z.ZodType<unknown>,
): Promise<T> {
  const { parse } = await import("@std/yaml");
  let value: unknown;
  try {
    value = parse(yaml);
  } catch (error) {
    throw yamlError(error as Error, yaml, file, what);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data as T;
  const lines = yaml.split("\n");
  const problems = result.error.issues.flatMap((issue) => findings(issue, schema)).map(
    ({ path, atKey, ...words }): Problem => {
      const { line, column } = placeOf(yaml, path);
      const keyColumn = lines[line - 1].search(/[^\s-]/) + 1;
      const place = { line, column: atKey ? keyColumn : column };
      return {
        code: `${what}/invalid`,
        ...words,
        message: `Cannot read ${what}: ${keyPath(path)} ${words.message}`,
        place: { file, ...place },
        sourceLine: lines[line - 1],
      };
    },
  );
  problems.sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
  throw new ScenarioError(problems[0], problems.slice(1));
}

interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean;
  readonly found?: string;
  readonly expected?: string;
  readonly mend?: readonly string[];
}

/** zod's issues in our words: what is wrong first, then what was found. */
function findings(issue: z.core.$ZodIssue, schema: z.ZodType<unknown>): Finding[] {
  if (issue.code === "unrecognized_keys") {
    const shape = (schema as { shape?: Record<string, unknown> }).shape ?? {};
    const names = issue.path.length === 0 ? Object.keys(shape) : [];
    return issue.keys.map((key) => {
      const hint = didYouMean(key, names);
      return {
        path: [...issue.path, key],
        message: "is an unknown key",
        atKey: true,
        ...(names.length === 0 ? {} : { expected: names.join(", ") }),
        mend: hint === undefined ? [] : [hint],
      };
    });
  }
  const words = issue.message.replace(/^Invalid input: /, "");
  const found = "input" in issue && issue.input !== undefined
    ? { found: JSON.stringify(issue.input) }
    : {};
  return [{ path: issue.path, message: `is not right: ${words}`, ...found }];
}

function keyPath(path: readonly PropertyKey[]): string {
  const text = path.map((step) => typeof step === "number" ? `[${step}]` : `.${String(step)}`);
  return text.join("").replace(/^\./, "") || "the document";
}

function yamlError(error: Error, yaml: string, file: string, what: string): ScenarioError {
  const at = /at line (\d+), column (\d+)/.exec(error.message);
  const line = at === null ? undefined : Number(at[1]);
  const place = line === undefined ? { file } : { file, line, column: Number(at?.[2]) };
  return new ScenarioError(
    {
      code: `${what}/yaml`,
      message: `Cannot read ${what}: the text is not YAML: ${error.message.split("\n")[0]}`,
      place,
      ...(line === undefined ? {} : { sourceLine: yaml.split("\n")[line - 1] ?? "" }),
      mend: ["check indentation, colons and quotes around this place"],
    },
    [],
    { cause: error },
  );
}
