/**
 * A serving simulation as JSON: documented, versioned, the same bytes for the same numbers.
 *
 * @module
 */

import type { DocumentOptions } from "../json.ts";
import { evidenceOf, groundsOf, overallConfidence, servingConfidence } from "./confidence.ts";
import type { CalibrationSource, FleetGroup } from "./context.ts";
import type { ServingRun } from "./metric.ts";
import { servingMetricsOf } from "./metrics.ts";
import { valuesOf } from "./tables.ts";

/** Version of the JSON document; raised when a key changes its meaning or goes away. */
export const SERVING_SCHEMA = 1;

/** The document as a value: plain data with keys in their written order. */
export function servingDocument(
  run: ServingRun,
  options: DocumentOptions,
): Record<string, unknown> {
  const { context, kinds } = run;
  const { trace, slo, hashes, calibration, storeCalibration, calibrated = [], spec } = context;
  return {
    command: options.command ?? "latency",
    version: options.version,
    schema: SERVING_SCHEMA,
    scenario: { name: context.name, path: context.path ?? null, model: context.model },
    cluster: {
      replicas: spec.replicas.length,
      router: spec.router,
      routerSample: spec.routerSample,
      stalenessNs: spec.stalenessNs,
      speculativeView: spec.speculativeView,
      handover: spec.handover,
      deltaTransfer: spec.deltaTransfer,
      recompute: spec.recompute,
      peers: spec.peers,
      discipline: spec.discipline,
      closedLoop: spec.closedLoop,
      warmupNs: spec.warmupNs ?? 0,
      seed: spec.seed,
    },
    slo: { ttftNs: slo?.ttftNs ?? null, tpotNs: slo?.tpotNs ?? null },
    trace: {
      path: trace.path,
      format: trace.format,
      requests: trace.requests,
      blockTokens: trace.blockTokens,
      arrivals: trace.arrivals,
      reuse: trace.reuse,
      hash: hashes.trace,
      notes: [...trace.notes],
    },
    calibration: calibration === undefined ? null : calibrationDocument(calibration),
    storeCalibration: storeCalibration === undefined
      ? null
      : { name: storeCalibration.name, source: storeCalibration.source },
    calibrated: [...calibrated],
    notes: [...context.notes ?? []],
    confidence: confidenceDocument(run),
    saturation: run.saturation.state,
    metrics: valuesOf(run, "run"),
    groups: kinds.groups.map(({ name, group, replicas }, at) => ({
      name,
      replicas: replicas.length,
      ...groupDocument(group),
      ...valuesOf(run, "group", at),
    })),
    stores: kinds.stores.map(({ name, tier }, at) => ({
      name,
      tier,
      ...valuesOf(run, "store", at),
    })),
    links: kinds.links.map(({ name }, at) => ({ name, ...valuesOf(run, "link", at) })),
    timeline: timelineDocument(run),
    hashes: { trace: hashes.trace, engine: hashes.engine, spec: hashes.spec },
    resultHash: hashes.result,
  };
}

/** Shares to a millionth. */
function rounded(shares: Float64Array): number[] {
  return Array.from(shares, (share) => Math.round(share * 1e6) / 1e6);
}

function timelineDocument({ timeline, kinds }: ServingRun): Record<string, unknown> | null {
  if (timeline === undefined) return null;
  return {
    columnNs: timeline.columnNs,
    startNs: [...timeline.startNs],
    roles: timeline.roles.map(({ role, busy, held }) => ({
      role,
      busyRatio: rounded(busy),
      hbmOccupancy: rounded(held),
    })),
    links: timeline.links.map(({ mean, busiest }, at) => ({
      name: kinds.links[at].name,
      useRatio: rounded(mean),
      busiest: busiest?.name ?? null,
      busiestUseRatio: busiest === undefined ? null : rounded(busiest.share),
    })),
  };
}

function calibrationDocument(calibration: CalibrationSource): Record<string, unknown> {
  return {
    name: calibration.name,
    source: calibration.source,
    dataHash: calibration.dataHash ?? null,
    meanError: calibration.meanError ?? null,
    heldOutError: calibration.heldOutError ?? null,
    isSameSystem: calibration.isSameSystem,
    assumedStepNs: calibration.assumedStepNs ?? null,
    fits: (calibration.fits ?? []).map((fit) => ({
      of: fit.of,
      file: fit.file,
      points: fit.points,
      meanError: fit.meanError,
      heldOutError: fit.heldOutError ?? null,
    })),
  };
}

function groupDocument(group: FleetGroup): Record<string, unknown> {
  return {
    gpu: group.gpu,
    gpusPerReplica: group.gpusPerReplica,
    dollarsPerGpuHour: group.dollarsPerGpuHour ?? null,
    busyWatts: group.busyWatts ?? null,
    idleWatts: group.idleWatts ?? null,
  };
}

function confidenceDocument(run: ServingRun): Record<string, unknown> {
  const { level, why } = overallConfidence(run);
  const metrics = servingMetricsOf("run");
  return {
    level,
    why,
    grounds: groundsOf(evidenceOf(run)),
    metrics: Object.fromEntries(
      metrics.map((entry) => [entry.name, servingConfidence(run, entry).level]),
    ),
  };
}

/**
 * Writes a serving simulation as JSON, indented by two, ending in a newline.
 *
 * Keys keep their order; numbers are the shortest that read back as the same double, so equal
 * results give equal bytes on every host. The shape is `docs/schema/serving.v1.json`.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingJson, servingRun } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { result, context } = EXAMPLE_SERVING;
 * const document = JSON.parse(servingJson(servingRun(result, context), { version: "0.1.0" }));
 * assertEquals(document.metrics.ttftNsMean, 47_500_000);
 * ```
 */
export function servingJson(run: ServingRun, options: DocumentOptions): string {
  return `${JSON.stringify(servingDocument(run, options), null, 2)}\n`;
}
