/** Peers and failing nodes, from shipped scenarios and small ones, through `simulateCluster`. */
import { assert, assertEquals } from "@std/assert";
import {
  loadClusterScenario,
  openTrace,
  parseClusterScenario,
  simulateCluster,
  type Trace,
  TraceBuilder,
} from "../../mod.ts";
import { clusterMetrics } from "../../sweep/cluster_metrics.ts";

const CONVERSATION = "tests/data/conversation_trace.jsonl.gz";

Deno.test("the shipped scenario: the further replicas reach, the more they read from peers", async () => {
  const trace = await openTrace(CONVERSATION, { limit: 1_500 });
  const path = "configs/scenarios/serving/peers.yaml";
  const of = async (peers: string, router: string) => {
    const set = [`cluster.peers=${peers}`, `router.name=${router}`, "load.limit=1500"];
    const scenario = await loadClusterScenario(path, { set });
    const run = await simulateCluster(scenario, trace);
    assertEquals(run.result.finished, 1_500);
    return clusterMetrics(run) as Record<string, number>;
  };
  const reaches = ["none", "island", "rack", "cluster"];
  const found = await Promise.all(reaches.map((peers) => of(peers, "least-loaded")));
  assertEquals(found[0].peerTokenRatio, null as unknown as number);
  const [, island, rack, all] = found.map(({ peerTokenRatio }) => peerTokenRatio);
  assert(0 < island && island < rack && rack < all, `${island} ${rack} ${all}`);
  assert(found[3].prefixHitRatio > found[0].prefixHitRatio + 0.03);
  assert(found[3].ttftNsMean < found[0].ttftNsMean, "hits moved, and no latency");
  // Who is sent to where the prefix is has little left to ask others for.
  assert((await of("cluster", "longest-prefix")).peerTokenRatio < island);
});

/** A prompt of 64 blocks, again and again at such times. */
async function repeated(...seconds: number[]): Promise<Trace> {
  const builder = new TraceBuilder({ blockTokens: 64 });
  for (const second of seconds) {
    builder.add({ arrivalNs: second * 1e9, runs: [[0, 64]], inputTokens: 4_100, outputTokens: 1 });
  }
  return await builder.build();
}

Deno.test("a node that fails comes back with nothing in its memory; one replica leaves it", async () => {
  const trace = await repeated(0, 10, 40, 50);
  const loaded = async (...subjects: string[]) => {
    const change = (at: number, way: string) =>
      subjects.map((subject) => `{ at: ${at} s, ${way}: ${subject} }`);
    const scenario = await parseClusterScenario(`
model: llama-3.1-8b
cluster:
  device: h100-sxm
  gpusPerNode: 2
  stores: [{ name: dram, scope: node, capacity: 256 GiB, bandwidth: 100 GB/s, latency: 10 us }]
  faults: [${[...change(20, "down"), ...change(30, "up")].join(", ")}]
recompute: load
`);
    const { result } = await simulateCluster(scenario, trace);
    assertEquals(result.finished, 4);
    return [[...result.requests.loadedTokens], result.stores[0].lostBlocks];
  };
  // Round-robin over two replicas: the second of each pair finds what the first has written.
  assertEquals(await loaded(), [[0, 4_096, 0, 0], 0]);
  assertEquals(await loaded("replica 0", "replica 1"), [[0, 4_096, 4_096, 4_096], 0]);
  assertEquals(await loaded("node 0"), [[0, 4_096, 0, 4_096], 64]);
});
