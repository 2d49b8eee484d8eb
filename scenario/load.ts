/**
 * Scenario and model files: YAML text in, checked values out, every finding with its place.
 *
 * zod and the YAML parser are loaded when a file is, so that a plain replay starts without them.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
import { loadNamed, readText } from "./files.ts";
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
  const { parseYaml, readYaml } = await import("./yaml_text.ts");
  const { refuseOtherKind } = await import("./document_kind.ts");
  refuseOtherKind(await readYaml(yaml, name, "scenario"), "policies");
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
