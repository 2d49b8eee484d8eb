/** A hierarchy as kvcache-sim has it, on the Mooncake conversation trace, with books that balance. */
import { assert, assertEquals } from "@std/assert";
import { HierarchyReplayer, simulate } from "../../engine/hierarchy.ts";
import { Replayer } from "../../engine/replayer.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import { openTrace } from "../../traces/open.ts";

const file = new URL("../data/conversation_trace.jsonl.gz", import.meta.url);
const trace = await openTrace(decodeURIComponent(file.pathname));
const BYTES_PER_TOKEN = 327_680;
const BLOCK_BYTES = BYTES_PER_TOKEN * 512;
const GB = 1e9;

/** One worker: 5 GB of HBM, 256 GB of DRAM, 3.2 TB of SSD. */
function kvcacheSim(rest: Partial<HierarchyScenario>): HierarchyScenario {
  const example = exampleHierarchy({ capacityBlocks: [1, 1, 1] });
  const [hbm, dram, ssd] = example.tiers;
  const tier = (base: typeof hbm, gigabytes: number, read: number, write: number, ns: number) => ({
    ...base,
    capacityBytes: gigabytes * GB,
    readBytesPerSecond: read * GB,
    writeBytesPerSecond: write * GB,
    readLatencyNs: ns,
    writeLatencyNs: ns,
  });
  return {
    ...example,
    bytesPerToken: BYTES_PER_TOKEN,
    blockTokens: 512,
    tiers: [
      tier(hbm, 5, 3350, 3350, 1_000),
      tier(dram, 256, 200, 200, 100_000),
      tier(ssd, 3200, 7, 4, 500_000),
    ],
    ...rest,
  };
}

Deno.test("blocks × bytes = used, in every tier, exclusive and inclusive", async () => {
  const replayer = new HierarchyReplayer(trace);
  for (const containment of ["exclusive", "inclusive"] as const) {
    const result = await replayer.run(kvcacheSim({ containment }));
    for (const tier of result.tiers) {
      assertEquals(tier.usedBytes, tier.residentBlocks * BLOCK_BYTES);
      assert(tier.usedBytes <= tier.capacityBytes);
      assertEquals(tier.bytesIn - tier.bytesOut, tier.usedBytes);
    }
    // All are full to the last block that fits, and DRAM is no ghost.
    assertEquals(
      result.tiers.map((tier) => tier.residentBlocks),
      result.tiers.map((tier) => Math.floor(tier.capacityBytes / BLOCK_BYTES)),
    );
    assert(result.tiers[1].hits > 1000 && result.tiers[2].hits > 1000);
  }
});

Deno.test("exclusive LRU tiers are one LRU of their size, root-first", async () => {
  const result = await simulate(kvcacheSim({ touch: "root-first" }), trace);
  const capacityBlocks = result.tiers.reduce((sum, tier) => sum + tier.residentBlocks, 0);
  const replayer = new Replayer(trace);
  const one = replayer.run({
    policy: replayer.registry.policy("lru"),
    admission: replayer.registry.admitter("always"),
    capacityBlocks,
    touch: "root-first",
    seed: 1,
  });
  assertEquals(result.tiers.reduce((sum, tier) => sum + tier.hits, 0), one.hits);
});

Deno.test("ARC differs from LRU, and session prefetch fetches what is used", async () => {
  const replayer = new HierarchyReplayer(trace);
  const lru = await replayer.run(kvcacheSim({}));
  const scenario = kvcacheSim({});
  const arc = await replayer.run({
    ...scenario,
    tiers: scenario.tiers.map((tier) => ({ ...tier, policy: "arc" })),
  });
  assert(arc.misses !== lru.misses);
  const fetching = await replayer.run(
    kvcacheSim({ prefetch: { name: "session(lookahead=8)", maxBlocks: 8 } }),
  );
  assert(fetching.prefetch.requested > 0);
  assert(fetching.prefetch.useful > 0);
  assertEquals(fetching.misses >= 182_790, true);
});

Deno.test("timed: overlapping requests on the real arrivals balance, and recomputing helps", async () => {
  const timed = {
    movement: "timed",
    prefill: { nsPerToken: 175_000, nsPerTokenSquared: 1 },
  } as const;
  const replayer = new HierarchyReplayer(trace);
  const load = await replayer.run(kvcacheSim(timed));
  const cheaper = await replayer.run(kvcacheSim({ ...timed, recompute: "cheaper" }));
  assertEquals(load.lookups, 288_500);
  assertEquals(load.misses + load.tiers.reduce((sum, tier) => sum + tier.hits, 0), 288_500);
  assert(cheaper.requestNs!.mean <= load.requestNs!.mean);
  assert(cheaper.recomputedByChoice > 0);
});
