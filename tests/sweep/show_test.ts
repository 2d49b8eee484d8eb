/**
 * What came of a sweep: tables, marks, and files that other programs read.
 */
import { assert, assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { parquetReadObjects } from "hyparquet";
import { UsageError } from "../../errors/errors.ts";
import { cellsCsv, cellsJson, cellsParquet, sweepCsv, sweepJson } from "../../sweep/export.ts";
import type { CellResult, SweepResults } from "../../sweep/results.ts";
import { cellAt } from "../../sweep/plan.ts";
import { summarizeSweep } from "../../sweep/summary.ts";
import { sweepText } from "../../sweep/summary_text.ts";
import { inFolder } from "../e2e/command.ts";
import { departures } from "../e2e/json_schema.ts";
import { runSweep, writeGrid } from "./grids.ts";

const ORACLES = ["optimal"];

/** Results made by hand: `value` of each cell, on workloads that differ by seed. */
function resultsOf(
  policies: readonly string[],
  seeds: number,
  value: (policy: string, seed: number, input: number) => number | null,
  inputs = ["chat"],
): SweepResults {
  const manifest = {
    version: "0",
    gridName: "grid.yaml",
    gridText: "",
    gridHash: "g",
    kind: "compare",
    scenarios: ["one tier"],
    inputs,
    axes: [{ key: "policy", values: policies }, { key: "capacity", values: ["5%"] }],
    seeds: Array.from({ length: seeds }, (_, at) => at + 1),
    specHash: "s",
    engineHash: "e",
    cells: inputs.length * policies.length * seeds,
    shard: { number: 1, of: 1 },
  };
  const cells = Array.from({ length: manifest.cells }, (_, index): CellResult => {
    const cell = cellAt(manifest, index);
    const metrics = { prefixHitRatio: value(String(cell.settings[0]), cell.seed, cell.input) };
    return { ...cell, metrics, trace: `${cell.input} ${cell.seed}` };
  });
  return { manifest, cells, resultHash: "h" };
}

const NOISE = [0, 0.2, -0.1, 0.3, -0.2, 0.1, 0.25, -0.15, 0.05, -0.05];
const GAIN: Readonly<Record<string, number>> = { lru: 0, arc: 0.05, sieve: 0.045, optimal: 0.2 };

Deno.test("the best is marked, draws with it too, and an oracle is neither", () => {
  const results = resultsOf(
    ["lru", "arc", "sieve", "optimal"],
    10,
    (policy, seed) => 0.5 + GAIN[policy] + NOISE[seed - 1],
  );
  const { rows, by, keys } = summarizeSweep(results, { oracles: ORACLES });
  assertEquals([by, keys], ["policy", ["trace", "capacity", "policy"]]);
  assertEquals(rows.map(({ values, standing }) => [values[2], standing]), [
    ["lru", "behind"],
    ["arc", "best"],
    ["sieve", "draw"],
    ["optimal", "oracle"],
  ]);
  assertAlmostEquals(rows[0].againstBest!.mean, -0.05, 1e-12);
  assertAlmostEquals(rows[3].againstBest!.mean, 0.15, 1e-12);
  const text = sweepText(results, [summarizeSweep(results, { oracles: ORACLES })]);
  assertMatch(
    text,
    /chat +5% +lru +10 +54\.00 +44\.\d\d … 64\.\d\d +17\.\d\d +-5\.00 \(-5\.00 … -5\.00\)\n/,
  );
  assertMatch(text, /arc .* best\n/);
  assertMatch(text, /sieve .* -0\.50 \(-0\.50 … -0\.50\) +draw\n/);
  assertMatch(text, /oracle: sees the future/);
});

Deno.test("workloads without a seed get no interval, and the table says why", () => {
  const results = resultsOf(["lru", "arc"], 3, (policy) => 0.5 + GAIN[policy]);
  const fixed = { ...results, cells: results.cells.map((cell) => ({ ...cell, trace: "one" })) };
  const text = sweepText(fixed, [summarizeSweep(fixed)]);
  assertMatch(text, /lru +3 +50\.00 +– +– +-5\.00\n/);
  assertMatch(text, /No spread: the workload does not depend on the seed/);
  assert(!text.includes("Intervals:"), text);
});

Deno.test("over all traces: one row per policy, pairs by trace and seed", () => {
  const results = resultsOf(
    ["lru", "arc"],
    10,
    (policy, seed, input) => 0.3 * input + 0.3 + GAIN[policy] + NOISE[seed - 1] / 2,
    ["chat", "rag"],
  );
  const { rows, keys } = summarizeSweep(results, { pooled: true });
  assertEquals(keys, ["capacity", "policy"]);
  assertEquals(rows.map(({ runs, standing }) => [runs, standing]), [[20, "behind"], [20, "best"]]);
  assertEquals(rows[0].againstBest!.pairs, 20);
});

Deno.test("a sweep that still runs is compared on what both have", () => {
  const results = resultsOf(
    ["lru", "arc"],
    10,
    (policy, seed) => 0.5 + GAIN[policy] + NOISE[seed - 1],
  );
  const cells = results.cells.filter(({ index }) => index < 15);
  const part = { ...results, cells };
  const { rows } = summarizeSweep(part);
  const best = rows.find(({ standing }) => standing === "best")!;
  const other = rows.find((row) => row !== best)!;
  assertEquals(rows.map(({ runs }) => runs), [10, 5]);
  assertEquals(other.againstBest!.pairs, 5);
  assertMatch(
    sweepText(part, [summarizeSweep(part)]),
    /15 of 20 cells[^]*not run yet: cells 15-19/,
  );
});

Deno.test("what is not defined, not there, or not better either way", () => {
  const results = resultsOf(["lru", "arc"], 2, (policy) => policy === "arc" ? null : 0.5);
  const { rows } = summarizeSweep(results);
  assertEquals(rows[1].spread, undefined);
  assertMatch(sweepText(results, [summarizeSweep(results)]), /arc +2 +– +– +– +–\n/);
  assertThrows(
    () => summarizeSweep(results, { metric: "prefixHitRatoi" }),
    UsageError,
    "no metric",
  );
  assertThrows(() => summarizeSweep(results, { by: "polici" }), UsageError, "does not vary");
  const empty = { ...results, cells: [] };
  assertThrows(() => summarizeSweep(empty), UsageError, "no cell has run yet");
});

Deno.test("lower is better for latencies", () => {
  const results = resultsOf(["lru", "arc"], 10, (policy, seed) => GAIN[policy] + NOISE[seed - 1]);
  const cells = results.cells.map((cell) => ({
    ...cell,
    metrics: { requestNsMean: 1e6 * (2 + cell.metrics.prefixHitRatio!) },
  }));
  const { rows, kind } = summarizeSweep({ ...results, cells });
  assertEquals(kind, { unit: "nanoseconds", better: "lower" });
  assertEquals(rows.map(({ standing }) => standing), ["best", "behind"]);
  assertMatch(sweepText({ ...results, cells }, [summarizeSweep({ ...results, cells })]), /mean ms/);
});

Deno.test("CSV, JSON and Parquet hold the same cells", async () => {
  const results = resultsOf(
    ["lru", 'a "b", c'],
    2,
    (policy, seed) => policy === "lru" ? seed / 3 : null,
  );
  const [head, first, , third] = cellsCsv(results).split("\r\n");
  assertEquals(head, "cell,scenario,trace,policy,capacity,seed,prefixHitRatio,traceHash");
  assertEquals(first, "0,one tier,chat,lru,5%,1,0.3333333333333333,0 1");
  assertEquals(third, '2,one tier,chat,"a ""b"", c",5%,1,,0 1');
  const { cells } = JSON.parse(cellsJson(results));
  const file = await cellsParquet(results);
  assertEquals(await parquetReadObjects({ file: file.buffer }), cells);
  assertEquals(cells[1].prefixHitRatio, 2 / 3);
  assertEquals(cells[3].prefixHitRatio, null);
});

Deno.test("summaries as CSV and JSON hold the numbers of the table", () => {
  const results = resultsOf(
    ["lru", "arc"],
    10,
    (policy, seed) => 0.5 + GAIN[policy] + NOISE[seed - 1],
  );
  const summary = summarizeSweep(results);
  const { summaries: [written] } = JSON.parse(sweepJson(results, [summary]));
  assertEquals(written.metric, "prefixHitRatio");
  const { mean, low, high } = summary.rows[1].spread as { mean: number; low: number; high: number };
  assertEquals([written.rows[1].mean, written.rows[1].low, written.rows[1].high], [
    mean,
    low,
    high,
  ]);
  const [head, lru, arc] = sweepCsv([summary]).split("\r\n").map((line) => line.split(","));
  assertEquals(head.slice(0, 6), ["metric", "pooled", "trace", "capacity", "policy", "runs"]);
  assertEquals(Number(arc[head.indexOf("mean")]), mean);
  assertEquals([lru, arc].map((row) => row[head.indexOf("standing")]), ["behind", "best"]);
});

Deno.test("the command shows, writes and refuses", () =>
  inFolder(async (folder) => {
    const grid = await writeGrid(folder);
    const out = `${folder}/out`;
    const ran = await runSweep([
      grid,
      "-o",
      out,
      "--workers",
      "1",
      "--parquet",
      `${folder}/x.parquet`,
    ]);
    assertEquals(ran.code, 0, ran.stderr);
    const shown = await runSweep(["show", out]);
    assertEquals([shown.code, shown.stdout, shown.stderr], [0, ran.stdout, ""]);
    const schema = JSON.parse(await Deno.readTextFile("docs/schema/sweep.v1.json"));
    for (const form of [["--json"], ["--json", "--cells"]]) {
      const document = JSON.parse((await runSweep(["show", out, ...form])).stdout);
      assertEquals(departures(document, schema), []);
      assertEquals(departures({ ...document, content: "else" }, schema).length, 1);
    }
    assertMatch(shown.stdout, /prefixHitRatio, higher is better/);
    assertMatch(shown.stdout, /optimal .* oracle\n/);
    const { buffer } = await Deno.readFile(`${folder}/x.parquet`);
    assertEquals((await parquetReadObjects({ file: buffer })).length, 120);
    const csv = await runSweep(["show", out, "--csv", "--metric", "misses", "--by", "capacity"]);
    assertEquals(csv.stdout.split("\r\n").length, 1 + 40 + 1);
    for (
      const [args, code, said] of [
        [["show", out, "--metric", "mises"], 2, /did you mean "misses"/i],
        [["show", out, "--cells"], 2, /--cells needs --csv or --json/],
        [["show", out, "--json", "--csv"], 2, /both ask for the output/],
        [["show"], 2, /an argument is missing/],
        [["show", folder], 1, /there are none in the folder/],
        [["merge"], 2, /an argument is missing/],
        [[grid, "--shard", "3/2"], 2, /not i\/n/],
        [[`${folder}/none.yaml`], 1, /Cannot read grid/],
      ] as const
    ) {
      const refused = await runSweep(args);
      assertEquals([refused.code, refused.stdout], [code, ""], args.join(" "));
      assertMatch(refused.stderr, said);
    }
  }));
