import { assert, assertEquals } from "@std/assert";
import { expandCluster } from "./expand.ts";
import { parseClusterScenario } from "./load.ts";

const FLEET = `
model: llama-3.1-70b
cluster:
  device: h100-sxm
  racks: 2
  nodesPerRack: 2
  tensorParallel: 4
`;

async function expanded(more = "", set: string[] = []) {
  return expandCluster(await parseClusterScenario(FLEET + more, { set }), 16);
}

Deno.test("engines that need no link have none", async () => {
  const { spec, fleet } = await expanded();
  assertEquals([fleet.gpus, fleet.replicas, fleet.unifiedReplicas], [32, 8, 8]);
  assertEquals([spec.links.length, spec.stores.length], [0, 0]);
  assertEquals(spec.replicas.map(({ node }) => node), [0, 0, 1, 1, 2, 2, 3, 3]);
  assertEquals(spec.replicas.map(({ rack }) => rack), [0, 0, 0, 0, 1, 1, 1, 1]);
});

Deno.test("a ratio holds in every rack; nodes get both roles, or prefill comes first", async () => {
  const roles = async (ratio: string, placement = "interleaved") => {
    const set = [
      `cluster.disaggregation.ratio="${ratio}"`,
      `cluster.disaggregation.placement=${placement}`,
    ];
    const { spec } = await expanded("", set);
    return spec.replicas.map(({ role }) => role[0]).join("");
  };
  assertEquals(await roles("1:1"), "dpdpdpdp");
  assertEquals(await roles("1:1", "grouped"), "ppddppdd");
  assertEquals(await roles("1:3"), "dddpdddp");
  assertEquals(await roles("1:100"), "dddpdddp"); // one at least
  assertEquals(await roles("100:1", "grouped"), "pppdpppd");
  assertEquals(await roles("none"), "uuuuuuuu");
});

Deno.test("the baseline of a ratio is the same fleet without it", async () => {
  const none = await expanded("  disaggregation: { ratio: none }\n");
  assertEquals(none.spec, (await expanded()).spec);
});

Deno.test("links of disaggregation: NICs by device or node, NVLink, spines", async () => {
  const pd = "  disaggregation: { ratio: '1:1' }\n";
  const rate = async (name: string, set: string[] = []) => {
    const { spec } = await expanded(pd, set);
    return spec.links.find((link) => link.name === name)?.bytesPerSecond;
  };
  assertEquals(await rate("replica 0 in"), 4 * 50e9);
  assertEquals(await rate("replica 0 nvlink"), 4 * 450e9);
  assertEquals(await rate("rack 1 out"), 16 * 50e9);
  assertEquals(await rate("rack 1 in", ["cluster.network.oversubscription=4"]), 4 * 50e9);
  assertEquals(await rate("rack 0 in", ["cluster.racks=1"]), undefined);
  const perNode = ["cluster.network.nicPer=node"];
  assertEquals(await rate("node 0 in", perNode), 50e9);
  assertEquals(await rate("rack 1 out", perNode), 2 * 50e9);
  const spines = ["cluster.network.spines=4", "cluster.network.oversubscription=2"];
  assertEquals(await rate("rack 1 spine 3 in", spines), 2 * 50e9);
  assertEquals(await rate("rack 1 in", spines), undefined);
  // However narrow, it is there: what has no link is free.
  const narrow = ["cluster.network.spines=1024", "cluster.network.nic=100 B/s"];
  assertEquals(await rate("rack 1 spine 3 in", narrow), 1);
  assertEquals(await rate("replica 0 nvlink", ["cluster.network.islandGpus=1"]), undefined);
  const { spec } = await expanded(pd, perNode);
  assertEquals(spec.replicas[0].linkIn, spec.replicas[1].linkIn);
  assert(spec.replicas[1].linkIn !== spec.replicas[2].linkIn);
});

Deno.test("a rack's links to spines lie in a row, each way", async () => {
  const pd = "  disaggregation: { ratio: '1:1' }\n";
  const { spec } = await expanded(pd, ["cluster.network.spines=3"]);
  assertEquals(spec.spines, 3);
  for (const { rack, linkUp, linkDown } of spec.replicas) {
    for (const [first, way] of [[linkUp!, "out"], [linkDown!, "in"]] as const) {
      const names = spec.links.slice(first, first + 3).map(({ name }) => name);
      assertEquals(names, [0, 1, 2].map((spine) => `rack ${rack} spine ${spine} ${way}`));
    }
  }
});

