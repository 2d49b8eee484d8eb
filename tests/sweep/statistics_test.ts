/**
 * Means, deviations and intervals against values made by hand, and against a known distribution.
 */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { UsageError } from "../../errors/errors.ts";
import {
  mean,
  pairedDifference,
  type Sample,
  spread,
  spreadOverSeeds,
  standardDeviation,
} from "../../sweep/statistics.ts";
import { Random } from "../../traces/synthetic/random.ts";

/** Samples of seeds 1, 2, 3, …, each of a workload of its own. */
function samples(values: readonly number[], trace = (seed: number) => `trace ${seed}`): Sample[] {
  return values.map((value, at) => ({ value, seed: at + 1, trace: trace(at + 1) }));
}

Deno.test("mean and standard deviation, by hand", () => {
  // 2 + 4 + 4 + 4 + 5 + 5 + 7 + 9 = 40; squares from 5: 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32.
  assertEquals(mean([2, 4, 4, 4, 5, 5, 7, 9]), 5);
  assertEquals(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), Math.sqrt(32 / 7));
  assertEquals(standardDeviation([1, 3]), Math.SQRT2);
  // Neither the size of the numbers nor their order costs digits.
  assertEquals(mean([1e16, 1, -1e16]), 1 / 3);
  assertAlmostEquals(
    standardDeviation([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]),
    Math.sqrt(30),
    1e-9,
  );
  assertThrows(() => mean([]), UsageError, "too few samples");
  assertThrows(() => standardDeviation([1]), UsageError, "too few samples");
});

Deno.test("the interval of two samples, by hand", () => {
  // Four equally likely resamples, means 0, 5, 5 and 10: 250 of 10,000 are far inside the ends.
  const { low, high, mean } = spread([0, 10]);
  assertEquals([low, mean, high], [0, 5, 10]);
  assertEquals([spread([1, 2, 4]).low, spread([1, 2, 4]).high], [1, 4]);
  // Half of the resampled means are 5 exactly, from the 25th to the 75th hundredth.
  const middle = spread([0, 10], { confidence: 0.4 });
  assertEquals([middle.low, middle.high], [5, 5]);
});

Deno.test("the interval of three samples has the exact probabilities of its means", () => {
  // Of 27 resamples of 0, 0, 9 the mean is 0 in 8, 3 in 12, 6 in 6, 9 in 1 (3.7 % > 2.5 %).
  const { low, high } = spread([0, 0, 9]);
  assertEquals([low, high], [0, 9]);
  // 90 %: the upper end has 5 % above it, and 9 has only 3.7 %.
  assertEquals(spread([0, 0, 9], { confidence: 0.9 }).high, 6);
});

Deno.test("equal samples and seeds give equal intervals; other seeds nearly so", () => {
  const values = [0.3121, 0.3537, 0.2819, 0.4043, 0.3301, 0.3712, 0.2923, 0.3644];
  assertEquals(spread(values), spread(values));
  spread([1, 2, 3]);
  assertEquals(spread(values), spread([...values]), "what was computed before must not matter");
  const other = spread(values, { seed: 7 });
  assertNotEquals([other.low, other.high], [spread(values).low, spread(values).high]);
  assertAlmostEquals(other.low, spread(values).low, 0.002);
  const { low, high, standardDeviation: deviation } = spread(values);
  assertAlmostEquals((high - low) / (2 * 1.96 * deviation / Math.sqrt(8)), 1, 0.1);
  assertThrows(() => spread(values, { resamples: 0 }), UsageError);
  assertThrows(() => spread(values, { confidence: 1 }), UsageError);
});

/** How often the 95 % interval of normal samples holds the true mean. */
function coverage(count: number, trials: number): number {
  const random = new Random(2024, "coverage");
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const values = Array.from({ length: count }, () => 10 + 3 * random.normal());
    const { low, high } = spread(values, { resamples: 2_000 });
    if (low <= 10 && high >= 10) covered++;
  }
  return covered / trials;
}

