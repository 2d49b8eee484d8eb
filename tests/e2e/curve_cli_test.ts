/**
 * `kvtier curve` and `kvtier ceiling` as processes.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CEILING_SCHEMA, CURVE_SCHEMA, openTrace, registry, traceCurves } from "kvtier";
import { CONVERSATION, inFolder, kvtier, refusal, report, SMALL, SYNTHETIC } from "./command.ts";
import { departures } from "./json_schema.ts";

interface OneCurve {
  readonly policy: string;
  readonly exact: boolean;
  readonly points: readonly (readonly [number, number])[];
  readonly prefixPoints: readonly (readonly [number, number])[];
  readonly errorHits: number | null;
}

interface CurveDocument {
  readonly at: readonly number[] | null;
  readonly ceilingHits: number;
  readonly sampling: unknown;
  readonly curves: readonly OneCurve[];
  readonly groups: readonly { readonly name: string; readonly curve: OneCurve }[];
  readonly resultHash: string;
}

async function drawn(...args: string[]): Promise<CurveDocument> {
  return JSON.parse(await report("curve", ...args, "--json"));
}

async function schemaOf(name: string) {
  return JSON.parse(await Deno.readTextFile(`docs/schema/${name}.json`));
}

Deno.test("curve --json has the shape of docs/schema/curve.v1.json, keys in order", async () => {
  const schema = await schemaOf(`curve.v${CURVE_SCHEMA}`);
  const asked = [
    ["-p", "lru,optimal,fifo,arc", "--by", "window=3"],
    ["--at", "7,5%", "--block-bytes", "1MiB"],
    ["--sample", "1/4", "--samples", "3"],
  ];
  for (const args of asked) {
    const document = await drawn(...SMALL, ...args);
    assertEquals(departures(document, schema), [], args.join(" "));
  }
  // The checker must be able to find fault.
  const document = await drawn(...SMALL);
  const [first, ...rest] = document.curves;
  const wrong = { ...first, points: [[1, 2, 3]] };
  assertEquals(departures({ ...document, curves: [wrong, ...rest] }, schema).length, 1);
});

Deno.test("curve --at has exactly those points, and they are compare's", async () => {
  const policies = "lru,optimal,fifo,sieve";
  const { curves, at } = await drawn(SYNTHETIC, "--at", "5000,1000", "-p", policies);
  assertEquals(at, [1000, 5000]);
  const compared = JSON.parse(
    await report("compare", SYNTHETIC, "-c", "1000,5000", "-p", policies, "--json"),
  );
  for (const { policy, exact, points, prefixPoints } of curves) {
    const runs = compared.results.filter((run: { policy: string }) => run.policy === policy);
    const of = (name: string) =>
      runs.map((run: Record<string, number>) => [run.capacityBlocks, run[name]]);
    assertEquals([exact, points, prefixPoints], [true, of("hits"), of("prefixHits")], policy);
  }
});

Deno.test("curve gives the result that the library gives, hash and all", async () => {
  const document = await drawn(SYNTHETIC, "--touch", "root-first", "-p", "lru,clock,optimal");
  const result = await traceCurves(await openTrace(SYNTHETIC), {
    touch: "root-first",
    policies: ["lru", "clock", "optimal"],
  });
  assertEquals(document.resultHash, result.resultHash);
  assertEquals(document.curves.map(({ exact }) => exact), [true, false, true]);
  assertEquals(document.curves.map(({ errorHits }) => errorHits), [0, null, 0]);
  assertEquals(document.curves[0].points.at(-1)?.[1], document.ceilingHits);
});

Deno.test("curve's workers change no number", async () => {
  // Enough accesses that workers are started where there are two processors.
  const args = [CONVERSATION, "-p", "clock,sieve,lfu,arc,s3-fifo", "--json"];
  const document: CurveDocument = JSON.parse(await report("curve", ...args));
  const result = await traceCurves(await openTrace(CONVERSATION), {
    policies: ["clock", "sieve", "lfu", "arc", "s3-fifo"],
  });
  assertEquals(document.resultHash, result.resultHash);
});

Deno.test("curve writes text, CSV, Markdown and HTML, each with the answer or every point", async () => {
  const text = await report("curve", ...SMALL);
  for (const part of ["For 90 % of the ceiling", "lru needs", "╌", "●", "○ optimal (bound)"]) {
    assertStringIncludes(text, part);
  }
  assertStringIncludes(await report("curve", ...SMALL, "--markdown"), "| blocks | of all, % |");
  const csv = (await report("curve", ...SMALL, "--csv")).trimEnd().split("\r\n");
  const { curves } = await drawn(...SMALL);
  const lines = curves.map(({ points, prefixPoints }) =>
    new Set([...points, ...prefixPoints].map(([blocks]) => blocks)).size
  );
  assertEquals(csv.length, 1 + lines.reduce((sum, each) => sum + each, 0));
  await inFolder(async (folder) => {
    const files = { html: `${folder}/curve.html`, out: `${folder}/curve.json` };
    const { code, stdout, stderr } = await kvtier(
      ["curve", ...SMALL, "--by", "window", "--json", "--html", files.html, "-o", files.out],
    );
    assertEquals({ code, stdout }, { code: 0, stdout: "" }, stderr);
    assertMatch(await Deno.readTextFile(files.html), /^<!doctype html>[^]*<svg[^]*<\/html>\n$/);
    assertEquals(JSON.parse(await Deno.readTextFile(files.out)).groups.length, 6);
  });
});

Deno.test("curve --sample says so, and is no exact curve", async () => {
  const document = await drawn(SYNTHETIC, "--sample", "1/16", "-p", "lru");
  assertEquals(document.sampling, { oneIn: 16, samples: 8 });
  const [{ exact, errorHits }] = document.curves;
  assert(!exact && errorHits !== null && errorHits > 0);
  const text = await report("curve", SYNTHETIC, "--sample", "1/16", "-p", "lru");
  assertStringIncludes(text.replaceAll(/\s+/g, " "), "8 samples of one block in 16");
});

Deno.test("ceiling --json has the shape of docs/schema/ceiling.v1.json, and its order", async () => {
  const schema = await schemaOf(`ceiling.v${CEILING_SCHEMA}`);
  const document = JSON.parse(await report("ceiling", ...SMALL, "-c", "10%,200", "--json"));
  assertEquals(departures(document, schema), []);
  // `all` leaves out `learned`, which is LRU without a model, and oracles are no candidates.
  const online = registry().policies.filter(({ oracle, variant, name }) =>
    !oracle && !variant && name !== "learned"
  );
  for (const { online: tried, optimal, best, lru } of document.rows) {
    assertEquals(tried.length, online.length);
    assert(document.ceilingHits >= optimal.hits && optimal.hits >= best.prefixHits);
    assert(best.prefixHits >= lru.prefixHits);
  }
});

Deno.test("ceiling answers first, and writes CSV and Markdown", async () => {
  const args = [...SMALL, "-p", "fifo,arc", "-c", "5%"];
  assertMatch(await report("ceiling", ...args), /\n\nNo cache can serve more than \d/);
  assertEquals((await report("ceiling", ...args, "--csv")).trimEnd().split("\r\n").length, 5);
  assertStringIncludes(await report("ceiling", ...args, "--markdown"), "# The ceiling\n");
});

Deno.test("what makes no sense is refused as wrong usage", async () => {
  const wrong = [
    ["--at", "0"],
    ["--at", "4GiB"],
    ["-p", "lruu"],
    ["--by", "tenants"],
    ["--by", "tenant"],
    ["--sample", "64"],
    ["--sample", "1/0"],
    ["--touch", "sideways"],
    ["--json", "--csv"],
    ["--model", "llama-3.1-70b", "--block-bytes", "1MiB"],
  ];
  for (const args of wrong) {
    const text = await refusal(2, "curve", ...SMALL, ...args);
    assertMatch(text, /expected|= |write|lists/, args.join(" "));
  }
  await refusal(2, "ceiling", ...SMALL, "-c", "none");
  await refusal(2, "curve");
});
