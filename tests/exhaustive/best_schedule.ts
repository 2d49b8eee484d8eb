/**
 * The best that any cache could do, by trying every decision: written to be read, not to be fast.
 *
 * @module
 */
import type { Touch } from "../../engine/result.ts";

/** What is counted: hits anywhere, or hits in the leading run of each request. */
export type Goal = "block" | "prefix";

/** Whether a missing block may be left out. */
export type Entry = "bypass" | "demand";

/** A set of blocks below 31, one bit each. */
type Held = number;

/** The most hits over all schedules of a tier of `capacity` blocks. */
export function bestHits(
  requests: readonly (readonly number[])[],
  capacity: number,
  touch: Touch,
  goal: Goal = "block",
  entry: Entry = "bypass",
): number {
  return touch === "root-first"
    ? blockByBlock(requests, capacity, goal, entry)
    : requestByRequest(requests, capacity, goal);
}

/** After each block, any subset of what was held and that block may stay. */
function blockByBlock(
  requests: readonly (readonly number[])[],
  capacity: number,
  goal: Goal,
  entry: Entry,
): number {
  const touches = requests.flatMap((request) =>
    request.map((block, depth) => ({ block, first: depth === 0 }))
  );
  return search(touches.length, (at, held, leading) => {
    const { block, first } = touches[at];
    const hit = (held & (1 << block)) !== 0;
    const leads = (first || leading) && hit;
    const kept = subsets(held | (1 << block), capacity)
      .filter((set) => entry === "bypass" || (set & (1 << block)) !== 0);
    return { hits: Number(goal === "block" ? hit : leads), kept, leading: leads };
  });
}

/** A request is one instant: after it, any subset of what was held and its blocks may stay. */
function requestByRequest(
  requests: readonly (readonly number[])[],
  capacity: number,
  goal: Goal,
): number {
  return search(requests.length, (at, held) => {
    const hit = requests[at].map((block) => (held & (1 << block)) !== 0);
    const run = hit.indexOf(false);
    const hits = goal === "block" ? hit.filter(Boolean).length : run < 0 ? hit.length : run;
    const all = requests[at].reduce((set, block) => set | (1 << block), held);
    return { hits, kept: subsets(all, capacity), leading: false };
  });
}

/** Hits of a step, and the sets that it may leave. */
interface Step {
  readonly hits: number;
  readonly kept: readonly Held[];
  readonly leading: boolean;
}

/** Follows every choice from an empty tier; equal situations are answered once. */
function search(steps: number, step: (at: number, held: Held, leading: boolean) => Step): number {
  const known = new Map<number, number>();
  const best = (at: number, held: Held, leading: boolean): number => {
    if (at === steps) return 0;
    const key = (held * 64 + at) * 2 + Number(leading);
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const { hits, kept, leading: leads } = step(at, held, leading);
    const value = hits + Math.max(...kept.map((set) => best(at + 1, set, leads)));
    known.set(key, value);
    return value;
  };
  return best(0, 0, false);
}

/** All subsets of at most `size` blocks. */
function subsets(set: Held, size: number): Held[] {
  const found: Held[] = [];
  for (let sub = set;; sub = (sub - 1) & set) {
    if (sub.toString(2).replaceAll("0", "").length <= size) found.push(sub);
    if (sub === 0) return found;
  }
}
