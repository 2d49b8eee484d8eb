/**
 * The sizes of tiers that are worth most for a given sum of money.
 *
 * A budget ties the sizes together: the best mix has all reaches but one at breakpoints of the
 * curve, and that one where the money ends. So every breakpoint of the upper free tier is tried,
 * and every size at which the money that is left ends the lower one at a breakpoint; the best end
 * of the lower tier within reach is looked up in a table of range maxima.
 *
 * @module
 */
import { capacityFor, type CurvePoint, hitsAt } from "./curve.ts";

import { candidates, type MixProblem, type MixTier, worthOf } from "./surface_mix.ts";

/** Most tiers whose sizes are free: with three, the breakpoints to try are too many. */
export const FREE_TIERS_MAX = 2;

/**
 * Sizes in blocks with the highest worth that cost no more than the budget.
 *
 * Exact for real sizes; whole blocks may be a block off where the money ends.
 *
 * @param budget Dollars an hour for all tiers, fixed ones included.
 * @returns `undefined` when the money does not do for the fixed tiers or the required hits.
 */
export function bestMixWithin(problem: MixProblem, budget: number): number[] | undefined {
  const need = capacityFor(problem.points, problem.requiredHits);
  if (need === undefined) return undefined;
  const { tiers } = problem;
  const free = [...tiers.keys()].filter((tier) => tiers[tier].fixedBlocks === undefined);
  const fixedCost = tiers.reduce(
    (sum, { fixedBlocks = 0, dollarsPerBlockHour }) => sum + fixedBlocks * dollarsPerBlockHour,
    0,
  );
  const money = budget - fixedCost;
  if (money < 0) return undefined;
  const fixed = tiers.map(({ fixedBlocks = 0 }) => fixedBlocks);
  const lower = free.at(-1);
  if (lower === undefined) return reach(problem, fixed, tiers.length) < need ? undefined : fixed;
  const tail = new Tail(problem, lower, need);
  let best: number[] | undefined;
  let most = -Infinity;
  for (const upperBlocks of upperSizes(problem, free, money, tail.ends)) {
    const sizes = [...fixed];
    if (free.length > 1) sizes[free[0]] = upperBlocks;
    const spent = free.length > 1 ? upperBlocks * tiers[free[0]].dollarsPerBlockHour : 0;
    const left = Math.floor((money - spent) / tiers[lower].dollarsPerBlockHour + 1e-9);
    const blocks = tail.best(reach(problem, sizes, lower), left);
    if (blocks === undefined) continue;
    sizes[lower] = blocks;
    const worth = worthOf(problem, sizes);
    if (worth > most) [best, most] = [sizes, worth];
  }
  return best;
}

/** Blocks that the tiers above one of them reach. */
function reach({ containment }: MixProblem, sizes: readonly number[], tier: number): number {
  return sizes.slice(0, tier).reduce(
    (sum, blocks) => containment === "exclusive" ? sum + blocks : Math.max(sum, blocks),
    0,
  );
}

/** Sizes of the upper free tier at which its reach, or that of the lower one, is a breakpoint. */
function upperSizes(
  problem: MixProblem,
  free: readonly number[],
  money: number,
  lowerEnds: Float64Array,
): Iterable<number> {
  if (free.length < 2) return [0];
  const { tiers, containment } = problem;
  const [upper, lower] = free;
  const fixed = tiers.map(({ fixedBlocks = 0 }) => fixedBlocks);
  const start = reach(problem, fixed, upper);
  const between = fixed.slice(upper + 1, lower).reduce((sum, blocks) => sum + blocks, 0);
  const price = tiers[upper].dollarsPerBlockHour;
  const below = tiers[lower].dollarsPerBlockHour;
  const most = Math.floor(money / price + 1e-9);
  const exclusive = containment === "exclusive";
  const found = new Set([0, most]);
  for (const end of candidates(problem, upper, 0)) found.add(exclusive ? end - start : end);
  for (const end of lowerEnds) {
    const size = exclusive
      ? (money + below * (start + between - end)) / (price - below)
      : (money - below * end) / price;
    if (!Number.isFinite(size)) continue;
    found.add(Math.floor(size)).add(Math.ceil(size));
  }
  return [...found].filter((size) => size >= 0 && size <= most);
}

