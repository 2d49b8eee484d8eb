import { assertEquals } from "@std/assert";
import { parseClusterScenario } from "./load.ts";
import { clusterOffload } from "./offload.ts";

const YAML = `
model: llama-3.1-70b
cluster:
  device: h100-sxm
  racks: 2
  nodesPerRack: 2
  tensorParallel: 4
  stores: [{ name: dram, scope: node, capacity: 1 TiB, bandwidth: 100 GB/s, latency: 10 us }]
`;

Deno.test("peers stand beside stores: the island before, others behind, as far as they reach", async () => {
  const tiers = async (peers: string, ...set: string[]) => {
    const scenario = await parseClusterScenario(YAML, { set: [`cluster.peers=${peers}`, ...set] });
    return clusterOffload(scenario).tiers;
  };
  const names = async (peers: string, ...set: string[]) =>
    (await tiers(peers, ...set)).map(({ name }) => name);
  assertEquals(await names("none"), ["dram"]);
  assertEquals(await names("island"), ["peer HBM (NVLink)", "dram"]);
  assertEquals(await names("rack"), ["peer HBM (NVLink)", "dram", "peer HBM (NIC)"]);
  const all = ["peer HBM (NVLink)", "dram", "peer HBM (NIC)", "peer HBM (rack)"];
  assertEquals(await names("cluster"), all);
  assertEquals(await names("rack", "cluster.network.islandGpus=1"), ["dram", "peer HBM (NIC)"]);
  const rates = await tiers("cluster", "cluster.network.oversubscription=8");
  assertEquals(rates.map(({ readBytesPerSecond }) => readBytesPerSecond), [
    4 * 450e9,
    100e9,
    4 * 50e9,
    16 * 50e9 / 8,
  ]);
  assertEquals(rates.map(({ readLatencyNs }) => readLatencyNs), [2_000, 20_000, 10_000, 16_000]);
});
