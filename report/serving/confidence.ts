/**
 * How far a number of a serving simulation may be believed, and why.
 *
 * ```
 * ground      high                    medium                        low
 * arrivals    measured                measured, then scaled         made
 * reuse       blocks are named        –                             they are not
 * steps       held-out error ≤ 10 %   ≤ 25 %, on another system,    more, or not measured
 *                                     or nothing held out (≤ 10 %)
 * saturation  the queue is steady     too few requests to tell      it grows; sessions are held
 *                                                                   back; all came at once
 * tail        ten values or more      one or more above the rank    none
 * ```
 *
 * A metric is as sure as the weakest of its grounds.
 *
 * @module
 */

import { formatCount, formatPercent, NO_BREAK } from "../format.ts";
import type { CalibrationSource } from "./context.ts";
import type { Ground, ServingMetric, ServingRun } from "./metric.ts";
import { nearestRank } from "./quantile.ts";

/** How far a number may be believed, outside of the simulation. */
export type Confidence = "low" | "medium" | "high";

/** A verdict with its reason. */
export interface Verdict {
  readonly level: Confidence;
  /** A clause without a full stop. */
  readonly why: string;
}

const ORDER: readonly Confidence[] = ["low", "medium", "high"];
const GOOD_ERROR = 0.1;
const FAIR_ERROR = 0.25;
/** Values above a percentile's rank that make it more than an accident. */
const TAIL_VALUES = 10;

/** The verdict on everything but the tail, which depends on the percentile. */
export function groundsOf(run: ServingRun): Record<Exclude<Ground, "tail">, Verdict> {
  return {
    arrivals: arrivals(run),
    reuse: run.context.trace.reuse === "hashes"
      ? { level: "high", why: "the trace names the blocks of each prompt" }
      : { level: "low", why: "the trace does not name its blocks, so that no prompt is reused" },
    steps: calibrationVerdict(run.context.calibration),
    saturation: saturation(run),
  };
}

function arrivals({ context: { trace } }: ServingRun): Verdict {
  switch (trace.arrivals) {
    case "measured":
      return { level: "high", why: "requests arrive as they were logged" };
    case "scaled":
      return { level: "medium", why: "logged arrivals are compressed, stretched or copied" };
    case "made":
      return { level: "low", why: "arrival times are made, not logged" };
  }
}

/** How far times of steps may be believed that a calibration gave, or none. */
export function calibrationVerdict(calibration: CalibrationSource | undefined): Verdict {
  if (calibration === undefined) {
    return { level: "low", why: "times of steps follow from data sheets, not from a measurement" };
  }
  const { name, heldOutError, meanError, isSameSystem } = calibration;
  const error = heldOutError ?? meanError;
  if (error === undefined) {
    return { level: "low", why: `calibration ${name} does not say how well it fits` };
  }
  const found = heldOutError === undefined ? "error on the data that it saw" : "held-out error";
  const why = `calibration ${name} has a ${found} of ${formatPercent(error)}${NO_BREAK}%`;
  if (error > FAIR_ERROR) return { level: "low", why };
  if (!isSameSystem) return { level: "medium", why: `${why}, on another system than this` };
  const isHigh = error <= GOOD_ERROR && heldOutError !== undefined;
  if (heldOutError === undefined && error > GOOD_ERROR) return { level: "low", why };
  return { level: isHigh ? "high" : "medium", why };
}

function saturation({ saturation: { state, by, queueGrowth } }: ServingRun): Verdict {
  switch (state) {
    case "steady":
      return { level: "high", why: "the queue does not grow" };
    case "unknown":
      return { level: "medium", why: "too few requests to tell whether the queue grows" };
    case "offline":
      return {
        level: "low",
        why: "all requests come at once: they wait as long as there are many",
      };
    case "saturated":
      return {
        level: "low",
        why: by.includes("queue")
          ? `the queue keeps ${formatPercent(queueGrowth ?? 0)}${NO_BREAK}% of what arrives: ` +
            "times depend on where the trace ends"
          : "sessions that wait ask for less than the trace does",
      };
  }
}

function tail(run: ServingRun, perMille: number): Verdict {
  const count = run.times.rows.length;
  const above = count - nearestRank(perMille, count);
  const values = `${formatCount(above)} of ${formatCount(count)} requests lie above it`;
  if (above >= TAIL_VALUES) return { level: "high", why: values };
  return above > 0
    ? { level: "medium", why: `only ${values}` }
    : { level: "low", why: `${formatCount(count)} requests are too few: it is the longest` };
}

/**
 * How far a metric of a run may be believed: the level of its weakest ground, with the reasons of
 * all grounds as weak as that.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingConfidence, servingMetric, servingRun } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * assertEquals(servingConfidence(run, servingMetric("cachedTokenRatio")).level, "high");
 * ```
 */
export function servingConfidence(
  run: ServingRun,
  { grounds, perMille }: Pick<ServingMetric, "grounds" | "perMille">,
): Verdict {
  const known = groundsOf(run);
  return weakest(grounds.flatMap((ground): Verdict[] => {
    if (ground !== "tail") return [known[ground]];
    return perMille === undefined ? [] : [tail(run, perMille)];
  }));
}

/** The least of several verdicts, with the reasons of all that are as low. */
export function weakest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return { level: "high", why: "it is given, not found" };
  const level = ORDER.find((level) => verdicts.some((verdict) => verdict.level === level))!;
  const reasons = verdicts.filter((verdict) => verdict.level === level).map(({ why }) => why);
  return { level, why: reasons.join("; ") };
}

/** The confidence of the whole run: that of its mean latency. */
export function overallConfidence(run: ServingRun): Verdict {
  return servingConfidence(run, { grounds: ["arrivals", "reuse", "steps", "saturation"] });
}
