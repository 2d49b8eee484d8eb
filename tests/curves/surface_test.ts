/**
 * Tiers on one curve: equal to the hierarchy engine, and the best mix to trying every mix.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type CurvePoint,
  exampleHierarchy,
  lruCurve,
  simulate,
  tierHits,
  type Trace,
} from "kvtier";
import { reachOf } from "../../curves/surface.ts";
import { bestMixWithin } from "../../curves/surface_budget.ts";
import { bestMix, type MixProblem, type MixTier, worthOf } from "../../curves/surface_mix.ts";
import { entriesAt, entriesCurve } from "../../curves/surface_writes.ts";
import { naiveReuse } from "../support/naive_reuse.ts";
import { looseRequests, numbersFrom, traceOf, treeRequests } from "../support/traces.ts";

const TOUCHES = ["root-first", "tail-first"] as const;
const SIZES = [[1, 2, 3], [4, 4, 4], [2, 10, 30], [20, 5, 60], [7, 0, 0]];

const hierarchy = (trace: Trace, touch: (typeof TOUCHES)[number], capacityBlocks: number[]) =>
  simulate(exampleHierarchy({ capacityBlocks, touch }), trace);

Deno.test("exclusive tiers are one LRU stack: hits of each tier equal the hierarchy engine's", async () => {
  for (const seed of [1, 2, 3]) {
    for (const kind of [treeRequests, looseRequests]) {
      const trace = traceOf(kind(seed, 200));
      for (const touch of TOUCHES) {
        const curve = lruCurve(naiveReuse(trace, touch));
        for (const sizes of SIZES) {
          const used = sizes.filter((blocks) => blocks > 0);
          const { tiers } = await hierarchy(trace, touch, used);
          const hits = tierHits(curve.points, sizes, "exclusive");
          assertEquals(hits.filter((_, tier) => sizes[tier] > 0), tiers.map((tier) => tier.hits));
          if (touch === "root-first" || kind === looseRequests) continue;
          const prefix = tierHits(curve.prefixPoints, used, "exclusive");
          assertEquals(prefix, tiers.map(({ prefixHits }) => prefixHits));
        }
      }
    }
  }
});

Deno.test("what a tier is sent equals the hierarchy engine's demotions", async () => {
  for (const seed of [1, 2, 3]) {
    const trace = traceOf(treeRequests(seed, 200));
    for (const touch of TOUCHES) {
      const entries = entriesCurve(naiveReuse(trace, touch));
      for (const sizes of SIZES.slice(0, 4)) {
        const { tiers } = await hierarchy(trace, touch, sizes);
        const reach = reachOf(sizes, "exclusive");
        assertEquals(tiers[0].insertedIn + tiers[0].promotedIn, entriesAt(entries, sizes[0]));
        for (const tier of [1, 2]) {
          const above = reach[tier - 1];
          const pushed = entriesAt(entries, above) - Math.min(above, trace.uniqueBlocks);
          assertEquals(tiers[tier].demotedIn, pushed, `${touch} ${sizes} tier ${tier}`);
        }
      }
    }
  }
});

Deno.test("inclusive tiers each hold the top of the stack", () => {
  const { points } = lruCurve(naiveReuse(traceOf(treeRequests(1, 100)), "tail-first"));
  const alone = (blocks: number) => tierHits(points, [blocks], "inclusive")[0];
  const hits = tierHits(points, [5, 20, 12], "inclusive");
  assertEquals(hits, [alone(5), alone(20) - alone(5), 0]);
});

/** Every mix of sizes up to a limit. */
function* everyMix(tiers: readonly MixTier[], most: number): Generator<number[]> {
  const [tier, ...rest] = tiers;
  if (tier === undefined) return yield [];
  const sizes = tier.fixedBlocks === undefined ? Array(most + 1).keys() : [tier.fixedBlocks];
  for (const size of sizes) for (const others of everyMix(rest, most)) yield [size, ...others];
}

