/**
 * The folded engine on random extents: its table against the readable twin, its hits against the
 * block engine, at capacities about the lengths of requests.
 */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FoldedReplayer, reuseRuns } from "../../engine/folded.ts";
import type { Touch } from "../../engine/result.ts";
import { EngineError } from "../../errors/errors.ts";
import type { Trace } from "../../traces/trace.ts";
import { longPaths, overlappingExtents } from "../support/extents.ts";
import {
  blockCounts,
  compareFolded,
  naiveEvictions,
  perEviction,
} from "../support/folded_twins.ts";
import { naiveReuse, perBlock } from "../support/naive_reuse.ts";
import { runs } from "../support/seed.ts";
import { checkingModule, looseRequests, traceOf, treeRequests } from "../support/traces.ts";

const module = checkingModule();
const RUNS = { numRuns: runs(120) };
const seed = fc.nat();
const count = fc.integer({ min: 1, max: 60 });
const touch = fc.constantFrom<Touch>("root-first", "tail-first");

/** Traces whose requests touch every block once. */
const traces = fc.oneof(
  fc.tuple(seed, count).map(([seed, count]) => traceOf(treeRequests(seed, count))),
  fc.tuple(seed, count).map(([seed, count]) => traceOf(longPaths(seed, count))),
  fc.tuple(seed, count, fc.integer({ min: 2, max: 120 }))
    .map(([seed, count, blocks]) => overlappingExtents(seed, count, blocks)),
);
/** Requests that may touch blocks twice. */
const repeating = fc.tuple(seed, count, fc.integer({ min: 2, max: 60 }))
  .map(([seed, count, blocks]) => looseRequests(seed, count, blocks));

/** About the lengths of some requests and the number of blocks, and the least. */
function capacitiesOf(trace: Trace): number[] {
  const { inputTokens } = trace.requests;
  const tokens = [...inputTokens.subarray(0, 4)].map((count) => count / trace.blockTokens);
  const about = [...tokens, trace.uniqueBlocks, trace.uniqueBlocks >> 1, trace.uniqueBlocks >> 2];
  const near = about.flatMap((blocks) => [blocks - 1, blocks, blocks + 1]);
  return [...new Set([1, 2, 3, ...near])].filter((blocks) => blocks > 0);
}

function compare(trace: Trace, touch: Touch): void {
  const replayer = new FoldedReplayer(trace, module);
  assertEquals(perBlock(replayer.reuse(touch)), naiveReuse(trace, touch));
  const capacities = capacitiesOf(trace);
  compareFolded(replayer, touch, blockCounts(trace, touch, capacities), "random extents");
  for (const capacity of capacities) {
    const lru = replayer.lru(capacity, touch);
    assertEquals(perEviction(lru), naiveEvictions(trace, capacity, touch));
  }
}

Deno.test("folded replays are those of the block engine, in both touch orders", () => {
  fc.assert(fc.property(traces, touch, compare), RUNS);
});

Deno.test("root-first, a block may come twice in a request", () => {
  fc.assert(fc.property(repeating, (requests) => compare(traceOf(requests), "root-first")), RUNS);
});

Deno.test("there are at most three runs to an extent, and they cover it", () => {
  fc.assert(
    fc.property(traces, touch, (trace, touch) => {
      const runs = reuseRuns(trace, touch, { module });
      const covered = trace.extents.blockCount.slice();
      assert(runs.count <= 3 * covered.length);
      for (let i = 0; i < runs.count; i++) covered[runs.extent[i]] -= runs.blockCount[i];
      assert(covered.every((left) => left === 0));
    }),
    RUNS,
  );
});

Deno.test("no row of evictions could be joined to the one before it", () => {
  fc.assert(
    fc.property(traces, touch, fc.integer({ min: 1, max: 40 }), (trace, touch, capacity) => {
      const lru = new FoldedReplayer(trace, module).lru(capacity, touch);
      const { evictedBlocks, touchedRequest, evictedRequest } = lru;
      for (let row = 0; row < evictedBlocks.length; row++) {
        assert(evictedBlocks[row] > 0 && touchedRequest[row] <= evictedRequest[row]);
        const joins = row > 0 && touchedRequest[row] === touchedRequest[row - 1] &&
          evictedRequest[row] === evictedRequest[row - 1];
        assert(!joins);
      }
    }),
    RUNS,
  );
});

Deno.test("tail-first, a block twice in a request is refused by every task, with its place", () => {
  const trace = traceOf([[0, 1, 2], [3, 0, 1, 2], [4, 1, 5, 1]]);
  const replayer = new FoldedReplayer(trace, module);
  const tasks = [
    () => replayer.reuse("tail-first"),
    () => replayer.lru(3, "tail-first"),
    () => replayer.fifo(3, "tail-first"),
    () => replayer.optimal(3, "tail-first"),
  ];
  for (const task of tasks) {
    const error = assertThrows(task, EngineError);
    assertEquals(error.code, "engine/RepeatInRequest");
    assertEquals(error.problems[0].found, "block 1 twice in request 2");
  }
  // The replayer can be used for other tasks.
  assertEquals(replayer.lru(3, "root-first").hits, 2);
});

Deno.test("the first request that touches a block twice is named, and no other trace refused", () => {
  fc.assert(
    fc.property(repeating, (requests) => {
      const at = requests.findIndex((request) => new Set(request).size < request.length);
      const reuse = () => reuseRuns(traceOf(requests), "tail-first", { module });
      if (at < 0) {
        reuse();
        return;
      }
      const { found } = assertThrows(reuse, EngineError).problems[0];
      assertStringIncludes(found!, `twice in request ${at}`);
    }),
    RUNS,
  );
});

Deno.test("a capacity of nothing, or beyond 31 bits, is refused", () => {
  const replayer = new FoldedReplayer(traceOf([[0]]), module);
  const code = (capacity: number) =>
    assertThrows(() => replayer.fifo(capacity, "root-first"), EngineError).code;
  assertEquals(code(0), "engine/CapacityZero");
  assertEquals(code(2 ** 31), "engine/CapacityTooLarge");
  assertEquals(code(1.5), "engine/CapacityTooLarge");
});

Deno.test("traces without requests, or with empty ones, are traces", () => {
  for (const order of ["root-first", "tail-first"] as const) {
    compare(traceOf([]), order);
    compare(traceOf([[], [0], [], [0, 1], []]), order);
  }
});

Deno.test("progress rises to the whole", () => {
  const seen: number[] = [];
  const trace = traceOf(treeRequests(1, 20_000));
  reuseRuns(trace, "tail-first", { module, onProgress: (done) => seen.push(done) });
  assert(seen.length > 6);
  assertEquals(seen.toSorted((a, b) => a - b), seen);
  assertEquals(seen.at(-1), trace.accesses);
});
