/**
 * Scenarios with a `cluster:` section: YAML text in, a {@linkcode ClusterScenario} out.
 *
 * @module
 */
import type { Problem } from "../../errors/errors.ts";
import type { Calibration } from "../../scenario/calibration_schema.ts";
import { checkCalibration } from "../../scenario/check_calibration.ts";
import type { ClusterDocument } from "../../scenario/cluster_schema.ts";
import { refuseOtherKind } from "../../scenario/document_kind.ts";
import { check, type Finding } from "../../scenario/findings.ts";
import type { Hardware } from "../../scenario/hardware_schema.ts";
import { loadNamed, readText } from "../../scenario/files.ts";
import type { RunOptions } from "../../scenario/load_run.ts";
import type { Model } from "../../scenario/models.ts";
import { checkPreset, physics, presetMissing } from "../../scenario/presets.ts";
import { relativeTo, unreadable } from "../../scenario/references.ts";
import { keysAt } from "../../scenario/schema_walk.ts";
import { applySettings, settingsOf } from "../../scenario/settings.ts";
import {
  parseYaml,
  problemOf,
  readYaml,
  throwAll,
  type YamlText,
} from "../../scenario/yaml_text.ts";
import { deviceOf } from "../device.ts";
import { type ComputeProfile, parseProfile } from "../profile.ts";
import { computable } from "../weights.ts";
import { checkFaults } from "./check_faults.ts";
import { resolveCluster } from "./resolve.ts";
import type { ClusterScenario } from "./scenario.ts";

/** A scenario file whose references are read once and resolved any number of times. */
export interface ClusterFile {
  readonly yaml: YamlText;
  /** Models, hardware and calibrations that were read, by folder and name. */
  readonly library: Map<string, Promise<unknown>>;
}

/**
 * Loads a scenario with a cluster from a file.
 *
 * @throws {ScenarioError} With all findings, each with its place.
 * @throws {UsageError} If `preset` is none, or a setting is not key=value.
 *
 * @example
 * ```ts
 * import { loadClusterScenario } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const path = "configs/scenarios/serving/fleet_10240.yaml";
 * const { racks, nodesPerRack, gpusPerNode } = await loadClusterScenario(path);
 * assertEquals(racks * nodesPerRack * gpusPerNode, 10_240);
 * ```
 */
export async function loadClusterScenario(
  path: string,
  options: RunOptions = {},
): Promise<ClusterScenario> {
  return await resolveClusterFile(await openClusterFile(path), options);
}

/**
 * Reads a scenario with a cluster from YAML text.
 *
 * @param file What to call the text in errors; references are relative to it.
 * @throws As {@linkcode loadClusterScenario}.
 *
 * @example
 * ```ts
 * import { parseClusterScenario } from "kvtier";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const yaml = `
 * model: llama-3.1-8b
 * cluster: { device: h100-sxm, gpusPerNode: 4 }
 * slo: { ttft: 500 ms, tpot: 50 ms }
 * `;
 * assertEquals((await parseClusterScenario(yaml)).slo!.ttftNs, 5e8);
 * const typo = yaml.replace("gpusPerNode", "gpuPerNode");
 * await assertRejects(() => parseClusterScenario(typo), Error, "gpuPerNode is an unknown key");
 * ```
 */
export async function parseClusterScenario(
  yaml: string,
  options: RunOptions = {},
  file = "scenario",
): Promise<ClusterScenario> {
  return await resolveClusterFile(await parseClusterFile(yaml, file), options);
}

/** Reads a scenario file, to be resolved many times, as a sweep does. */
export async function openClusterFile(path: string): Promise<ClusterFile> {
  return await parseClusterFile(await readText(path, "scenario"), path);
}

async function parseClusterFile(text: string, file: string): Promise<ClusterFile> {
  return { yaml: await readYaml(text, file, "scenario"), library: new Map() };
}

/** Whether a scenario file says `cluster:`, which makes it one of `kvtier latency`. */
export function hasCluster({ value }: YamlText): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "cluster");
}

/** Resolves a scenario file with settings, a calibration and a preset. */
export async function resolveClusterFile(
  { yaml, library }: ClusterFile,
  options: RunOptions = {},
): Promise<ClusterScenario> {
  const { ClusterSchema } = await import("../../scenario/cluster_schema.ts");
  refuseOtherKind(yaml, "cluster");
  const preset = checkPreset(options.preset);
  const settings = await settingsOf(options.set ?? []);
  const isMap = typeof yaml.value === "object" && yaml.value !== null;
  const set = applySettings(yaml.value, isMap ? settings : [], ClusterSchema);
  const problem = (finding: Finding) => problemOf(finding, yaml, (path) => set.placeOf(path));
  const keys = [...keysAt(ClusterSchema, []), ...keysAt(ClusterSchema, ["cluster"])];
  const findings = check(ClusterSchema, set.value).map((each) => physics(each, keys));
  throwAll([...set.problems, ...findings.map(problem)]);
  const document = set.value as ClusterDocument;
  const references = await loadReferences(document, yaml.file, library, options.calibration);
  throwAll([
    ...references.findings,
    ...presetMissing(document.presets, preset, "limit, copies or racks"),
  ].map(problem));
  const { calibrations, ...found } = references.found!;
  const measured = calibrations.findLast(({ value }) => value.tiers !== undefined)?.value;
  const speedsFrom = measured && { name: measured.name, source: measured.provenance.source };
  const { scenario, findings: wrong } = resolveCluster(document, {
    name: yaml.file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, ""),
    ...found,
    ...(speedsFrom === undefined ? {} : { speedsFrom }),
    preset,
    registered: options.registry ?? {},
    isSet: (path) => set.isSet(path),
  });
  throwAll([...wrong.map(problem), ...calibrations.flatMap((each) => unused(each, scenario))]);
  throwAll(checkFaults(scenario).map(problem));
  return scenario;
}

