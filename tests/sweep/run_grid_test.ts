/**
 * Grids: of hierarchies, cell by cell as the scenario files mean them; and what is refused in both
 * kinds, with its place.
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { simulate } from "../../engine/hierarchy.ts";
import type { HierarchyResult, TierResult } from "../../engine/hierarchy_result.ts";
import { describe, ScenarioError, UsageError } from "../../errors/errors.ts";
import { gridCells, loadGrid } from "../../scenario/grid.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { loadSweep, parseSweep } from "../../sweep/grid.ts";
import { cellAt, cellCount, valueText } from "../../sweep/plan.ts";
import type { RunnerSource } from "../../sweep/pool.ts";
import { readSweep } from "../../sweep/results.ts";
import { hierarchyMetrics } from "../../sweep/run_metrics.ts";
import { sweep } from "../../sweep/sweep.ts";
import { openTrace } from "../../traces/open.ts";
import { inFolder } from "../e2e/command.ts";
import { writeTrace } from "./grids.ts";
import { createRunner } from "./runners/echoes.ts";

const ECHOES: RunnerSource = {
  specifier: new URL("./runners/echoes.ts", import.meta.url).href,
  createRunner,
};

const SCENARIO = `
bytesPerToken: 128 KiB
blockTokens: 16
tiers:
  - { name: hbm, capacity: 64 MiB, bandwidth: 3.35 TB/s, latency: 1 us }
  - { name: dram, capacity: 256 MiB, bandwidth: 64 GB/s, latency: 10 us }
`;

const GRID = `
scenario: [one.yaml, another.yaml]
traces: [trace.jsonl]
workloads: ["loop(blocks=600)"]
vary:
  "tiers[*].policy": [lru, arc]
  "tiers[dram].capacity": [128 MiB, 1 GiB]
seeds: [7, 42]
`;

/** Two scenarios, a trace and a grid over them. */
async function writeFiles(folder: string, grid = GRID): Promise<string> {
  await Deno.writeTextFile(`${folder}/one.yaml`, SCENARIO);
  await Deno.writeTextFile(`${folder}/another.yaml`, SCENARIO.replace("64 MiB", "32 MiB"));
  await writeTrace(`${folder}/trace.jsonl`);
  await Deno.writeTextFile(`${folder}/grid.yaml`, grid);
  return `${folder}/grid.yaml`;
}

Deno.test("every cell runs its own scenario, in the order of the grid", () =>
  inFolder(async (folder) => {
    const file = await writeFiles(folder);
    const job = await loadSweep(file, { hierarchies: ECHOES });
    await sweep(job, { out: folder, workers: 2 });
    const { cells, manifest } = await readSweep(folder);
    const expected = [...gridCells(await loadGrid(file))];
    assertEquals([cells.length, cellCount(job.plan)], [32, expected.length]);
    for (const { index, scenario, trace, workload, settings, seed } of expected) {
      const cell = cells[index];
      const values = settings.slice(0, 2).map(({ value }) => value);
      assertEquals([manifest.scenarios[cell.scenario], cell.settings, cell.seed], [
        scenario,
        values as string[],
        seed,
      ]);
      assertEquals(manifest.inputs[cell.input], trace ?? workload);
      const arc = values[0] === "arc" ? 2 : 0;
      assertEquals(cell.metrics, {
        seed: seed!,
        named: scenario.endsWith("another.yaml") ? 7 : 3,
        requests: trace === undefined ? 10 : 30,
        hbm: (scenario.endsWith("another.yaml") ? 32 : 64) * 2 ** 20,
        dram: (values[1] === "1 GiB" ? 1024 : 128) * 2 ** 20,
        policies: arc,
      });
    }
  }));

