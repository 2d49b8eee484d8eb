import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { describe, ScenarioError } from "../../errors/errors.ts";
import { registry } from "../../engine/registry.ts";
import { shippedNames } from "../../scenario/files.ts";
import { expandCluster } from "./expand.ts";
import { loadClusterScenario, parseClusterScenario } from "./load.ts";

const YAML = `
model: llama-3.1-70b
cluster:
  device: h100-sxm
  racks: 2
  nodesPerRack: 2
  tensorParallel: 4
  stores:
    - { name: dram, scope: node, hardware: cpu-dram, capacity: 1 TiB }
    - { name: pool, scope: rack, capacity: 4 TiB, bandwidth: 400 GB/s, latency: 5 us }
  faults:
    - { at: 10 min, down: node 1 }
    - { at: 20 min, up: node 1 }
router: { name: power-of-two, staleness: 50 ms }
load: { copies: 3 }
slo: { ttft: 2 s, tpot: 50 ms }
`;

async function refusal(yaml: string, options = {}): Promise<string> {
  const all = { registry: registry(), ...options };
  const error = await assertRejects(() => parseClusterScenario(yaml, all, "c.yaml"), ScenarioError);
  return describe(error);
}

Deno.test("every shipped scenario of serving loads at every scale, and makes a fleet", async () => {
  const seen: string[] = [];
  for await (const { name } of Deno.readDir("configs/scenarios/serving")) {
    const path = `configs/scenarios/serving/${name}`;
    for (const preset of [undefined, "smoke", "dev", "prod"]) {
      const options = { registry: registry(), ...(preset === undefined ? {} : { preset }) };
      const scenario = await loadClusterScenario(path, options);
      const { fleet, spec } = expandCluster(scenario, 512);
      assertEquals(fleet.gpus, spec.replicas.length * scenario.tensorParallel);
      assert(fleet.dollarsPerHour > 0 && scenario.slo !== undefined);
    }
    seen.push(name);
  }
  assert(seen.length >= 10 && seen.includes("fleet_10240.yaml"), seen.join());
});

Deno.test("texts become base units, and hardware gives what is not written", async () => {
  const scenario = await parseClusterScenario(YAML);
  assertEquals(scenario.stores[0].readBytesPerSecond, 64e9);
  assertEquals(scenario.stores[1].capacityBytes, 4 * 2 ** 40);
  assertEquals(scenario.faults, [
    { timeNs: 600e9, change: "down", subject: "node 1" },
    { timeNs: 1200e9, change: "up", subject: "node 1" },
  ]);
  assertEquals(scenario.router, {
    name: "power-of-two",
    stalenessNs: 50e6,
    sample: 0,
    speculative: false,
  });
  assertEquals(scenario.network.nicBytesPerSecond, 50e9);
  assertEquals(scenario.prices.dollarsPerGpuHour, 2.95);
  // 80 GB less 35 GB of weights, over four devices, at 320 KiB a token: some 400,000 tokens.
  assert(scenario.engine.kvTokens > 3e5 && scenario.engine.kvTokens < 5e5);
});

Deno.test("HBM and stores go by the rules that they are given, vLLM's else", async () => {
  const yaml = YAML.replace("  stores:", "  engine: { eviction: clock(bits=2) }\n  stores:")
    .replace("4 TiB,", "4 TiB, eviction: 2q,");
  const { spec } = expandCluster(await parseClusterScenario(yaml, { registry: registry() }), 512);
  assertEquals(new Set(spec.replicas.map(({ eviction }) => eviction)), new Set(["clock(bits=2)"]));
  assertEquals(spec.stores.map(({ eviction }) => eviction), [
    "lru",
    "lru",
    "lru",
    "lru",
    "2q",
    "2q",
  ]);
  const usual = expandCluster(await parseClusterScenario(YAML), 512).spec;
  assertEquals(usual.replicas[0].eviction, "lru");
});

Deno.test("faults are told with place, what was found, and what to write", async () => {
  const cases: readonly (readonly [from: string, to: string, ...said: string[]])[] = [
    ["device:", "devise:", "c.yaml:4:3", 'did you mean "device"'],
    ["staleness: 50 ms", "staleness: 50", "c.yaml:14:42", "has no unit"],
    ["tensorParallel: 4", "tensorParallel: 3", "c.yaml:7:19", "does not divide the devices"],
    ["tensorParallel: 4", "tensorParallel: 1", "c.yaml:7:19", "leaves no room for KV"],
    ["racks: 2", "racks: 2\n  disaggregation: { ratio: '0:1' }", "c.yaml:6:", "is not a ratio"],
    ["racks: 2", "racks: 2\n  disaggregation: { ratio: '1:0' }", "is not a ratio"],
    ["cpu-dram", "cpu-drm", "c.yaml:9:44", 'did you mean "cpu-dram"'],
    ["name: pool", "name: dram", "c.yaml:10:15", "is the name of cluster.stores[0], too"],
    ["bandwidth: 400 GB/s, ", "", "cluster.stores[1].bandwidth is missing"],
    ["down: node 1", "down: node 4", "c.yaml:12:27", "is not in the cluster", "node 0 to 3"],
    ["down: node 1", "down: rack 0 pool red", 'did you mean "rack 0 pool read"'],
    ["down: node 1", "down: node 1, up: node 1", "cannot both stand here"],
    ["power-of-two", "power-of-too", 'did you mean "power-of-two"'],
    [
      "  stores:",
      "  engine: { eviction: seive }\n  stores:",
      "c.yaml:8:23",
      'did you mean "sieve"',
    ],
    ["4 TiB,", "4 TiB, eviction: s3-fifo(smal=0.2),", "c.yaml:10:61", 'did you mean "small"'],
    ["copies: 3", "copies: 3, perGpu: 1", "and copies both say how often"],
    ["hardware: cpu-dram, ", "write: overflow, ", "has no store above"],
    [
      "  faults:",
      "  network: { pcieSwitchGpus: 3 }\n  faults:",
      "c.yaml:11:30",
      "holds whole replicas",
    ],
    ["  faults:", "  network: { islandGpus: 6 }\n  faults:", "does not hold whole replicas"],
    ["  faults:", "  network: { islandGpus: 3 }\n  faults:", ""],
    ["  faults:", "  network: { spines: 0 }\n  faults:", "c.yaml:11:22"],
    ["down: node 1", "down: rack 0 uplink", "is not in the cluster", "or a link such as"],
    ["down: node 1", "down: spine 0", "is not in the cluster"],
    ["scope: rack", "scope: node, write: overflow", ""],
  ];
  for (const [from, to, ...said] of cases) {
    assertStringIncludes(YAML, from);
    const yaml = YAML.replace(from, to);
    if (said[0] === "") await parseClusterScenario(yaml);
    else {
      const text = await refusal(yaml);
      for (const part of said) assertStringIncludes(text, part, `${to}:\n${text}`);
    }
  }
});