Deno.test("replicas of one PCIe switch share it; one that spans switches has all of them", async () => {
  const dram = STORES.split("\n").slice(0, 3).join("\n") + "\n";
  const switches = async (gpus: number, devices: number) => {
    const set = [
      `cluster.network.pcieSwitchGpus=${gpus}`,
      `cluster.tensorParallel=${devices}`,
      "cluster.network.pcieSwitch=60 GB/s",
    ];
    const { spec } = await expanded(dram, set);
    return spec.replicas.slice(0, 5).map(({ linkSwitchIn, linkSwitchOut }) => {
      if (linkSwitchIn === undefined) return "none";
      assertEquals(
        spec.links[linkSwitchOut!].name.replace("out", "in"),
        spec.links[linkSwitchIn].name,
      );
      return `${spec.links[linkSwitchIn].name} ${spec.links[linkSwitchIn].bytesPerSecond / 1e9}`;
    });
  };
  assertEquals(await switches(4, 2), [
    "node 0 switch 0 in 60",
    "node 0 switch 0 in 60",
    "node 0 switch 1 in 60",
    "node 0 switch 1 in 60",
    "node 1 switch 0 in 60",
  ]);
  assertEquals((await switches(4, 4))[1], "node 0 switch 1 in 60");
  assertEquals((await switches(2, 8))[1], "replica 1 switches in 240");
  assertEquals((await switches(4, 16))[1], "replica 1 switches in 240");
  assertEquals(await switches(1, 8), Array(4).fill("none"));
});

const STORES = `
  stores:
    - { name: dram, scope: node, capacity: 1 TiB, bandwidth: 300 GB/s, latency: 10 us }
    - { name: ssd, scope: node, capacity: 8 TiB, bandwidth: 9 GB/s, latency: 8 us, write: overflow }
    - { name: pool, scope: rack, capacity: 2 TiB, bandwidth: 400 GB/s, latency: 5 us }
    - { name: far, scope: cluster, capacity: 9 TiB, bandwidth: 12 GB/s, latency: 1 ms, write: back }
`;

Deno.test("each replica reads the stores of its node, its rack, and the cluster's", async () => {
  const { spec, fleet } = await expanded(STORES);
  const names = (replica: number) =>
    spec.replicas[replica].stores.map((index) => spec.stores[index].name);
  assertEquals(names(0), ["node 0 dram", "node 0 ssd", "rack 0 pool", "far"]);
  assertEquals(names(7), ["node 3 dram", "node 3 ssd", "rack 1 pool", "far"]);
  assertEquals(fleet.stores.map(({ count }) => count), [4, 4, 2, 1]);
  const [dram] = spec.stores;
  assertEquals(spec.stores[dram.below!].name, "node 0 ssd");
  assertEquals([dram.writeThrough, dram.writeBack], [true, false]);
  assertEquals([spec.stores.at(-1)!.writeThrough, spec.stores.at(-1)!.writeBack], [false, true]);
  assertEquals(spec.stores.map(({ reach }) => reach![0]).join(""), "llllllllnnf");
  assertEquals(dram.blocks, Math.floor(2 ** 40 / (327_680 * 16)));
});

Deno.test("a store that is left out leaves its overflow to HBM", async () => {
  const { spec } = await expanded(STORES, ["cluster.stores[dram].capacityFactor=0"]);
  assertEquals(spec.stores[0].name, "node 0 ssd");
  assertEquals([spec.stores[0].writeThrough, spec.stores[0].writeBack], [false, true]);
});

Deno.test("replicas over several nodes have the memory of all of them", async () => {
  const { spec } = await expanded(STORES, ["cluster.tensorParallel=16"]);
  assertEquals(spec.replicas.map(({ node, rack }) => [node, rack]), [[0, 0], [2, 1]]);
  assertEquals(spec.stores[0].blocks, Math.floor(2 * 2 ** 40 / (327_680 * 16)));
  assertEquals(spec.links[spec.stores[0].linkRead].bytesPerSecond, 600e9);
  assertEquals(spec.replicas[1].stores.map((index) => spec.stores[index].name)[0], "node 1 dram");
});

