/**
 * Means over seeds, how sure they are, and when two of them are a draw.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { Random } from "../traces/synthetic/random.ts";

/** A mean with its spread. */
export interface Spread {
  readonly samples: number;
  readonly mean: number;
  /** Sample standard deviation, over n − 1. */
  readonly standardDeviation: number;
  /** Bootstrap percentile interval of the mean. */
  readonly low: number;
  readonly high: number;
}

/** How an interval is made; everything has a default. */
export interface BootstrapOptions {
  /** Share of resampled means inside the interval. Default 0.95. */
  readonly confidence?: number;
  /** Default 10,000. */
  readonly resamples?: number;
  /** Default 42. Equal samples and seeds give equal intervals. */
  readonly seed?: number;
}

/** Two means this close are a draw: one point of a ratio. */
export const DRAW_POINT = 0.01;

const DEFAULTS = { confidence: 0.95, resamples: 10_000, seed: 42 } as const;

/**
 * The arithmetic mean.
 *
 * @throws {UsageError} Of nothing.
 */
export function mean(samples: readonly number[]): number {
  need(samples, 1, "a mean");
  return sum(samples) / samples.length;
}

/** Neumaier's sum: the order of the samples hardly matters, and large ones do not drown small. */
function sum(samples: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const sample of samples) {
    const next = total + sample;
    lost += Math.abs(total) >= Math.abs(sample) ? (total - next) + sample : (sample - next) + total;
    total = next;
  }
  return total + lost;
}

/**
 * The sample standard deviation, over n − 1.
 *
 * @throws {UsageError} Of fewer than two samples.
 */
export function standardDeviation(samples: readonly number[]): number {
  need(samples, 2, "a standard deviation");
  const middle = mean(samples);
  return Math.sqrt(sum(samples.map((x) => (x - middle) ** 2)) / (samples.length - 1));
}

/**
 * Mean, standard deviation and bootstrap percentile interval.
 *
 * The interval says how far the mean would move with other seeds of the same kind. With few samples
 * it is too narrow: in a normal distribution the 95 % interval of 5 samples covers the true mean
 * about 83 times of 100, of 10 samples about 90 times, of 30 about 94 times.
 *
 * @throws {UsageError} Of fewer than two samples, or for options that make no sense.
 *
 * @example
 * ```ts
 * import { spread } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { mean, standardDeviation } = spread([2, 4, 4, 4, 5, 5, 7, 9]);
 * assertEquals(mean, 5);
 * assertEquals(standardDeviation, Math.sqrt(32 / 7));
 * ```
 */
export function spread(samples: readonly number[], options: BootstrapOptions = {}): Spread {
  const deviation = standardDeviation(samples);
  const [low, high] = interval(samples, { ...DEFAULTS, ...options });
  return { samples: samples.length, mean: mean(samples), standardDeviation: deviation, low, high };
}

function interval(
  samples: readonly number[],
  { confidence, resamples, seed }: Required<BootstrapOptions>,
): [low: number, high: number] {
  checkOptions(confidence, resamples);
  const count = samples.length;
  const draws = resampling(count, resamples, seed);
  const means = new Float64Array(resamples);
  for (let at = 0, draw = 0; at < resamples; at++) {
    let total = 0;
    for (let i = 0; i < count; i++) total += samples[draws[draw++]];
    means[at] = total / count;
  }
  means.sort();
  const cut = Math.min(Math.floor(resamples * (1 - confidence) / 2), (resamples - 1) >> 1);
  // No mean of samples is outside of them, whatever the last bit says: equal ones have one value.
  const within = (value: number) =>
    Math.min(Math.max(value, Math.min(...samples)), Math.max(...samples));
  return [within(means[cut]), within(means[resamples - 1 - cut])];
}

function checkOptions(confidence: number, resamples: number): void {
  if (confidence > 0 && confidence < 1 && Number.isInteger(resamples) && resamples >= 1) return;
  throw new UsageError({
    code: "usage/bootstrap",
    message: "Cannot make an interval: its options make no sense",
    found: `confidence ${confidence}, ${resamples} resamples`,
    expected: "a confidence between 0 and 1, and 1 resample or more",
  });
}

/** The last table of draws; the means of one sweep have all the same number of samples. */
let cached: { readonly key: string; readonly draws: Uint32Array } | undefined;

/** Which sample each resample takes: depends on nothing but the three numbers. */
function resampling(count: number, resamples: number, seed: number): Uint32Array {
  const key = `${count} ${resamples} ${seed}`;
  if (cached?.key === key) return cached.draws;
  const random = new Random(seed, "bootstrap");
  const draws = Uint32Array.from({ length: count * resamples }, () => random.below(count));
  cached = { key, draws };
  return draws;
}

/** A run's value with the workload that it is of, so that runs can be paired and told apart. */
export interface Sample {
  readonly value: number;
  readonly seed: number;
  /** Hash of the trace that was replayed. */
  readonly trace: string;
}

