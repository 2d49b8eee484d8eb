import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SERVING_CHART_NAMES, servingCharts } from "./charts.ts";
import { servingComparisonHtml } from "./comparison_html.ts";
import { EXAMPLE_SERVING } from "./example.ts";
import { servingHtml } from "./html.ts";
import { servingRun } from "./metric.ts";
import { SERVING_METRICS } from "./metrics.ts";

const { result, context } = EXAMPLE_SERVING;
const run = servingRun(result, context);
const OPTIONS = { command: "kvtier latency t.jsonl --scenario two.yaml", version: "0.1.0" };
const EVIL = `"><script>alert('x')</script><img src=x onerror=alert(1)>&`;
const runs = [{ varied: { router: EVIL }, run }, {
  varied: { router: "other" },
  run: servingRun({
    ...result,
    requests: {
      ...result.requests,
      firstTokenNs: result.requests.firstTokenNs.map((ns) => ns * 2),
    },
  }, context),
}];
const pages = async () => [
  await servingHtml(run, OPTIONS),
  await servingComparisonHtml({ runs, by: "router" }, OPTIONS),
];

Deno.test("no text of a serving report becomes markup", async () => {
  const links = result.links.map((link) => ({ ...link, name: EVIL, kind: EVIL }));
  const stores = result.stores.map((store) => ({ ...store, name: EVIL }));
  const [group] = context.fleet.groups;
  const fleet = { ...context.fleet, groups: [{ ...group, name: EVIL, gpu: EVIL }] };
  const trace = { ...context.trace, path: EVIL };
  const changed = { ...context, name: EVIL, description: EVIL, model: EVIL, fleet, trace };
  const page = await servingHtml(servingRun({ ...result, links, stores }, changed), {
    command: EVIL,
    version: EVIL,
  });
  for (const text of [page, (await pages())[1]]) {
    assertEquals(text.match(/<script/g)?.length, 1, "more scripts than the page's own");
    assert(!text.includes("<img"));
  }
});

Deno.test("serving reports ask for nothing outside themselves", async () => {
  for (const page of await pages()) {
    const addresses = [...page.matchAll(/[a-z]+:\/\/[^\s"'<)]+/g)].map(([address]) => address);
    const known = ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"];
    assertEquals(addresses.filter((address) => !known.includes(address)), []);
  }
});

Deno.test("serving reports are well formed: ids are unique, links lead somewhere", async () => {
  for (const page of await pages()) {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assertEquals(new Set(ids).size, ids.length, "an id is used twice");
    const targets = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)];
    for (const [, target] of targets) assert(ids.includes(target), `#${target} leads nowhere`);
    for (const tag of ["section", "table", "tr", "div", "svg", "figure", "dl", "ul", "main"]) {
      const opened = page.match(new RegExp(`<${tag}[ >]`, "g"))?.length;
      assertEquals(page.match(new RegExp(`</${tag}>`, "g"))?.length, opened, `<${tag}>`);
    }
  }
});

Deno.test("servingHtml() carries answer, charts, every metric, command, hashes, limits", async () => {
  const [page] = await pages();
  for (const part of [OPTIONS.command, ...Object.values(context.hashes)]) {
    assertStringIncludes(page, part);
  }
  for (const { name } of SERVING_METRICS) assertStringIncludes(page, `<code>${name}</code>`);
  // Each chart for a desk and a telephone.
  assertEquals(page.match(/<svg/g)?.length, 2 * SERVING_CHART_NAMES.length);
  assertEquals(page, (await pages())[0], "two pages of one run differ");
});

Deno.test("charts need something to show: no samples, no timeline of GPUs; one replica, no cloud", async () => {
  const [replica] = result.replicas;
  const { timeline: _, ...rest } = result;
  const bare = servingRun({ ...rest, links: [], replicas: [replica] }, context);
  const names = (await servingCharts(bare)).map(({ name }) => name);
  assertEquals(names, ["percentiles", "parts", "system", "ttft"]);
});

Deno.test("servingHtml() of nothing is a page that says so", async () => {
  const requests = { ...result.requests, state: Uint8Array.of(2, 2, 2, 2) };
  const none = servingRun({ ...result, requests, finished: 0, refused: 4 }, context);
  const page = await servingHtml(none, OPTIONS);
  assertStringIncludes(page, "No request finished: 4 refused");
  assert(!page.includes("<svg"));
});