Deno.test("another scenario file is another sweep, though the grid is the same", () =>
  inFolder(async (folder) => {
    const file = await writeFiles(folder);
    const run = async () => {
      const job = await loadSweep(file, { hierarchies: ECHOES });
      return await sweep(job, { out: folder, workers: 0, resume: true });
    };
    await run();
    assertEquals((await run()).kept, 32);
    await Deno.writeTextFile(`${folder}/one.yaml`, SCENARIO.replace("64 GB/s", "63 GB/s"));
    await assertRejects(run, Error, "the scenario is another one");
  }));

Deno.test("a grid without seeds takes the scenario's own, if there is one only", () =>
  inFolder(async (folder) => {
    const file = await writeFiles(folder, GRID.replace(/seeds.*/, ""));
    await Deno.writeTextFile(`${folder}/one.yaml`, `${SCENARIO}seed: 9\n`);
    const load = () => loadSweep(file, { hierarchies: ECHOES });
    await assertRejects(load, UsageError, "different seeds");
    await Deno.writeTextFile(`${folder}/another.yaml`, `${SCENARIO}seed: 9\n`);
    assertEquals((await load()).plan.seeds, [9]);
  }));

Deno.test("a cell of a hierarchy finds what a simulation finds, with two workers as with none", () =>
  inFolder(async (folder) => {
    const file = await writeFiles(folder);
    const job = await loadSweep(file);
    const { resultHash } = await sweep(job, { out: folder, workers: 2 });
    const alone = await sweep(job, { out: `${folder}/alone`, workers: 0 });
    assertEquals(alone.resultHash, resultHash);
    const trace = await openTrace(`${folder}/trace.jsonl`);
    const { cells } = await readSweep(folder);
    for (const cell of cells.filter(({ input }) => input === 0)) {
      const scenario = job.specOf(cell) as unknown as HierarchyScenario;
      assertEquals(scenario.seed, cell.seed);
      assertEquals(cell.metrics, hierarchyMetrics(await simulate(scenario, trace)));
    }
    assert(cells.some(({ metrics }) => metrics["dram.hits"]! > 0));
  }));

/** All of what a grid of policies is refused with. */
async function refused(grid: string): Promise<string> {
  const error = await assertRejects(() => parseSweep(grid, "grid.yaml"), ScenarioError);
  return describe(error);
}

Deno.test("grids of policies are strict, and every finding has its place", async () => {
  const text = await refused(`
workloads: [loop]
vary:
  policy: [lru, lruu, lru]
  capacity: [5%, 5 parrots]
  touch: [tail-frist]
  admision: [always]
`);
  assertMatch(text, /grid\.yaml:7:3[^]*did you mean "admission"/i);
  const values = await refused(`
workloads: [loop]
vary:
  policy: [lru, lruu, lru]
  capacity: [5%, 5 parrots]
  touch: [tail-frist]
`);
  assertMatch(
    values,
    /vary\.policy\[1\] is not right: "lruu" is not a registered name\n {2}--> grid\.yaml:4:17/,
  );
  assertMatch(values, /vary\.policy\[2\] is listed twice\n {2}--> grid\.yaml:4:23/);
  assertMatch(values, /vary\.capacity\[1\] is not right: [^]*grid\.yaml:5:18/);
  assertMatch(values, /vary\.touch\[0\] is not right: [^]*grid\.yaml:6:11/);
  assertMatch(await refused("vary: { policy: [lru] }"), /vary\.capacity is missing/);
  const both = "model: llama-3.1-8b\nblockBytes: 1 MiB\nvary: { policy: [lru], capacity: [1] }";
  assertMatch(await refused(both), /blockBytes and model both[^]*grid\.yaml:2:1/);
});

