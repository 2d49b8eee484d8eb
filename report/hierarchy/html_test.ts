import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { LIGHT_THEME } from "../chart_theme.ts";
import { servedSpec } from "./chart_time.ts";
import { hierarchyCharts, RUN_CHART_NAMES } from "./charts.ts";
import { EXAMPLE_RUN } from "./example.ts";
import { hierarchyHtml } from "./html.ts";
import { RUN_METRICS } from "./metrics.ts";

const { result, scenario } = EXAMPLE_RUN;
const OPTIONS = { command: "kvtier run four.yaml --trace t.jsonl", version: "0.1.0" };
const EVIL = `"><script>alert('x')</script><img src=x onerror=alert(1)>&`;

Deno.test("hierarchyHtml() lets no text become markup", async () => {
  const tiers = result.tiers.map((tier) => ({ ...tier, name: EVIL, policy: EVIL }));
  const page = await hierarchyHtml(
    { ...result, tiers, scenario: EVIL },
    { ...scenario, description: EVIL, prefetch: { name: EVIL, maxBlocks: 1 } },
    { command: EVIL, version: EVIL },
  );
  assertEquals(page.match(/<script/g)?.length, 1, "more scripts than the page's own");
  assert(!page.includes("<img"));
});

Deno.test("hierarchyHtml() asks for nothing outside itself", async () => {
  const page = await hierarchyHtml(result, scenario, OPTIONS);
  const addresses = [...page.matchAll(/[a-z]+:\/\/[^\s"'<)]+/g)].map(([address]) => address);
  const known = ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"];
  assertEquals(addresses.filter((address) => !known.includes(address)), []);
});

Deno.test("hierarchyHtml() is well formed: ids are unique, links lead somewhere", async () => {
  const page = await hierarchyHtml(result, scenario, OPTIONS);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(new Set(ids).size, ids.length, "an id is used twice");
  const targets = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)].map(([, id]) => id);
  for (const target of targets) assert(ids.includes(target), `#${target} leads nowhere`);
  for (const tag of ["section", "table", "tr", "div", "svg", "figure", "dl", "ul", "main"]) {
    const opened = page.match(new RegExp(`<${tag}[ >]`, "g"))?.length;
    assertEquals(page.match(new RegExp(`</${tag}>`, "g"))?.length, opened, `<${tag}>`);
  }
});

Deno.test("hierarchyHtml() carries answer, charts, every metric, command, hashes, limits", async () => {
  const page = await hierarchyHtml(result, scenario, OPTIONS);
  const parts = [OPTIONS.command, result.resultHash, ...Object.values(result.hashes)];
  for (const part of [...parts, "What this report does not show"]) {
    assertStringIncludes(page, part);
  }
  for (const { name } of RUN_METRICS) assertStringIncludes(page, `<code>${name}</code>`);
  // Each chart for a desk and a telephone.
  assertEquals(page.match(/<svg/g)?.length, 2 * RUN_CHART_NAMES.length);
  assertEquals(page.match(/role="img" aria-label="Chart: /g)?.length, 2 * RUN_CHART_NAMES.length);
});

Deno.test("hierarchyHtml() writes the same bytes twice", async () => {
  const page = () => hierarchyHtml(result, scenario, OPTIONS);
  assertEquals(await page(), await page());
});

Deno.test("hierarchyHtml() of nothing is a page that says so", async () => {
  const none = { ...result, lookups: 0, misses: 0, samples: [] };
  const page = await hierarchyHtml(none, scenario, OPTIONS);
  assertStringIncludes(page, "No look-up was counted");
  assert(!page.includes("<svg"));
});

Deno.test("hierarchyCharts() draws every chart, whole and without broken numbers", async () => {
  for (const width of [356, 1000]) {
    const charts = await hierarchyCharts(result, scenario, { width });
    assertEquals(charts.map(({ name }) => name), [...RUN_CHART_NAMES]);
    for (const { name, svg } of charts) {
      assert(svg.startsWith("<svg") && svg.endsWith("</svg>"), name);
      assert(!/NaN|Infinity|undefined|null/.test(svg), `${name} holds a broken number`);
    }
  }
});

Deno.test("the chart of who served shows all look-ups of every sample", () => {
  const { data } = servedSpec({ run: EXAMPLE_RUN, theme: LIGHT_THEME, width: 760 }) as {
    data: { values: { request: number; tier: string; percent: number }[] };
  };
  const bySample = Map.groupBy(data.values, ({ request }) => request);
  assertEquals(bySample.size, result.samples.length);
  for (const parts of bySample.values()) {
    assertEquals(parts.map(({ tier }) => tier), ["hbm", "dram", "cxl", "nvme", "missed"]);
    assertAlmostEquals(parts.reduce((sum, { percent }) => sum + percent, 0), 100, 1e-9);
  }
  assertEquals(bySample.get(4_000)![0].percent, 100 * result.samples[39].hits[0] / 2_500);
});

Deno.test("hierarchyCharts() leaves out what has nothing to show", async () => {
  const { requestNs: _, ...untimed } = result;
  const charts = await hierarchyCharts({
    ...untimed,
    samples: [],
    prefetch: { requested: 0, useful: 0, late: 0, wasted: 0, bytes: 0 },
    trafficBytes: result.trafficBytes.map((rows) => rows.map((cells) => cells.map(() => 0))),
  }, scenario);
  assertEquals(charts.map(({ name }) => name), ["latency"]);
});

Deno.test("charts of a page take every colour from its CSS, those of a file none", async () => {
  const colors = /(?:fill|stroke)="(?!none|transparent|url|var\()([^"]+)"/g;
  for (const { name, svg } of await hierarchyCharts(result, scenario, { theme: "page" })) {
    const fixed = new Set([...svg.matchAll(colors)].map(([, color]) => color));
    assertEquals([...fixed], [], `${name} has fixed colours`);
  }
  for (const { svg } of await hierarchyCharts(result, scenario, { theme: "dark" })) {
    assert(!svg.includes("var("));
  }
});

Deno.test("eight tiers are drawn, each in a colour of its own", async () => {
  const eight = <T>(list: readonly T[]) => [...list, ...list];
  const tiers = eight(result.tiers).map((tier, i) => ({ ...tier, name: `tier-${i}` }));
  const places = Array.from({ length: 9 }, () => Array.from({ length: 9 }, () => 5));
  const many = {
    ...result,
    tiers,
    trafficBytes: [places, places, places],
    samples: result.samples.map((sample) => ({
      ...sample,
      usedBytes: eight(sample.usedBytes),
      hits: eight(sample.hits).map((count) => count / 2),
    })),
  };
  const charts = await hierarchyCharts(many, { ...scenario, tiers: eight(scenario.tiers) });
  assertEquals(charts.length, RUN_CHART_NAMES.length);
  for (const { name, svg } of charts) assert(!/NaN|undefined/.test(svg), name);
});
