/**
 * What the numbers of a simulated cluster rest on: its trace, calibration, prices and load.
 *
 * @module
 */
import type { Trace } from "../../traces/trace.ts";
import type { ClusterScenario } from "../cluster/scenario.ts";
import type { ClusterRun } from "../cluster/simulate.ts";
import type { ComputeProfile } from "../profile.ts";
import { USUAL_EFFICIENCY } from "../step_constants.ts";
import { isCounted } from "./counted.ts";
import type { ArrivalEvidence, CalibrationSource, Evidence } from "./evidence.ts";
import { saturationOf } from "./saturation.ts";

/** `ServedState.Finished`. */
const FINISHED = 1;

/**
 * What a run's numbers rest on.
 *
 * @param source The trace as it was read, before it was scaled.
 */
export function clusterEvidence(
  { scenario, copies, result }: Pick<ClusterRun, "scenario" | "copies" | "result">,
  source: Trace,
): Evidence {
  const { state, by, queueGrowth } = saturationOf(result);
  const finished = result.requests.state.reduce(
    (count, state, row) => count + Number(state === FINISHED && isCounted(result, row)),
    0,
  );
  return {
    arrivals: arrivalEvidence(source, copies, scenario.load.rate),
    reuse: source.reuse,
    ...(scenario.profile === undefined
      ? {}
      : { calibration: calibrationSource(scenario, scenario.profile) }),
    assumed: scenario.assumed,
    saturation: { state, by, queueGrowth },
    finished,
  };
}

/** How arrival times came about that a trace was given `copies` and a `rate` for. */
export function arrivalEvidence(
  { format, requests }: Pick<Trace, "format" | "requests">,
  copies: number,
  rate: number,
): ArrivalEvidence {
  if (format === "synthetic" || requests.arrivalNs === undefined) return "made";
  return rate === 1 && copies === 1 ? "measured" : "scaled";
}

/** A system that a profile may be of. */
export type CalibratedSystem =
  & Pick<ClusterScenario, "modelName" | "deviceName" | "tensorParallel">
  & Partial<Pick<ClusterScenario, "efficiency">>;

/**
 * How well a profile fits a system: by whole requests where they were measured, else by its worst
 * part.
 */
export function calibrationSource(
  { modelName, deviceName, tensorParallel, efficiency }: CalibratedSystem,
  profile: ComputeProfile,
): CalibrationSource {
  const { name, provenance, fits, model, device, tensorParallel: devices } = profile;
  const whole = fits.filter(({ of }) => of.startsWith("latencies"));
  const judged = whole.length > 0 ? whole : fits;
  const worst = (errors: readonly (number | undefined)[]) => {
    const known = errors.filter((error) => error !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const meanError = worst(judged.map((fit) => fit.meanError));
  const heldOutError = worst(judged.map((fit) => fit.heldOutError));
  const stepNs = (efficiency ?? profile.efficiency).stepNs ?? USUAL_EFFICIENCY.stepNs;
  const isStepFitted = fits.some(({ found }) => found.includes("stepNs")) &&
    stepNs === profile.efficiency.stepNs;
  return {
    name,
    source: provenance.source,
    dataHash: provenance.dataHash,
    ...(meanError === undefined ? {} : { meanError }),
    ...(heldOutError === undefined ? {} : { heldOutError }),
    ...(isStepFitted ? {} : { assumedStepNs: stepNs }),
    fits: fits.map(({ of, file, points, meanError, heldOutError }) => ({
      of,
      file,
      points,
      meanError,
      ...(heldOutError === undefined ? {} : { heldOutError }),
    })),
    isSameSystem: model === modelName && device === deviceName && devices === tensorParallel,
  };
}
