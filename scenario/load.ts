/**
 * Scenario and model files: YAML text in, checked values out, every finding with its place.
 *
 * zod and the YAML parser are loaded when a file is, so that a plain replay starts without them.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
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
  const { parseYaml } = await import("./yaml_text.ts");
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
 *
 * @example
 * ```ts
 * import { kvBytes, loadModel } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(kvBytes(await loadModel("llama-3.1-70b"), 16), 5_242_880);
 * ```
 */
export async function loadModel(nameOrPath: string): Promise<Model> {
  const { ModelSchema } = await import("./model_schema.ts");
  const { file, text } = await loadNamed("models", nameOrPath);
  const { parseYaml } = await import("./yaml_text.ts");
  return await parseYaml<Model>(text, file, "model", ModelSchema);
}

/** What the folders of shipped files hold. */
const SHIPPED = { models: "model", hardware: "hardware", calibrations: "calibration" } as const;

/**
 * Reads a shipped file of `configs/`, or the file at a path.
 *
 * @param nameOrPath A path if it has a slash or ends in `.yaml`, else a name.
 * @throws {ScenarioError} If there is no such file; names the nearest ones.
 */
export async function loadNamed(
  folder: keyof typeof SHIPPED,
  nameOrPath: string,
): Promise<{ readonly file: string; readonly text: string }> {
  const what = SHIPPED[folder];
  if (/[\\/]|\.ya?ml$/.test(nameOrPath)) {
    return { file: nameOrPath, text: await readText(nameOrPath, what) };
  }
  const names = await shippedNames(folder);
  if (!names.includes(nameOrPath)) {
    const hint = didYouMean(nameOrPath, names);
    throw new ScenarioError({
      code: `scenario/unknown-${what}`,
      message: `Cannot load ${what}: "${nameOrPath}" is not a shipped ${
        what === "hardware" ? "piece of hardware" : what
      }`,
      expected: `one of ${names.join(", ")}, or the path of a YAML file`,
      mend: hint === undefined ? [] : [hint],
    });
  }
  const file = `configs/${folder}/${nameOrPath}.yaml`;
  const url = new URL(`../${file}`, import.meta.url);
  return { file, text: await Deno.readTextFile(url) };
}

/** Names of the files in a folder of `configs/`, sorted. */
export async function shippedNames(folder: keyof typeof SHIPPED): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(new URL(`../configs/${folder}/`, import.meta.url))) {
    if (entry.name.endsWith(".yaml")) names.push(entry.name.replace(/\.yaml$/, ""));
  }
  return names.sort();
}

/**
 * Reads the text of a file.
 *
 * @param what What it is meant to be, for the sentence.
 * @throws {ScenarioError} If it cannot be read.
 */
export async function readText(path: string, what: string): Promise<string> {
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
