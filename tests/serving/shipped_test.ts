/** What shipped scenarios of serving must keep at any scale, and as their sizes vary. */
import { assert, assertEquals } from "@std/assert";
import {
  type ClusterRun,
  expandCluster,
  loadClusterScenario,
  openTrace,
  simulateCluster,
  type Trace,
  TraceBuilder,
} from "kvtier";

const FOLDER = "configs/scenarios/serving";
const full = await openTrace("tests/data/conversation_trace.jsonl.gz", { limit: 1500 });

interface Options {
  readonly preset?: string;
  readonly set?: readonly string[];
}

async function run(name: string, options: Options = {}, trace: Trace = full): Promise<ClusterRun> {
  return await simulateCluster(await loadClusterScenario(`${FOLDER}/${name}.yaml`, options), trace);
}

/** Bytes over links whose names hold a word, each transfer counted once. */
function carried({ result }: ClusterRun, word: RegExp): number {
  return result.links.reduce((sum, { name, bytes }) => word.test(name) ? sum + bytes : sum, 0);
}

Deno.test("a preset changes scale and load, never physics", async () => {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) names.push(name);
  assert(names.length >= 10);
  for (const name of names) {
    const physics = async (preset?: string) => {
      const options = preset === undefined ? {} : { preset };
      const scenario = await loadClusterScenario(`${FOLDER}/${name}`, options);
      const { spec } = expandCluster(scenario, 512);
      // Every kind of link with its rate; a node, in which each replica sits with its roles.
      const kind = (text: string) => text.replace(/\d+/g, "#");
      const links = new Set(
        spec.links.map((link) => `${kind(link.name)} ${link.bytesPerSecond} ${link.latencyNs}`),
      );
      const node = spec.replicas.filter((replica) => replica.node === 0);
      return {
        links: [...links].filter((link) => !link.startsWith("rack # uplink")).sort(),
        steps: spec.stepModels,
        node: node.map((
          { role, blocks, maxSequences, tokenBudget },
        ) => [role, blocks, maxSequences, tokenBudget]),
        stores: [...new Set(spec.stores.map(({ name, blocks }) => `${kind(name)} ${blocks}`))],
        rest: [spec.blockBytes, spec.layers, spec.handover, spec.discipline, spec.jitter],
      };
    };
    const written = await physics();
    for (const preset of ["smoke", "dev", "prod"]) {
      assertEquals(await physics(preset), written, `${name}, ${preset}`);
    }
  }
});

Deno.test("NVLink carries its share of handovers at every scale, and none where roles are grouped", async () => {
  const share = async (options: Options) => {
    const of = await run("disaggregated", options);
    // Over NICs a transfer leaves one replica and enters another; over NVLink it leaves only.
    const [peer, port] = [carried(of, /nvlink$/), carried(of, / in$/)];
    assert(peer + port >= of.result.transferBytes);
    return peer / (peer + port);
  };
  const [smoke, dev, ...ratios] = await Promise.all([
    share({ preset: "smoke" }),
    share({ preset: "dev" }),
    ...["1:1", "1:3", "1:7"].map((ratio) =>
      share({ set: [`cluster.disaggregation.ratio="${ratio}"`] })
    ),
  ]);
  for (const one of [smoke, dev, ...ratios]) assert(one > 0.05 && one < 1, `${one}`);
  assert(Math.abs(smoke - dev) < 0.1, `${smoke} of a small run, ${dev} of a larger one`);
  assertEquals(await share({ set: ["cluster.disaggregation.placement=grouped"] }), 0);
});

Deno.test("a larger pool keeps every rack at work, and evenly", async () => {
  let hits = -1;
  for (const factor of [0, 0.25, 0.5, 1, 2]) {
    const set = ["cluster.racks=4", `cluster.stores[0].capacityFactor=${factor}`];
    const { result, expansion } = await run("rack_pool", { set });
    const racks = new Array<number>(4).fill(0);
    result.replicas.forEach(({ requests }, i) => racks[expansion.replicas[i].rack] += requests);
    const skew = Math.max(...racks) / (full.requestCount / 4);
    assert(skew < 1.15, `${racks} with ${factor} times the pool`);
    assert(result.cachedTokens + result.loadedTokens >= hits, `${factor} times the pool`);
    hits = result.cachedTokens + result.loadedTokens;
  }
});

Deno.test("the scenario of ten thousand GPUs gives work to all of them", async () => {
  const path = `${FOLDER}/fleet_10240.yaml`;
  const { racks, gpusPerNode, nodesPerRack } = await loadClusterScenario(path);
  assertEquals(racks * nodesPerRack * gpusPerNode, 10_240);
  // The load grows with the fleet: two racks of it are as busy as all.
  const { result, copies } = await run("fleet_10240", { preset: "smoke" });
  assert(copies > 1);
  assert(result.replicas.every(({ requests }) => requests > 0), "a replica had nothing to do");
  const busy = result.replicas.reduce((sum, { busyNs }) => sum + busyNs, 0) / result.endNs;
  assert(busy > 0.9 * result.replicas.length, `${busy} of ${result.replicas.length} replicas`);
});

Deno.test("no replica ever holds more KV than it has room for, in any shipped scenario", async () => {
  for (const name of ["colocated", "disaggregated", "offload", "node_failure", "rack_pool"]) {
    const { result } = await run(name, { preset: "smoke" });
    for (const { peakBlocks, meanHeldBlocks, capacityBlocks } of result.replicas) {
      assert(peakBlocks <= capacityBlocks && meanHeldBlocks <= peakBlocks, name);
    }
    for (const [index, store] of result.stores.entries()) {
      assert(store.residentBlocks <= store.peakBlocks, `${name} ${index}`);
    }
    assertEquals(result.unfinished, 0, name);
  }
});

/** Prompts of so many tokens with nothing in common, so seldom that none waits. */
async function alone(tokens: number): Promise<Trace> {
  const builder = new TraceBuilder();
  for (let i = 0; i < 16; i++) {
    builder.add({
      arrivalNs: i * 120e9,
      runs: [[i * tokens / 16, tokens / 16]],
      outputTokens: 100,
    });
  }
  return await builder.build();
}

Deno.test("a longer context moves both first tokens and the tokens after them", async () => {
  const means = async (tokens: number) => {
    const { result: { requests } } = await run("context_length", {}, await alone(tokens));
    const mean = (from: Float64Array, to: Float64Array) =>
      to.reduce((sum, ns, r) => sum + ns - from[r], 0) / to.length / 1e6;
    return [
      mean(requests.arrivalNs, requests.firstTokenNs),
      mean(requests.firstTokenNs, requests.finishNs),
    ];
  };
  const [short, long] = await Promise.all([4_096, 131_072].map(means));
  // 32 times the tokens, and attention that grows with their square.
  assert(long[0] > 36 * short[0] && long[0] < 200 * short[0], `${short[0]} ms, ${long[0]} ms`);
  assert(long[1] > 1.15 * short[1], `${short[1]} ms, ${long[1]} ms`);
});
