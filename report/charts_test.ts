import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Comparison, RunResult } from "../engine/result.ts";
import { highlighted } from "./chart_curve.ts";
import { CHART_NAMES, comparisonCharts } from "./charts.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { groupByCapacity, seriesOf } from "./series.ts";

const [BASE] = EXAMPLE_COMPARISON.results;

function many(policies: number, capacities: number): Comparison {
  const results = Array.from(
    { length: capacities },
    (_, c) =>
      Array.from({ length: policies }, (_, p): RunResult => ({
        ...BASE,
        policy: ["optimal", "optimal-demand", "lru"][p] ?? `p${p}`,
        capacityBlocks: 10 ** (c + 1),
        accesses: 1000,
        hits: p < 2 ? 500 : 150 + c * 50 + p * 5,
        prefixHits: p < 2 ? 500 : 100 + c * 50 + p * 5,
        misses: 1000 - (p < 2 ? 500 : 150 + c * 50 + p * 5),
        optimalHits: 500,
        optimalPrefixHits: 500,
        lruHits: 150 + c * 50 + 10,
        lruPrefixHits: 100 + c * 50 + 10,
        compulsoryMisses: 400,
      })),
  ).flat();
  return { ...EXAMPLE_COMPARISON, results };
}

Deno.test("comparisonCharts() draws every chart, whole and without broken numbers", async () => {
  for (const comparison of [EXAMPLE_COMPARISON, many(26, 4), many(4, 1)]) {
    const charts = await comparisonCharts(comparison);
    assertEquals(charts.map((chart) => chart.name), [...CHART_NAMES]);
    for (const { name, svg } of charts) {
      assert(svg.startsWith("<svg") && svg.endsWith("</svg>"), name);
      assert(!/NaN|Infinity|undefined|null/.test(svg), `${name} holds a broken number`);
    }
  }
});

Deno.test("comparisonCharts() draws the same bytes twice", async () => {
  const svgs = async () => (await comparisonCharts(many(8, 3))).map((chart) => chart.svg);
  assertEquals(await svgs(), await svgs());
});

Deno.test("charts of a page take every colour from its CSS, those of a file none", async () => {
  const colors = /(?:fill|stroke)="(?!none|transparent|url|var\()([^"]+)"/g;
  for (const { name, svg } of await comparisonCharts(many(12, 3), { theme: "page" })) {
    const fixed = new Set([...svg.matchAll(colors)].map(([, color]) => color));
    assertEquals([...fixed], [], `${name} has fixed colours`);
  }
  for (const { svg } of await comparisonCharts(many(12, 3), { theme: "dark" })) {
    assert(!svg.includes("var("));
  }
});

Deno.test("at most seven online lines are highlighted, LRU always", () => {
  const groups = groupByCapacity(many(26, 4));
  const chosen = highlighted(groups, seriesOf(groups));
  assertEquals(chosen.length, 7);
  assert(chosen.includes("lru"));
  assert(!chosen.some((label) => label.startsWith("optimal")));
});

Deno.test("the caption names every line that is drawn grey", async () => {
  const comparison = many(14, 2);
  const [{ caption }] = await comparisonCharts(comparison);
  const groups = groupByCapacity(comparison);
  const series = seriesOf(groups);
  const chosen = highlighted(groups, series);
  for (const { label, isBound } of series) {
    if (!isBound && !chosen.includes(label)) assertStringIncludes(caption, label);
  }
});

Deno.test("names of policies are escaped in SVG", async () => {
  const results = [{ ...BASE, policy: "<script>&" }, { ...BASE, policy: "lru" }];
  for (const { svg } of await comparisonCharts({ ...EXAMPLE_COMPARISON, results })) {
    assert(!svg.includes("<script>"));
  }
});

Deno.test("comparisonCharts() of nothing draws nothing", async () => {
  assertEquals(await comparisonCharts({ ...EXAMPLE_COMPARISON, results: [] }), []);
});
