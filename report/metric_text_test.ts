import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { describe, UsageError } from "../errors/errors.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { explainMetric, metric, metricsMarkdown, metricText } from "./metric_text.ts";
import { METRICS } from "./metrics.ts";

const [LRU_AT_TWO] = EXAMPLE_COMPARISON.results;

Deno.test("metricText() writes counts, percent, points, bytes and nothing", () => {
  assertEquals(metricText("evictions", { ...LRU_AT_TWO, evictions: 217650 }), "217,650");
  assertEquals(metricText("blockHitRatio", { ...LRU_AT_TWO, hits: 4 }), "30.8");
  assertEquals(metricText("gapToOptimal", LRU_AT_TWO), "30.8");
  assertEquals(metricText("capacityBytes", LRU_AT_TWO, { blockBytes: 512 * 1024 }), "1.00 MiB");
  assertEquals(metricText("capacityBytes", LRU_AT_TWO), "–");
});

Deno.test("the share of a gap is shown only of a gap worth a point, and never absurd", () => {
  const run = { ...LRU_AT_TWO, accesses: 1000, optimalHits: 400, prefixHits: 100 };
  const shown = (lruPrefixHits: number) => metricText("prefixGapClosed", { ...run, lruPrefixHits });
  assertEquals([shown(100), shown(300), shown(390), shown(391)], ["0.0", "< -100", "< -100", "–"]);
  assertEquals(shown(250), "-100.0");
  assertEquals(metric("prefixGapClosed").value({ ...run, lruPrefixHits: 399 }), -299);
});

Deno.test("explainMetric() says what, how, which way and what not", () => {
  const text = explainMetric("gapToOptimal");
  for (const part of ["optimalHits ÷ accesses", "lower", "does not show", "points"]) {
    assertStringIncludes(text, part);
  }
});

Deno.test("explainMetric() without a name lists every metric", () => {
  assertEquals(explainMetric().trimEnd().split("\n").length, METRICS.length);
});

Deno.test("metric() refuses an unknown name and offers the nearest", () => {
  const error = assertThrows(() => metric("blockHitRatoi"), UsageError);
  assertStringIncludes(describe(error), 'did you mean "blockHitRatio"?');
});

Deno.test("metricsMarkdown() has a section for every metric, in the order of the table", () => {
  const found = [...metricsMarkdown().matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  assertEquals(found, METRICS.map(({ name }) => name));
});
