/**
 * Hits by tier, for any sizes of the tiers, from the one LRU curve.
 *
 * **Exclusive** tiers that move a block to the top at every hit and push victims down one by one
 * are one LRU stack, cut at the sums of their sizes. That is exact, for block hits, whenever all
 * tiers are LRU, promotion is `always`, demotion `cascade`, and new blocks enter the fastest tier.
 * **Inclusive** tiers each hold the top of the same stack, which is exact where every tier hears of
 * every touch. The lower tiers of `kvtier run` hear only of what the upper ones miss.
 *
 * @module
 */
import { type CurvePoint, hitsAt } from "./curve.ts";

/** How many tiers may hold a block. */
export type Containment = "exclusive" | "inclusive";

/**
 * Blocks of the stack that the tiers down to each one hold together.
 *
 * @param capacityBlocks Sizes of the tiers, fastest first.
 */
export function reachOf(capacityBlocks: readonly number[], containment: Containment): number[] {
  let reach = 0;
  return capacityBlocks.map((blocks) =>
    reach = containment === "exclusive" ? reach + blocks : Math.max(reach, blocks)
  );
}

/**
 * Hits that each tier serves.
 *
 * With the prefix points of a curve, a hit belongs to the slowest tier that its leading run came
 * through: on a prefix tree, tail first, that is the tier which holds it.
 *
 * @param points Of an LRU {@linkcode Curve}.
 * @param capacityBlocks Sizes of the tiers, fastest first.
 *
 * @example The reuse at distance 5 is served by the second tier of 4 + 4, and by no tier of 4
 * ```ts
 * import { lruCurve, reuseRuns, tierHits, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 2; round++) builder.add({ runs: [[0, 6]] });
 * const { points } = lruCurve(reuseRuns(await builder.build(), "tail-first"));
 * assertEquals(tierHits(points, [4, 4], "exclusive"), [4, 2]);
 * assertEquals(tierHits(points, [4, 4], "inclusive"), [4, 0]);
 * ```
 */
export function tierHits(
  points: readonly CurvePoint[],
  capacityBlocks: readonly number[],
  containment: Containment,
): number[] {
  const hits = reachOf(capacityBlocks, containment).map((blocks) => hitsAt(points, blocks));
  return hits.map((count, tier) => count - (hits[tier - 1] ?? 0));
}
