/**
 * `kvtier size` and `kvtier ttl` as processes.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { SIZE_SCHEMA, TTL_SCHEMA } from "kvtier";
import { CONVERSATION, inFolder, kvtier, report, SMALL } from "./command.ts";
import { departures } from "./json_schema.ts";

const TIERS = ["--model", "llama-3.1-70b", "--tiers", "hbm=8GiB,dram,ssd", "--budget", "40"];

async function schema(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(`docs/schema/${name}.json`));
}

Deno.test("size --json has the shape of its schema, with tiers and without", async () => {
  const shape = await schema(`size.v${SIZE_SCHEMA}`);
  for (const extra of [[], TIERS]) {
    const text = await report("size", ...SMALL, ...extra, "--json");
    const document = JSON.parse(text);
    assertEquals(departures(document, shape), []);
    assertEquals(document.mixes === null, extra.length === 0);
    assertEquals(text, `${JSON.stringify(document, null, 2)}\n`);
    assertEquals(departures({ ...document, rows: 3, more: 1 }, shape).length, 2);
  }
});

Deno.test("ttl --json has the shape of its schema, the curve only when asked for", async () => {
  const shape = await schema(`ttl.v${TTL_SCHEMA}`);
  const short = JSON.parse(await report("ttl", ...SMALL, "--json", "--at", "60s"));
  const whole = JSON.parse(await report("ttl", ...SMALL, "--json", "--at", "60s", "--curve"));
  assertEquals([...departures(short, shape), ...departures(whole, shape)], []);
  assertEquals(short.curve, null);
  assertEquals(whole.curve.points.at(-1)[1], short.rows.at(-1).hits);
  assertEquals(short.rows.map(({ ttlNs }: { ttlNs: number | null }) => ttlNs), [60e9, null]);
  assertEquals(short.resultHash, whole.resultHash);
});

Deno.test("size and ttl write CSV, Markdown and a page that stands alone", async () => {
  await inFolder(async (folder) => {
    for (const name of ["size", "ttl"]) {
      const csv = (await report(name, ...SMALL, "--csv")).trimEnd().split("\n");
      assertEquals(new Set(csv.map((line) => line.split(",").length)).size, 1);
      const html = `${folder}/${name}.html`;
      const { code, stdout: markdown, stderr } = await kvtier([
        ...[name, ...SMALL, "--markdown", "--html", html],
      ]);
      assertEquals({ code, stderr }, { code: 0, stderr: `wrote ${html}\n` });
      assertMatch(markdown, /^# .*\n/);
      assertStringIncludes(markdown, `- command \`kvtier ${name} `);
      const page = await Deno.readTextFile(html);
      assertMatch(page, /^<!doctype html>[^]*<svg[^]*<\/html>\n$/);
      assert(!/(src|href)="https?:/.test(page));
    }
  });
});

Deno.test("a target may be a share or a percentage, and tiers come from a scenario too", async () => {
  const target = async (text: string) =>
    JSON.parse(await report("size", ...SMALL, "--target", text, "--json")).target;
  assertEquals([await target("0.8"), await target("80%")], [0.8, 0.8]);
  const scenario = "configs/scenarios/which-tier/h100_dram.yaml";
  const run = await report("size", ...SMALL, "--scenario", scenario, "--gpu-price", "12", "--json");
  const { mixes } = JSON.parse(run);
  assertEquals(mixes.weights.prefillNsPerToken, 88_000);
  assertEquals(mixes.mixes[0].question, "given");
});

Deno.test("what size and ttl refuse, they refuse with a way out", async () => {
  const cases: [string[], number, RegExp][] = [
    [["size", CONVERSATION, "--target", "2"], 2, /no share of the ceiling/],
    [["size", CONVERSATION, "--budget", "5"], 2, /--tiers hbm=80GiB,dram,ssd/],
    [["size", CONVERSATION, "--tiers", "dram"], 2, /give --model or --block-bytes/],
    [["size", ...SMALL, "--model", "llama-3.1-8b", "--tiers", "hbm,dram"], 2, /no price/],
    [["size", ...SMALL, "--model", "llama-3.1-8b", "--tiers", "dramm"], 1, /dramm/],
    [["size", ...SMALL, "--gpu-price", "cheap", ...TIERS], 2, /--gpu-price/],
    [["ttl", ...SMALL, "--at", "60"], 2, /has no unit/],
    [["ttl", ...SMALL, "--ttl", "5m,1h", "--write", "1,2,3"], 2, /one value for all plans/],
    [["ttl", ...SMALL, "--json", "--csv"], 2, /choose one/],
    [["ttl", "tests/data/lmcache_lookup.jsonl", "--price", "0"], 2, /--price/],
  ];
  await Promise.all(cases.map(async ([args, expected, words]) => {
    const { code, stdout, stderr } = await kvtier(args);
    assertEquals({ code, stdout }, { code: expected, stdout: "" }, `${args} ${stderr}`);
    assertMatch(stderr, words);
  }));
});

Deno.test("ttl refuses a trace without a clock, and says what needs none", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/clockless.jsonl`;
    const row = JSON.stringify({ prompt: 64, ids: [1, 2] });
    await Deno.writeTextFile(file, `${row}\n${row}\n`);
    const columns = ["--columns", "input=prompt,blocks=ids", "--block-tokens", "32"];
    const reading = ["--format", "generic-jsonl", ...columns];
    const { code, stderr } = await kvtier(["ttl", file, ...reading]);
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, "no arrival times");
    assertStringIncludes(stderr, "kvtier size");
    assertStringIncludes(await report("size", file, ...reading), "90 % of the ceiling (50.0 %)");
  });
});
