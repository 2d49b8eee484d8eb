import { assertEquals } from "@std/assert";
import { resultHash } from "../engine/result_hash.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";

const REQUESTS = [[0, 1, 2], [0, 1, 3], [4, 5], [0, 1, 2], [4, 5]];

interface Held {
  readonly uses: number;
  readonly last: number;
}

/** Who goes first, written to be read: the lowest number. */
const ORDERS: Readonly<Record<string, (one: Held, other: Held) => number>> = {
  lru: (one, other) => one.last - other.last,
  lfu: (one, other) => one.uses - other.uses || one.last - other.last,
  mru: (one, other) => other.last - one.last,
};

/** Replays the example under a policy of {@linkcode ORDERS}; a miss is always kept. */
function replay(policy: string, capacity: number): { hits: number; prefixHits: number } {
  let clock = 0;
  const found = { hits: 0, prefixHits: 0 };
  const held = new Map<number, Held>();
  for (const request of REQUESTS) {
    let leads = true;
    for (const block of request) {
      clock++;
      const entry = held.get(block);
      if (entry !== undefined) {
        found.hits++;
        if (leads) found.prefixHits++;
        held.set(block, { uses: entry.uses + 1, last: clock });
        continue;
      }
      leads = false;
      if (held.size === capacity) {
        const [victim] = [...held].sort(([, a], [, b]) => ORDERS[policy](a, b))[0];
        held.delete(victim);
      }
      held.set(block, { uses: 1, last: clock });
    }
  }
  return found;
}

Deno.test("the example's hits, and those in leading runs, are those of LRU, LFU and MRU", () => {
  for (const { policy, capacityBlocks, hits, prefixHits } of EXAMPLE_COMPARISON.results) {
    if (policy === "optimal") continue;
    const expected = replay(policy, capacityBlocks);
    assertEquals({ hits, prefixHits }, expected, `${policy} ${capacityBlocks}`);
  }
});

Deno.test("the example's LRU is the LRU that its runs are compared with", () => {
  for (const run of EXAMPLE_COMPARISON.results) {
    const { hits, prefixHits } = replay("lru", run.capacityBlocks);
    assertEquals([run.lruHits, run.lruPrefixHits], [hits, prefixHits]);
  }
});

Deno.test("the example ranks otherwise by block hits than by prefix hits", () => {
  const [lfu, mru] = ["lfu", "mru"].map((policy) => replay(policy, 3));
  assertEquals([lfu.hits < mru.hits, lfu.prefixHits > mru.prefixHits], [true, true]);
});

Deno.test("the example's books balance", () => {
  for (const run of EXAMPLE_COMPARISON.results) {
    assertEquals(run.hits + run.misses, run.accesses);
    assertEquals(run.insertions + run.bypasses, run.misses);
    assertEquals(run.insertions - run.evictions, run.residentBlocks);
    assertEquals(run.prefixHits <= run.hits && run.hits <= run.optimalHits, true);
    assertEquals(run.residentBlocks <= run.capacityBlocks, true);
  }
});

Deno.test("the example carries its own hash", async () => {
  assertEquals(await resultHash(EXAMPLE_COMPARISON), EXAMPLE_COMPARISON.resultHash);
});
