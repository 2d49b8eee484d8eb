/**
 * What a serving result does not say of itself: the fleet, its prices, the trace, the measurements.
 *
 * @module
 */

import type { ServingHashes } from "../../engine/serving_result.ts";
import type { ServingSpec } from "../../engine/serving_spec.ts";
import type {
  ArrivalEvidence,
  Assumed,
  CalibrationSource,
} from "../../serving/evidence/evidence.ts";

export type {
  ArrivalEvidence,
  Assumed,
  CalibrationSource,
  FittedPart,
} from "../../serving/evidence/evidence.ts";

/** GPUs of one kind that do one job. */
export interface FleetGroup {
  /** What it is called, such as `prefill`. */
  readonly name: string;
  /** Name of the GPU, such as `h100-sxm`. */
  readonly gpu: string;
  /** GPUs of one replica; 1 or more. */
  readonly gpusPerReplica: number;
  /** Dollars for one GPU in an hour, its share of the host included. */
  readonly dollarsPerGpuHour?: number;
  /** Watts of one GPU while a step runs on it, and while none does. */
  readonly busyWatts?: number;
  readonly idleWatts?: number;
}

/** All GPUs, and what is paid for beside them. */
export interface Fleet {
  readonly groups: readonly FleetGroup[];
  /** Index of its group for each replica. */
  readonly groupOf: ArrayLike<number>;
  /** Dollars an hour and watts of memory pools, switches and hosts that no GPU's numbers hold. */
  readonly otherDollarsPerHour?: number;
  readonly otherWatts?: number;
  /** Whose prices and watts nobody gave; absent when all are given. */
  readonly assumed?: Assumed;
}

/** What users were promised: at most so long, each. A request meets it when all that is given holds. */
export interface ServiceLevel {
  readonly ttftNs?: number;
  readonly tpotNs?: number;
}

/** The trace that was served. */
export interface ServedTrace {
  readonly path: string;
  readonly format: string;
  readonly requests: number;
  readonly blockTokens: number;
  readonly arrivals: ArrivalEvidence;
  /** `none`: the trace does not name its blocks, so that nothing can be reused. */
  readonly reuse: "hashes" | "none";
  readonly notes: readonly string[];
}

/** Everything beside the result itself. */
export interface ServingContext {
  /** Name of the scenario. */
  readonly name: string;
  readonly description?: string;
  /** Path of the scenario's file, if it has one. */
  readonly path?: string;
  /** Name of the model that is served. */
  readonly model: string;
  readonly spec: ServingSpec;
  readonly fleet: Fleet;
  readonly slo?: ServiceLevel;
  readonly trace: ServedTrace;
  /** Absent when times of steps follow from data sheets. */
  readonly calibration?: CalibrationSource;
  /** Who measured the speeds of stores; absent when they follow from data sheets. */
  readonly storeCalibration?: Pick<CalibrationSource, "name" | "source">;
  /** Key paths of the scenario whose numbers calibrations gave, sorted. */
  readonly calibrated?: readonly string[];
  /** What was asked for and not kept, or had no effect: clauses without a full stop. */
  readonly notes?: readonly string[];
  readonly hashes: ServingHashes;
}

/**
 * A fleet whose groups are the roles of its replicas, all of one kind of GPU.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, fleetByRole } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { groups } = fleetByRole(EXAMPLE_SERVING.context.spec, {
 *   gpu: "h100-sxm",
 *   gpusPerReplica: 4,
 * });
 * assertEquals(groups.map(({ name }) => name), ["unified"]);
 * ```
 */
export function fleetByRole(spec: ServingSpec, gpus: Omit<FleetGroup, "name">): Fleet {
  const names = [...new Set(spec.replicas.map(({ role }) => role))];
  return {
    groups: names.map((name) => ({ name, ...gpus })),
    groupOf: spec.replicas.map(({ role }) => names.indexOf(role)),
  };
}
