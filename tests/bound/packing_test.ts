/** Intervals, delays, warm-up, capacities and costs, each on an example worked out by hand. */
import { assert, assertEquals } from "@std/assert";
import { multiTierBound } from "../../bound/multi_tier_bound.ts";
import { packIntervals, prefillNs } from "../../bound/packing.ts";
import { cumulativeUnits, leastLoadNs, ownUnits } from "../../bound/tiers.ts";
import { exampleHierarchy, NATIVE_SCHEME } from "../../scenario/hierarchy_example.ts";
import { traceOf } from "../support/traces.ts";
import { bestSaving } from "./best_saving.ts";

const PREFILL = { nsPerToken: 10, nsPerTokenSquared: 0 };

function intervals(
  requests: number[][],
  more: { warmupRequests?: number; arrivalNs?: number[]; delayNs?: number[] } = {},
): [number, number, number][] {
  const trace = traceOf(requests);
  const arrivalNs = more.arrivalNs === undefined ? {} : {
    arrivalNs: Float64Array.from(more.arrivalNs),
  };
  const packing = packIntervals({
    trace: { ...trace, requests: { ...trace.requests, ...arrivalNs } },
    blockTokens: 16,
    prefill: PREFILL,
    warmupRequests: more.warmupRequests ?? 0,
    ...(more.delayNs === undefined ? {} : { delayNs: Float64Array.from(more.delayNs) }),
  });
  return Array.from(packing.to, (to, i) => [packing.from[i], to, packing.pieces[i]]);
}

Deno.test("neighbours with one interval are one item; a block twice in a request is free", () => {
  assertEquals(intervals([[0, 1, 2], [3], [0, 1, 2, 0]]), [[0, 2, 3], [2, 2, 1]]);
});

Deno.test("warm-up: what ends in it does not count, what spans it is cut", () => {
  const requests = [[0], [0], [1], [2], [0, 1]];
  assertEquals(intervals(requests), [[0, 1, 1], [1, 4, 1], [2, 4, 1]]);
  assertEquals(intervals(requests, { warmupRequests: 3 }), [[2, 4, 2]]);
  assertEquals(intervals(requests, { warmupRequests: 4 }), [[3, 4, 2]]);
});

Deno.test("delays: room is taken only when every earlier request with the block is over", () => {
  const requests = [[0], [0], [1], [2], [0]];
  const arrivalNs = [0, 10, 20, 30, 40];
  // Request 0 ends at 25 and may insert the block last, so it must be there from 30 on.
  assertEquals(intervals(requests, { arrivalNs, delayNs: [25, 5, 0, 0, 0] }), [
    [1, 1, 1],
    [2, 4, 1],
  ]);
  assertEquals(intervals(requests, { arrivalNs, delayNs: [1, 1, 0, 0, 0] }), [
    [0, 1, 1],
    [1, 4, 1],
  ]);
  assertEquals(intervals(requests, { arrivalNs, delayNs: [0, Infinity, 0, 0, 0] }), [
    [0, 1, 1],
    [4, 4, 1],
  ]);
});

Deno.test("prefill is rounded as the engine rounds: halves to even", () => {
  const half = { nsPerToken: 0.5, nsPerTokenSquared: 0 };
  assertEquals([1, 2, 3, 5].map((tokens) => prefillNs(half, tokens, 0)), [0, 1, 2, 2]);
});

Deno.test("room adds up over tiers, in blocks or in bytes of the native form", () => {
  const scenario = exampleHierarchy({ capacityBlocks: [2, 3] });
  const int4 = { ...NATIVE_SCHEME, name: "int4", bitsPerNumber: 4, groupNumbers: 4, groupBytes: 1 };
  const mixed = { ...scenario, tiers: [scenario.tiers[0], { ...scenario.tiers[1], scheme: int4 }] };
  assertEquals(cumulativeUnits(scenario, 16), [2, 5]);
  // 16 bytes are 8 numbers: 4 bytes, and 2 groups of one byte.
  assertEquals(cumulativeUnits(mixed, 16), [2, 2 + 8]);
  // 6 bytes are 3 numbers: 2 bytes (rounded up) and 1 group, a half; 16 take 6, three eighths.
  const bytes = Uint32Array.of(16, 6);
  assertEquals(cumulativeUnits(mixed, bytes), [32, 32 + 128]);
  assertEquals(ownUnits(mixed, bytes), [32, 96]);
});

Deno.test("a slower tier that is cheaper makes the faster ones as cheap", async () => {
  const scenario = exampleHierarchy({ capacityBlocks: [1, 1], prefill: PREFILL });
  const [fast, slow] = scenario.tiers;
  const odd = {
    ...scenario,
    tiers: [{ ...fast, readLatencyNs: 90 }, {
      ...slow,
      readLatencyNs: 20,
      readBytesPerSecond: 1e12,
    }],
  };
  assertEquals(leastLoadNs(odd, 16), [20, 20]);
  const requests = [[0, 1, 2], [1, 0], [2, 0], [1], [0, 2]];
  const bound = await multiTierBound(traceOf(requests), odd);
  const best = bestSaving(requests, {
    capacity: [1, 1],
    loadNs: [90, 20],
    computeNs: () => 160,
    bytes: [1, 1, 1],
  });
  assert(bound.latency.boundNs >= best && best > 0, `${bound.latency.boundNs} < ${best}`);
});

Deno.test("timed, prefetches hide all loads: one cache of all room, at no cost", async () => {
  const requests = [[0, 1, 2], [3, 4], [0, 1, 2], [3, 4]];
  const trace = traceOf(requests);
  const arrivalNs = Float64Array.of(0, 1e6, 2e6, 3e6);
  const timed = { ...trace, requests: { ...trace.requests, arrivalNs } };
  const scenario = exampleHierarchy({
    capacityBlocks: [1, 2],
    movement: "timed",
    recompute: "cheaper",
    prefill: { nsPerToken: 1000, nsPerTokenSquared: 0 },
  });
  const hidden = { ...scenario, prefetch: { name: "markov", maxBlocks: 2 } };
  const bound = await multiTierBound(timed, hidden);
  assertEquals(bound.latency.parts.length, 1);
  assertEquals(bound.latency.boundNs, 3 * 16_000);
  // Without prefetches two of the three are loaded from the second tier.
  const loaded = await multiTierBound(timed, scenario);
  assertEquals(loaded.latency.boundNs, 3 * 16_000 - 2 * 1160);
});
