import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { assertStringIncludes } from "@std/assert";
import { describe, ScenarioError, UsageError } from "../errors/errors.ts";
import { loadRunScenario, parseRunScenario, type RunOptions } from "./load_run.ts";
import { scenarioHash } from "./scenario_hash.ts";

const TWO = `name: two
model: llama-3.1-70b
blockTokens: 16
tiers:
  - name: hbm
    hardware: h100-sxm
    capacity: 40 GiB
  - { name: dram, capacity: 64 GiB, bandwidth: 64 GB/s, latency: 10 us, scheme: int4 }
warmupRequests: 3
presets:
  smoke: { limit: 50, warmupRequests: 1, capacityFactor: 0.5 }
`;

async function refusal(yaml: string, options: RunOptions = {}): Promise<string> {
  const error = await assertRejects(
    () => parseRunScenario(yaml, options, "a.yaml"),
    ScenarioError,
  );
  for (const { place } of error.problems) assert(place?.file !== undefined, describe(error));
  return describe(error);
}

Deno.test("parseRunScenario() brings everything into base units", async () => {
  const { tiers, ...rest } = await parseRunScenario(TWO);
  assertEquals(rest, {
    name: "two",
    bytesPerToken: 327_680,
    bitsPerNumber: 16,
    blockTokens: 16,
    containment: "exclusive",
    write: "back",
    writeHits: 1,
    promotion: { kind: "always" },
    entry: "fastest",
    demotion: "cascade",
    movement: "timed",
    touch: "tail-first",
    exchange: "detach",
    recompute: "never",
    prefetch: { name: "none", maxBlocks: 2 },
    prefill: { nsPerToken: 0, nsPerTokenSquared: 0 },
    pinnedDepthBlocks: 0,
    fastFloorBytes: 0,
    warmupRequests: 3,
    seed: 42,
  });
  assertEquals(tiers[0].readBytesPerSecond, 3_350_000_000_000);
  assertEquals(tiers[1], {
    name: "dram",
    capacityBytes: 2 ** 36,
    readBytesPerSecond: 64e9,
    writeBytesPerSecond: 64e9,
    readLatencyNs: 10_000,
    writeLatencyNs: 10_000,
    concurrency: 1,
    scheme: {
      name: "int4",
      bitsPerNumber: 4,
      groupNumbers: 64,
      groupBytes: 4,
      quantiseBytesPerSecond: 0,
      dequantiseBytesPerSecond: 0,
      dequantiseNsPerBlock: 0,
    },
    policy: "lru",
    admission: "always",
    scope: "private",
    dollarsPerGiBHour: 0,
    readPicojoulesPerByte: 0,
    writePicojoulesPerByte: 0,
  });
});

Deno.test("parseRunScenario() reads the long forms", async () => {
  const scenario = await parseRunScenario(`
bytesPerToken: 256 B
blockTokens: 16
tiers:
  - name: a
    capacity: 500 blocks
    readBandwidth: 2 GB/s
    writeBandwidth: 8 Gb/s
    readLatency: 1 us
    writeLatency: 0.5 ms
    concurrency: 4
    scheme:
      { name: int8, groupNumbers: 32, groupBytes: 2, quantise: 1 GB/s, dequantiseLatency: 3 us }
    policy: { name: regret-aware, horizon: 64, weight: 1.5 }
    admission: tiny-lfu
    scope: shared
    cost: $0.023/GB/month
    energy: 2 pJ/bit
write: { selective: 3 }
promotion: { nth: 2 }
prefetch: { name: markov(confidence=3), maxBlocks: 7 }
prefill: { perToken: 35 us/token, perTokenSquared: 0.25 ns/token² }
pins: { depthBlocks: 2, floor: 4 KiB }
recompute: cheaper
limit: 10
`);
  const [tier] = scenario.tiers;
  // 4,096 bytes in fp16 are 2,048 numbers: 2,048 B and 64 groups of 2 B.
  assertEquals(tier.capacityBytes, 500 * (2048 + 128));
  assertEquals([tier.readBytesPerSecond, tier.writeBytesPerSecond], [2e9, 1e9]);
  assertEquals([tier.readLatencyNs, tier.writeLatencyNs], [1000, 500_000]);
  assertEquals(tier.policy, "regret-aware(horizon=64;weight=1.5)");
  assertEquals(tier.readPicojoulesPerByte, 16);
  assertEquals(tier.dollarsPerGiBHour.toFixed(9), (0.023 * 1.073741824 / 730).toFixed(9));
  assertEquals([scenario.write, scenario.writeHits], ["selective", 3]);
  assertEquals(scenario.promotion, { kind: "nth", hits: 2 });
  assertEquals(scenario.prefetch, { name: "markov(confidence=3)", maxBlocks: 7 });
  assertEquals(scenario.prefill, { nsPerToken: 35_000, nsPerTokenSquared: 0.25 });
  assertEquals([scenario.pinnedDepthBlocks, scenario.fastFloorBytes], [2, 4096]);
  assertEquals(scenario.limitRequests, 10);
});