/** What several seeds say about one number. */
export type SeedSpread =
  | Spread & {
    /** `workload`: other seeds gave other traces. `policy`: one trace, a policy that draws. */
    readonly over: "workload" | "policy";
  }
  | {
    /** Runs that differ. */
    readonly samples: number;
    readonly mean: number;
    /** Why there is no spread. */
    readonly refused: "one-seed" | "seed-has-no-effect";
  };

/**
 * The spread over seeds, or why there is none.
 *
 * One seed has no spread. If every seed gave the same trace and the same value, the workload does
 * not depend on the seed: the runs are one run repeated, and a spread of 0 would claim a certainty
 * that nobody has.
 *
 * @example
 * ```ts
 * import { spreadOverSeeds } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const same = [1, 2, 3].map((seed) => ({ value: 0.5, seed, trace: "abc" }));
 * assertEquals(spreadOverSeeds(same), { samples: 1, mean: 0.5, refused: "seed-has-no-effect" });
 * ```
 */
export function spreadOverSeeds(
  samples: readonly Sample[],
  options: BootstrapOptions = {},
): SeedSpread {
  const runs = distinctRuns(samples);
  const values = runs.map(({ value }) => value);
  const few = { samples: runs.length, mean: mean(values) };
  if (samples.length < 2) return { ...few, refused: "one-seed" };
  if (runs.length < 2) return { ...few, refused: "seed-has-no-effect" };
  const isOneTrace = new Set(runs.map(({ trace }) => trace)).size === 1;
  return { ...spread(values, options), over: isOneTrace ? "policy" : "workload" };
}

/** Runs of one trace that all gave one value are one run, however many seeds they had. */
function distinctRuns(samples: readonly Sample[]): Sample[] {
  const byTrace = Map.groupBy(samples, ({ trace }) => trace);
  return [...byTrace.values()].flatMap((runs) =>
    runs.every(({ value }) => value === runs[0].value) ? runs.slice(0, 1) : runs
  );
}

/** The difference of two candidates on the same workloads. */
export interface PairedDifference {
  readonly pairs: number;
  /** Mean of first − second. */
  readonly mean: number;
  /** Absent when there is one pair, or the seed has no effect on either candidate. */
  readonly standardDeviation?: number;
  readonly low?: number;
  readonly high?: number;
  /** Under one point, or an interval that holds 0. */
  readonly draw: boolean;
}

/**
 * Compares two candidates run by run, so that what their workloads have in common cancels.
 *
 * @param first Samples of one candidate.
 * @param second Samples of the other one, for the same workloads and seeds, in any order.
 * @param point Below this difference of means it is a draw: {@linkcode DRAW_POINT} for ratios.
 * @throws {UsageError} If a workload or seed of one is missing from the other.
 *
 * @example
 * ```ts
 * import { pairedDifference } from "kvtier";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const of = (values: number[]) =>
 *   values.map((value, seed) => ({ value, seed, trace: `trace ${seed}` }));
 * const { mean, draw } = pairedDifference(of([0.52, 0.73, 0.61]), of([0.5, 0.7, 0.6]));
 * assertAlmostEquals(mean, 0.02);
 * assertEquals(draw, false);
 * ```
 */
export function pairedDifference(
  first: readonly Sample[],
  second: readonly Sample[],
  point = DRAW_POINT,
  options: BootstrapOptions = {},
): PairedDifference {
  const nameOf = ({ seed, trace }: Sample) => `${seed} ${trace}`;
  const others = new Map(second.map((sample) => [nameOf(sample), sample.value]));
  const differences = first.map((sample) => {
    const other = others.get(nameOf(sample));
    if (other === undefined || first.length !== second.length) throw unpaired(sample);
    return { ...sample, value: sample.value - other };
  });
  const found = spreadOverSeeds(differences, options);
  // Without a tolerance, 0.51 - 0.5 would be below a point by a bit of the last place.
  const isSmall = Math.abs(found.mean) < point * (1 - 1e-12);
  if ("refused" in found) return { pairs: found.samples, mean: found.mean, draw: isSmall };
  const { samples, mean, standardDeviation, low, high } = found;
  const draw = isSmall || (low <= 0 && high >= 0);
  return { pairs: samples, mean, standardDeviation, low, high, draw };
}

function unpaired({ seed, trace }: Sample): UsageError {
  return new UsageError({
    code: "sweep/unpaired",
    message: "Cannot compare in pairs: the two did not run on the same workloads and seeds",
    found: `seed ${seed} of trace ${trace.slice(0, 12)} without a partner`,
  });
}

function need(samples: readonly number[], least: number, what: string): void {
  if (samples.length >= least) return;
  throw new UsageError({
    code: "sweep/too-few-samples",
    message: `Cannot give ${what}: there are too few samples`,
    found: String(samples.length),
    expected: `${least} or more`,
  });
}
