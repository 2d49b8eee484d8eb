/** Every key of a cluster moves something that a report shows: none is read and forgotten. */
import { assert, assertEquals } from "@std/assert";
import { registry } from "../../engine/registry.ts";
import { fileKeysText } from "../../scenario/json_schemas.ts";
import { parseClusterScenario } from "../../serving/cluster/load.ts";
import { simulateCluster } from "../../serving/cluster/simulate.ts";
import { reportable } from "../../cli/serving_context.ts";
import { servingMetricsOf, servingValue } from "../../report/serving/metrics.ts";
import { clusterMetrics } from "../../sweep/cluster_metrics.ts";
import type { Trace } from "../../traces/trace.ts";
import { loadOf, type Row } from "../support/serving_cases.ts";
import { numbersFrom } from "../support/traces.ts";

/** Something of everything: two racks, roles apart, three stores, faults, a tail, a promise. */
const YAML = `
model: llama-3.1-8b
cluster:
  device: h100-sxm
  racks: 2
  nodesPerRack: 2
  gpusPerNode: 4
  tensorParallel: 2
  compute: { perStep: 3 ms }
  engine: { memoryUtilisation: 0.15, maxSequences: 12, tokenBudget: 1024 }
  disaggregation: { ratio: "1:1", handover: push }
  stores:
    - name: dram
      scope: node
      capacity: 1 GiB
      bandwidth: 60 GB/s
      latency: 20 us
    - name: pool
      scope: rack
      capacity: 4 GiB
      bandwidth: 30 GB/s
      latency: 30 us
      write: overflow
    - { name: far, scope: cluster, capacity: 64 GiB, bandwidth: 20 GB/s, latency: 1 ms }
  network:
    nic: 2 GB/s
    pcie: 20 GB/s
    oversubscription: 2
    jitter: { variation: 0.1, tailProbability: 0.05, tailFactor: 3 }
  faults:
    - { at: 4 s, down: replica 1 }
    - { at: 8 s, up: replica 1 }
router: { name: "power-of-two", staleness: 20 ms }
recompute: load
load: { rate: 2 }
slo: { ttft: 900 ms, tpot: 9 ms }
`;

/** Sessions of up to four turns, each with the turn before it in its prompt; 20 of 40 share a root. */
const ROWS: readonly Row[] = (() => {
  const next = numbersFrom(5);
  const rows = Array.from({ length: 40 }, (_, session) => {
    let arrivalNs = next() % 6e9;
    return Array.from({ length: 4 }, (_, turn): Row => {
      const own = Array.from({ length: 20 + 18 * turn }, (_, i) => 1_000 + session * 100 + i);
      const shared = Array.from({ length: 16 }, (_, i) => i);
      arrivalNs += next() % 3e9;
      return {
        arrivalNs,
        blocks: session % 2 === 0 ? [...shared, ...own] : own,
        outputTokens: 20 + next() % 200,
        session,
      };
    });
  });
  return rows.flat().sort((a, b) => a.arrivalNs - b.arrivalNs);
})();

const TRACE = loadOf(ROWS, 64);
const SILENT: Trace = { ...TRACE, requests: { ...TRACE.requests, outputTokens: undefined } };