/** What a calibration says of stores that are not there, or that it says nothing at all. */
function unused({ value, yaml }: Measured, { stores, calibrated }: ClusterScenario): Problem[] {
  const findings = checkCalibration(value, {
    names: stores.map(({ name }) => name),
    part: "store",
    replaced: calibrated,
    usable: "compute, or tiers with the names of stores, with a number in use",
  });
  return findings.map((each) => problemOf(each, yaml));
}

interface Found {
  readonly model: ReturnType<typeof computable>;
  readonly device: ReturnType<typeof deviceOf>;
  readonly hardware: readonly (Hardware | undefined)[];
  readonly profile: ComputeProfile | undefined;
  readonly speeds: NonNullable<Calibration["tiers"]>;
  /** The calibration that the scenario names, and that of `--calibration`. */
  readonly calibrations: readonly Measured[];
}

/** A calibration as it is written, and what it says of computing. */
interface Measured {
  readonly yaml: YamlText;
  readonly value: Calibration;
  readonly profile: ComputeProfile | undefined;
}

interface References {
  /** Absent where something could not be read. */
  readonly found?: Found;
  readonly findings: readonly Finding[];
}

type Reader = Promise<readonly [value: unknown, file: string, text: string]>;

async function loadReferences(
  document: ClusterDocument,
  file: string,
  library: ClusterFile["library"],
  overlay: RunOptions["calibration"],
): Promise<References> {
  const findings: Finding[] = [];
  const attempt = async <T>(
    folder: "models" | "hardware" | "calibrations",
    name: string | undefined,
    path: readonly PropertyKey[],
    make: (value: never, file: string, text: string) => T | Promise<T>,
  ): Promise<T | undefined> => {
    if (name === undefined) return undefined;
    const key = `${folder}/${relativeTo(file, name)}`;
    const reading = library.get(key) ?? read(folder, relativeTo(file, name));
    library.set(key, reading);
    try {
      const [value, from, text] = await (reading as Reader);
      return await make(value as never, from, text);
    } catch (error) {
      findings.push(unreadable(error, path, name));
      return undefined;
    }
  };
  const { model, cluster } = document;
  const asModel = (value: Model) => computable(value);
  const loadedModel = typeof model === "string"
    ? await attempt("models", model, ["model"], asModel)
    : asModel(model as Model);
  const device = await attempt("hardware", cluster.device, ["cluster", "device"], deviceOf);
  const hardware: (Hardware | undefined)[] = [];
  for (const [index, store] of (cluster.stores ?? []).entries()) {
    const path = ["cluster", "stores", index, "hardware"];
    hardware.push(await attempt("hardware", store.hardware, path, (value: Hardware) => value));
  }
  const named = await attempt(
    "calibrations",
    cluster.compute?.calibration,
    ["cluster", "compute", "calibration"],
    async (_, from, text) => {
      await parseProfile(text, from); // a calibration under compute must speak of it
      return await measuredIn(text, from);
    },
  );
  const over = overlay === undefined ? undefined : await readOverlay(overlay);
  if (findings.length > 0 || loadedModel === undefined || device === undefined) return { findings };
  const profile = over?.profile ?? named?.profile;
  const speeds = { ...named?.value.tiers, ...over?.value.tiers };
  const calibrations = [named, over].filter((each) => each !== undefined);
  return {
    found: { model: loadedModel, device, hardware, profile, speeds, calibrations },
    findings,
  };
}

async function read(folder: "models" | "hardware" | "calibrations", name: string): Reader {
  const { file, text } = await loadNamed(folder, name);
  if (folder === "models") {
    const { ModelSchema } = await import("../../scenario/model_schema.ts");
    return [await parseYaml(text, file, "model", ModelSchema), file, text];
  }
  if (folder === "calibrations") return [undefined, file, text];
  const { HardwareSchema } = await import("../../scenario/hardware_schema.ts");
  return [await parseYaml(text, file, "hardware", HardwareSchema), file, text];
}

/** The calibration of `--calibration`: a shipped name, a path, or a text. */
async function readOverlay(given: NonNullable<RunOptions["calibration"]>): Promise<Measured> {
  const { file, text } = typeof given === "string" ? await loadNamed("calibrations", given) : given;
  return await measuredIn(text, file);
}

async function measuredIn(text: string, file: string): Promise<Measured> {
  const { CalibrationSchema } = await import("../../scenario/calibration_schema.ts");
  const value = await parseYaml<Calibration>(text, file, "calibration", CalibrationSchema);
  const profile = value.compute === undefined ? undefined : await parseProfile(text, file);
  return { yaml: await readYaml(text, file, "calibration"), value, profile };
}