Deno.test("the 95 % interval covers the true mean as often as it is known to", () => {
  // Three standard errors of 1,000 trials are 0.021 at 0.94 and 0.036 at 0.83.
  assertAlmostEquals(coverage(30, 1_000), 0.94, 0.021);
  assertAlmostEquals(coverage(10, 1_000), 0.905, 0.028);
  assertAlmostEquals(coverage(5, 1_000), 0.83, 0.036);
});

Deno.test("no spread without a cause for it", () => {
  assertEquals(spreadOverSeeds(samples([0.5])), { samples: 1, mean: 0.5, refused: "one-seed" });
  const fixed = (values: number[]) => spreadOverSeeds(samples(values, () => "one trace"));
  assertEquals(fixed([0.5, 0.5, 0.5]), { samples: 1, mean: 0.5, refused: "seed-has-no-effect" });
  // A policy that draws gives another value on the same trace.
  const drawn = fixed([0.5, 0.6, 0.55]);
  assert("over" in drawn && drawn.over === "policy");
  // Other workloads that happen to agree are samples like others.
  const agreed = spreadOverSeeds(samples([0.5, 0.5, 0.5]));
  assert("over" in agreed && agreed.over === "workload");
  assertEquals([agreed.samples, agreed.low, agreed.high, agreed.standardDeviation], [
    3,
    0.5,
    0.5,
    0,
  ]);
  // Two files replayed with three seeds each are two samples, not six.
  const files = [0.1, 0.1, 0.1, 0.3, 0.3, 0.3].map((value, at): Sample => ({
    value,
    seed: at % 3,
    trace: at < 3 ? "a" : "b",
  }));
  assertEquals(spreadOverSeeds(files).samples, 2);
});

Deno.test("pairs cancel what their workloads have in common", () => {
  const base = [0.1, 0.5, 0.9, 0.3, 0.7, 0.2, 0.8, 0.4];
  const better = base.map((value, at) => value + 0.02 + 0.001 * (at % 2));
  const found = pairedDifference(samples(better), samples(base).toReversed());
  assertEquals(found.pairs, 8);
  assertAlmostEquals(found.mean, 0.0205, 1e-12);
  assertEquals(found.draw, false);
  assert(found.low! > 0.0199 && found.high! < 0.0211);
  // Side by side the two would be indistinguishable.
  assert(spread(better).low < spread(base).mean);
  const back = pairedDifference(samples(base), samples(better));
  assertAlmostEquals(back.mean, -0.0205, 1e-12);
});

Deno.test("a draw: under one point, or an interval that holds 0", () => {
  const many = Array.from({ length: 20 }, (_, at) => 0.5 + 0.01 * (at % 3));
  const plus = (by: number) => samples(many.map((value) => value + by));
  assertEquals(pairedDifference(plus(0.0099), samples(many)).draw, true, "sure, but small");
  assertEquals(pairedDifference(plus(0.01), samples(many)).draw, false, "one point is no draw");
  assertEquals(pairedDifference(plus(-0.01), samples(many)).draw, false);
  const unsure = samples(many.map((value, at) => value + (at % 2 === 0 ? 0.3 : -0.2)));
  const found = pairedDifference(unsure, samples(many));
  assertAlmostEquals(found.mean, 0.05, 1e-12);
  assert(found.low! < 0 && found.high! > 0 && found.draw);
  // One pair has no interval; the point alone decides.
  assertEquals(pairedDifference(samples([0.6]), samples([0.5])), {
    pairs: 1,
    mean: 0.6 - 0.5,
    draw: false,
  });
  assertEquals(pairedDifference(samples([0.505]), samples([0.5])).draw, true);
});

Deno.test("what has no partner is refused", () => {
  const other = samples([0.5, 0.6], (seed) => `other ${seed}`);
  assertThrows(() => pairedDifference(samples([0.5, 0.6]), other), UsageError, "same workloads");
  assertThrows(() => pairedDifference(samples([0.5]), samples([0.5, 0.6])), UsageError);
  assertThrows(() => pairedDifference(samples([0.5, 0.6]), samples([0.5])), UsageError);
});
