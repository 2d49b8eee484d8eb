/** PCIe switches, oversubscribed racks, and stores behind spines, against arithmetic. */
import { assert, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { ServingResult } from "../../engine/serving_result.ts";
import { type FaultSpec, type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { expandCluster } from "../../serving/cluster/expand.ts";
import { parseClusterScenario } from "../../serving/cluster/load.ts";
import { simulateCluster } from "../../serving/cluster/simulate.ts";
import { openTrace } from "../../traces/open.ts";
import { CONVERSATION } from "../e2e/command.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";
import { Wiring } from "../support/wiring.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, rows: readonly Row[]): ServingResult =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

const row = (arrivalNs: number, first: number): Row => ({
  arrivalNs,
  blocks: Array.from({ length: 25 }, (_, i) => first + i),
  outputTokens: 2,
});

/** Eight devices of a node, or of each of two racks, whose HBM holds one prompt. */
async function loading(set: string[]): Promise<ServingSpec> {
  const text = `
model: llama-3.1-8b
cluster:
  device: h100-sxm
  racks: 2
  stores: [{ name: far, scope: cluster, capacity: 1 TB, bandwidth: 90 TB/s, latency: 0 s }]
  network:
    { pcie: 10 GB/s, pcieLatency: 0 s, nic: 10 GB/s, nicLatency: 0 s, uplinkLatency: 0 s,
      discipline: fair-share }
  engine: { kvTokens: 104 }
recompute: load
router: { name: round-robin }
`;
  const { spec } = expandCluster(await parseClusterScenario(text, { set }), 4);
  return { ...spec, stepModels: [STEP], blockBytes: 50_000 };
}

/** 24 blocks over one device's port. */
const LOAD = 24 * 50_000 / 10;

/** How long each of the first `count` replicas loads what it has computed before, all at once. */
function loadTimesNs(spec: ServingSpec, count: number): number[] {
  const first = spec.replicas.map((_, i) => row(0, 1_000 * i));
  const others = spec.replicas.map((_, i) => row(1e12, 1_000 * i + 500));
  const again = first.slice(0, count).map((each) => ({ ...each, arrivalNs: 2e12 }));
  const { requests, stores } = serve(spec, [...first, ...others, ...again]);
  assertEquals(stores.reduce((sum, { hits }) => sum + hits, 0), 24 * count);
  return again.map((_, i) => {
    const at = 2 * first.length + i;
    assertEquals(requests.replica[at], i);
    return requests.loadEndNs[at] - requests.loadStartNs[at];
  });
}

const ON_NODES = ["cluster.racks=1", "cluster.stores[far].scope=node"];

Deno.test("two devices behind one switch get half of it each, or one after the other", async () => {
  const times = async (count: number, ...more: string[]) => {
    const spec = await loading([...ON_NODES, "cluster.network.pcieSwitchGpus=4", ...more]);
    return loadTimesNs(spec, count);
  };
  assertEquals(await times(1), [LOAD]);
  assertEquals(await times(2), [2 * LOAD, 2 * LOAD]);
  assertEquals(await times(2, "cluster.network.discipline=fifo"), [LOAD, 2 * LOAD]);
  // Four behind each of two switches; eight at ports of their own.
  assertEquals(await times(8), Array(8).fill(4 * LOAD));
  assertEquals(await times(2, "cluster.network.pcieSwitchGpus=1"), [LOAD, LOAD]);
  assertEquals(await times(8, "cluster.network.pcieSwitchGpus=1"), Array(8).fill(LOAD));
  assertEquals(await times(8, "cluster.network.pcieSwitchGpus=8"), Array(8).fill(8 * LOAD));
  const apart = await loading([...ON_NODES, "cluster.network.pcieSwitchGpus=2"]);
  assertEquals(loadTimesNs(apart, 4), Array(4).fill(2 * LOAD));
});

Deno.test("a switch twice as fast halves what is shared, up to the devices' own ports", async () => {
  const time = async (rate: string, count: number) => {
    const set = ["cluster.network.pcieSwitchGpus=4", `cluster.network.pcieSwitch=${rate}`];
    return loadTimesNs(await loading([...ON_NODES, ...set]), count)[0];
  };
  for (const [rate, slower] of [["10 GB/s", 4], ["20 GB/s", 2], ["40 GB/s", 1], ["80 GB/s", 1]]) {
    assertEquals(await time(rate as string, 4), LOAD * (slower as number));
  }
  assertEquals(await time("5 GB/s", 1), 2 * LOAD);
});

Deno.test("a replica that spans switches stripes over them", async () => {
  const time = async (group: number, devices: number) => {
    const set = [
      `cluster.network.pcieSwitchGpus=${group}`,
      `cluster.tensorParallel=${devices}`,
      "cluster.network.pcieSwitch=10 GB/s",
    ];
    return loadTimesNs(await loading([...ON_NODES, ...set]), 1)[0];
  };
  const one = await time(8, 8);
  for (const group of [4, 2]) assertEquals(await time(group, 8), one * group / 8);
  assertEquals(await time(4, 4), one);
});

Deno.test("oversubscription slows reads from afar by what the rack's ports ask for", async () => {
  const times = async (oversubscription: number, count: number) => {
    const set = [`cluster.network.oversubscription=${oversubscription}`];
    return loadTimesNs(await loading(set), count);
  };
  // Eight ports of a rack; a quarter of their bandwidth.
  for (const [count, slower] of [[1, 1], [2, 1], [4, 2], [8, 4]]) {
    assertEquals(await times(4, count), Array(count).fill(slower * LOAD));
  }
  assertEquals(await times(1, 8), Array(8).fill(LOAD));
  // The other rack has links of its own.
  assertEquals(await times(4, 16), Array(16).fill(4 * LOAD));
});

Deno.test("kvtier-ms sends a stored prefix to where the way from host memory is fast", () => {
  const engine = { blocks: 26, maxSequences: 8, tokenBudget: 1_000 };
  const base = singleEngine({ ...STEP, tokenNs: 10_000 }, engine, 2);
  for (const fast of [0, 1]) {
    const wiring = new Wiring({ latencyNs: 0, bytesPerSecond: 1e12 });
    const replicas = base.replicas.map((each, i) => ({
      ...each,
      ...wiring.ports(i),
      ...wiring.pcieSwitch(i, i === fast ? {} : { bytesPerSecond: 2e9 }),
      stores: [0],
    }));
    const [linkRead, linkWrite] = [wiring.add("read"), wiring.add("write")];
    const store = {
      name: "dram",
      tier: 0,
      blocks: 999,
      linkRead,
      linkWrite,
      reach: "local" as const,
    };
    const { requests } = serve({
      ...base,
      replicas,
      links: wiring.links,
      stores: [{ ...store, writeThrough: true, writeBack: false }],
      blockBytes: 50_000,
      router: "kvtier-ms",
    }, [row(0, 0), row(1e9, 500), row(1e9, 600), row(2e9, 0)]);
    assert(requests.replica[1] !== requests.replica[2], "one of them still has the first prompt");
    assertEquals([requests.replica[3], requests.loadedTokens[3]], [fast, 96]);
  }
});

Deno.test("what a store for all gives and takes spreads over spines, and around a cut one", async () => {
  const spec = await loading(["cluster.network.spines=4"]);
  const used = (faults: FaultSpec[], way: string) => {
    const rows = spec.replicas.map((_, i) => row(1, 1_000 * i));
    const others = rows.map((_, i) => row(1e12, 1_000 * i + 500));
    const again = rows.map((each) => ({ ...each, arrivalNs: 2e12 }));
    const { links, stores } = serve({ ...spec, faults }, [...rows, ...others, ...again]);
    assertEquals(stores[0].hits, 24 * rows.length);
    return links.filter(({ name }) => name.startsWith("rack 0 spine") && name.endsWith(way))
      .map(({ bytes }) => bytes > 0);
  };
  for (const way of ["in", "out"]) {
    const whole = used([], way);
    assert(whole.filter((isUsed) => isUsed).length > 1, whole.join());
    const cutSpine = whole.indexOf(true);
    const first = spec.replicas[0][way === "in" ? "linkDown" : "linkUp"]!;
    const around = used([{ timeNs: 0, kind: "link-down", subject: first + cutSpine }], way);
    assert(!around[cutSpine] && around.includes(true), around.join());
  }
});

Deno.test("the shipped tree: oversubscription and spines move when decoders have their KV", async () => {
  const text = await Deno.readTextFile("configs/scenarios/serving/network_tree.yaml");
  const trace = await openTrace(CONVERSATION);
  const transferNs = async (oversubscription: number, spines: number) => {
    const set = [
      "load.limit=2000",
      `cluster.network.oversubscription=${oversubscription}`,
      `cluster.network.spines=${spines}`,
    ];
    const { result } = await simulateCluster(await parseClusterScenario(text, { set }), trace);
    const { decodeStartNs, firstTokenNs } = result.requests;
    assertEquals(result.finished, 2_000);
    return decodeStartNs.reduce((sum, ns, r) => sum + ns - firstTokenNs[r], 0) / 2_000;
  };
  const full = await transferNs(1, 1);
  const narrow = await transferNs(4, 1);
  const hashed = await transferNs(4, 4);
  assert(narrow > 1.04 * full && hashed > 1.4 * narrow, `${full} ${narrow} ${hashed}`);
});