/** A curve with long straight parts, where money ends between two points. */
function sparsePoints(next: () => number): CurvePoint[] {
  let [capacity, hits] = [0, 0];
  return Array.from({ length: 5 }, () => {
    const step = 1 + next() % 12;
    return [capacity += step, hits += step * (next() % 6)];
  });
}

/** Problems with two or three tiers, one of them sometimes fixed. */
function problems(count: number): MixProblem[] {
  const next = numbersFrom(7);
  return Array.from({ length: count }, (_, index) => {
    const touch = index % 4 === 1 ? "tail-first" : "root-first";
    const prefixPoints = index % 2 === 0
      ? sparsePoints(next)
      : lruCurve(naiveReuse(traceOf(treeRequests(index, 25, 3, 5)), touch)).prefixPoints;
    const fixedAt = index % 3 === 0 ? -1 : next() % 3; // with three free, a budget is refused
    const tiers = [9, 4, 1].map((price, tier): MixTier => ({
      ...(tier === fixedAt ? { fixedBlocks: next() % 12 } : {}),
      dollarsPerBlockHour: price * (1 + next() % 4),
      dollarsPerHourPerHit: [14, 9, 5][tier] * (next() % 5) / 2,
    }));
    const ceiling = prefixPoints.at(-1)![1];
    return {
      points: prefixPoints,
      containment: index % 8 < 4 ? "exclusive" : "inclusive",
      tiers: tiers.slice(index % 3 === 0 ? 1 : 0),
      requiredHits: index % 5 === 0 ? 0 : Math.ceil(ceiling * (next() % 100) / 100),
    };
  });
}

/** Hits of all tiers of a mix. */
function allHits({ points, containment }: MixProblem, sizes: readonly number[]): number {
  return tierHits(points, sizes, containment).reduce((sum, hits) => sum + hits, 0);
}

Deno.test("the best mix is as good as the best of all mixes", () => {
  for (const problem of problems(60)) {
    let best = -Infinity;
    const blocks = problem.points.at(-1)![0];
    for (const sizes of everyMix(problem.tiers, blocks)) {
      const worth = worthOf(problem, sizes);
      if (worth > best && allHits(problem, sizes) >= problem.requiredHits) best = worth;
    }
    const found = bestMix(problem);
    if (found === undefined) assertEquals(best, -Infinity);
    else {
      assert(allHits(problem, found) >= problem.requiredHits);
      assertAlmostEquals(worthOf(problem, found), best, 1e-6);
    }
  }
});

Deno.test("the best mix for a budget is as good as the best of all mixes that it buys", () => {
  let [bought, cut] = [0, 0];
  for (const [index, problem] of problems(160).entries()) {
    const free = problem.tiers.filter(({ fixedBlocks }) => fixedBlocks === undefined).length;
    if (free > 2) continue;
    const cost = (sizes: readonly number[]) =>
      sizes.reduce((sum, size, tier) => sum + size * problem.tiers[tier].dollarsPerBlockHour, 0);
    const budget = 10 + index * 3;
    let best = -Infinity;
    for (const sizes of everyMix(problem.tiers, problem.points.at(-1)![0])) {
      if (cost(sizes) > budget || allHits(problem, sizes) < problem.requiredHits) continue;
      best = Math.max(best, worthOf(problem, sizes));
    }
    const found = bestMixWithin(problem, budget);
    if (found === undefined) {
      assertEquals(best, -Infinity);
      continue;
    }
    assert(cost(found) <= budget + 1e-9);
    assert(allHits(problem, found) >= problem.requiredHits);
    // Whole blocks: the last one may not fit where the money ends.
    const block = Math.max(...problem.tiers.map((tier) => tier.dollarsPerHourPerHit));
    assert(worthOf(problem, found) <= best + 1e-9);
    if (worthOf(problem, found) < best - 1e-9) cut++;
    assert(worthOf(problem, found) >= best - block, `${index}: ${found} ${best}`);
    bought++;
  }
  assert(bought > 40, String(bought));
  assert(cut * 20 <= bought, `${cut} of ${bought} are a block off`);
});
