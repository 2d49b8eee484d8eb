import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { traceOf, treeRequests } from "../../tests/support/traces.ts";
import { traceCurves } from "../../curves/trace_curves.ts";
import { ceilingMarkdown, curveMarkdown } from "./curve_markdown.ts";
import { traceCeiling } from "../../curves/trace_ceiling.ts";
import { curveHtml } from "./curve_html.ts";
import { curveText } from "./curve_text.ts";

const EVIL = `"><script>alert('x')</script><img src=x onerror=alert(1)>&|`;
const trace = { ...traceOf(treeRequests(3, 60)), path: EVIL, notes: [EVIL] };
const policies = ["lru", "sieve", "optimal"];
const result = await traceCurves(trace, { policies, by: "window=3", blockBytes: 2 ** 20 });
const page = await curveHtml(result, { command: EVIL, version: EVIL });

Deno.test("curveHtml() lets no text become markup", () => {
  assertEquals(page.match(/<script/g)?.length, 1, "more scripts than the page's own");
  assert(!page.includes("<img"));
});

Deno.test("curveHtml() asks for nothing outside itself", () => {
  const addresses = [...page.matchAll(/[a-z]+:\/\/[^\s"'<)]+/g)].map(([address]) => address);
  const known = ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"];
  assertEquals(addresses.filter((address) => !known.includes(address)), []);
});

Deno.test("curveHtml() is well formed: ids are unique, links lead somewhere, tags close", () => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(new Set(ids).size, ids.length, "an id is used twice");
  const targets = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)].map(([, id]) => id);
  for (const target of targets) assert(ids.includes(target), `#${target} leads nowhere`);
  for (const tag of ["section", "table", "tr", "div", "svg", "figure", "ul", "main"]) {
    const opened = page.match(new RegExp(`<${tag}[ >]`, "g"))?.length;
    assertEquals(page.match(new RegExp(`</${tag}>`, "g"))?.length, opened, `<${tag}>`);
  }
});

Deno.test("curveHtml() draws policies and parts, for a desk and a telephone", () => {
  assertEquals(page.match(/<svg/g)?.length, 4);
  for (const part of ["ceiling", "capacity in blocks (log scale)", "LRU by window", "1.00 MiB"]) {
    assertStringIncludes(page, part);
  }
});

Deno.test("Markdown keeps strange names inside their cells", async () => {
  const lines = curveMarkdown(result, { command: EVIL }).split("\n");
  const head = lines.findIndex((line) => line.startsWith("| blocks |"));
  const bars = (line: string) => line.replaceAll("\\|", "").match(/\|/g)?.length;
  for (let at = head; lines[at] !== ""; at++) assertEquals(bars(lines[at]), bars(lines[head]));
  const ceiling = await traceCeiling(trace, { policies: ["fifo"], capacities: ["9"] });
  assertStringIncludes(ceilingMarkdown(ceiling), "No cache can serve more than");
});

Deno.test("text keeps within the terminal, as far as names allow", () => {
  for (const width of [72, 80, 100, 140]) {
    const text = curveText({ ...result, trace: { ...result.trace, path: "a.jsonl" } }, { width });
    for (const line of text.split("\n")) assert([...line].length <= width, `${width}: ${line}`);
  }
  const many = Array(9).fill(result.curves).flat();
  const wide = curveText({ ...result, trace: { ...result.trace, path: "a.jsonl" }, curves: many });
  for (const line of wide.split("\n")) assert([...line].length <= 100, line);
  assert(!curveText(result).includes("\u001b"));
  assertStringIncludes(curveText(result, { color: true }), "\u001b[1m");
});
