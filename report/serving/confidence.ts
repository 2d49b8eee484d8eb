/**
 * How far a number of a serving simulation may be believed, and why.
 *
 * ```
 * ground      high                    medium                        low
 * arrivals    measured                measured, then scaled         made
 * reuse       blocks are named        –                             they are not
 * steps       held-out error ≤ 10 %   ≤ 25 %, on another system,    more, or not measured
 *                                     or nothing held out (≤ 10 %)
 *             and its step constant,
 *             from served requests    from elsewhere
 * saturation  the queue is steady     too few requests to tell      it grows; sessions are held
 *                                                                   back; all came at once
 * prices      the scenario's          a hardware file's             –
 * power       the scenario's          a data sheet's, or a share    –
 * tail        ten values or more      one or more above the rank    none
 * ```
 *
 * A metric is as sure as the weakest of its grounds.
 *
 * @module
 */

import type {
  CalibrationSource,
  Confidence,
  Evidence,
  Verdict,
} from "../../serving/evidence/evidence.ts";
import { formatCount, formatDuration, formatPercent, NO_BREAK, sentenceList } from "../format.ts";
import type { Ground, ServingMetric, ServingRun } from "./metric.ts";
import { servingMetricsOf, USUAL_GROUNDS } from "./metrics.ts";
import { nearestRank } from "./quantile.ts";

export type { Confidence, Evidence, Verdict } from "../../serving/evidence/evidence.ts";

const ORDER: readonly Confidence[] = ["low", "medium", "high"];
const GOOD_ERROR = 0.1;
const FAIR_ERROR = 0.25;
/** Values above a percentile's rank that make it more than an accident. */
const TAIL_VALUES = 10;

/** What the numbers of a run rest on. */
export function evidenceOf({ context, saturation, times }: ServingRun): Evidence {
  const { trace, calibration, fleet } = context;
  return {
    arrivals: trace.arrivals,
    reuse: trace.reuse,
    ...(calibration === undefined ? {} : { calibration }),
    assumed: fleet.assumed ?? { prices: [], power: [] },
    saturation,
    finished: times.rows.length,
  };
}

/** The verdict on everything but the tail, which depends on the percentile. */
export function groundsOf(
  evidence: Evidence,
  growths: readonly number[] = growthsOf([evidence]),
): Record<Exclude<Ground, "tail">, Verdict> {
  const { assumed } = evidence;
  return {
    arrivals: ARRIVALS[evidence.arrivals],
    reuse: evidence.reuse === "hashes"
      ? { level: "high", why: "the trace names the blocks of each prompt" }
      : { level: "low", why: "the trace does not name its blocks, so that no prompt is reused" },
    steps: steps(evidence.calibration),
    saturation: saturation(evidence, growths),
    prices: assumed.prices.length === 0
      ? { level: "high", why: "prices are the scenario's" }
      : { level: "medium", why: `the price of ${sentenceList(assumed.prices)} is an assumption` },
    power: assumed.power.length === 0
      ? { level: "high", why: "watts are the scenario's" }
      : { level: "medium", why: `the watts of ${sentenceList(assumed.power)} are an assumption` },
  };
}

const ARRIVALS: Record<Evidence["arrivals"], Verdict> = {
  measured: { level: "high", why: "requests arrive as they were logged" },
  scaled: { level: "medium", why: "logged arrivals are compressed, stretched or copied" },
  made: { level: "low", why: "arrival times are made, not logged" },
};

/** Tables of layers do not say what lies between them: that takes served requests. */
function steps(calibration: CalibrationSource | undefined): Verdict {
  const fitted = calibrationVerdict(calibration);
  if (calibration?.assumedStepNs === undefined) return fitted;
  const constant = formatDuration(calibration.assumedStepNs).replace(" ", NO_BREAK);
  const why = `the constant of each step, ${constant}, was not fitted on served requests`;
  return weakest([fitted, { level: "medium", why }]);
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

/** What queues keep of what arrives, ascending, of the runs whose queues grow. */
function growthsOf(evidence: readonly Evidence[]): number[] {
  return evidence.flatMap(({ saturation: { by, queueGrowth } }) =>
    by.includes("queue") ? [queueGrowth ?? 0] : []
  ).sort((a, b) => a - b);
}

/** @param growths Of all runs that are judged together, so that they have one reason. */
function saturation(
  { saturation: { state, by } }: Evidence,
  growths: readonly number[],
): Verdict {
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
          ? `the queue keeps ${percentRange(growths)}${NO_BREAK}% of what arrives: ` +
            "times depend on where the trace ends"
          : "sessions that wait ask for less than the trace does",
      };
  }
}

function percentRange(ascending: readonly number[]): string {
  const ends = [ascending[0], ascending.at(-1)!].map(formatPercent);
  return [...new Set(ends)].join(" to ");
}

function tail(count: number, perMille: number): Verdict {
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
  metric: Pick<ServingMetric, "grounds" | "perMille">,
): Verdict {
  return confidenceOf(evidenceOf(run), metric);
}

/** As {@linkcode servingConfidence}, from what the run rests on. */
export function confidenceOf(
  evidence: Evidence,
  { grounds, perMille }: Pick<ServingMetric, "grounds" | "perMille">,
): Verdict {
  return weakest(verdicts([evidence], grounds, perMille));
}

function verdicts(
  evidence: readonly Evidence[],
  grounds: readonly Ground[],
  perMille?: number,
): Verdict[] {
  const growths = growthsOf(evidence);
  return evidence.flatMap((each) => {
    const known = groundsOf(each, growths);
    return grounds.flatMap((ground): Verdict[] => {
      if (ground !== "tail") return [known[ground]];
      return perMille === undefined ? [] : [tail(each.finished, perMille)];
    });
  });
}

/** The least of several verdicts, with the reasons of all that are as low, each once. */
export function weakest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return { level: "high", why: "it is given, not found" };
  const level = ORDER.find((level) => verdicts.some((verdict) => verdict.level === level))!;
  const reasons = verdicts.filter((verdict) => verdict.level === level).map(({ why }) => why);
  return { level, why: [...new Set(reasons)].join("; ") };
}

const OVERALL: readonly Ground[] = ["arrivals", "reuse", "steps", "saturation"];

/** The confidence of runs that are looked at together: that of the mean latency of the least sure. */
export function overallConfidence(...runs: readonly ServingRun[]): Verdict {
  return weakest(verdicts(runs.map(evidenceOf), OVERALL));
}

/**
 * The confidence of a metric over several runs, told from what they rest on.
 *
 * @param name A metric of a whole run; of another, all but saturation and prices is a ground.
 * @returns Nothing where nothing is known of the runs.
 */
export function metricConfidence(
  name: string,
  evidence: readonly Evidence[],
): Verdict | undefined {
  if (evidence.length === 0) return undefined;
  const metric = servingMetricsOf("run").find((entry) => entry.name === name);
  const grounds = metric?.grounds ?? USUAL_GROUNDS;
  return weakest(verdicts(evidence, grounds, metric?.perMille));
}