Deno.test("a grid needs a trace, distinct seeds and no more cells than anybody can run", async () => {
  const count = async (grid: string) => cellCount((await parseSweep(grid)).plan);
  const vary = "vary: { policy: [lru], capacity: [1] }\n";
  await assertRejects(() => count(vary), UsageError, "there is no trace to run on");
  await assertRejects(() => count(`workloads: [loop]\n${vary}seeds: [1, 1]`), UsageError, "twice");
  const many = `workloads: [loop]\nvary: { policy: [lru], capacity: [${
    Array.from({ length: 11 }, (_, i) => i + 1)
  }] }\nseeds: { from: 0, count: 1000000 }`;
  await assertRejects(() => count(many), UsageError, "11000000 cells");
  assertEquals(await count(`workloads: [loop]\n${vary}seeds: { from: 0, count: 1000000 }`), 1e6);
  await assertRejects(() => count(`workloads: [lop]\n${vary}`), UsageError, "not a kind");
});

Deno.test("rows go by input, then by key in the order of the file, seeds fastest", async () => {
  const { plan } = await parseSweep(`
workloads: [loop, zipf]
vary: { touch: [root-first, tail-first], policy: [lru, arc, fifo], capacity: [1] }
seeds: [3, 1]
`);
  const rows = Array.from({ length: cellCount(plan) }, (_, index) => {
    const { input, settings, seed } = cellAt(plan, index);
    return [plan.inputs[input], ...settings.map(valueText), seed].join(" ");
  });
  assertEquals(rows.slice(0, 7), [
    "loop root-first lru 1 3",
    "loop root-first lru 1 1",
    "loop root-first arc 1 3",
    "loop root-first arc 1 1",
    "loop root-first fifo 1 3",
    "loop root-first fifo 1 1",
    "loop tail-first lru 1 3",
  ]);
  assertEquals(new Set(rows).size, 24);
  assertEquals(rows[12], "zipf root-first lru 1 3");
});

function tierResult(name: string, hits: number): TierResult {
  return {
    ...{ name, policy: "lru", capacityBytes: 100, usedBytes: 50, peakBytes: 60 },
    ...{ residentBlocks: 5, hits, prefixHits: hits / 2, promotedIn: 1, demotedIn: 2 },
    ...{ insertedIn: 3, evictions: 4, dropped: 1, bypasses: 0, bytesIn: 30, bytesOut: 20 },
    ...{ readBusyNs: 7, writeBusyNs: 8, waitNs: 9, transfers: 10 },
  };
}

Deno.test("the metrics of a hierarchy, by hand", () => {
  const result: HierarchyResult = {
    ...{ scenario: "s", seed: 1, requests: 4, lookups: 20, misses: 8 },
    ...{ recomputedBlocks: 2, recomputedByChoice: 1, joinedBlocks: 0 },
    ...{ inputTokens: 400, hitTokens: 90 },
    tiers: [tierResult("hbm", 8), tierResult("dram", 4)],
    trafficBytes: [[[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[10]], [[100, 200]]],
    demotedBytes: [1, 2, 3],
    prefetch: { requested: 10, useful: 4, late: 1, wasted: 5, bytes: 300 },
    latencyNs: { load: 10, wait: 20, compute: 30, dequantise: 40, total: 100 },
    samples: [],
    hashes: { trace: "t", engine: "e", scenario: "s" },
    resultHash: "r",
  };
  const metrics = hierarchyMetrics(result);
  assertEquals(metrics.prefixHitRatio, 6 / 20);
  assertEquals(metrics.blockHitRatio, 12 / 20);
  assertEquals(metrics.tokenHitRatio, 90 / 400);
  assertEquals(metrics.fastHitRatio, 8 / 20);
  assertEquals(metrics["dram.hitRatio"], 4 / 20);
  assertEquals(metrics.latencyNsMean, 5);
  assertEquals([metrics.demandBytes, metrics.writeBackBytes, metrics.prefetchBytes], [36, 10, 300]);
  assertEquals([metrics.bytesMoved, metrics.demotedBytes], [346, 6]);
  assertEquals([metrics.requestNsMean, metrics.prefetchUsefulRatio], [null, 0.4]);
  assert(Object.values(metrics).every((value) => value === null || Number.isFinite(value)));
});
