/**
 * The sizes of tiers that are worth most: exact, over all of them at once.
 *
 * The worth of a mix is a sum over tiers of hits × worth of a hit there − blocks × price. Hits are
 * differences of one piecewise linear curve, so some best mix has every reach (the blocks down to a
 * tier) at a breakpoint of the curve, or at the least reach that is asked for. One pass over the
 * breakpoints per tier therefore finds the best of all mixes, not of a grid.
 *
 * @module
 */
import { capacityFor, type CurvePoint, hitsAt } from "./curve.ts";

import type { Containment } from "./surface.ts";

/** A tier of which the size is sought, or given. */
export interface MixTier {
  /** A size that is not up for choice. */
  readonly fixedBlocks?: number;
  readonly dollarsPerBlockHour: number;
  /** What one hit in this tier is worth, spread over the hours of the trace; 0 or more. */
  readonly dollarsPerHourPerHit: number;
}

/** What is asked of a mix. */
export interface MixProblem {
  /** Prefix points of the LRU curve. */
  readonly points: readonly CurvePoint[];
  readonly containment: Containment;
  /** Fastest first. */
  readonly tiers: readonly MixTier[];
  /** Hits that all tiers together must have. */
  readonly requiredHits: number;
}

/** The best ways to reach each number of blocks with the tiers so far. */
interface Layer {
  readonly reach: Float64Array;
  readonly worth: Float64Array;
  /** Entry of the layer before from which this one is reached. */
  readonly from: Uint32Array;
}

/**
 * Sizes in blocks with the highest worth among those with enough hits; of equal ones the smallest.
 *
 * @returns `undefined` when no size has enough hits, or fixed sizes alone have too few.
 */
export function bestMix(problem: MixProblem): number[] | undefined {
  const { points, tiers, requiredHits } = problem;
  const need = capacityFor(points, requiredHits);
  if (need === undefined) return undefined;
  const layers: Layer[] = [{
    reach: Float64Array.of(0),
    worth: Float64Array.of(0),
    from: Uint32Array.of(0),
  }];
  tiers.forEach((tier, index) => {
    const before = layers[index];
    layers.push(
      tier.fixedBlocks === undefined
        ? chosen(before, tier, candidates(problem, index, need), problem)
        : given(before, tier, tier.fixedBlocks, problem),
    );
  });
  const last = layers[tiers.length];
  let best = -1;
  for (let at = 0; at < last.reach.length; at++) {
    if (last.reach[at] < need) continue;
    if (best < 0 || last.worth[at] > last.worth[best]) best = at;
  }
  return best < 0 ? undefined : sizes(layers, best, problem);
}

/** Reaches at which a tier may end: breakpoints, also those of the fixed tiers right below it. */
export function candidates(problem: MixProblem, tier: number, need: number): Float64Array {
  const { points, tiers, containment } = problem;
  const base = [0, need, ...points.map(([capacity]) => capacity)];
  const found = new Set(base);
  let below = 0;
  for (let next = tier + 1; tiers[next]?.fixedBlocks !== undefined; next++) {
    const fixed = tiers[next].fixedBlocks!;
    if (containment === "inclusive") found.add(fixed);
    else below += fixed;
    for (const capacity of base) if (capacity >= below) found.add(capacity - below);
  }
  return Float64Array.from(found).sort();
}

function chosen(before: Layer, tier: MixTier, ends: Float64Array, problem: MixProblem): Layer {
  const { points, containment } = problem;
  const { dollarsPerBlockHour: price, dollarsPerHourPerHit: value } = tier;
  const shared = containment === "exclusive" ? price : 0;
  const reach = Float64Array.from(new Set([...ends, ...before.reach])).sort();
  const worth = new Float64Array(reach.length).fill(-Infinity);
  const from = new Uint32Array(reach.length);
  let [next, best, bestFrom] = [0, -Infinity, 0];
  for (let at = 0; at < reach.length; at++) {
    const hits = hitsAt(points, reach[at]);
    const gain = value * hits - price * reach[at];
    if (best + gain > worth[at]) [worth[at], from[at]] = [best + gain, bestFrom];
    for (; next < before.reach.length && before.reach[next] === reach[at]; next++) {
      // The tier may also have no size at all.
      if (before.worth[next] > worth[at]) [worth[at], from[at]] = [before.worth[next], next];
      const start = before.worth[next] - value * hits + shared * reach[at];
      if (start > best) [best, bestFrom] = [start, next];
    }
  }
  return { reach, worth, from };
}

function given(before: Layer, tier: MixTier, blocks: number, problem: MixProblem): Layer {
  const { points, containment } = problem;
  const reach = before.reach.map((start) =>
    containment === "exclusive" ? start + blocks : Math.max(start, blocks)
  );
  const worth = before.worth.map((value, at) => {
    const hits = hitsAt(points, reach[at]) - hitsAt(points, before.reach[at]);
    return value + tier.dollarsPerHourPerHit * hits - tier.dollarsPerBlockHour * blocks;
  });
  return { reach, worth, from: Uint32Array.from(worth.keys()) };
}

function sizes(layers: readonly Layer[], end: number, problem: MixProblem): number[] {
  const { tiers, containment } = problem;
  const found: number[] = [];
  for (let index = tiers.length, at = end; index > 0; index--) {
    const { reach, from } = layers[index];
    const start = layers[index - 1].reach[from[at]];
    const grown = reach[at] - start;
    const own = containment === "exclusive" || grown === 0 ? grown : reach[at];
    found.unshift(tiers[index - 1].fixedBlocks ?? own);
    at = from[at];
  }
  return found;
}

/** Worth of a mix per hour of the trace. */
export function worthOf(problem: MixProblem, blocks: readonly number[]): number {
  const { points, tiers, containment } = problem;
  let [reach, worth] = [0, 0];
  tiers.forEach((tier, index) => {
    const start = reach;
    reach = containment === "exclusive" ? reach + blocks[index] : Math.max(reach, blocks[index]);
    const hits = hitsAt(points, reach) - hitsAt(points, start);
    worth += tier.dollarsPerHourPerHit * hits - tier.dollarsPerBlockHour * blocks[index];
  });
  return worth;
}
