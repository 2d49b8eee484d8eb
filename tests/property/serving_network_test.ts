/** Trees of PCIe switches and a network of leaves and spines, against arithmetic. */
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

/** Prefill replicas and decoders in two racks, as `p0 d1`; only the links of racks are slow. */
function racks(seats: string, spines: number, rest: Partial<ServingSpec> = {}): ServingSpec {
  const names = seats.split(" ");
  const engine = { blocks: 1_000, maxSequences: 64, tokenBudget: 1_000 };
  const base = singleEngine(STEP, engine, names.length);
  const wiring = new Wiring({ latencyNs: 0, bytesPerSecond: 1e15 });
  const slow = { latencyNs: 100, bytesPerSecond: 1e9 };
  const two = [0, 1].map((at) => wiring.rack(at, spines, slow));
  return {
    ...base,
    replicas: names.map((name, i) => ({
      ...base.replicas[i],
      role: name[0] === "p" ? "prefill" as const : "decode" as const,
      ...wiring.ports(i),
      ...two[Number(name[1])],
    })),
    links: wiring.links,
    spines,
    blockBytes: 4_000,
    discipline: "fair-share",
    ...rest,
  };
}

const ALONE = 25 * 4_000;
const handoversNs = ({ requests }: ServingResult) =>
  [...requests.decodeStartNs].map((decodeNs, r) => decodeNs - requests.firstTokenNs[r] - 200);

Deno.test("the two directions between racks do not slow each other", () => {
  // The first prompt has room in the other rack only; the second goes where less is to do.
  const spec = racks("p0 p1 d0 d1", 1);
  const replicas = spec.replicas.map((each, i) => i === 2 ? { ...each, blocks: 30 } : each);
  const rows = [{ ...row(0, 0), outputTokens: 40 }, row(0, 100)];
  const across = serve({ ...spec, replicas }, rows);
  assertEquals([...across.requests.decoder], [3, 2]);
  assertEquals(handoversNs(across), [ALONE, ALONE]);
  assertEquals(across.links.slice(0, 4).map(({ bytes }) => bytes), Array(4).fill(ALONE));
  assertEquals(handoversNs(serve(racks("p0 p0 d1", 1), rows)), [2 * ALONE, 2 * ALONE]);
  assertEquals(handoversNs(serve(racks("p0 d0", 1), [row(0, 0)])), [1 - 200]);
});

/** Spines whose links out of the first rack carried anything. */
const spinesUsed = ({ links }: ServingResult) =>
  links.flatMap(({ name, bytes }) => /^up 0/.test(name) && bytes > 0 ? [Number(name.at(-1))] : []);

Deno.test("flows that are hashed on one spine share it; those on two do not", () => {
  const seen = { shared: 0, apart: 0 };
  for (let seed = 0; seed < 24; seed++) {
    const found = serve(racks("p0 p0 d1", 4, { seed }), [row(0, 0), row(0, 100)]);
    const used = spinesUsed(found);
    const slower = used.length === 1 ? 2 : 1;
    seen[slower === 2 ? "shared" : "apart"]++;
    assertEquals(handoversNs(found), Array(2).fill(slower * ALONE), `seed ${seed}: ${used}`);
    // What leaves over a spine comes in from the same one.
    const way = (way: string) => found.links.filter(({ name }) => name.startsWith(way));
    assertEquals(way("up 0").map((l) => l.bytes), way("down 1").map((l) => l.bytes));
  }
  // One in four, give or take.
  assert(seen.shared > 1 && seen.shared < 13, JSON.stringify(seen));
});

Deno.test("pairs spread over all spines, and each stays on its own", () => {
  const spec = racks(`${"p0 ".repeat(64)}d1`, 4);
  const rows = Array.from({ length: 64 }, (_, i) => row(i * 1e6, i * 100));
  const found = serve(spec, rows);
  const shares = found.links.filter(({ name }) => name.startsWith("up 0"))
    .map(({ bytes }) => bytes / (64 * ALONE));
  assert(shares.every((share) => share > 0.1 && share < 0.45), shares.join());
  const alone = [0, 1, 2].map((i) => spinesUsed(serve(racks("p0 d1", 4), [row(0, i)]))[0]);
  assertEquals(new Set(alone).size, 1);
});

const cut = (subjects: number[], timeNs: number, upNs?: number): FaultSpec[] => [
  ...subjects.map((subject) => ({ timeNs, kind: "link-down" as const, subject })),
  ...(upNs === undefined ? [] : subjects.map((subject) => (
    { timeNs: upNs, kind: "link-up" as const, subject }
  ))),
];

Deno.test("a cut spine loses what was under way, and its pairs take the others", () => {
  const [mine] = spinesUsed(serve(racks("p0 d1", 3), [row(0, 0)]));
  const half = 2_000 + ALONE / 2;
  // Out of the sender's rack, or into the receiver's: a spine is of use at both ends or not at all.
  for (const link of [mine, 9 + mine]) {
    const spec = racks("p0 d1", 3, { faults: cut([link], half, 1e7) });
    assertEquals(spec.links[link].name, link < 3 ? `up 0 spine ${mine}` : `down 1 spine ${mine}`);
    const found = serve(spec, [row(0, 0), row(2e6, 100), row(2e7, 200)]);
    assertEquals(handoversNs(found), [ALONE / 2 + ALONE, ALONE, ALONE]);
    // The first two went elsewhere; what was lost is not counted; mended, it is used again.
    const carried = found.links.slice(0, 3).map(({ bytes }) => bytes);
    assertEquals(carried[mine], ALONE);
    assertEquals(carried.toSorted((a, b) => a - b), [0, ALONE, 2 * ALONE]);
  }
  const other = (mine + 1) % 3;
  const spared = serve(racks("p0 d1", 3, { faults: cut([other], half) }), [row(0, 0)]);
  assertEquals([handoversNs(spared), spinesUsed(spared)], [[ALONE], [mine]]);
});

Deno.test("with all spines cut, requests wait for one, and go where there is a way", () => {
  const rows = [row(0, 0), row(1e6, 100)];
  const waits = serve(racks("p0 d1", 3, { faults: cut([0, 1, 2], 10, 5e6) }), rows);
  // One pair, one spine: both leave when it is mended, and share it.
  const thereNs = 5e6 + 2 * ALONE + 200;
  assertEquals([waits.finished, ...waits.requests.decodeStartNs], [2, thereNs, thereNs]);
  const never = serve(racks("p0 d1", 3, { faults: cut([0, 1, 2], 10) }), rows);
  assertEquals([never.finished, never.unfinished], [0, 2]);
  // A decoder in the sender's rack is there for all.
  const near = serve(racks("p0 d1 d0", 3, { faults: cut([0, 1, 2], 10) }), rows);
  assertEquals([near.finished, ...near.requests.decoder], [2, 2, 2]);
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
