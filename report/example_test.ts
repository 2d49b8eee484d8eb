import { assertEquals } from "@std/assert";
import { resultHash } from "../engine/result_hash.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";

const REQUESTS = [[0, 1, 2], [0, 1, 3], [4, 5], [0, 1, 2]];

/** LRU or LFU, written to be read: the least frequent, then least recent, goes first. */
function hitsOf(capacity: number, byFrequency: boolean): number {
  let clock = 0;
  let hits = 0;
  const held = new Map<number, { uses: number; last: number }>();
  for (const block of REQUESTS.flat()) {
    clock++;
    const entry = held.get(block);
    if (entry !== undefined) {
      hits++;
      held.set(block, { uses: entry.uses + 1, last: clock });
      continue;
    }
    if (held.size === capacity) {
      const [victim] = [...held].sort(([, a], [, b]) =>
        (byFrequency ? a.uses - b.uses : 0) || a.last - b.last
      )[0];
      held.delete(victim);
    }
    held.set(block, { uses: 1, last: clock });
  }
  return hits;
}

Deno.test("the example's hits are those of LRU and LFU", () => {
  for (const { policy, capacityBlocks, hits } of EXAMPLE_COMPARISON.results) {
    if (policy === "optimal") continue;
    assertEquals(hits, hitsOf(capacityBlocks, policy === "lfu"), `${policy} ${capacityBlocks}`);
  }
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
