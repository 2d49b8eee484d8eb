/** The bound against every possible schedule of two tiers, on small traces. */
import { assert, assertEquals } from "@std/assert";
import { type BoundOptions, multiTierBound } from "../../bound/multi_tier_bound.ts";
import type { PrefillCost } from "../../scenario/hierarchy.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import { numbersFrom, traceOf } from "../support/traces.ts";
import { bestSaving } from "./best_saving.ts";

const BLOCK_TOKENS = 16;
const BLOCK_BYTES = 16;
const TRACES = 250;
const CAPACITIES: readonly (readonly [number, number])[] = [[1, 1], [1, 2], [2, 1]];
const METHODS: readonly BoundOptions[] = [
  {},
  { flowItems: 0, steps: 0 },
  { flowItems: 0, steps: 200 },
];

/** Latency and 16 bytes, rounded down: 100 ns and 1 GB/s (none in the fastest), then a tenth. */
const LOAD_NS = [100, 1000 + 160] as const;

/** What a block at a depth costs to compute, from the formula of a whole prompt. */
function computeNs({ nsPerToken, nsPerTokenSquared }: PrefillCost) {
  const whole = (n: number) => Math.round(nsPerToken * n + nsPerTokenSquared * n * n);
  return (depth: number) => whole((depth + 1) * BLOCK_TOKENS) - whole(depth * BLOCK_TOKENS);
}

/** Requests of one to three of four blocks, renumbered by first touch. */
function smallRequests(next: () => number): number[][] {
  const names = new Map<number, number>();
  return Array.from({ length: 4 + next() % 4 }, () => {
    const blocks = new Set(Array.from({ length: 1 + next() % 3 }, () => next() % 4));
    return [...blocks].map((block) => {
      if (!names.has(block)) names.set(block, names.size);
      return names.get(block)!;
    });
  });
}

function scenarioOf(capacityBlocks: readonly number[], prefill: PrefillCost) {
  return exampleHierarchy({ capacityBlocks: [...capacityBlocks], prefill });
}

Deno.test("blocks of equal worth: the bound is the best of all schedules", async () => {
  const next = numbersFrom(1);
  const prefill = { nsPerToken: 200, nsPerTokenSquared: 0 };
  for (let i = 0; i < TRACES; i++) {
    const requests = smallRequests(next);
    for (const capacity of CAPACITIES) {
      const expected = bestSaving(requests, {
        capacity,
        loadNs: LOAD_NS,
        computeNs: computeNs(prefill),
        bytes: [1, 1, 1, 1],
      });
      const bound = await multiTierBound(traceOf(requests), scenarioOf(capacity, prefill));
      const place = `${JSON.stringify(requests)} at ${capacity}`;
      assertEquals(bound.latency.boundNs, expected, place);
      assertEquals(bound.latency.feasibleNs, expected, place);
      assert(bound.latency.parts.every(({ method }) => method === "furthest"), place);
    }
  }
});

Deno.test("blocks of unequal worth: every method is above the best of all schedules", async () => {
  const next = numbersFrom(2);
  let exact = 0;
  for (let i = 0; i < TRACES; i++) {
    const requests = smallRequests(next);
    // Some blocks cost less to compute than to load from the second tier, or from any.
    const prefill = { nsPerToken: 5 + next() % 100, nsPerTokenSquared: 1 + next() % 4 };
    const tiers = { loadNs: LOAD_NS, computeNs: computeNs(prefill), bytes: [1, 1, 1, 1] };
    for (const capacity of CAPACITIES) {
      const best = bestSaving(requests, { ...tiers, capacity });
      const gpuBest = bestSaving(requests, { ...tiers, capacity, loadNs: [0, 0] });
      for (const options of METHODS) {
        const bound = await multiTierBound(
          traceOf(requests),
          scenarioOf(capacity, prefill),
          options,
        );
        const place = `${JSON.stringify({ requests, capacity, prefill, options })}`;
        assert(bound.latency.boundNs >= best, place);
        assert(bound.latency.feasibleNs <= best, place);
        assert(bound.gpu.boundNs >= gpuBest, place);
        assert(bound.gpu.feasibleNs <= gpuBest, place);
        if (options.flowItems !== 0) {
          assertEquals(bound.gpu.boundNs, gpuBest, place);
          if (bound.latency.boundNs === best) exact++;
        }
      }
    }
  }
  assert(exact > 0.8 * TRACES * CAPACITIES.length, `exact ${exact} times only`);
});

Deno.test("blocks of unequal size: every method is above the best of all schedules", async () => {
  const next = numbersFrom(3);
  for (let i = 0; i < TRACES; i++) {
    const requests = smallRequests(next);
    const units = Array.from({ length: 4 }, () => 1 + next() % 3);
    const capacity = [2 + next() % 2, 3] as const;
    const prefill = { nsPerToken: 200, nsPerTokenSquared: next() % 2 };
    const loadNs = [100, 1000] as const;
    const best = bestSaving(requests, {
      capacity,
      loadNs,
      computeNs: computeNs(prefill),
      bytes: units,
    });
    const scenario = scenarioOf(capacity, prefill);
    const blockBytes = Uint32Array.from(units, (unit) => unit * BLOCK_BYTES);
    const free = {
      ...scenario,
      // Bytes cost nothing, so that blocks of all sizes load alike.
      tiers: scenario.tiers.map((tier) => ({ ...tier, readBytesPerSecond: 1e15 })),
    };
    for (const options of METHODS) {
      const bound = await multiTierBound(traceOf(requests), free, { ...options, blockBytes });
      const place = `${JSON.stringify({ requests, capacity, prefill, options, units })}`;
      assert(bound.latency.boundNs >= best, `${place}: ${bound.latency.boundNs} < ${best}`);
      assert(bound.latency.feasibleNs <= best, `${place}: ${bound.latency.feasibleNs} > ${best}`);
    }
  }
});
