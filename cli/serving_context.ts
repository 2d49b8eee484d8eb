/**
 * What a report of a simulated cluster needs besides the result.
 *
 * @module
 */
import {
  type CalibrationSource,
  type ClusterRun,
  type ClusterScenario,
  fleetByRole,
  type ServedTrace,
  type ServingContext,
  servingHashes,
  type ServingRun,
  servingRun,
  type Trace,
} from "kvtier";

/**
 * A run with everything that its metrics are computed from.
 *
 * @param source The trace as it was read, before it was scaled.
 * @param path Path of the scenario's file.
 */
export async function reportable(
  { scenario, expansion, trace, copies, result }: ClusterRun,
  source: Trace,
  path: string,
): Promise<ServingRun> {
  const { spec } = expansion;
  const { slo, profile, storeCalibration } = scenario;
  const context: ServingContext = {
    name: scenario.name,
    ...(scenario.description === undefined ? {} : { description: scenario.description }),
    path,
    model: scenario.modelName,
    spec,
    fleet: fleetOf(scenario, expansion),
    ...(slo === undefined ? {} : { slo }),
    trace: served(source, trace, copies, scenario),
    ...(profile === undefined ? {} : { calibration: sourceOf(scenario, profile) }),
    ...(storeCalibration === undefined ? {} : { storeCalibration }),
    calibrated: scenario.calibrated,
    hashes: await servingHashes(result, spec, trace),
  };
  return servingRun(result, context);
}

function fleetOf(
  { deviceName, tensorParallel, gpusPerNode, prices, power }: ClusterScenario,
  { spec, fleet }: ClusterRun["expansion"],
): ServingContext["fleet"] {
  const perGpu = prices.dollarsPerGpuHour + prices.dollarsPerHostHour / gpusPerNode;
  const stores = fleet.stores.reduce((sum, { dollarsPerHour }) => sum + dollarsPerHour, 0);
  const roles = fleetByRole(spec, {
    gpu: deviceName,
    gpusPerReplica: tensorParallel,
    ...(perGpu > 0 ? { dollarsPerGpuHour: perGpu } : {}),
    ...(power.busyWatts > 0 ? power : {}),
  });
  return {
    ...roles,
    ...(stores > 0 ? { otherDollarsPerHour: stores } : {}),
    ...(fleet.hostWatts > 0 ? { otherWatts: fleet.hostWatts } : {}),
  };
}

function served(
  source: Trace,
  trace: Trace,
  copies: number,
  { load: { rate } }: ClusterScenario,
): ServedTrace {
  const { path, format, blockTokens, reuse, notes } = source;
  const isMade = format === "synthetic" || source.requests.arrivalNs === undefined;
  const scaling = [
    ...(rate === 1 ? [] : [`arrivals ${rate} times as fast`]),
    ...(copies === 1 ? [] : [`${copies} copies with blocks and sessions of their own`]),
  ];
  return {
    path,
    format,
    requests: trace.requestCount,
    blockTokens,
    arrivals: isMade ? "made" : scaling.length > 0 ? "scaled" : "measured",
    reuse,
    notes: [...notes, ...scaling],
  };
}

type Profile = NonNullable<ClusterScenario["profile"]>;

/** How well a profile fits a scenario: by whole requests where they were measured, else by its worst part. */
export function sourceOf(
  { modelName, deviceName, tensorParallel }: Pick<
    ClusterScenario,
    "modelName" | "deviceName" | "tensorParallel"
  >,
  { name, provenance, fits, model, device, tensorParallel: devices }: Profile,
): CalibrationSource {
  const whole = fits.filter(({ of }) => of.startsWith("latencies"));
  const judged = whole.length > 0 ? whole : fits;
  const worst = (errors: readonly (number | undefined)[]) => {
    const known = errors.filter((error) => error !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const meanError = worst(judged.map((fit) => fit.meanError));
  const heldOutError = worst(judged.map((fit) => fit.heldOutError));
  return {
    name,
    source: provenance.source,
    dataHash: provenance.dataHash,
    ...(meanError === undefined ? {} : { meanError }),
    ...(heldOutError === undefined ? {} : { heldOutError }),
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
