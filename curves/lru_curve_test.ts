import { assert, assertEquals } from "@std/assert";
import { compare } from "../engine/compare.ts";
import { reuseRuns } from "../engine/folded.ts";
import { looseRequests, traceOf, treeRequests } from "../tests/support/traces.ts";
import { TraceBuilder } from "../traces/builder.ts";
import { hitsAt, lruCurve } from "./lru_curve.ts";

Deno.test("a block behind a deeper one is a prefix hit only with that one", async () => {
  const builder = new TraceBuilder({ blockTokens: 16 });
  for (const ids of [[0, 1], [5], [1, 0]]) builder.add({ runs: ids.map((id) => [id, 1]) });
  const curve = lruCurve(reuseRuns(await builder.build(), "tail-first"));
  assertEquals([1, 2, 3].map((blocks) => hitsAt(curve.points, blocks)), [0, 1, 2]);
  assertEquals([1, 2, 3].map((blocks) => hitsAt(curve.prefixPoints, blocks)), [0, 0, 2]);
});

for (const touch of ["root-first", "tail-first"] as const) {
  Deno.test(`${touch}: at every capacity the hits of compare, prefix tree or not`, async () => {
    for (const [requests, isTree] of [[treeRequests, true], [looseRequests, false]] as const) {
      for (let seed = 1; seed <= 5; seed++) {
        const trace = traceOf(requests(seed, 60).map((ids) => [...new Set(ids)]));
        const { points, prefixPoints } = lruCurve(reuseRuns(trace, touch));
        const capacities = Array.from({ length: trace.uniqueBlocks }, (_, i) => String(i + 1));
        const { results } = await compare(trace, { policies: ["lru"], capacities, touch });
        for (const { capacityBlocks, hits, prefixHits } of results) {
          assertEquals(hitsAt(points, capacityBlocks), hits);
          assertEquals(hitsAt(prefixPoints, capacityBlocks), prefixHits);
        }
        assert(!isTree || points === prefixPoints);
      }
    }
  });
}
