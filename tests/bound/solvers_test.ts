/** One cache: the methods against each other, against all choices, and against the engine. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bestFlow } from "../../bound/flow.ts";
import { keepNearest } from "../../bound/furthest.ts";
import { layeredBound } from "../../bound/layers.ts";
import { type Packing, packIntervals } from "../../bound/packing.ts";
import { boundAt, pricedBound } from "../../bound/prices.ts";
import { packGreedily, worthOf } from "../../bound/schedule.ts";
import { Replayer } from "../../engine/replayer.ts";
import { openTrace } from "../../traces/open.ts";
import type { Trace } from "../../traces/trace.ts";
import { numbersFrom, traceOf, treeRequests } from "../support/traces.ts";

const PREFILL = { nsPerToken: 1000, nsPerTokenSquared: 3 };

function packed(trace: Trace, prefill = PREFILL): Packing {
  return packIntervals({ trace, blockTokens: trace.blockTokens, prefill, warmupRequests: 0 });
}

/** The most worth of pieces kept whole, by trying all choices. */
function bestChoice(packing: Packing, capacity: number, worth: Float64Array): number {
  const used = new Float64Array(packing.checkpoints + 1);
  const best = (item: number): number => {
    if (item === packing.length) return 0;
    let found = best(item + 1);
    for (let g = packing.from[item]; g < packing.to[item]; g++) used[g]++;
    if (used.every((units) => units <= capacity)) {
      found = Math.max(found, worth[item] + best(item + 1));
    }
    for (let g = packing.from[item]; g < packing.to[item]; g++) used[g]--;
    return found;
  };
  return best(0);
}

/** A few intervals of one unit each, of any length, in the order of their ends. */
function randomPacking(next: () => number, items: number, checkpoints: number): Packing {
  const ends = Array.from({ length: items }, () => {
    const from = next() % checkpoints;
    return [from, from + next() % (checkpoints - from)] as const;
  }).sort((a, b) => a[1] - b[1]);
  const ones = new Float64Array(items).fill(1);
  return {
    checkpoints,
    length: items,
    from: Uint32Array.from(ends, ([from]) => from),
    to: Uint32Array.from(ends, ([, to]) => to),
    pieces: ones,
    unitsPerPiece: ones,
    computeNs: ones,
    leastComputeNs: ones,
  };
}

Deno.test("the flow is the best choice, its prices prove it, all other bounds are above", () => {
  const next = numbersFrom(11);
  for (let run = 0; run < 300; run++) {
    const packing = randomPacking(next, 9, 7);
    const capacity = 1 + next() % 3;
    const worth = Float64Array.from({ length: 9 }, () => next() % 20);
    const offered = packing.pieces;
    const best = bestChoice(packing, capacity, worth);
    const flow = bestFlow(packing, capacity, worth, offered);
    assertEquals(flow.worth, best, `run ${run}`);
    assertEquals(worthOf(worth, flow.kept), best);
    assertEquals(boundAt(packing, capacity, worth, offered, flow.prices), best, `run ${run}`);
    assert(layeredBound(packing, capacity, worth, offered) >= best);
    for (const steps of [1, 5, 100]) {
      assert(pricedBound(packing, capacity, worth, offered, 0, steps).bound >= best);
    }
    assert(worthOf(worth, packGreedily(packing, capacity, worth, offered)) <= best);
  }
});

Deno.test("prices come near to the flow", () => {
  const trace = traceOf(treeRequests(5, 150));
  const packing = packed(trace);
  for (const capacity of [20, 60, 150]) {
    const flow = bestFlow(packing, capacity, packing.computeNs, packing.pieces);
    const priced = pricedBound(
      packing,
      capacity,
      packing.computeNs,
      packing.pieces,
      flow.worth,
      1000,
    );
    assert(priced.bound >= flow.worth);
    assert(priced.bound <= flow.worth * 1.01, `${priced.bound} is far from ${flow.worth}`);
  }
});

Deno.test("equal worth: what is kept is what the optimal kernel hits", async () => {
  const traces = [
    traceOf(treeRequests(9, 400)),
    await openTrace("tests/data/conversation_trace.jsonl.gz"),
  ];
  for (const trace of traces) {
    const packing = packed(trace, { nsPerToken: 1, nsPerTokenSquared: 0 });
    const replayer = new Replayer(trace);
    for (const share of [0.001, 0.01, 0.1, 0.5]) {
      const capacityBlocks = Math.ceil(share * trace.uniqueBlocks);
      const { hits } = replayer.run({
        policy: replayer.registry.policy("optimal"),
        admission: replayer.registry.admitter("always"),
        capacityBlocks,
        touch: "tail-first",
        seed: 1,
      });
      assertEquals(keepNearest(packing, capacityBlocks, packing.pieces).sum, hits);
    }
  }
});

Deno.test("what a smaller cache keeps, a larger one keeps", () => {
  const packing = packed(traceOf(treeRequests(4, 300)));
  let before = new Float64Array(packing.length);
  for (let capacity = 1; capacity < 200; capacity += 7) {
    const { units } = keepNearest(packing, capacity, packing.pieces);
    assert(units.every((kept, item) => kept >= before[item]), `at ${capacity}`);
    before = Float64Array.from(units);
  }
});

Deno.test("worths of the blocks of a prompt add up to the prompt", () => {
  const trace = traceOf([[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]);
  const inputTokens = Uint32Array.of(80, 71);
  const packing = packed({ ...trace, requests: { ...trace.requests, inputTokens } }, {
    nsPerToken: 88.3,
    nsPerTokenSquared: 0.37,
  });
  assertAlmostEquals(worthOf(packing.computeNs, packing.pieces), 88.3 * 71 + 0.37 * 71 ** 2, 0.5);
});