Deno.test("--set, presets and calibrations win in their order", async () => {
  const yaml = `${YAML}presets: { smoke: { copies: 1, racks: 1 } }\n`;
  const load = async (options: object) => await parseClusterScenario(yaml, options);
  assertEquals((await load({ preset: "smoke" })).racks, 1);
  const set = await load({ preset: "smoke", set: ["cluster.racks=4", "load.perGpu=2"] });
  assertEquals([set.racks, set.load], [4, { ...set.load, perGpu: 2 }]);
  assertEquals(set.load.copies, undefined);
  assertStringIncludes(
    await refusal(yaml.replace("racks: 1 }", "nodesPerRack: 1 }")),
    "changes more than scale",
  );
  const calibration = "h100x8-llama-2-70b";
  const measured = await load({ calibration });
  assertEquals(measured.profile?.name, calibration);
  assertEquals(measured.efficiency.flops, 0.7258);
  assert(measured.calibrated.includes("cluster.compute.flops"));
  const byHand = await load({ calibration, set: ["cluster.compute.flops=0.5"] });
  assertEquals(byHand.efficiency.flops, 0.5);
  assert(!byHand.calibrated.includes("cluster.compute.flops"));
});

Deno.test("a calibration may replace the speed of a store", async () => {
  const [name] = await shippedNames("calibrations");
  const text = await Deno.readTextFile(`configs/calibrations/${name}.yaml`);
  const tiers = "tiers: { pool: { readBandwidth: 100 GB/s } }\n";
  const calibration = { file: "m.yaml", text: text.replace("compute:\n", `${tiers}compute:\n`) };
  const scenario = await parseClusterScenario(YAML, { calibration });
  assertEquals(scenario.stores[1].readBytesPerSecond, 100e9);
  assertEquals(scenario.stores[1].writeBytesPerSecond, 400e9);
  assertEquals(scenario.storeCalibration?.name, name);
  assert(scenario.calibrated.includes("cluster.stores[1].readBandwidth"));
});

const PROVENANCE = `name: m
provenance:
  source: me
  date: 2026-01-31
  dataHash: ${"ab".repeat(32)}
`;

Deno.test("a calibration that says nothing of the cluster is refused, with its place", async () => {
  const refused = async (text: string, ...said: readonly string[]) => {
    const calibration = { file: "m.yaml", text: PROVENANCE + text };
    const error = await assertRejects(() => parseClusterScenario(YAML, { calibration }));
    for (const part of said) assertStringIncludes(describe(error as ScenarioError), part);
  };
  const speed = "{ readBandwidth: 100 GB/s }";
  await refused(`tiers: { poool: ${speed} }`, "m.yaml:6", "not a store of the scenario", "pool");
  await refused(`tiers: { pool: ${speed}, hbm: ${speed} }`, "tiers.hbm is not a store");
  await refused(`tiers: { pool: { bandwidth: 1 GB/s, readBandwidth: 2 GB/s } }`, "bandwidth");
  await refused("prefill: { perToken: 100 us/token }", "replaces no number of the scenario");
});

Deno.test("a calibration that the scenario names may give speeds of stores, too", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const profile = `${PROVENANCE}tiers: { pool: { latency: 7 us } }
compute: { model: llama-3.1-8b, device: h100-sxm, flops: 0.7 }
`;
    await Deno.writeTextFile(`${folder}/mine.yaml`, profile);
    const named = YAML.replace("cluster:", "cluster:\n  compute: { calibration: ./mine.yaml }");
    const load = (yaml: string) => parseClusterScenario(yaml, {}, `${folder}/s.yaml`);
    const scenario = await load(named);
    assertEquals([scenario.stores[1].readLatencyNs, scenario.efficiency.flops], [7_000, 0.7]);
    await Deno.writeTextFile(`${folder}/mine.yaml`, profile.replace("pool:", "poll:"));
    await assertRejects(() => load(named), Error, "not a store");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