/** A value of each key other than the one above, and what both runs need besides. */
const CHANGES: Readonly<Record<string, string | readonly [value: string, ...besides: string[]]>> = {
  "model": "mistral-7b-v0.1",
  "cluster.device": "h200-sxm",
  "cluster.racks": "3",
  "cluster.nodesPerRack": "3",
  "cluster.gpusPerNode": "8",
  "cluster.tensorParallel": "4",
  "cluster.compute.calibration": "h100x8-llama-2-70b",
  "cluster.compute.flops": "0.5",
  "cluster.compute.bandwidth": "0.5",
  "cluster.compute.smoothness": "3",
  "cluster.compute.attentionFlops": "0.2",
  "cluster.compute.contextBandwidth": "0.3",
  "cluster.compute.perStep": "9 ms",
  "cluster.engine.maxSequences": "3",
  "cluster.engine.tokenBudget": "512",
  "cluster.engine.chunkedPrefill": "false",
  "cluster.engine.prefixCache": "false",
  "cluster.engine.eviction": "lfu",
  "cluster.engine.kvTokens": "30000",
  "cluster.engine.memoryUtilisation": "0.3",
  "cluster.engine.activations": "2 GiB",
  "cluster.disaggregation.ratio": "1:3",
  "cluster.disaggregation.handover": "pull",
  "cluster.disaggregation.delta": "false",
  "cluster.disaggregation.placement": "grouped",
  "cluster.stores[].scope": "rack",
  "cluster.stores[].hardware": "cpu-dram",
  "cluster.stores[].capacity": "512 MiB",
  "cluster.stores[].capacityFactor": "0",
  "cluster.stores[].bandwidth": "1 GB/s",
  "cluster.stores[].readBandwidth": "1 GB/s",
  "cluster.stores[].writeBandwidth": "100 MB/s",
  "cluster.stores[].latency": "50 ms",
  "cluster.stores[].readLatency": "50 ms",
  "cluster.stores[].writeLatency": "500 ms",
  "cluster.stores[].write": "back",
  "cluster.stores[].eviction": "fifo",
  "cluster.stores[].price": "$1/GiB/month",
  "cluster.peers": "cluster",
  "cluster.network.nvlink": "1 GB/s",
  "cluster.network.nvlinkLatency": "20 ms",
  "cluster.network.islandGpus": "1",
  "cluster.network.nic": "1 GB/s",
  "cluster.network.nicLatency": "20 ms",
  "cluster.network.nicPer": "node",
  "cluster.network.pcie": "1 GB/s",
  "cluster.network.pcieLatency": "20 ms",
  "cluster.network.pcieSwitch": ["1 GB/s", "cluster.network.pcieSwitchGpus=4"],
  "cluster.network.pcieSwitchGpus": "4",
  "cluster.network.spines": "2",
  "cluster.network.oversubscription": "20",
  "cluster.network.uplinkLatency": "20 ms",
  "cluster.network.discipline": "fair-share",
  "cluster.network.jitter.variation": "0.5",
  "cluster.network.jitter.tailProbability": "0.5",
  "cluster.network.jitter.tailFactor": "9",
  "cluster.faults[].at": "3 s",
  "cluster.faults[].down": "replica 2",
  "cluster.prices.gpu": "$9/h",
  "cluster.prices.host": "$9/h",
  "cluster.power.busy": "300 W",
  "cluster.power.idle": "300 W",
  "cluster.power.host": "900 W",
  "router.name": "kvtier-ms",
  "router.staleness": ["3 s", "router.name=power-of-two(own=0)"],
  "router.sample": ["1", "router.name=kvtier-ms"],
  "router.speculative": ["true", "router.name=longest-prefix", "router.staleness=2 s"],
  "recompute": "recompute",
  "sessions.closed": "false",
  "sessions.cacheAnswers": "false",
  "load.rate": "1",
  "load.copies": "2",
  "load.perGpu": "9",
  "load.stagger": ["1 s", "load.copies=2"],
  "load.outputTokens": "9",
  "load.limit": "100",
  "load.warmup": "3 s",
  "slo.ttft": "100 ms",
  "slo.tpot": "5 ms",
  "seed": "7",
};

/** Names for people, forms of what is tried as a whole, and other scales of the same. */
const ASIDE =
  /^(name|description|model\..*|presets.*|cluster\.stores\[\]\.name|cluster\.faults\[\]\.up)$/;

/** Everything that a report shows of the run, and when each request ended. */
async function shown(set: readonly string[], trace: Trace): Promise<string> {
  const scenario = await parseClusterScenario(YAML, { registry: registry(), set });
  const run = await simulateCluster(scenario, trace);
  const report = await reportable(run, trace, "cluster.yaml");
  const metrics = servingMetricsOf("run").map(({ name }) => servingValue(report, name));
  return JSON.stringify([metrics, run.result.requests.finishNs, clusterMetrics(run)]);
}

Deno.test("there is a change to try for every key of a cluster", () => {
  const keys = fileKeysText("cluster").split("\n").filter((line) => /^\S/.test(line))
    .map((line) => line.split(" ")[0].replace("*", ""));
  const leaves = keys.filter((key) =>
    !ASIDE.test(key) &&
      !keys.some((other) => /^[.[]/.test(other.slice(key.length)) && other.startsWith(key)) ||
    key === "model"
  );
  assert(leaves.length > 60);
  const without = leaves.filter((key) => !(key in CHANGES));
  assertEquals(without, [], "add values for these to CHANGES");
  assertEquals(Object.keys(CHANGES).filter((key) => !leaves.includes(key)), [], "no such keys");
});

Deno.test("every key of a cluster moves what a report shows", async () => {
  for (const [key, change] of Object.entries(CHANGES)) {
    const [value, ...besides] = typeof change === "string" ? [change] : change;
    const path = key.replace("stores[]", "stores[dram]").replace("faults[]", "faults[0]");
    const trace = key === "load.outputTokens" ? SILENT : TRACE;
    const [plain, changed] = await Promise.all([
      shown(besides, trace),
      shown([...besides, `${path}=${value}`], trace),
    ]);
    assert(changed !== plain, `${path}=${value} changes nothing`);
  }
});
