/**
 * What a report of a simulated cluster needs besides the result.
 *
 * @module
 */
import {
  arrivalEvidence,
  calibrationSource,
  clusterNotes,
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
    ...(profile === undefined ? {} : { calibration: calibrationSource(scenario, profile) }),
    ...(storeCalibration === undefined ? {} : { storeCalibration }),
    calibrated: scenario.calibrated,
    notes: clusterNotes({ scenario, expansion }, source),
    hashes: await servingHashes(result, spec, trace),
  };
  return servingRun(result, context);
}

function fleetOf(
  { deviceName, tensorParallel, gpusPerNode, prices, power, assumed }: ClusterScenario,
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
    assumed,
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
  const scaling = [
    ...(rate === 1 ? [] : [`arrivals ${rate} times as fast`]),
    ...(copies === 1 ? [] : [`${copies} copies with blocks and sessions of their own`]),
  ];
  return {
    path,
    format,
    requests: trace.requestCount,
    blockTokens,
    arrivals: arrivalEvidence(source, copies, rate),
    reuse,
    notes: [...notes, ...scaling],
  };
}
