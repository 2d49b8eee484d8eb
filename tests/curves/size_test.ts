/**
 * Sizes: equal to those that replaying block by block finds, capacity after capacity.
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import {
  KvtierError,
  openTrace,
  parseRunScenario,
  Replayer,
  simulate,
  size,
  type SizeOptions,
  type SizeTier,
  type Trace,
} from "kvtier";
import { CONVERSATION, SYNTHETIC } from "../e2e/command.ts";
import { traceOf } from "../support/traces.ts";

const SHARES = [0.5, 0.8, 0.9, 0.95];

/** Fewest blocks with which a policy, replayed block by block, has enough hits of one kind. */
function searched(
  trace: Trace,
  policy: string,
  kind: "hits" | "prefixHits",
  share: number,
): number {
  const replayer = new Replayer(trace);
  const { registry } = replayer;
  const hits = (capacityBlocks: number) =>
    replayer.run({
      policy: registry.policy(policy),
      capacityBlocks,
      touch: "tail-first",
      admission: registry.admitter("always"),
      seed: 42,
    })[kind];
  let [low, high] = [1, trace.uniqueBlocks];
  const needed = share * hits(high);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hits(middle) >= needed) high = middle;
    else low = middle + 1;
  }
  return low;
}

for (const file of [CONVERSATION, SYNTHETIC]) {
  Deno.test(`sizes of ${file} equal those of a search by replays`, async () => {
    const trace = await openTrace(file);
    const { rows, ceilingPrefixHits } = await size(trace, { shares: SHARES });
    assertEquals(rows.map(({ share }) => share), SHARES);
    assertEquals(ceilingPrefixHits, trace.accesses - trace.uniqueBlocks);
    for (const { share, capacityBlocks, optimumBlocks } of rows) {
      assertEquals(capacityBlocks, searched(trace, "lru", "prefixHits", share));
      // Prefix blocks leave last, so on these traces both kinds of hits need the same.
      assertEquals(capacityBlocks, searched(trace, "lru", "hits", share));
      assertEquals(optimumBlocks, searched(trace, "optimal", "prefixHits", share));
    }
  });
}

/** Tiers as `kvtier run` has them; those named in `free` are up for choice. */
async function mixOptions(
  tiers: readonly string[],
  free: readonly string[],
  budget?: number,
): Promise<{ options: SizeOptions; tiers: SizeTier[] }> {
  const text = `bytesPerToken: 327680 B\nmovement: synchronous\ntiers:\n${tiers.join("\n")}\n`;
  const scenario = await parseRunScenario(text);
  const sized = scenario.tiers.map((tier) => ({
    scenario: tier,
    blockBytes: 327_680 * 512,
    fixed: !free.includes(tier.name),
  }));
  const mix = {
    tiers: sized,
    containment: "exclusive",
    showGiven: true,
    prefillNsPerToken: 88_000,
    gpuDollarsPerHour: 12,
    ...(budget === undefined ? {} : { budgetDollarsPerMonth: budget }),
  } as const;
  return { options: { mix, blockBytes: 327_680 * 512 }, tiers: sized };
}

const THREE = [
  "  - { name: hbm, hardware: h100-sxm, capacity: 120 GiB }",
  "  - { name: dram, hardware: cpu-dram, capacity: 512 GiB }",
  "  - { name: nvme, hardware: nvme-gen5, capacity: 4 TiB }",
];

Deno.test("hits and writes of given tiers equal those of kvtier run on a real trace", async () => {
  const trace = await openTrace(CONVERSATION);
  const { options } = await mixOptions(THREE, []);
  const { mixes } = await size(trace, options);
  const [given] = mixes!.mixes;
  assertEquals(given.question, "given");
  const text = `bytesPerToken: 327680 B\nmovement: synchronous\ntiers:\n${THREE.join("\n")}\n`;
  const run = await simulate(await parseRunScenario(text), trace);
  assertEquals(
    given.tiers.map((tier) => tier.prefixHits),
    run.tiers.map((tier) => tier.prefixHits),
  );
  assertEquals(given.tiers.map((tier) => tier.prefixHits), run.tiers.map((tier) => tier.hits));
  assertEquals(
    given.tiers.map((tier) => tier.writtenBytes),
    run.tiers.map((tier) => (tier.insertedIn + tier.promotedIn + tier.demotedIn) * 327_680 * 512),
  );
});

Deno.test("the mix of most worth meets the target, and a budget is kept", async () => {
  const trace = await openTrace(SYNTHETIC);
  const { options } = await mixOptions(THREE, ["dram", "nvme"], 300);
  const { mixes, ceilingPrefixHits } = await size(trace, { ...options, target: 0.8 });
  const of = (name: string) => mixes!.mixes.find(({ question }) => question === name)!;
  const [target, memory, budget] = [of("target"), of("memory-only"), of("budget")];
  for (const mix of [target, memory]) assert(mix.prefixHits >= 0.8 * ceilingPrefixHits);
  assert(memory.dollarsPerMonth <= target.dollarsPerMonth);
  assert(target.netDollarsPerMonth >= memory.netDollarsPerMonth);
  assert(budget.dollarsPerMonth <= 300 && budget.dollarsPerMonth > 0);
  for (const mix of mixes!.mixes) {
    assertEquals(mix.tiers[0].capacityBlocks, Math.floor(120 * 2 ** 30 / (327_680 * 512)));
    const hours = mixes!.weights.spanNs / 3.6e12;
    const worth = (mix.savedNs - mix.loadNs) / 3.6e12 * 12 / hours * 730;
    assertAlmostEquals(mix.gpuDollarsPerMonth, worth, 1e-6);
    assertAlmostEquals(mix.netDollarsPerMonth, worth - mix.dollarsPerMonth, 1e-6);
    assertEquals(mix.prefixHits, mix.tiers.reduce((sum, tier) => sum + tier.prefixHits, 0));
  }
});

Deno.test("what cannot be weighed is refused, and says what to do", async () => {
  const refused = async (options: SizeOptions) =>
    (await assertRejects(() => size(traceOf([[1, 2], [1, 2]]), options), KvtierError)).code;
  const unpriced = (await mixOptions(THREE, ["hbm"])).options;
  assertEquals(await refused(unpriced), "usage/tier-price");
  const clockless = (await mixOptions(THREE, ["dram"])).options;
  assertEquals(await refused(clockless), "trace/no-arrivals");
  const four = [...THREE, "  - { name: cxl, hardware: cxl-pool }"];
  const many = (await mixOptions(four, ["dram", "nvme", "cxl"], 100)).options;
  assertEquals(await refused(many), "usage/budget-tiers");
  for (const target of [0, 1.2, NaN]) {
    assertEquals(await refused({ target }), "usage/target");
  }
});
