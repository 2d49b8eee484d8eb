/** The optimum's curve from few replays against the engine that goes block by block, everywhere. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { hitsAt } from "../../curves/curve.ts";
import { traceCurves } from "../../curves/trace_curves.ts";
import { compare } from "../../engine/compare.ts";
import { looseRequests, traceOf, treeRequests } from "../support/traces.ts";

/** Each block once a request: tail-first, MIN does not weigh a block that stands there twice. */
function paths(all: readonly (readonly number[])[]): number[][] {
  return all.map((request) => [...new Set(request)]);
}

const requests = fc.oneof(
  fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 60 }) })
    .map(({ seed, count }) => ({ all: treeRequests(seed, count), isTree: true })),
  fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 60 }) })
    .map(({ seed, count }) => ({ all: paths(looseRequests(seed, count)), isTree: false })),
);
const touch = fc.constantFrom("root-first" as const, "tail-first" as const);

Deno.test("the optimum's curve is compare's optimum at every capacity", async () => {
  await fc.assert(
    fc.asyncProperty(requests, touch, async ({ all, isTree }, touch) => {
      const trace = traceOf(all);
      const { curves: [curve] } = await traceCurves(trace, { policies: ["optimal"], touch });
      assert(curve.exact);
      const capacities = Array.from({ length: trace.uniqueBlocks + 2 }, (_, i) => String(i + 1));
      const { results } = await compare(trace, { policies: ["optimal"], capacities, touch });
      for (const { capacityBlocks, hits, prefixHits } of results) {
        assertEquals(hitsAt(curve.points, capacityBlocks), hits, `${capacityBlocks} blocks`);
        if (isTree) assertEquals(hitsAt(curve.prefixPoints, capacityBlocks), prefixHits);
      }
      for (const [blocks, prefixHits] of curve.prefixPoints) {
        assertEquals(prefixHits, results[blocks - 1].prefixHits, `${blocks} blocks`);
      }
    }),
    { numRuns: runs(60) },
  );
});

Deno.test("LRU's curve is compare's LRU at every capacity", async () => {
  await fc.assert(
    fc.asyncProperty(requests, touch, async ({ all }, touch) => {
      const trace = traceOf(all);
      const { curves: [curve] } = await traceCurves(trace, { policies: ["lru"], touch });
      const capacities = Array.from({ length: trace.uniqueBlocks + 2 }, (_, i) => String(i + 1));
      const { results } = await compare(trace, { policies: ["lru"], capacities, touch });
      for (const { capacityBlocks, hits, prefixHits } of results) {
        assertEquals(hitsAt(curve.points, capacityBlocks), hits, `${capacityBlocks} blocks`);
        assertEquals(hitsAt(curve.prefixPoints, capacityBlocks), prefixHits);
      }
    }),
    { numRuns: runs(60) },
  );
});
