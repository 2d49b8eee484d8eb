import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/csv";
import { z } from "zod";
import { hierarchyCsv } from "./csv.ts";
import { EXAMPLE_RUN } from "./example.ts";
import { hierarchyDocument, hierarchyJson } from "./json.ts";
import { RUN_METRICS, runMetricsOf } from "./metrics.ts";
import { runSchema } from "./schema.ts";

const { result, scenario } = EXAMPLE_RUN;
const OPTIONS = { version: "0.1.0" };
const SCHEMA = z.fromJSONSchema(runSchema() as Parameters<typeof z.fromJSONSchema>[0]);

// deno-lint-ignore no-explicit-any
function document(): any {
  return JSON.parse(JSON.stringify(hierarchyDocument(result, scenario, OPTIONS)));
}

Deno.test("the schema accepts what hierarchyJson() writes", () => {
  const found = SCHEMA.safeParse(JSON.parse(hierarchyJson(result, scenario, OPTIONS)));
  assert(found.success, found.error === undefined ? "" : z.prettifyError(found.error));
});

Deno.test("the schema refuses a document that lacks, adds or mistypes a key", () => {
  // deno-lint-ignore no-explicit-any
  const spoil: readonly [string, (value: any) => void][] = [
    ["another version", (value) => value.schema = 2],
    ["a short hash", (value) => value.resultHash = "abc"],
    ["no scenario hash", (value) => delete value.hashes.scenario],
    ["an unknown metric", (value) => value.run.hitShare = 0.5],
    ["half a miss", (value) => value.run.misses = 0.5],
    ["a negative count", (value) => value.tiers[0].hits = -1],
    ["a tier without a name", (value) => delete value.tiers[0].name],
    ["a word for a ratio", (value) => value.tiers[0].hitRatio = "0.5"],
    ["no such cause", (value) => value.links[0].cause = "boredom"],
    ["no such movement", (value) => value.scenario.movement = "eventual"],
    ["a counter that is null", (value) => value.tiers[0].evictions = null],
  ];
  for (const [what, change] of spoil) {
    const value = document();
    change(value);
    assert(!SCHEMA.safeParse(value).success, `accepted ${what}`);
  }
});

Deno.test("hierarchyJson() writes its keys in the documented order, all metrics, all bits", () => {
  const value = document();
  assertEquals(Object.keys(value), [
    "command",
    "version",
    "schema",
    "scenario",
    "run",
    "tiers",
    "causes",
    "links",
    "samples",
    "learned",
    "hashes",
    "resultHash",
  ]);
  assertEquals(Object.keys(value.run), runMetricsOf("run").map(({ name }) => name));
  assertEquals(
    Object.keys(value.tiers[0]).slice(6),
    runMetricsOf("tier").map(({ name }) => name),
  );
  assertEquals(value.run.tokenHitRatio, 17_100_000 / 49_600_000);
  assertEquals(value.tiers.map(({ name }: { name: string }) => name), [
    "hbm",
    "dram",
    "cxl",
    "nvme",
  ]);
  const hits = value.tiers.map((tier: { hits: number }) => tier.hits);
  assertEquals(hits, [21_000, 9_000, 4_000, 3_000]);
  const moved = value.links.reduce(
    (sum: number, { linkBytes }: { linkBytes: number }) => sum + linkBytes,
    0,
  );
  assertEquals(moved, value.run.bytesMoved);
});

Deno.test("hierarchyJson() does not depend on the order of keys in memory", () => {
  const reversed = Object.fromEntries(Object.entries(result).reverse()) as unknown as typeof result;
  assertEquals(
    hierarchyJson(reversed, scenario, OPTIONS),
    hierarchyJson(result, scenario, OPTIONS),
  );
});

Deno.test("hierarchyCsv() has a line for every number, with as many fields as its head", () => {
  const [head, ...rows] = parse(hierarchyCsv(result, scenario));
  assert(rows.every((row) => row.length === head.length));
  const of = (scope: string) => rows.filter((row) => row[2] === scope).length;
  const count = (scope: string) => RUN_METRICS.filter((entry) => entry.scope === scope).length;
  assertEquals(of("run"), count("run"));
  assertEquals(of("tier"), 4 * count("tier"));
  assertEquals(of("cause"), 3 * count("cause"));
  assertEquals(of("link"), 12 * count("link"));
  const ratio = rows.find((row) => row[2] === "tier" && row[3] === "cxl" && row[7] === "hitRatio");
  assertEquals(ratio?.[9], "0.04");
  const price = rows.find((row) => row[3] === "hbm" && row[7] === "dollarsPerHour");
  assertEquals(price?.[9], "");
});
