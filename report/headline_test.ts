import { assertEquals } from "@std/assert";
import type { Comparison, RunResult } from "../engine/result.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { gapLines, hasUnusable, headlineRatio, headlineText, mostUnusable } from "./headline.ts";
import { groupByCapacity, seriesOf } from "./series.ts";

const [LRU] = EXAMPLE_COMPARISON.results;

function comparison(results: readonly Partial<RunResult>[]): Comparison {
  return { ...EXAMPLE_COMPARISON, results: results.map((result) => ({ ...LRU, ...result })) };
}

Deno.test("policies show their prefix hits, bounds their block hits", () => {
  const [group] = groupByCapacity(comparison([
    { policy: "lru", accesses: 100, hits: 50, prefixHits: 40, optimalHits: 70 },
    { policy: "optimal-demand", accesses: 100, hits: 65, prefixHits: 30 },
  ]));
  const shown = group.rows.map((row) => [row.label, headlineRatio(row, group)]);
  assertEquals(shown, [["optimal", 0.7], ["optimal-demand", 0.65], ["lru", 0.4]]);
  assertEquals(headlineText(undefined, group), "–");
});

Deno.test("gaps are those of the best online policy and of LRU, run or not", () => {
  const run = { accesses: 100, optimalHits: 70, lruHits: 60, lruPrefixHits: 30 };
  const groups = groupByCapacity(comparison([{ policy: "arc", ...run, hits: 65, prefixHits: 45 }]));
  assertEquals(gapLines(groups), [
    { label: "gap of the best", cells: ["25.0"] },
    { label: "gap of lru", cells: ["40.0"] },
  ]);
  assertEquals(gapLines(groupByCapacity(comparison([{ policy: "optimal" }]))), []);
});

Deno.test("hits behind a miss are counted where a policy has the most of them", () => {
  const series = seriesOf(groupByCapacity(EXAMPLE_COMPARISON));
  const most = series.map((one) => [one.label, mostUnusable(one)]);
  assertEquals(most, [["optimal", 0], ["lfu", 0], ["mru", 2 / 13], ["lru", 0]]);
  assertEquals(hasUnusable(series), true);
  assertEquals(hasUnusable(series.filter((one) => one.label !== "mru")), false);
});
