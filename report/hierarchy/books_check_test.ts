import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { HierarchyResult, TierResult } from "../../engine/hierarchy_result.ts";
import { brokenBooks } from "./books_check.ts";
import { EXAMPLE_RUN } from "./example.ts";

const ALL = { flows: true, startsEmpty: true };
const { result } = EXAMPLE_RUN;

/** Asserts that the books of a result balance. */
function assertBooks(found: HierarchyResult): void {
  assertEquals(brokenBooks(found, ALL), []);
}

function withTier(at: number, changed: Partial<TierResult>): HierarchyResult {
  return { ...result, tiers: result.tiers.map((t, i) => i === at ? { ...t, ...changed } : t) };
}

Deno.test("the books of the worked example balance", () => {
  assertBooks(result);
  const held = result.tiers.reduce((sum, tier) => sum + tier.residentBlocks, 0);
  const inserted = result.tiers.reduce((sum, tier) => sum + tier.insertedIn, 0);
  const dropped = result.tiers.reduce((sum, tier) => sum + tier.dropped, 0);
  assertEquals(inserted - dropped, held, "blocks were lost");
  for (const tier of result.tiers) {
    assertEquals(tier.usedBytes, tier.residentBlocks * 512 * 327_680);
  }
});

Deno.test("every rule of the books can be broken", () => {
  const traffic = (cause: number, source: number, target: number, bytes: number) =>
    result.trafficBytes.map((rows, c) =>
      rows.map((cells, s) =>
        cells.map((cell, t) => c === cause && s === source && t === target ? bytes : cell)
      )
    );
  const [last] = result.samples.slice(-1);
  const spoilt: readonly [string, HierarchyResult][] = [
    ["hits + misses", { ...result, lookups: 1 + result.lookups }],
    ["useful + late", { ...result, prefetch: { ...result.prefetch, late: 0 } }],
    ["recomputed", { ...result, recomputedBlocks: 63_001 }],
    ["hit tokens", { ...result, hitTokens: result.inputTokens + 1 }],
    ["prefix hits", withTier(1, { prefixHits: 9_001 })],
    ["peak of cxl", withTier(2, { peakBytes: 0 })],
    ["capacity of nvme", withTier(3, { peakBytes: 2 ** 50 })],
    ["bytes into dram are not", withTier(1, { bytesOut: 0 })],
    ["traffic into dram", withTier(1, { bytesIn: 0 })],
    ["traffic out of hbm", withTier(0, { bytesOut: 0 })],
    ["place to itself", { ...result, trafficBytes: traffic(0, 1, 1, 5) }],
    ["demoted", { ...result, demotedBytes: [0, 1, 0] }],
    ["causes", { ...result, trafficBytes: result.trafficBytes.slice(1) }],
    ["look-ups of the samples", { ...result, samples: result.samples.slice(1) }],
    ["hits of the samples", {
      ...result,
      samples: [...result.samples.slice(0, -1), { ...last, hits: [0, 0, 0, 0] }],
    }],
    ["sample above the capacity", {
      ...result,
      samples: [...result.samples.slice(0, -1), { ...last, usedBytes: [2 ** 50, 0, 0, 0] }],
    }],
  ];
  for (const [what, found] of spoilt) {
    const broken = brokenBooks(found, ALL);
    assert(broken.length > 0, `nobody noticed: ${what}`);
    assertStringIncludes(broken.join("\n"), what);
  }
});

Deno.test("brokenBooks() asks no more than what always holds unless told", () => {
  assertEquals(brokenBooks(withTier(1, { bytesIn: 0, bytesOut: 0 })), []);
});