/** The lowest free tier: the best of its sizes, given where it starts and how much it may take. */
class Tail {
  /** Reaches at which it may end, rising. */
  readonly ends: Float64Array;
  private readonly tier: MixTier;
  private readonly points: readonly CurvePoint[];
  private readonly exclusive: boolean;
  /** Index of the best end in each window of 2ᵏ ends. */
  private readonly maxima: Uint32Array[] = [];
  private readonly worths: Float64Array;

  constructor(private readonly problem: MixProblem, private readonly index: number, need: number) {
    this.tier = problem.tiers[index];
    this.points = problem.points;
    this.exclusive = problem.containment === "exclusive";
    this.least = this.leastFor(need);
    this.ends = Float64Array.from(new Set([...candidates(problem, index, need), this.least]))
      .sort();
    this.worths = this.ends.map((end) => this.worth(end));
    this.maxima.push(Uint32Array.from(this.ends.keys()));
    for (let width = 1; width * 2 <= this.ends.length; width *= 2) {
      const half = this.maxima.at(-1)!;
      this.maxima.push(
        half.slice(0, half.length - width).map((left, at) => this.better(left, half[at + width])),
      );
    }
  }

  /** Smallest reach from which the tiers below have enough hits. */
  private readonly least: number;

  /** Blocks to take from `start` on, at most `most`; `undefined` if that is not enough. */
  best(start: number, most: number): number | undefined {
    const limit = this.exclusive ? start + most : most;
    let [end, worth] = [-1, -Infinity];
    const consider = (reach: number, value: number) => {
      if (reach >= this.least && value > worth) [end, worth] = [reach, value];
    };
    // Without the tier; the worth of others is counted from its start on.
    const sunk = this.exclusive ? 0 : this.tier.dollarsPerBlockHour * start;
    consider(start, this.worth(start) + sunk);
    if (limit > start) {
      const low = this.firstFrom(Math.max(start + 1, this.least));
      const high = this.firstFrom(limit + 1) - 1;
      if (low <= high) {
        const at = this.bestBetween(low, high);
        consider(this.ends[at], this.worths[at]);
      }
      consider(limit, this.worth(limit));
    }
    if (end < 0) return undefined;
    return this.exclusive || end === start ? end - start : end;
  }

  /** Worth of ending at a reach, all fixed tiers below included; without what the start takes off. */
  private worth(end: number): number {
    const { tiers } = this.problem;
    const { dollarsPerHourPerHit: value, dollarsPerBlockHour: price } = this.tier;
    let total = value * hitsAt(this.points, end) - price * end;
    let at = end;
    for (const { fixedBlocks = 0, dollarsPerHourPerHit } of tiers.slice(this.index + 1)) {
      const next = this.exclusive ? at + fixedBlocks : Math.max(at, fixedBlocks);
      total += dollarsPerHourPerHit * (hitsAt(this.points, next) - hitsAt(this.points, at));
      at = next;
    }
    return total;
  }

  private leastFor(need: number): number {
    const below = this.problem.tiers.slice(this.index + 1).map(({ fixedBlocks = 0 }) =>
      fixedBlocks
    );
    if (!this.exclusive) return below.some((blocks) => blocks >= need) ? 0 : need;
    return Math.max(0, need - below.reduce((sum, blocks) => sum + blocks, 0));
  }

  private better(left: number, right: number): number {
    return this.worths[right] > this.worths[left] ? right : left;
  }

  private firstFrom(reach: number): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ends[middle] < reach) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private bestBetween(low: number, high: number): number {
    const level = 31 - Math.clz32(high - low + 1);
    return this.better(this.maxima[level][low], this.maxima[level][high - 2 ** level + 1]);
  }
}
