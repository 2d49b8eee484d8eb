import { assert, assertEquals, assertMatch } from "@std/assert";
import type { RunResult } from "../engine/result.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { metric } from "./metric_text.ts";
import { METRICS } from "./metrics.ts";

const LFU_AT_THREE = EXAMPLE_COMPARISON.results[4];

Deno.test("every metric of a hand-worked run", () => {
  const context = { blockBytes: 10, uniqueBlocks: 6 };
  const values = METRICS.map(({ name, value }) => [name, value(LFU_AT_THREE, context)]);
  assertEquals(Object.fromEntries(values), {
    accesses: 11,
    hits: 4,
    misses: 7,
    insertions: 7,
    evictions: 4,
    bypasses: 0,
    residentBlocks: 3,
    prefixHits: 4,
    hitTokens: 16,
    inputTokens: 43,
    blockHitRatio: 4 / 11,
    prefixHitRatio: 4 / 11,
    tokenHitRatio: 16 / 43,
    requestHitRatioMean: (8 / 11 + 8 / 12) / 4,
    missRatio: 7 / 11,
    ceilingHitRatio: 5 / 11,
    optimalHits: 5,
    optimalHitRatio: 5 / 11,
    lruHits: 2,
    gapToOptimal: 1 / 11,
    gapClosed: 2 / 3,
    compulsoryMisses: 6,
    capacityMisses: 0,
    policyMisses: 1,
    capacityRatio: 3 / 6,
    capacityBytes: 30,
    hitBytes: 40,
    missBytes: 70,
  });
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
    lruHits: 0,
  };
  for (const { name, value } of METRICS) {
    const found = value(empty);
    assert(found === null || Number.isFinite(found), `${name} is ${found}`);
  }
  assertEquals(metric("blockHitRatio").value(empty), null);
  assertEquals(metric("capacityBytes").value(empty), null);
  assertEquals(metric("gapClosed").value({ ...LFU_AT_THREE, lruHits: 5 }), null);
});

Deno.test("worse than LRU is a negative share of the gap", () => {
  assertEquals(metric("gapClosed").value({ ...LFU_AT_THREE, hits: 1 }), -1 / 3);
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
