/**
 * Scenarios of `kvtier run`: YAML text in, a {@linkcode HierarchyScenario} in base units out.
 *
 * @module
 */
import type { Calibration } from "./calibration_schema.ts";
import { refuseOtherKind } from "./document_kind.ts";
import { check, type Finding } from "./findings.ts";
import type { Hardware } from "./hardware_schema.ts";
import type { HierarchyScenario } from "./hierarchy.ts";
import { modelFiles } from "./learned_tiers.ts";
import { loadNamed, readText } from "./files.ts";
import type { Model } from "./models.ts";
import type { RegisteredNames } from "./names.ts";
import { checkPreset, physics, presetMissing } from "./presets.ts";
import { fromFolder, relativeTo, unreadable } from "./references.ts";
import { resolveRun } from "./resolve_run.ts";
import type { RunDocument } from "./run_schema.ts";
import { keysAt } from "./schema_walk.ts";
import { applySettings, type Setting, settingsOf } from "./settings.ts";
import { parseYaml, problemOf, readYaml, throwAll, type YamlText } from "./yaml_text.ts";

const SCALES = "limit, warmupRequests or capacityFactor";

/** How to read a scenario; everything may be left out. */
export interface RunOptions {
  /** Values that win over everything: `tiers[1].capacity=64GiB`, in order. */
  readonly set?: readonly (string | Setting)[];
  /** Path of a calibration, the name of a shipped one, or its text. */
  readonly calibration?: string | { readonly file: string; readonly text: string };
  /** Scale of the run; the scenario as written when absent. */
  readonly preset?: string;
  /** Names to check against, such as `registry()`; names are not checked when absent. */
  readonly registry?: RegisteredNames;
}

/** A scenario file whose references were not read yet; resolved any number of times. */
export interface RunFile {
  readonly yaml: YamlText;
  /** Models and hardware that were read, by path or name. */
  readonly library: Map<string, Promise<unknown>>;
}

/**
 * Loads a scenario of `kvtier run` from a file.
 *
 * References to models and hardware with a slash are relative to the file.
 *
 * @throws {ScenarioError} With all findings, each with its place.
 * @throws {UsageError} If `preset` is none, or a setting is not key=value.
 *
 * @example
 * ```ts
 * import { loadRunScenario } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const path = "configs/scenarios/which-tier/h100_dram_cxl_nvme.yaml";
 * const scenario = await loadRunScenario(path, { set: ["tiers[dram].capacity=64GiB"] });
 * assertEquals(scenario.tiers.map(({ name }) => name), ["hbm", "dram", "cxl", "nvme"]);
 * assertEquals(scenario.tiers[1].capacityBytes, 2 ** 36);
 * ```
 */
export async function loadRunScenario(
  path: string,
  options: RunOptions = {},
): Promise<HierarchyScenario> {
  return await resolveRunFile(await openRunFile(path), options);
}

/**
 * Reads a scenario of `kvtier run` from YAML text.
 *
 * @param file What to call the text in errors; references are relative to it.
 * @throws As {@linkcode loadRunScenario}.
 *
 * @example
 * ```ts
 * import { parseRunScenario } from "kvtier";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const yaml = `
 * model: llama-3.1-8b
 * tiers:
 *   - { name: hbm, hardware: h100-sxm, capacity: 40 GiB }
 *   - { name: dram, hardware: cpu-dram, policy: arc }
 * `;
 * assertEquals((await parseRunScenario(yaml)).tiers[0].readBytesPerSecond, 3.35e12);
 * const typo = yaml.replace("policy", "polici");
 * await assertRejects(() => parseRunScenario(typo), Error, "tiers[1].polici is an unknown key");
 * ```
 */
export async function parseRunScenario(
  yaml: string,
  options: RunOptions = {},
  file = "scenario",
): Promise<HierarchyScenario> {
  return await resolveRunFile(await parseRunFile(yaml, file), options);
}

/** Reads a scenario file, to be resolved many times, as a sweep does. */
export async function openRunFile(path: string): Promise<RunFile> {
  return await parseRunFile(await readText(path, "scenario"), path);
}

/** As {@linkcode openRunFile}, from a text. */
export async function parseRunFile(text: string, file = "scenario"): Promise<RunFile> {
  return { yaml: await readYaml(text, file, "scenario"), library: new Map() };
}

