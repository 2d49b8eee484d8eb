import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { describe, KvtierError } from "../errors/errors.ts";
import { parseKeyPath } from "./key_path.ts";
import { parseRunScenario } from "./load_run.ts";

const YAML = `model: llama-3.1-8b
tiers:
  - { name: hbm, capacity: 1 GiB, bandwidth: 1 TB/s, latency: 1 us }
  - { name: dram, capacity: 8 GiB, readBandwidth: 2 GB/s, writeBandwidth: 1 GB/s, latency: 9 us }
presets:
  smoke: { limit: 9, capacityFactor: 0.5 }
`;

const set = (...settings: string[]) => parseRunScenario(YAML, { set: settings });

Deno.test("a setting takes the place of the file's value, the last one of the same key wins", async () => {
  const scenario = await set(
    "tiers[1].capacity=64GiB",
    "tiers[dram].policy=s3-fifo(small=0.2;ghost=0.5)",
    "seed=1",
    "seed=2",
    "promotion={nth: 3}",
    "prefill.perToken=5 us/token",
    "tiers[0].scheme={name: int4, quantise: 1 GB/s}",
  );
  assertEquals(scenario.tiers[1].capacityBytes, 2 ** 36);
  assertEquals(scenario.tiers[1].policy, "s3-fifo(small=0.2;ghost=0.5)");
  assertEquals(scenario.seed, 2);
  assertEquals(scenario.promotion, { kind: "nth", hits: 3 });
  assertEquals(scenario.prefill.nsPerToken, 5000);
  assertEquals(scenario.tiers[0].scheme.quantiseBytesPerSecond, 1e9);
});

Deno.test("a setting may mean every tier", async () => {
  const { tiers } = await set("tiers[*].policy=arc");
  assertEquals(tiers.map(({ policy }) => policy), ["arc", "arc"]);
});

Deno.test("the last word on one direction leaves the other", async () => {
  const first = (await set("tiers[0].readBandwidth=3 TB/s")).tiers[0];
  assertEquals([first.readBytesPerSecond, first.writeBytesPerSecond], [3e12, 1e12]);
  const second = (await set("tiers[1].bandwidth=7 GB/s")).tiers[1];
  assertEquals([second.readBytesPerSecond, second.writeBytesPerSecond], [7e9, 7e9]);
  assertEquals((await set("bytesPerToken=256 B")).bytesPerToken, 256);
});

Deno.test("a setting wins over the preset", async () => {
  const options = { preset: "smoke", set: ["limit=4", "tiers[0].capacity=3 GiB"] };
  const scenario = await parseRunScenario(YAML, options);
  assertEquals(scenario.limitRequests, 4);
  assertEquals(scenario.tiers.map((tier) => tier.capacityBytes), [3 * 2 ** 30, 4 * 2 ** 30]);
});

Deno.test("settings do not change what was loaded", async () => {
  const before = await set();
  await set("tiers[*].capacity=2 GiB");
  assertEquals(await set(), before);
});

const WRONG: readonly (readonly [setting: string, said: readonly string[]])[] = [
  ["tiers[1].capcity=64GiB", ["tiers[1].capcity is an unknown key", 'did you mean "capacity"']],
  ["tierz[1].capacity=64GiB", ["tierz is an unknown key", 'did you mean "tiers"']],
  ["tiers[2].capacity=64GiB", ["tiers[2] is not there", "an index below 2"]],
  ["tiers[drum].capacity=64GiB", ['no entry of the name "drum"', 'did you mean "dram"']],
  ["tiers.capacity=64GiB", ["tiers.capacity is an unknown key", "a list"]],
  ["seed[0]=1", ["seed is not a list"]],
  ["seed.x=1", ["seed.x is an unknown key"]],
  ["model.layers=4", ['model is "llama-3.1-8b", not a map']],
  ["tiers[=1", ['"tiers[" is not a key path']],
  ["__proto__.x=1", ["is not a key path"]],
  ["tiers[1].capacity=64", ["tiers[1].capacity has no unit"]],
  ["tiers[*].scheme=int3", ["none of the forms", 'did you mean "int2"']],
  ["promotion={nth: 0}", ["promotion.nth is out of range"]],
  ["promotion={nth: ", ["is not YAML"]],
  ["presets.smoke.tiers=1", ["presets.smoke.tiers is an unknown key"]],
  ["tiers[0].hardware=h100", ["tiers[0].hardware", "is not a shipped piece of hardware"]],
  ["seed=1.5", ["seed is not a whole number", "found 1.5"]],
  ["seed=null", ["seed is not a number", "found null"]],
];

for (const [setting, said] of WRONG) {
  Deno.test(`--set ${setting} is refused, and it is said which argument it was`, async () => {
    const error = await assertRejects(() => set("limit=3", setting), KvtierError);
    const text = describe(error);
    assertStringIncludes(text, "--> --set, argument 2");
    for (const words of said) assertStringIncludes(text, words);
  });
}

Deno.test("--set without a value is wrong usage", async () => {
  for (const setting of ["seed", "seed=", "=3", ""]) {
    const error = await assertRejects(() => set(setting), KvtierError);
    assertEquals(error.code, "usage/set");
    assertEquals(error.place.file, "--set, argument 1");
  }
});

Deno.test("parseKeyPath() reads keys, indices, names and stars", () => {
  assertEquals(parseKeyPath("tiers[1].scheme.name"), ["tiers", 1, "scheme", "name"]);
  assertEquals(parseKeyPath("tiers[*].policy"), ["tiers", { entry: "*" }, "policy"]);
  assertEquals(parseKeyPath("tiers[peer hbm].policy"), ["tiers", { entry: "peer hbm" }, "policy"]);
  for (const text of ["", ".a", "a.", "a..b", "a[", "a[]", "a]", "a b", "1", "[0]"]) {
    assertEquals(parseKeyPath(text), undefined, text);
  }
});
