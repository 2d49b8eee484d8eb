/**
 * What the numbers of a simulation rest on, as plain data: enough to say how far each may be
 * believed, without the simulation itself. Sweeps store it with each cell.
 *
 * @module
 */
import type { Saturation } from "./saturation.ts";

/** How arrival times came about. */
export type ArrivalEvidence =
  /** As they were logged. */
  | "measured"
  /** Logged, then compressed or stretched. */
  | "scaled"
  /** Drawn from a distribution, or all at once. */
  | "made";

/** One fit of a calibration. */
export interface FittedPart {
  /** What was fitted, such as `products of a layer`. */
  readonly of: string;
  /** Name of the measured file. */
  readonly file: string;
  readonly points: number;
  /** Mean error (a ratio) on what the fit saw, and on what it did not see. */
  readonly meanError: number;
  readonly heldOutError?: number;
}

/** The measurements that times of steps were fitted on. */
export interface CalibrationSource {
  readonly name: string;
  /** Who measured what. */
  readonly source: string;
  /** SHA-256 of the measured data. */
  readonly dataHash?: string;
  /** Mean error (a ratio) on what the fit saw, and on what it did not see. */
  readonly meanError?: number;
  readonly heldOutError?: number;
  /** Whether it was measured with this model on this GPU, as many of them to a replica. */
  readonly isSameSystem: boolean;
  /**
   * The constant of each step where no fit on served requests (or whole steps) gave it: the usual
   * one or the scenario's, in nanoseconds. Absent where it was fitted.
   */
  readonly assumedStepNs?: number;
  /** Its parts, in their order. */
  readonly fits?: readonly FittedPart[];
}

/** Names of devices and stores whose price or power nobody gave in the scenario. */
export interface Assumed {
  /** A price from a hardware file. */
  readonly prices: readonly string[];
  /** Busy watts from a data sheet, or idle watts as a share of them. */
  readonly power: readonly string[];
}

/** What all numbers of a run rest on. */
export interface Evidence {
  readonly arrivals: ArrivalEvidence;
  /** `none`: the trace does not name its blocks, so that nothing can be reused. */
  readonly reuse: "hashes" | "none";
  /** Absent when times of steps follow from data sheets. */
  readonly calibration?: CalibrationSource;
  readonly assumed: Assumed;
  readonly saturation: Pick<Saturation, "state" | "by" | "queueGrowth">;
  /** Requests that count and finished: what percentiles are taken of. */
  readonly finished: number;
}

/** How far a number may be believed, outside of the simulation. */
export type Confidence = "low" | "medium" | "high";

/** A verdict with its reason. */
export interface Verdict {
  readonly level: Confidence;
  /** A clause without a full stop. */
  readonly why: string;
}
