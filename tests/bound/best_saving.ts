/**
 * The most that two tiers can save, by trying every decision: written to be read, not to be fast.
 *
 * @module
 */

/** Two tiers and what they cost. */
export interface TwoTiers {
  /** Bytes that each tier holds. */
  readonly capacity: readonly [number, number];
  /** What finding a block in each tier costs. */
  readonly loadNs: readonly [number, number];
  /** What finding a block saves, by its depth in the request. */
  readonly computeNs: (depth: number) => number;
  /** Bytes of each block. */
  readonly bytes: readonly number[];
}

/** Tier of each block: 0, 1, or 2 for none. */
type Places = readonly number[];

const NOWHERE = 2;

/**
 * The most saved over all ways to place blocks after each request. A request is one instant: it
 * finds what is held at its arrival, then any of its blocks may be anywhere. Other blocks move down
 * for nothing, and up for the price of a load.
 */
export function bestSaving(requests: readonly (readonly number[])[], tiers: TwoTiers): number {
  const blocks = Math.max(...requests.flat()) + 1;
  const all = placements(blocks, tiers);
  const known = new Map<string, number>();
  const best = (at: number, held: Places): number => {
    if (at === requests.length) return 0;
    const key = `${at}:${held}`;
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const request = requests[at];
    let saved = 0;
    for (const [depth, block] of request.entries()) {
      if (held[block] === NOWHERE) continue;
      saved += Math.max(0, tiers.computeNs(depth) - tiers.loadNs[held[block]]);
    }
    let rest = -Infinity;
    for (const after of all) {
      const moves = moveNs(held, after, request, tiers);
      if (moves < Infinity) rest = Math.max(rest, best(at + 1, after) - moves);
    }
    known.set(key, saved + rest);
    return saved + rest;
  };
  return best(0, Array.from({ length: blocks }, () => NOWHERE));
}

function moveNs(
  held: Places,
  after: Places,
  request: readonly number[],
  { loadNs }: TwoTiers,
): number {
  let sum = 0;
  for (const [block, tier] of after.entries()) {
    if (request.includes(block) || tier >= held[block]) continue;
    if (held[block] === NOWHERE) return Infinity;
    sum += loadNs[held[block]];
  }
  return sum;
}

/** All ways to place the blocks that fit. */
function placements(blocks: number, { capacity, bytes }: TwoTiers): Places[] {
  const found: Places[] = [];
  const place = (places: number[], first: number, second: number) => {
    if (first > capacity[0] || second > capacity[1]) return;
    const block = places.length;
    if (block === blocks) found.push(places);
    else {
      place([...places, 0], first + bytes[block], second);
      place([...places, 1], first, second + bytes[block]);
      place([...places, NOWHERE], first, second);
    }
  };
  place([], 0, 0);
  return found;
}
