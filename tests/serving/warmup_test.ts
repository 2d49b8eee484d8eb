/** Reports of a scenario with a warm-up: what they leave out, and what must still hold. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import {
  openTrace,
  parseClusterScenario,
  servingComparisonText,
  servingDocument,
  servingJson,
  type ServingRun,
  servingSchema,
  servingText,
  simulateCluster,
} from "kvtier";
import { reportable } from "../../cli/serving_context.ts";
import { servingValue } from "../../report/serving/metrics.ts";
import { departures } from "../e2e/json_schema.ts";
import { clusterMetrics } from "../../sweep/cluster_metrics.ts";

const YAML = `
model: llama-3.1-8b
cluster:
  device: h100-sxm
  nodesPerRack: 2
  gpusPerNode: 4
  disaggregation: { ratio: "1:1" }
  stores: [{ name: dram, scope: node, capacity: 64 GiB, bandwidth: 60 GB/s, latency: 20 us }]
  network: { nic: 10 GB/s, discipline: fair-share }
load: { rate: 2 }
slo: { ttft: 10 s, tpot: 100 ms }
`;

const trace = await openTrace("tests/data/conversation_trace.jsonl.gz", { limit: 1_200 });

/** The report of a run with these settings, and what a sweep keeps of it. */
async function served(...set: string[]): Promise<{
  readonly run: ServingRun;
  readonly swept: Readonly<Record<string, unknown>>;
}> {
  const run = await simulateCluster(await parseClusterScenario(YAML, { set }), trace, {
    timelineColumns: 256,
  });
  return { run: await reportable(run, trace, "warmup.yaml"), swept: clusterMetrics(run) };
}

const number = (run: ServingRun, name: string) => servingValue(run, name)!;

const cold = await served();
const warm = await served("load.warmup=60 s");

Deno.test("a warm-up of nothing gives the same report, to the byte", async () => {
  const { run } = await served("load.warmup=0 s");
  assertEquals(servingJson(run, { version: "0" }), servingJson(cold.run, { version: "0" }));
});

Deno.test("reports behind a warm-up: other numbers, the same laws", () => {
  const { run, swept } = warm;
  const left = number(run, "leftOut");
  assert(left > 100 && left < 1_000, `${left} requests were left out`);
  assertEquals(number(run, "finished") + left, number(cold.run, "finished"));
  const parts = ["queue", "load", "prefill", "transfer", "decode"];
  const sum = parts.reduce((sum, part) => sum + number(run, `${part}NsMean`), 0);
  assertAlmostEquals(sum, number(run, "e2eNsMean"), 1);
  for (const name of ["busyRatio", "hbmOccupancyMean", "sloRatio", "activeGpuRatio"]) {
    assert(number(run, name) > 0 && number(run, name) <= 1, name);
  }
  // Caches are full when counting begins, and the time of the warm-up is in no span.
  const reused = (run: ServingRun) => 1 - number(run, "computedTokenRatio");
  assert(reused(run) > reused(cold.run));
  assert(number(run, "elapsedNs") < number(cold.run, "elapsedNs") - 55e9);
  for (const { lastsNs, startNs } of [run.timeline!]) {
    assert(startNs[0] >= 60e9 && lastsNs.every((ns) => ns > 0));
  }
  // A sweep computes the same by itself.
  for (const [name, value] of Object.entries(swept)) {
    const known = run.context && servingNames.has(name) ? servingValue(run, name) : undefined;
    if (typeof known === "number") assertAlmostEquals(value as number, known, 1e-6 * known, name);
  }
});

const servingNames = new Set(
  Object.keys(servingDocument(warm.run, { version: "0" }).metrics as Record<string, unknown>),
);

Deno.test("reports say what a warm-up left out", () => {
  const { run } = warm;
  const left = number(run, "leftOut");
  assertStringIncludes(servingText(run).replaceAll(/\s+/g, " "), `${left} left out as warm-up`);
  const document = servingDocument(run, { version: "0" });
  assertEquals((document.cluster as Record<string, unknown>).warmupNs, 60e9);
  assertEquals(departures(document, servingSchema()), []);
  const runs = ["a", "b"].map((router) => ({ varied: { router }, run }));
  assertStringIncludes(servingComparisonText({ runs, by: "router" }), `Not counted: ${left}`);
});
