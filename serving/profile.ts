/**
 * Compute profiles: calibrations with a `compute` section, read and written.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
import type {
  Calibration,
  ComputeCalibration,
  FitEvidence,
} from "../scenario/calibration_schema.ts";
import { loadNamed } from "../scenario/files.ts";
import { QUANTITIES, type QuantityKind, readQuantity } from "../scenario/units.ts";
import type { Efficiency } from "./step_constants.ts";

/** What a profile says of a model on a device. */
export interface ComputeProfile {
  readonly name: string;
  /** Name or path of the model's file. */
  readonly model: string;
  /** Name or path of the device's file. */
  readonly device: string;
  readonly tensorParallel: number;
  /** What was measured; the usual values stand for the rest. */
  readonly efficiency: Partial<Efficiency>;
  /** Who measured, when, and the hash of the data. */
  readonly provenance: {
    readonly source: string;
    readonly date: string;
    readonly dataHash: string;
  };
  readonly fits: readonly FitEvidence[];
  /** Cost of a prefill, for replays that count no steps. */
  readonly prefill?: { readonly nsPerToken: number; readonly nsPerTokenSquared: number };
}

/** Keys of shares, which are plain numbers in a file. */
const SHARES = [
  "flops",
  "bandwidth",
  "smoothness",
  "attentionFlops",
  "contextBandwidth",
  "mixedContextBandwidth",
  "elementwiseBandwidth",
] as const;

/** Keys of times and rates in a file, and what they are called in {@linkcode Efficiency}. */
const QUANTITY_KEYS = [
  ["perProduct", "productNs"],
  ["perLayer", "layerNs"],
  ["perStep", "stepNs"],
  ["perSequence", "sequenceNs"],
  ["perMixedSequence", "mixedSequenceNs"],
  ["allReduceLatency", "allReduceNs"],
  ["allReduceBandwidth", "allReduceBytesPerSecond"],
] as const;

/** What a profile calls an efficiency, such as `perStep` for `stepNs`. */
export function profileKey(name: string): string {
  return QUANTITY_KEYS.find(([, efficiency]) => efficiency === name)?.[0] ?? name;
}

/**
 * Loads a profile: a path to a YAML file, or the name of one in `configs/calibrations`.
 *
 * @throws {ScenarioError} If there is no such file, or it has no `compute` section.
 *
 * @example
 * ```ts
 * import { loadProfile } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { model, device, efficiency } = await loadProfile("rtx4090-llama-3.1-8b");
 * assertEquals([model, device], ["llama-3.1-8b", "rtx-4090"]);
 * assertEquals(Math.round(efficiency.stepNs! / 1e5), 19);
 * ```
 */
export async function loadProfile(nameOrPath: string): Promise<ComputeProfile> {
  const { file, text } = await loadNamed("calibrations", nameOrPath);
  return await parseProfile(text, file);
}

/** As {@linkcode loadProfile}, from a text. */
export async function parseProfile(text: string, file = "calibration"): Promise<ComputeProfile> {
  const { CalibrationSchema } = await import("../scenario/calibration_schema.ts");
  const { parseYaml } = await import("../scenario/yaml_text.ts");
  const value = await parseYaml<Calibration>(text, file, "calibration", CalibrationSchema);
  const { name, provenance, compute, fits = [], prefill } = value;
  if (compute === undefined) {
    throw new ScenarioError({
      code: "calibration/no-compute",
      message: "Cannot use calibration: it says nothing of computing",
      place: { file },
      expected: "a compute section, as `kvtier calibrate` writes it",
    });
  }
  const { model, device, tensorParallel = 1 } = compute;
  const costs = {
    nsPerToken: base("tokenTime", prefill?.perToken ?? "0 ns/token"),
    nsPerTokenSquared: base("tokenSquaredTime", prefill?.perTokenSquared ?? "0 ns/token^2"),
  };
  return {
    name,
    model,
    device,
    tensorParallel,
    efficiency: efficiencyIn(compute),
    provenance,
    fits,
    ...(prefill === undefined ? {} : { prefill: costs }),
  };
}

function efficiencyIn(compute: ComputeCalibration): Partial<Efficiency> {
  const found: Record<string, number> = {};
  for (const key of SHARES) if (compute[key] !== undefined) found[key] = compute[key];
  for (const [key, name] of QUANTITY_KEYS) {
    const text = compute[key];
    if (text === undefined) continue;
    found[name] = base(key === "allReduceBandwidth" ? "bandwidth" : "duration", text);
  }
  return found;
}

function base(kind: keyof typeof QUANTITIES, text: string): number {
  const reading = readQuantity(text, QUANTITIES[kind] as QuantityKind);
  return "value" in reading ? reading.value : NaN;
}

/** A profile as YAML; what {@linkcode parseProfile} reads back. */
export function profileYaml(profile: ComputeProfile): string {
  const { name, provenance, model, device, tensorParallel, efficiency, fits, prefill } = profile;
  const text = (value: string) => JSON.stringify(value);
  const lines = [
    `name: ${text(name)}`,
    "provenance:",
    `  source: ${text(provenance.source)}`,
    `  date: ${provenance.date}`,
    `  dataHash: ${text(provenance.dataHash)}`,
    "compute:",
    `  model: ${text(model)}`,
    `  device: ${text(device)}`,
    ...(tensorParallel === 1 ? [] : [`  tensorParallel: ${tensorParallel}`]),
    ...SHARES.flatMap((key) =>
      efficiency[key] === undefined ? [] : [`  ${key}: ${digits(efficiency[key], 4)}`]
    ),
    ...QUANTITY_KEYS.flatMap(([key, name]) => {
      const value = efficiency[name];
      if (value === undefined) return [];
      const rate = name === "allReduceBytesPerSecond";
      if (rate && value === 0) return [];
      return [`  ${key}: ${rate ? `${digits(value / 1e9, 4)} GB/s` : time(value)}`];
    }),
  ];
  if (prefill !== undefined) {
    lines.push(
      "prefill:",
      `  perToken: ${digits(prefill.nsPerToken / 1e3, 5)} us/token`,
      `  perTokenSquared: ${digits(prefill.nsPerTokenSquared, 5)} ns/token^2`,
    );
  }
  lines.push(...(fits.length === 0 ? [] : ["fits:"]), ...fits.flatMap(evidenceLines));
  return `${lines.join("\n")}\n`;
}

function evidenceLines(fit: FitEvidence): string[] {
  const { of, found, file, dataHash, points, meanError, r2, heldOutError, worst } = fit;
  return [
    `  - of: ${JSON.stringify(of)}`,
    `    found: [${found.join(", ")}]`,
    `    file: ${JSON.stringify(file)}`,
    `    dataHash: "${dataHash}"`,
    `    points: ${points}`,
    `    meanError: ${meanError.toFixed(5)}`,
    `    r2: ${r2.toFixed(5)}`,
    ...(heldOutError === undefined ? [] : [`    heldOutError: ${heldOutError.toFixed(5)}`]),
    `    worst: ${JSON.stringify(worst)}`,
  ];
}

/** A number with so many significant digits, never in exponential form. */
function digits(value: number, count: number): string {
  return String(Number(value.toPrecision(count)));
}

function time(ns: number): string {
  if (ns >= 1e6) return `${digits(ns / 1e6, 4)} ms`;
  return ns >= 1e3 ? `${digits(ns / 1e3, 4)} us` : `${Math.round(ns)} ns`;
}