/** Text to break, what breaks it, and what must be said. */
const FAULTS: readonly (readonly [from: string, to: string, said: readonly string[]])[] = [
  ["capacity: 40", "capcity: 40", ["a.yaml:7:5", "tiers[0].capcity is an unknown key", "capacity"]],
  ["scheme: int4 }", "schem: int4 }", ["a.yaml:8:73", "unknown key", 'mean "scheme"']],
  ["40 GiB", "40", ["a.yaml:7:15", "tiers[0].capacity has no unit", '"64 GiB"', "found 40"]],
  ["40 GiB", "40 Gib", ["a.yaml:7:15", 'found "40 Gib"', 'did you mean "GiB"']],
  ["40 GiB", "0 B", ["a.yaml:7:15", "out of range"]],
  ["40 GiB", "4 MiB", ["a.yaml:7:15", "cannot hold one block", "5242880 bytes or more"]],
  ["64 GB/s", "64 GB", ["a.yaml:8:48", "is not a bandwidth"]],
  ["10 us", "10 parsecs", ["a.yaml:8:66", "is not a time"]],
  ["int4", "int5", ["a.yaml:8:81", "none of the forms", 'did you mean "int2" or "int4"']],
  ["int4", "{ name: int4, groups: 3 }", ["a.yaml:8:95", "tiers[1].scheme.groups is an unknown"]],
  ["name: dram", "name: hbm", ["a.yaml:8:13", "is the name of tiers[0], too"]],
  ["h100-sxm", "h100-smx", ["a.yaml:6:15", "tiers[0].hardware", '"h100-smx"', 'mean "h100-sxm"']],
  ["llama-3.1-70b", "llama-3.1-7b", ["a.yaml:2:8", "model", 'did you mean "llama-3.1-']],
  ["model: llama-3.1-70b\n", "", ["a.yaml:1:1", "model is missing", "model or bytesPerToken"]],
  ["blockTokens: 16", "blockTokens: 0", ["a.yaml:3:14", "found 0; expected a number 1 or more"]],
  ["blockTokens: 16", "blockTokens: 1.5", ["a.yaml:3:14", "is not a whole number"]],
  ["name: dram, ", "", ["a.yaml:8:5", "tiers[1].name is missing; expected a text".slice(0, 24)]],
  ["bandwidth: 64 GB/s, ", "", ["a.yaml:8:5", "tiers[1].bandwidth is missing", "hardware"]],
  ["latency: 10 us", "latency: 10 us, readLatency: 1 us", ["readLatency and latency both give it"]],
  ["warmupRequests: 3", "recompute: cheaper", ["a.yaml:9:12", "no prefill cost to compare with"]],
  ["warmupRequests: 3", "promotion: { nth: 0 }", ["a.yaml:9:19", "promotion.nth", "1 or more"]],
  ["warmupRequests: 3", "promotion: { mth: 2 }", ["a.yaml:9:14", "promotion.mth", '"nth"']],
  ["warmupRequests: 3", "promotion: allways", ["a.yaml:9:12", 'did you mean "always"']],
  ["warmupRequests: 3", "write: selective", [
    "a.yaml:9:8",
    "back, through, or a map with selective",
  ]],
  ["warmupRequests: 3", "movement: timd", ["a.yaml:9:11", 'did you mean "timed"']],
  ["warmupRequests: 3", "pins: { floor: 50 GiB }", ["a.yaml:9:16", "more than the fastest tier"]],
  ["warmupRequests: 3", "limit: 2\nwarmupRequests: 2", ["a.yaml:10:17", "no request to count"]],
  ["warmupRequests: 3", "prefetch: { maxBlocks: 2 }", ["a.yaml:9:11", "prefetch.name is missing"]],
  ["smoke: { limit", "smok: { limit", ["a.yaml:11:3", "presets.smok", 'did you mean "smoke"']],
  ["limit: 50", "limt: 50", ["a.yaml:11:12", "presets.smoke.limt", 'did you mean "limit"']],
];

for (const [from, to, said] of FAULTS) {
  Deno.test(`a scenario with "${to}" for "${from.trim()}" is refused with its place`, async () => {
    assert(TWO.includes(from));
    const text = await refusal(TWO.replace(from, () => to));
    for (const words of said) assertStringIncludes(text, words);
  });
}

Deno.test("all findings are shown at once, in order of lines", async () => {
  const yaml = TWO.replace("40 GiB", "40").replace("10 us", "10").replace("smoke", "smoek");
  const error = await assertRejects(() => parseRunScenario(yaml), ScenarioError);
  assertEquals(error.problems.map(({ place }) => place?.line), [7, 8, 11]);
});

Deno.test("documents that are no map are refused", async () => {
  for (const yaml of ["", "null", "42", "[]", "- tiers", "text", "tiers: 5", "tiers: []"]) {
    await refusal(yaml);
    await refusal(yaml, { set: ["seed=1"] });
  }
});

