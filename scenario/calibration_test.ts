import { assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { describe, ScenarioError } from "../errors/errors.ts";
import { parseRunScenario } from "./load_run.ts";
import { scenarioHash } from "./scenario_hash.ts";

const YAML = `model: llama-3.1-8b
tiers:
  - { name: hbm, capacity: 1 GiB, bandwidth: 1 TB/s, latency: 1 us, cost: $1/GiB/h }
  - { name: dram, capacity: 8 GiB, hardware: cpu-dram, scheme: int4 }
prefill: { perToken: 10 us/token }
`;

const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const CALIBRATION = `name: node-7
provenance:
  source: fio and a copy test on node 7
  date: 2026-01-31
  dataHash: ${HASH}
tiers:
  dram: { readBandwidth: 51 GB/s, latency: 13 us }
schemes:
  int4: { dequantise: 900 GB/s }
prefill: { perToken: 12 us/token }
`;

const text = (text: string) => ({ calibration: { file: "c.yaml", text } });

Deno.test("a calibration replaces what it measured, and is recorded", async () => {
  const plain = await parseRunScenario(YAML);
  const before = structuredClone(plain);
  const scenario = await parseRunScenario(YAML, text(CALIBRATION));
  const [hbm, dram] = scenario.tiers;
  assertEquals(hbm, plain.tiers[0]);
  assertEquals([dram.readBytesPerSecond, dram.writeBytesPerSecond], [51e9, 64e9]);
  assertEquals([dram.readLatencyNs, dram.writeLatencyNs], [13_000, 13_000]);
  assertEquals(dram.scheme.dequantiseBytesPerSecond, 9e11);
  assertEquals(dram.capacityBytes, 2 ** 33);
  assertEquals(scenario.prefill.nsPerToken, 12_000);
  assertEquals(scenario.calibration, {
    name: "node-7",
    source: "fio and a copy test on node 7",
    date: "2026-01-31",
    dataHash: HASH,
    replaced: [
      "prefill.perToken",
      "tiers[1].readBandwidth",
      "tiers[1].readLatency",
      "tiers[1].scheme.dequantise",
      "tiers[1].writeLatency",
    ],
  });
  assertEquals(plain, before);
});

Deno.test("a calibration changes the scenario's hash, by its provenance alone, too", async () => {
  const hashes = await Promise.all([
    parseRunScenario(YAML),
    parseRunScenario(YAML, text(CALIBRATION)),
    parseRunScenario(YAML, text(CALIBRATION.replace("01-31", "01-30"))),
  ].map(async (scenario) => await scenarioHash(await scenario)));
  assertEquals(new Set(hashes).size, 3);
  assertNotEquals(hashes[0], hashes[1]);
});

Deno.test("a setting wins over a calibration", async () => {
  const set = ["tiers[dram].readBandwidth=1 GB/s", "prefill.perToken=1 us/token"];
  const scenario = await parseRunScenario(YAML, { ...text(CALIBRATION), set });
  assertEquals(scenario.tiers[1].readBytesPerSecond, 1e9);
  assertEquals(scenario.tiers[1].readLatencyNs, 13_000);
  assertEquals(scenario.prefill.nsPerToken, 1000);
});

const FAULTS: readonly (readonly [from: string, to: string, said: readonly string[]])[] = [
  ["provenance:", "provenanc:", ["c.yaml:2:1", "unknown key", 'did you mean "provenance"']],
  ["  source: fio and a copy test on node 7\n", "", ["c.yaml:2:1", "provenance.source is missing"]],
  ["fio and a copy test on node 7", "'  '", ["c.yaml:3:11", "provenance.source", "not empty"]],
  ["2026-01-31", "2026-02-30", ["c.yaml:4:9", "provenance.date is not a day", '"2026-01-31"']],
  ["2026-01-31", "yesterday", ["c.yaml:4:9", "is not a day"]],
  ["  date: 2026-01-31\n", "", ["provenance.date is missing"]],
  [HASH, "abc", ["c.yaml:5:13", "is not a SHA-256", "sha256sum"]],
  [HASH, `"${"0".repeat(64)}"`, ["c.yaml:5:13", "dataHash is not a SHA-256"]],
  [`  dataHash: ${HASH}\n`, "", ["provenance.dataHash is missing"]],
  ["dram:", "dran:", ["c.yaml:7:3", "tiers.dran is not a tier of the scenario", "hbm, dram"]],
  ["readBandwidth", "capacity", ["c.yaml:7:11", "tiers.dram.capacity is an unknown key"]],
  ["readBandwidth", "readBandwith", ['did you mean "readBandwidth"']],
  ["51 GB/s", "51", ["c.yaml:7:26", "has no unit"]],
  ["latency: 13 us", "bandwidth: 1 GB/s", ["readBandwidth and bandwidth both give it"]],
  ["int4:", "int5:", ["c.yaml:9:3", "schemes.int5 is an unknown key", 'did you mean "int']],
  ["dequantise", "groupNumbers", ["c.yaml:9:11", "schemes.int4.groupNumbers is an unknown key"]],
  ["perToken: 12 us/token", "perToken: 12 us", ["c.yaml:10:22", '"35 us/token"']],
  ["prefill", "promotion", ["c.yaml:10:1", "promotion is an unknown key"]],
];

for (const [from, to, said] of FAULTS) {
  const title = `a calibration with "${to.slice(0, 30)}" for "${
    from.slice(0, 30).trim()
  }" is refused`;
  Deno.test(title, async () => {
    const wrong = text(CALIBRATION.replace(from, () => to));
    const error = await assertRejects(() => parseRunScenario(YAML, wrong), ScenarioError);
    const shown = describe(error);
    for (const words of said) assertStringIncludes(shown, words);
    assertEquals(error.place.file, "c.yaml");
  });
}

Deno.test("a calibration that replaces nothing is refused", async () => {
  const head = CALIBRATION.slice(0, CALIBRATION.indexOf("tiers:"));
  for (const more of ["", "tiers: {}\n", "schemes: { int2: { quantise: 1 GB/s } }\n"]) {
    const error = await assertRejects(
      () => parseRunScenario(YAML, text(head + more)),
      ScenarioError,
    );
    assertStringIncludes(describe(error), "replaces no number");
  }
});
