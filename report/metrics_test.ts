import { assert, assertEquals, assertMatch } from "@std/assert";
import type { RunResult } from "../engine/result.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { metric } from "./metric_text.ts";
import { METRICS } from "./metrics.ts";

const LFU_AT_THREE = EXAMPLE_COMPARISON.results[5];
const MRU_AT_THREE = EXAMPLE_COMPARISON.results[6];

Deno.test("every metric of a hand-worked run", () => {
  const context = { blockBytes: 10, uniqueBlocks: 6 };
  const values = METRICS.map(({ name, value }) => [name, value(MRU_AT_THREE, context)]);
  assertEquals(Object.fromEntries(values), {
    accesses: 13,
    hits: 5,
    misses: 8,
    insertions: 8,
    evictions: 5,
    bypasses: 0,
    residentBlocks: 3,
    prefixHits: 3,
    unusableHits: 2,
    hitTokens: 12,
    inputTokens: 51,
    blockHitRatio: 5 / 13,
    prefixHitRatio: 3 / 13,
    unusableHitRatio: 2 / 13,
    tokenHitRatio: 12 / 51,
    requestHitRatioMean: (8 / 11 + 4 / 12) / 5,
    missRatio: 8 / 13,
    ceilingHitRatio: 7 / 13,
    optimalHits: 5,
    optimalPrefixHits: 5,
    optimalHitRatio: 5 / 13,
    lruHits: 2,
    lruPrefixHits: 2,
    prefixGapToOptimal: 2 / 13,
    prefixGapClosed: 1 / 3,
    gapToOptimal: 0,
    gapClosed: 1,
    compulsoryMisses: 6,
    capacityMisses: 2,
    policyMisses: 0,
    capacityRatio: 3 / 6,
    capacityBytes: 30,
    hitBytes: 50,
    missBytes: 80,
  });
});

Deno.test("block gaps and prefix gaps read different counters", () => {
  const run: RunResult = {
    ...MRU_AT_THREE,
    accesses: 100,
    hits: 50,
    prefixHits: 40,
    optimalHits: 60,
    optimalPrefixHits: 55,
    lruHits: 45,
    lruPrefixHits: 35,
  };
  const value = (name: string) => metric(name).value(run);
  assertEquals([value("gapToOptimal"), value("prefixGapToOptimal")], [0.1, 0.2]);
  assertEquals([value("gapClosed"), value("prefixGapClosed")], [5 / 15, 5 / 25]);
});

Deno.test("the four hit ratios read four different pairs of counters", () => {
  const run: RunResult = {
    ...LFU_AT_THREE,
    requests: 4,
    accesses: 100,
    hits: 50,
    prefixHits: 40,
    hitTokens: 30,
    inputTokens: 1000,
    requestHitRatioSum: 0.8,
  };
  const value = (name: string) => metric(name).value(run);
  assertEquals(value("blockHitRatio"), 0.5);
  assertEquals(value("prefixHitRatio"), 0.4);
  assertEquals(value("tokenHitRatio"), 0.03);
  assertEquals(value("requestHitRatioMean"), 0.2);
});

Deno.test("compulsory, capacity and policy misses sum to the misses of every run", () => {
  for (const run of EXAMPLE_COMPARISON.results) {
    const kinds = ["compulsoryMisses", "capacityMisses", "policyMisses"]
      .map((name) => metric(name).value(run)!);
    assertEquals(kinds.reduce((sum, kind) => sum + kind, 0), run.misses);
    assert(kinds.every((kind) => kind >= 0));
  }
});

Deno.test("the optimum has no policy misses, no gap, and closes all of it", () => {
  for (const run of EXAMPLE_COMPARISON.results.filter(({ policy }) => policy === "optimal")) {
    assertEquals(metric("policyMisses").value(run), 0);
    assertEquals(metric("gapToOptimal").value(run), 0);
    assertEquals(metric("gapClosed").value(run), 1);
    assertEquals(metric("prefixGapToOptimal").value(run), 0);
    assertEquals(metric("prefixGapClosed").value(run), 1);
  }
});

Deno.test("a metric is null where it is not defined, never NaN or infinite", () => {
  const empty: RunResult = {
    ...LFU_AT_THREE,
    requests: 0,
    accesses: 0,
    hits: 0,
    misses: 0,
    prefixHits: 0,
    hitTokens: 0,
    inputTokens: 0,
    requestHitRatioSum: 0,
    compulsoryMisses: 0,
    optimalHits: 0,
    optimalPrefixHits: 0,
    lruHits: 0,
    lruPrefixHits: 0,
  };
  for (const { name, value } of METRICS) {
    const found = value(empty);
    assert(found === null || Number.isFinite(found), `${name} is ${found}`);
  }
  assertEquals(metric("blockHitRatio").value(empty), null);
  assertEquals(metric("capacityBytes").value(empty), null);
  assertEquals(metric("gapClosed").value({ ...LFU_AT_THREE, lruHits: 5 }), null);
  assertEquals(metric("prefixGapClosed").value({ ...LFU_AT_THREE, lruPrefixHits: 5 }), null);
});

Deno.test("worse than LRU is a negative share of the gap", () => {
  assertEquals(metric("gapClosed").value({ ...LFU_AT_THREE, hits: 1 }), -1 / 3);
  assertEquals(metric("prefixGapClosed").value({ ...LFU_AT_THREE, prefixHits: 1 }), -1 / 3);
});

Deno.test("the table of metrics is complete and speaks in sentences", () => {
  const names = METRICS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length, "two metrics share a name");
  for (const entry of METRICS) {
    assertMatch(entry.name, /^[a-z][a-zA-Z]*$/);
    assertMatch(entry.meaning, /^[A-Z].*\.$/);
    assertMatch(entry.doesNotShow, /^[A-Z].*\.$/);
    assert(entry.label.length <= 18, `${entry.label} is too long for the head of a column`);
  }
});
