import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { comparisonHtml } from "./html.ts";
import { METRICS } from "./metrics.ts";

const OPTIONS = { command: "kvtier compare example.jsonl", title: "Example" };
const EVIL = `"><script>alert('x')</script><img src=x onerror=alert(1)>&`;

Deno.test("comparisonHtml() lets no text become markup", async () => {
  const page = await comparisonHtml({
    ...EXAMPLE_COMPARISON,
    trace: { ...EXAMPLE_COMPARISON.trace, path: EVIL, format: EVIL, notes: [EVIL] },
    results: EXAMPLE_COMPARISON.results.map((run) =>
      run.policy === "lfu" ? { ...run, policy: EVIL } : run
    ),
  }, { command: EVIL, title: EVIL, version: EVIL });
  assertEquals(page.match(/<script/g)?.length, 1, "more scripts than the page's own");
  assert(!page.includes("<img"));
  assertStringIncludes(page, "&quot;&gt;&lt;script&gt;");
});

Deno.test("comparisonHtml() asks for nothing outside itself", async () => {
  const page = await comparisonHtml(EXAMPLE_COMPARISON, OPTIONS);
  const addresses = [...page.matchAll(/[a-z]+:\/\/[^\s"'<)]+/g)].map(([address]) => address);
  const known = ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"];
  assertEquals(addresses.filter((address) => !known.includes(address)), []);
  assert(!/<link|<iframe|@import|url\(/.test(page));
});

Deno.test("the page's policy admits its own script and no other", async () => {
  const page = await comparisonHtml(EXAMPLE_COMPARISON, OPTIONS);
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)![1];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  assertStringIncludes(page, `script-src 'sha256-${hash}'`);
  assertStringIncludes(page, "default-src 'none'");
});

Deno.test("comparisonHtml() is well formed: ids are unique, links lead somewhere", async () => {
  const page = await comparisonHtml(EXAMPLE_COMPARISON, OPTIONS);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(new Set(ids).size, ids.length, "an id is used twice");
  const targets = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)].map(([, id]) => id);
  for (const target of targets) assert(ids.includes(target), `#${target} leads nowhere`);
  for (const tag of ["section", "table", "tr", "div", "svg", "figure", "dl", "ul", "main"]) {
    const opened = page.match(new RegExp(`<${tag}[ >]`, "g"))?.length;
    assertEquals(page.match(new RegExp(`</${tag}>`, "g"))?.length, opened, `<${tag}>`);
  }
});

Deno.test("comparisonHtml() can be read by machines and people with aids", async () => {
  const page = await comparisonHtml(EXAMPLE_COMPARISON, OPTIONS);
  assertStringIncludes(page, '<html lang="en">');
  assertStringIncludes(page, "<title>Example</title>");
  assertStringIncludes(page, 'name="viewport"');
  const bare = [...page.matchAll(/<th(?: [^>]*)?>/g)].filter(([tag]) => !tag.includes("scope="));
  assertEquals(bare, [], "a head cell without a scope");
  const pictures = page.match(/role="img" aria-label="Chart: /g)?.length;
  assertEquals(page.match(/<svg/g)?.length, pictures);
});

Deno.test("comparisonHtml() carries numbers, definitions, command, hashes and limits", async () => {
  const page = await comparisonHtml(EXAMPLE_COMPARISON, { ...OPTIONS, version: "0.1.0" });
  const { trace, engine, resultHash } = EXAMPLE_COMPARISON;
  for (const part of [trace.hash, engine.hash, resultHash, OPTIONS.command, "0.1.0"]) {
    assertStringIncludes(page, part);
  }
  for (const { name } of METRICS) assertStringIncludes(page, `<code>${name}</code>`);
  assertStringIncludes(page, "What this report does not show");
  assertStringIncludes(page, '<td data-value="0.23076923076923078">23.1</td>');
});

Deno.test("comparisonHtml() puts prefix hits first, and block hits beside them", async () => {
  const page = await comparisonHtml(EXAMPLE_COMPARISON, OPTIONS);
  assertStringIncludes(page, '<td class="best">30.8<sup>*</sup></td><td>0.0</td>');
  assertStringIncludes(page, '<td class="above">23.1<sup>+</sup></td><td>15.4</td>');
  assertStringIncludes(page, ">gap of the best</th><td>23.1<sup></sup></td>");
  const heads = [...page.matchAll(/<th scope="col" data-first="[a-z]+">([^<]+)/g)]
    .map(([, head]) => head);
  assertEquals(heads.slice(2, 7), [
    "prefix hit, %",
    "gap, points",
    "gap closed, %",
    "block hit, %",
    "behind a miss, points",
  ]);
});

Deno.test("comparisonHtml() writes the same bytes twice, and a title of its own", async () => {
  const { command } = OPTIONS;
  const page = await comparisonHtml(EXAMPLE_COMPARISON, { command });
  assertEquals(await comparisonHtml(EXAMPLE_COMPARISON, { command }), page);
  assertStringIncludes(page, "<title>Eviction policies on example.jsonl</title>");
});

Deno.test("comparisonHtml() of nothing is a page that says so", async () => {
  const page = await comparisonHtml({ ...EXAMPLE_COMPARISON, results: [] }, OPTIONS);
  assertStringIncludes(page, "nothing to compare");
  assert(!page.includes("<svg"));
  assert(!page.includes('href="#gap"'));
});