/** Resolves a scenario file with settings, a calibration and a preset. */
export async function resolveRunFile(
  { yaml, library }: RunFile,
  options: RunOptions = {},
): Promise<HierarchyScenario> {
  const { RunSchema } = await import("./run_schema.ts");
  refuseOtherKind(yaml, "tiers");
  const preset = checkPreset(options.preset);
  const settings = await settingsOf(options.set ?? []);
  const isMap = typeof yaml.value === "object" && yaml.value !== null;
  const set = applySettings(yaml.value, isMap ? settings : [], RunSchema);
  const problem = (finding: Finding) => problemOf(finding, yaml, (path) => set.placeOf(path));
  const findings = check(RunSchema, set.value).map((each) => physics(each, keysAt(RunSchema, [])));
  throwAll([...set.problems, ...findings.map(problem)]);
  const document = set.value as RunDocument;
  const calibration = await loadCalibration(options.calibration);
  const references = await loadReferences(document, yaml.file, library);
  const here = (path: string) => fromFolder(yaml.file, path);
  const models = await modelFiles(document, here, (path) => set.isSet(path));
  const missing = [
    ...references.findings,
    ...models.findings,
    ...presetMissing(document.presets, preset, SCALES),
  ];
  throwAll(missing.map(problem));
  const values = preset === undefined ? undefined : document.presets?.[preset];
  const resolved = resolveRun(document, {
    name: yaml.file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, ""),
    model: references.model,
    hardware: references.hardware,
    models: models.files,
    calibration: calibration?.value,
    preset: preset === undefined || values === undefined ? undefined : { name: preset, values },
    registered: options.registry ?? {},
    isSet: (path) => set.isSet(path),
  });
  throwAll([
    ...resolved.findings.map(problem),
    ...resolved.calibrationFindings.map((each) => problemOf(each, calibration!.yaml)),
  ]);
  return resolved.scenario;
}

async function loadCalibration(
  given: RunOptions["calibration"],
): Promise<{ readonly yaml: YamlText; readonly value: Calibration } | undefined> {
  if (given === undefined) return undefined;
  const { CalibrationSchema } = await import("./calibration_schema.ts");
  const { file, text } = typeof given === "string" ? await loadNamed("calibrations", given) : given;
  const value = await parseYaml<Calibration>(text, file, "calibration", CalibrationSchema);
  return { yaml: await readYaml(text, file, "calibration"), value };
}

interface References {
  readonly model: Model | undefined;
  readonly hardware: readonly (Hardware | undefined)[];
  readonly findings: readonly Finding[];
}

async function loadReferences(
  document: RunDocument,
  file: string,
  library: RunFile["library"],
): Promise<References> {
  const findings: Finding[] = [];
  const load = async <T>(
    folder: "models" | "hardware",
    name: string,
    path: readonly PropertyKey[],
  ): Promise<T | undefined> => {
    const key = `${folder}/${relativeTo(file, name)}`;
    const reading = library.get(key) ?? read(folder, relativeTo(file, name));
    library.set(key, reading);
    try {
      return await reading as T;
    } catch (error) {
      findings.push(unreadable(error, path, name));
      return undefined;
    }
  };
  const { model, bytesPerToken, tiers } = document;
  if ((model === undefined) === (bytesPerToken === undefined)) {
    const twice = "and model both give the bytes of a token";
    findings.push(
      model === undefined
        ? {
          path: ["model"],
          wrong: "is missing",
          code: "missing",
          expected: "model or bytesPerToken",
        }
        : { path: ["bytesPerToken"], wrong: twice, mend: ["keep one of the two"], atKey: true },
    );
  }
  const hardware: (Hardware | undefined)[] = [];
  for (const [index, tier] of tiers.entries()) {
    const path = ["tiers", index, "hardware"];
    hardware.push(
      tier.hardware === undefined ? undefined : await load("hardware", tier.hardware, path),
    );
  }
  const loaded = typeof model === "string" ? await load<Model>("models", model, ["model"]) : model;
  return { model: loaded, hardware, findings };
}

async function read(folder: "models" | "hardware", name: string): Promise<unknown> {
  const { file, text } = await loadNamed(folder, name);
  if (folder === "models") {
    const { ModelSchema } = await import("./model_schema.ts");
    return await parseYaml(text, file, "model", ModelSchema);
  }
  const { HardwareSchema } = await import("./hardware_schema.ts");
  return await parseYaml(text, file, "hardware", HardwareSchema);
}
