/** Grids with learned policies: the same however they are run, and refused when nothing trains. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { describe, ScenarioError } from "../../errors/errors.ts";
import { compareWithLearned } from "../../learn/compare_with_learned.ts";
import { simulateLearned } from "../../learn/simulate_learned.ts";
import { loadRunScenario } from "../../scenario/load_run.ts";
import { loadSweep, parseSweep } from "../../sweep/grid.ts";
import { readSweep } from "../../sweep/results.ts";
import { hierarchyMetrics } from "../../sweep/run_metrics.ts";
import { sweep } from "../../sweep/sweep.ts";
import { openTrace } from "../../traces/open.ts";
import { CONVERSATION, inFolder } from "../e2e/command.ts";

const SCENARIO = `
bytesPerToken: 1 KiB
tiers:
  - { name: hbm, capacity: 200 MiB, bandwidth: 3.35 TB/s, latency: 1 us }
  - { name: dram, capacity: 400 MiB, bandwidth: 64 GB/s, latency: 10 us }
limit: 400
learn: { share: 0.5 }
`;

const GRID = `
scenario: s.yaml
workloads: ["chat(sessions=150;seed=3)"]
vary:
  "tiers[hbm].policy": [lru, learned]
  "tiers[dram].policy": [lru, learned]
`;

Deno.test("a grid over learned tiers: one worker or two, the same, and as kvtier run", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/s.yaml`, SCENARIO);
    await Deno.writeTextFile(`${folder}/grid.yaml`, GRID);
    const job = await loadSweep(`${folder}/grid.yaml`);
    const alone = await sweep(job, { out: `${folder}/0`, workers: 0 });
    const many = await sweep(job, { out: `${folder}/2`, workers: 2 });
    assertEquals(many.resultHash, alone.resultHash);
    const { cells } = await readSweep(`${folder}/0`);
    const set = ["tiers[hbm].policy=learned", "tiers[dram].policy=lru"];
    const scenario = await loadRunScenario(`${folder}/s.yaml`, { set });
    const run = await simulateLearned(scenario, await job.inputs[0].open(42));
    assertEquals({ ...cells[2].metrics }, { ...hierarchyMetrics(run) });
    const counted = cells.map(({ metrics }) => metrics.lookups);
    assertEquals(new Set(counted).size, 1, "the same requests count for every policy");
  }));

Deno.test("a grid over learned tiers that nothing trains is refused at the value", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/s.yaml`, SCENARIO.replace(/learn:.*\n/, ""));
    await Deno.writeTextFile(`${folder}/grid.yaml`, GRID);
    const error = await assertRejects(() => loadSweep(`${folder}/grid.yaml`), ScenarioError);
    assertMatch(describe(error), /learned, and nothing says from what/);
    assertMatch(describe(error), /grid\.yaml:\d+:\d+/);
  }));

const COMPARE = `
traces: [trace.jsonl.gz]
vary: { policy: [lru, learned, optimal], capacity: [5%] }
limit: 2500
learn: { share: 0.3 }
`;

Deno.test("a grid over policies trains learned, and counts everybody on the rest", () =>
  inFolder(async (folder) => {
    await Deno.copyFile(CONVERSATION, `${folder}/trace.jsonl.gz`);
    await Deno.writeTextFile(`${folder}/grid.yaml`, COMPARE);
    const job = await loadSweep(`${folder}/grid.yaml`);
    const alone = await sweep(job, { out: `${folder}/0`, workers: 0 });
    const many = await sweep(job, { out: `${folder}/2`, workers: 2 });
    assertEquals(many.resultHash, alone.resultHash);
    const { cells } = await readSweep(`${folder}/0`);
    const { results } = await compareWithLearned(
      await openTrace(`${folder}/trace.jsonl.gz`, { limit: 2500 }),
      { policies: ["lru", "learned", "optimal"], capacities: ["5%"], learnShare: 0.3 },
    );
    assertEquals(cells.map(({ metrics }) => metrics.hits), results.map(({ hits }) => hits));
    assert(new Set(results.map(({ hits }) => hits)).size === 3, "policies that do not differ");
    const without = COMPARE.replace(/learn:.*\n/, "");
    const error = await assertRejects(() => parseSweep(without, "g.yaml"), ScenarioError);
    assertMatch(describe(error), /g\.yaml:3:\d+/);
    assertMatch(describe(error), /vary\.policy\[1\] is learned, and nothing says from what/);
  }));
