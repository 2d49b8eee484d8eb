import { assertEquals } from "@std/assert";
import type { Comparison, RunResult } from "../engine/result.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { registry } from "../engine/registry.ts";
import { groupByCapacity, labels, parametersInForce, seesFuture } from "./series.ts";
import { seriesOf, standing } from "./series.ts";

const [LRU] = EXAMPLE_COMPARISON.results;

function comparison(results: readonly Partial<RunResult>[]): Comparison {
  return { ...EXAMPLE_COMPARISON, results: results.map((result) => ({ ...LRU, ...result })) };
}

Deno.test("groups have rising capacities, the bound on top, then the most prefix hits", () => {
  const shuffled = { ...EXAMPLE_COMPARISON, results: [...EXAMPLE_COMPARISON.results].reverse() };
  const groups = groupByCapacity(shuffled);
  assertEquals(groups.map((group) => group.capacityBlocks), [2, 3]);
  assertEquals(groups[1].rows.map((row) => row.label), ["optimal", "lfu", "mru", "lru"]);
  assertEquals(groups[1].bestOnline?.label, "lfu");
});

Deno.test("among equals LRU comes first, so that no draw looks like a win", () => {
  const [group] = groupByCapacity(EXAMPLE_COMPARISON);
  assertEquals(group.rows.map((row) => row.label), ["optimal", "mru", "lru", "lfu"]);
});

Deno.test("a bound that was not asked for still has a row", () => {
  const [group] = groupByCapacity(comparison([{ policy: "lru" }, { policy: "optimal-demand" }]));
  assertEquals(group.rows.map(({ label, isBound }) => [label, isBound]), [
    ["optimal", true],
    ["optimal-demand", true],
    ["lru", false],
  ]);
});

Deno.test("labels name only what differs", () => {
  const runs = comparison([
    { policy: "lru" },
    { policy: "s3-fifo", parameters: { small: 0.1, ghost: 0.9 } },
    { policy: "s3-fifo", parameters: { small: 0.2, ghost: 0.9 } },
    { policy: "random", seed: 1 },
    { policy: "random", seed: 2 },
    { policy: "a\u001b[31m" },
  ]).results;
  assertEquals(labels(runs), [
    "lru",
    "s3-fifo(small=0.1)",
    "s3-fifo(small=0.2)",
    "random #1",
    "random #2",
    "a\\u001b[31m",
  ]);
});

Deno.test("labels name admission and touch order when runs differ in them", () => {
  const runs = comparison([{ touch: "tail-first" }, { admission: "tinylfu" }]).results;
  assertEquals(labels(runs), ["lru tail-first", "lru +tinylfu root-first"]);
});

Deno.test("touch orders do not share a group", () => {
  const groups = groupByCapacity(comparison([{ touch: "tail-first" }, { touch: "root-first" }]));
  assertEquals(groups.map((group) => group.touch), ["tail-first", "root-first"]);
});

Deno.test("standing() calls less than one point a draw, on either side", () => {
  const base = { accesses: 1000, hits: 900, lruPrefixHits: 500, optimalHits: 900 };
  const prefixHits = [900, 520, 515, 509, 491, 490];
  const policies = ["optimal", "a", "b", "c", "d", "e"];
  const [group] = groupByCapacity(
    comparison(
      policies.map((policy, index) => ({ ...base, policy, prefixHits: prefixHits[index] })),
    ),
  );
  const stands = group.rows.filter((row) => !row.isBound)
    .map((row) => standing(group, row.result!));
  assertEquals(stands, ["best", "above", "draw", "draw", "below"]);
});

Deno.test("the best policy is not called best when it draws with LRU", () => {
  const [group] = groupByCapacity(
    comparison([{ accesses: 1000, prefixHits: 505, lruPrefixHits: 500, optimalHits: 900 }]),
  );
  assertEquals(standing(group, group.bestOnline!.result), "draw");
});

Deno.test("series keep their place where a policy was not run", () => {
  const groups = groupByCapacity(comparison([
    { policy: "lru", capacityBlocks: 2 },
    { policy: "arc", capacityBlocks: 3, prefixHits: 3 },
  ]));
  const series = seriesOf(groups);
  assertEquals(series.map((one) => one.label), ["optimal", "arc", "lru"]);
  assertEquals(series[1].rows.map((row) => row?.label), [undefined, "arc"]);
});

Deno.test("parametersInForce() tells what every policy ran with, defaults included", () => {
  const found = parametersInForce(comparison([
    { policy: "lru" },
    { policy: "s3-fifo", parameters: { small: 0.2, ghost: 0.9 }, capacityBlocks: 2 },
    { policy: "s3-fifo", parameters: { small: 0.2, ghost: 0.9 }, capacityBlocks: 3 },
  ]));
  assertEquals(found, [["s3-fifo", "small=0.2;ghost=0.9"]]);
});

Deno.test("seesFuture() knows the registry's oracles, and no word like them", () => {
  const oracles = registry().policies.filter(({ oracle }) => oracle).map(({ name }) => name);
  assertEquals(registry().policies.map(({ name }) => name).filter(seesFuture), oracles);
  assertEquals(oracles.length, 3);
  assertEquals(["optimality", "furthest"].map(seesFuture), [false, false]);
});
