/**
 * What a calibration is: fits, the efficiencies that they give, and the profile made of them.
 *
 * @module
 */
import type { FitEvidence } from "../scenario/calibration_schema.ts";
import { sha256Hex } from "../traces/canonical.ts";
import { errorsBySet, type Fit } from "./fit/fit.ts";
import type { MeasuredText } from "./fit/input.ts";
import type { MetricsLatency } from "./fit/metrics.ts";
import type { RequestFit } from "./fit/requests.ts";
import type { Device } from "./device.ts";
import type { ComputeProfile } from "./profile.ts";
import { type Efficiency, stepModel } from "./step_constants.ts";
import type { ComputableModel } from "./weights.ts";

/** What measurements are of. */
export interface CalibrationTarget {
  /** Name or path of the model's file. */
  readonly modelName: string;
  readonly model: ComputableModel;
  /** Name or path of the device's file. */
  readonly deviceName: string;
  readonly device: Device;
  /** Devices that share each layer; 1 when absent. */
  readonly tensorParallel?: number;
  /** What is known from elsewhere, such as a profile made of device tables. */
  readonly known?: ComputeProfile;
}

/** One fit with what it was made of. */
export interface CalibratedFit {
  /** What was fitted, such as `products of a layer`. */
  readonly name: string;
  /** Unit of the points and how many of their base units it has. */
  readonly file: string;
  readonly dataHash: string;
  readonly fit: Fit;
  /** Mean error of each set of points, when there are several. */
  readonly sets: readonly { readonly set: string; readonly meanError: number }[];
}

/** What calibrating gives. */
export interface CalibrationResult {
  /** `vidur`, `layers`, `requests`, `metrics`, `prefill`. */
  readonly kind: string;
  readonly model: string;
  readonly device: string;
  readonly tensorParallel: number;
  readonly fits: readonly CalibratedFit[];
  /** What the fits gave, over what was known. */
  readonly efficiency: Partial<Efficiency>;
  /** Name of the profile that was taken for known. */
  readonly known?: string;
  readonly prefill: { readonly nsPerToken: number; readonly nsPerTokenSquared: number };
  /** Observed beside predicted latencies, of request logs. */
  readonly requests?: Pick<RequestFit, "all" | "unseen" | "seen">;
  /** Observed latencies, of scrapes. */
  readonly latencies?: readonly MetricsLatency[];
  /** SHA-256 of the file; of several, of the lines that `sha256sum` prints for them. */
  readonly dataHash: string;
  readonly evidence: readonly FitEvidence[];
}

/** A fit with its source. */
export function calibratedFit(name: string, { file, hash }: MeasuredText, fit: Fit): CalibratedFit {
  const sets = errorsBySet(fit.points);
  return { name, file, dataHash: hash, fit, sets: sets.length > 1 ? sets : [] };
}

/** Puts fits together. */
export async function calibrationResult(
  kind: string,
  target: CalibrationTarget,
  sources: readonly MeasuredText[],
  fits: readonly CalibratedFit[],
  found: Partial<Efficiency>,
  more: Partial<CalibrationResult> = {},
): Promise<CalibrationResult> {
  const { model, device, tensorParallel = 1, known } = target;
  const efficiency = { ...known?.efficiency, ...found };
  return {
    kind,
    model: target.modelName,
    device: target.deviceName,
    tensorParallel,
    fits,
    efficiency,
    ...(known === undefined ? {} : { known: known.name }),
    prefill: prefillCost(model, device, tensorParallel, efficiency),
    dataHash: await hashOf(sources),
    evidence: [...known?.fits ?? [], ...fits.map(evidenceOf)],
    ...more,
  };
}

/** A result as a profile. */
export function profileOf(
  result: CalibrationResult,
  name: string,
  provenance: { readonly source: string; readonly date: string },
): ComputeProfile {
  const { model, device, tensorParallel, efficiency, prefill, evidence, dataHash } = result;
  return {
    name,
    model,
    device,
    tensorParallel,
    efficiency,
    prefill,
    provenance: { ...provenance, dataHash },
    fits: evidence,
  };
}

/** What a token and a pair of tokens cost in long prompts, where products are bound by FLOPs. */
export function prefillCost(
  model: ComputableModel,
  device: Device,
  tensorParallel: number,
  efficiency: Partial<Efficiency>,
): { readonly nsPerToken: number; readonly nsPerTokenSquared: number } {
  const step = stepModel(model, device, { tensorParallel, efficiency });
  const products = step.products.reduce((sum, { nsPerToken }) => sum + nsPerToken, 0);
  return {
    nsPerToken: products + step.tokenNs + step.allReduceNsPerToken,
    nsPerTokenSquared: (step.pairNs + step.windowPairNs) / 2,
  };
}

function evidenceOf({ name, file, dataHash, fit }: CalibratedFit): FitEvidence {
  const { points, meanError, r2, holdOut, worst, constants } = fit;
  const ratio = (worst.predicted / worst.observed - 1) * 100;
  return {
    of: name,
    found: constants.map(({ name }) => name),
    file: file.replace(/^.*[\\/]/, ""),
    dataHash,
    points: points.length,
    meanError,
    r2,
    ...(holdOut === undefined ? {} : { heldOutError: holdOut.meanError }),
    worst: `${worst.label}: ${ratio >= 0 ? "+" : ""}${ratio.toFixed(1)} %`,
  };
}

async function hashOf(sources: readonly MeasuredText[]): Promise<string> {
  if (sources.length === 1) return sources[0].hash;
  const lines = sources.map(({ hash, file }) => `${hash}  ${file}\n`).join("");
  return await sha256Hex(new TextEncoder().encode(lines));
}
