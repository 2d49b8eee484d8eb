import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../errors/errors.ts";
import { EXAMPLE_RUN } from "./example.ts";
import { RUN_METRICS, runMetric, runText, runValue, tierText, tierValue } from "./metrics.ts";

const { result, scenario } = EXAMPLE_RUN;

Deno.test("every metric of a run is defined in full, once per scope", () => {
  const keys = RUN_METRICS.map(({ scope, name }) => `${scope} ${name}`);
  assertEquals(new Set(keys).size, keys.length);
  for (const entry of RUN_METRICS) {
    assert(/^[a-z][A-Za-z0-9]+$/.test(entry.name), entry.name);
    assert(entry.meaning.endsWith("."), `${entry.name}: meaning is no sentence`);
    assert(entry.doesNotShow.endsWith("."), `${entry.name}: limits are no sentence`);
    assert(entry.formula !== "" && entry.unit !== "" && entry.label !== "", entry.name);
  }
});

Deno.test("every metric of the worked example is a number or known to be undefined", () => {
  const undefinedHere = new Set(["dollarsPerHour", "dollarsPerGpuHourSaved"]);
  for (const { name, scope, value } of RUN_METRICS) {
    for (const tier of scenario.tiers.keys()) {
      const found = value(EXAMPLE_RUN, { tier, cause: 0, source: 0, target: 1 });
      if (found === null) assert(tier === 0 && undefinedHere.has(name), `${scope} ${name}`);
      else assert(Number.isFinite(found), `${scope} ${name} of tier ${tier} is ${found}`);
    }
  }
});

Deno.test("metrics of the run, worked by hand", () => {
  const expected: Record<string, number> = {
    missRatio: 0.63,
    blockHitRatio: 0.37,
    prefixHitRatio: 0.351,
    fastHitRatio: 0.21,
    recomputeRatio: 0.08,
    tokenHitRatio: 17.1 / 49.6,
    latencyNsMean: 33_673_000,
    computeNsMean: 33_040_000,
    waitNsMean: 92_000,
    prefetchUsefulRatio: 0.65,
    prefetchLateRatio: 0.15,
    prefetchWastedRatio: 0.2,
    bytesMoved: 280_191 * 512 * 327_680,
    gpuNsSaved: 1_565e9,
    gpuSavedRatio: 1_565 / 4_869,
    // 100,000 look-ups − 35,100 covered − 700 joined + 500 by choice.
    computeNsPerBlock: 3_304e9 / 64_700,
    // 512 GiB at $0.004, 1,024 at $0.0025, 4,096 at $0.00015.
    dollarsPerHour: 2.048 + 2.56 + 0.6144,
    // One hour of that, over 49.6 million tokens.
    dollarsPerMillionTokens: (2.048 + 2.56 + 0.6144) / 49.6,
  };
  for (const [name, value] of Object.entries(expected)) {
    assertAlmostEquals(runValue(EXAMPLE_RUN, name)!, value, Math.abs(value) * 1e-12, name);
  }
});

Deno.test("metrics of a tier, worked by hand", () => {
  const of = (name: string, tier: number) => tierValue(EXAMPLE_RUN, name, tier);
  assertEquals(of("hitRatio", 3), 0.03);
  assertEquals(of("prefixHitRatio", 3), 0.025);
  assertEquals(of("usedRatio", 0), 1);
  assertEquals(of("readBytes", 1), (9_000 + 64_556 + 1_200 + 1_200) * 512 * 327_680);
  assertEquals(of("writtenBytes", 3), 55_203 * 512 * 327_680);
  // 80 µs, and 160 MiB at 12 GB/s.
  assertAlmostEquals(of("loadNsPerBlock", 3)!, 80_000 + 167_772_160 / 12, 1e-3);
  assertAlmostEquals(of("gpuNsSaved", 3)!, 1_565e9 * 2_500 / 35_100, 1);
  const saved = 1_565 / 3_600 * 2_500 / 35_100;
  assertAlmostEquals(of("dollarsPerGpuHourSaved", 3)!, 0.6144 / saved, 1e-9);
  assertEquals(of("dollarsPerHour", 0), null);
  // 15 pJ for a byte read and 30 for one written.
  const joules = (75_956 * 15 + 79_232 * 30) * 167_772_160 / 1e12;
  assertAlmostEquals(of("joules", 1)!, joules, joules * 1e-12);
  assertEquals(of("readBusyRatio", 3), result.tiers[3].readBusyNs / 3_600e9);
});

Deno.test("metrics of a cause and of a link, worked by hand", () => {
  const cause = (name: string, cause: number) =>
    runMetric(name, "cause").value(EXAMPLE_RUN, { cause });
  assertEquals(cause("demotedRatio", 0), 196_191 / 274_191);
  assertEquals(cause("demotedRatio", 1), null);
  assertEquals(cause("causeBytes", 2), 6_000 * 512 * 327_680);
  const place = { cause: 2, source: 3, target: 0 };
  assertEquals(runMetric("linkBytes", "link").value(EXAMPLE_RUN, place), 800 * 512 * 327_680);
  assertEquals(runMetric("linkShare", "link").value(EXAMPLE_RUN, place), 800 / 280_191);
});

Deno.test("hits of the tiers and misses are all look-ups, as ratios too", () => {
  const hits = scenario.tiers.map((_, tier) => tierValue(EXAMPLE_RUN, "hitRatio", tier)!);
  const sum = hits.reduce((all, one) => all + one, runValue(EXAMPLE_RUN, "missRatio")!);
  assertAlmostEquals(sum, 1, 1e-12);
});

Deno.test("what needs a clock, a price or a load is null without it", () => {
  const { elapsedNs: _, computeNsWithoutCache: __, requestNs: ___, ...untimed } = result;
  const run = {
    result: { ...untimed, lookups: 0, prefetch: { ...result.prefetch, requested: 0 } },
    scenario: {
      ...scenario,
      tiers: scenario.tiers.map((tier) => ({ ...tier, dollarsPerGiBHour: 0 })),
    },
  };
  const none = ["missRatio", "gpuNsSaved", "gpuSavedRatio", "requestNsP99", "dollarsPerHour"];
  for (const name of [...none, "dollarsPerMillionTokens", "prefetchUsefulRatio"]) {
    assertEquals(runValue(run, name), null, name);
    assertEquals(runText(run, name), "–", name);
  }
  assertEquals(tierValue(run, "readBusyRatio", 1), null);
  assertEquals(tierText(run, "dollarsPerGpuHourSaved", 1), "–");
});

Deno.test("runMetric() names the nearest one of its scope", () => {
  const error = assertThrows(() => runMetric("missRatoi"), UsageError);
  assert(error.message.includes('"missRatoi" is not a metric of a run'));
  assertThrows(() => runMetric("missRatio", "tier"), UsageError);
});