Deno.test("a preset changes scale only", async () => {
  const smoke = await parseRunScenario(TWO, { preset: "smoke" });
  assertEquals(smoke.limitRequests, 50);
  assertEquals(smoke.warmupRequests, 1);
  assertEquals(smoke.tiers.map((tier) => tier.capacityBytes), [20 * 2 ** 30, 32 * 2 ** 30]);
  const whole = await parseRunScenario(TWO);
  assertEquals(await parseRunScenario(TWO, { preset: "prod" }), whole);
  const speed = ({ tiers }: typeof whole) =>
    tiers.map(({ capacityBytes: _capacityBytes, ...others }) => others);
  assertEquals(speed(smoke), speed(whole));
});

Deno.test("a preset that changes physics is refused where it says so", async () => {
  for (
    const key of [
      "tiers: [{ bandwidth: 1 GB/s }]",
      "seed: 1",
      "promotion: never",
      "model: llama-3.1-8b",
      "prefill: { perToken: 1 us/token }",
    ]
  ) {
    const text = await refusal(TWO.replace("limit: 50", key));
    assertStringIncludes(text, "a.yaml:11:12");
    assertStringIncludes(text, "changes more than scale");
    assertStringIncludes(text, "limit, warmupRequests, capacityFactor");
  }
});

Deno.test("a preset that is not there, or is none, is refused", async () => {
  assertStringIncludes(await refusal(TWO, { preset: "dev" }), "presets.dev is missing");
  const error = await assertRejects(() => parseRunScenario(TWO, { preset: "smok" }), UsageError);
  assertStringIncludes(describe(error), 'did you mean "smoke"');
});

Deno.test("names are checked against a registry, with the place", async () => {
  const registry = {
    policies: [{ name: "lru", parameters: [] }, {
      name: "s3-fifo",
      parameters: [{ name: "small", min: 0, max: 1 }],
    }],
    admitters: [{ name: "always", parameters: [] }],
    prefetchers: [{ name: "markov", parameters: [] }],
  };
  const with_ = (tier: string, more = "") => `${TWO.replace("scheme: int4", tier)}${more}`;
  await parseRunScenario(with_("policy: s3-fifo(small=0.2)", "prefetch: markov\n"), { registry });
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["policy: s3fifo", "", ["a.yaml:8:81", "is not a policy", 'did you mean "s3-fifo"']],
    ["policy: { name: s3fifo }", "", ["a.yaml:8:89", "tiers[1].policy.name is not a policy"]],
    ["policy: { name: s3-fifo, smal: 1 }", "", ["a.yaml:8:98", 'no parameter "smal"', '"small"']],
    ["policy: s3-fifo(small=7)", "", ["a.yaml:8:81", "out of range", "from 0 to 1"]],
    ["policy: lru(", "", ["a.yaml:8:81", "name(parameter=value;…)"]],
    ["admission: allways", "", ["is not an admitter", '"always"']],
    ["scheme: int8", "prefetch: markof\n", ["a.yaml:12:11", "is not a prefetcher", '"markov"']],
  ];
  for (const [tier, more, said] of cases) {
    const text = await refusal(with_(tier, more), { registry });
    for (const words of said) assertStringIncludes(text, words);
  }
});

Deno.test("models and hardware may be files beside the scenario, and their faults are told", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const own = "name: own\nreadBandwidth: { value: 1 GB/s, source: me }\n" +
      "writeBandwidth: { value: 2 GB/s, source: me }\n" +
      "readLatency: { value: 1 us, source: me }\nwriteLatency: { value: 2 us, source: me }\n";
    await Deno.writeTextFile(`${folder}/own.yaml`, own);
    await Deno.writeTextFile(`${folder}/a.yaml`, TWO.replace("h100-sxm", "./own.yaml"));
    const { tiers } = await loadRunScenario(`${folder}/a.yaml`);
    assertEquals(tiers[0].writeLatencyNs, 2000);
    await Deno.writeTextFile(`${folder}/own.yaml`, own.replace(", source: me", ""));
    const error = await assertRejects(() => loadRunScenario(`${folder}/a.yaml`), ScenarioError);
    assertStringIncludes(describe(error), "a.yaml:6:15");
    assertStringIncludes(describe(error), "readBandwidth.source is missing");
    assertStringIncludes(describe(error), "own.yaml:2:");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("scenarioHash() depends on every number, not on names and the order of keys", async () => {
  const hash = await scenarioHash(await parseRunScenario(TWO));
  const renamed = TWO.replace("name: two\n", "") + "description: other\n";
  assertEquals(await scenarioHash(await parseRunScenario(renamed)), hash);
  for (
    const setting of [
      "seed=43",
      "tiers[0].latency=2us",
      "tiers[1].scheme=int8",
      "limit=7",
      "entry=slowest",
    ]
  ) {
    const other = await parseRunScenario(TWO, { set: [setting] });
    assertNotEquals(await scenarioHash(other), hash, setting);
  }
});
