/**
 * Grids of clusters: every cell as its scenario means it, with the numbers that reports show.
 */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { describe, ScenarioError } from "../../errors/errors.ts";
import { metricConfidence, servingConfidence } from "../../report/serving/confidence.ts";
import { servingMetric, servingMetricsOf, servingValue } from "../../report/serving/metrics.ts";
import { sweepSchema } from "../../report/sweep_schema.ts";
import { reportable } from "../../cli/serving_context.ts";
import { parseClusterScenario } from "../../serving/cluster/load.ts";
import { simulateCluster } from "../../serving/cluster/simulate.ts";
import { clusterMetrics } from "../../sweep/cluster_metrics.ts";
import { loadSweep } from "../../sweep/grid.ts";
import { cellCount } from "../../sweep/plan.ts";
import { readSweep } from "../../sweep/results.ts";
import { cellsCsv, cellsJson, sweepCsv, sweepJson } from "../../sweep/export.ts";
import { summarizeSweep, usualMetrics } from "../../sweep/summary.ts";
import { sweepText } from "../../sweep/summary_text.ts";
import { sweep } from "../../sweep/sweep.ts";
import { openTrace } from "../../traces/open.ts";
import { CONVERSATION, inFolder } from "../e2e/command.ts";
import { departures } from "../e2e/json_schema.ts";

const SCENARIO = `
model: llama-3.1-8b
cluster:
  device: h100-sxm
  gpusPerNode: 4
  disaggregation: { ratio: "1:1" }
  stores: [{ name: dram, scope: node, capacity: 256 GiB, bandwidth: 100 GB/s, latency: 10 us }]
  faults: [{ at: 5 s, down: replica 3 }, { at: 15 s, up: replica 3 }]
slo: { ttft: 1 s, tpot: 30 ms }
load: { rate: 8, limit: 400 }
`;
const GRID = `
scenario: cluster.yaml
vary:
  cluster.disaggregation.ratio: [none, "1:1"]
  "cluster.stores[dram].capacityFactor": [0, 1]
`;

Deno.test("kvtier sweep takes scenarios with a cluster", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/cluster.yaml`, SCENARIO);
    await Deno.writeTextFile(`${folder}/grid.yaml`, GRID);
    const job = await loadSweep(`${folder}/grid.yaml`, { traces: [CONVERSATION] });
    assertEquals([job.plan.kind, cellCount(job.plan)], ["cluster", 4]);
    const { folder: out } = await sweep(job, { out: `${folder}/out`, workers: 0 });
    const { cells } = await readSweep(out);
    const found = cells.map(({ metrics }) => metrics as Record<string, number>);
    const trace = await openTrace(CONVERSATION);
    const set = ["cluster.disaggregation.ratio=none", "cluster.stores[dram].capacityFactor=0"];
    const first = await simulateCluster(await parseClusterScenario(SCENARIO, { set }), trace);
    assertEquals(found[0], clusterMetrics(first));
    assertEquals(found[0].transferBytes, 0);
    assert(found[2].transferBytes > 0);
    assertEquals([found[0]["dram.hits"], found[0].loadedTokenRatio], [0, 0]);
    assert(found[1]["dram.hits"] > 0 && found[1].prefixHitRatio > found[0].prefixHitRatio);
    assert(found.every(({ finished }) => finished === 400));
    const results = await readSweep(out);
    assertEquals(usualMetrics(results), ["ttftNsMean", "tpotNsMean"]);
    const summary = summarizeSweep(results, { metric: "ttftNsMean" });
    for (
      const text of [
        sweepJson(results, [summary], metricConfidence),
        cellsJson(results, metricConfidence),
      ]
    ) {
      assertEquals(departures(JSON.parse(text), sweepSchema()), []);
    }
  });
});

Deno.test("a sweep's numbers are those of the reports, by the same names", async () => {
  const trace = await openTrace(CONVERSATION, { limit: 400 });
  const run = await simulateCluster(await parseClusterScenario(SCENARIO), trace);
  const found = clusterMetrics(run);
  const report = await reportable(run, trace, "cluster.yaml");
  const shared = servingMetricsOf("run").map(({ name }) => name).filter((name) => name in found);
  assert(shared.length > 30, shared.join());
  for (const name of shared) {
    const value = servingValue(report, name);
    if (value === null || found[name] === null) assertEquals(found[name], value, name);
    else assert(Math.abs(found[name]! - value) <= 1e-9 * Math.abs(value), `${name}: ${value}`);
  }
});

Deno.test("a grid of clusters varies keys of clusters only", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/cluster.yaml`, SCENARIO);
    const grid = GRID.replace("disaggregation.ratio", "disaggregation.ratoi");
    await Deno.writeTextFile(`${folder}/grid.yaml`, grid);
    const error = await assertRejects(() => loadSweep(`${folder}/grid.yaml`), ScenarioError);
    assertStringIncludes(describe(error), 'did you mean "ratio"');
  });
});

Deno.test("the shipped grids of serving resolve, cell by cell", async () => {
  const sizes: Record<string, number> = {};
  for await (const { name } of Deno.readDir("configs/sweeps/serving")) {
    const job = await loadSweep(`configs/sweeps/serving/${name}`, { traces: [CONVERSATION] });
    assertEquals(job.plan.kind, "cluster", name);
    sizes[name] = cellCount(job.plan);
  }
  assert(Object.values(sizes).every((size) => size >= 6) && Object.keys(sizes).length >= 8);
});

Deno.test("each cell says how far its numbers may be believed, as the report of its run does", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/cluster.yaml`, SCENARIO);
    const grid =
      'scenario: cluster.yaml\nvary: { cluster.prices.gpu: ["$2/h"], load.rate: [1, 8] }\n';
    await Deno.writeTextFile(`${folder}/grid.yaml`, grid);
    const job = await loadSweep(`${folder}/grid.yaml`, { traces: [CONVERSATION] });
    const results = await readSweep(
      (await sweep(job, { out: `${folder}/out`, workers: 0 })).folder,
    );
    const trace = await openTrace(CONVERSATION);
    for (const [at, rate] of [1, 8].entries()) {
      const set = ["cluster.prices.gpu=$2/h", `load.rate=${rate}`];
      const run = await simulateCluster(await parseClusterScenario(SCENARIO, { set }), trace);
      const report = await reportable(run, trace, "cluster.yaml");
      const { metrics, evidence } = results.cells[at];
      assert(evidence !== undefined && !("evidence" in metrics));
      for (const name of servingMetricsOf("run").map(({ name }) => name)) {
        const expected = servingConfidence(report, servingMetric(name));
        assertEquals(metricConfidence(name, [evidence]), expected, name);
      }
    }
    const summary = summarizeSweep(results, { metric: "ttftNsMean" });
    const text = sweepText(results, [summary], metricConfidence);
    assertMatch(text, / confidence\n/);
    assertMatch(text, /Confidence low: times of steps follow from data sheets/);
    const csv = sweepCsv([summary], metricConfidence);
    assertMatch(csv, /,confidence,confidenceWhy\r\n/);
    assertMatch(csv, /,low,/);
    const [head] = cellsCsv(results, metricConfidence).split("\r\n");
    assertStringIncludes(
      head,
      "confidence,confidenceP99,confidenceDollars,confidenceWhy,traceHash",
    );
  });
});