Deno.test("a node takes its replicas along, and what its memory holds; a link breaks alone", async () => {
  const faults = (subject: string, change = "down") =>
    `${STORES}  faults: [{ at: 5 s, ${change}: ${subject} }]\n`;
  const broken = async (subject: string, set: string[] = [], change = "down") => {
    const { spec } = await expanded(faults(subject, change), set);
    return spec.faults.map(({ kind, subject }) =>
      kind === "store-lost" ? spec.stores[subject].name : `${kind} ${subject}`
    );
  };
  const two = ["replica-down 2", "replica-down 3"];
  assertEquals(await broken("node 1"), [...two, "node 1 dram", "node 1 ssd"]);
  assertEquals(await broken("node 1", [], "up"), ["replica-up 2", "replica-up 3"]);
  const rack = await broken("rack 1");
  const memory = ["node 2 dram", "node 2 ssd", "rack 1 pool", "node 3 dram", "node 3 ssd"];
  assertEquals(rack.slice(0, 4), [4, 5, 6, 7].map((replica) => `replica-down ${replica}`));
  assertEquals(rack.slice(4).sort(), memory.sort());
  assertEquals(await broken("replica 5"), ["replica-down 5"]);
  const whole = ["cluster.tensorParallel=16"];
  assertEquals(await broken("node 3", whole), ["replica-down 1", "node 1 dram", "node 1 ssd"]);
  const { spec } = await expanded(faults("rack 0 pool read"));
  assertEquals(spec.links[spec.faults[0].subject].name, "rack 0 pool read");
  assertEquals(spec.faults.length, 1);
  const links = async (subject: string, ...set: string[]) => {
    const { spec } = await expanded(faults(subject), set);
    return spec.faults.map(({ subject }) => spec.links[subject].name);
  };
  const spines = "cluster.network.spines=2";
  assertEquals(await links("rack 0 pool"), ["rack 0 pool read", "rack 0 pool write"]);
  assertEquals(await links("replica 5 host"), ["replica 5 host in", "replica 5 host out"]);
  assertEquals(await links("rack 1 out"), ["rack 1 out"]);
  assertEquals(await links("rack 1 uplink"), ["rack 1 out", "rack 1 in"]);
  assertEquals(await links("rack 1 in", spines), ["rack 1 spine 0 in", "rack 1 spine 1 in"]);
  assertEquals(await links("rack 1 spine 1", spines), ["rack 1 spine 1 in", "rack 1 spine 1 out"]);
  assertEquals((await links("rack 1 uplink", spines)).length, 4);
  assertEquals(await links("spine 1", spines), [
    "rack 0 spine 1 out",
    "rack 0 spine 1 in",
    "rack 1 spine 1 out",
    "rack 1 spine 1 in",
  ]);
});

Deno.test("who reads from peers has the links for it, and no others", async () => {
  const names = async (peers: string, ...set: string[]) => {
    const { spec } = await expanded("", [`cluster.peers=${peers}`, ...set]);
    assertEquals(spec.peers, peers);
    return [...new Set(spec.links.map(({ name }) => name.replace(/\d+ /, "")))];
  };
  assertEquals(await names("none"), []);
  assertEquals(await names("island"), ["replica nvlink"]);
  assertEquals(await names("island", "cluster.network.islandGpus=4"), []);
  assertEquals(await names("rack"), ["replica in", "replica out", "replica nvlink"]);
  const all = ["replica in", "replica out", "rack out", "rack in", "replica nvlink"];
  assertEquals(await names("cluster"), all);
  assertEquals(await names("cluster", "cluster.racks=1"), all.toSpliced(2, 2));
});

Deno.test("KV room follows memory, weights and devices; what is stated wins", async () => {
  const blocks = async (...set: string[]) => (await expanded("", set)).fleet.kvBlocks;
  const four = await blocks();
  assert(await blocks("cluster.tensorParallel=8") > 2 * four);
  assert(await blocks("cluster.engine.memoryUtilisation=0.8") < four);
  assertEquals(await blocks("cluster.engine.kvTokens=16000"), 1000);
});
