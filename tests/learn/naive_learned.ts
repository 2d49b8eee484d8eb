/**
 * The learned policy by its definition: every eviction looks at every resident block afresh.
 * Written to be read, from `docs/learned.md`, with none of the engine's code.
 *
 * @module
 */
import { type Forest, scoreOf } from "../../learn/forest.ts";
import { numbersFrom } from "../support/traces.ts";

interface Past {
  last: number;
  readonly first: number;
  readonly turn: number;
  touches: number;
  gaps: number[];
  row: number[];
}

/** 0 for 0; else 1 + 4 for each doubling + the number of quarters of the way to the next. */
function quarterLog(x: number): number {
  if (x === 0) return 0;
  const exponent = Math.floor(Math.log2(x));
  return 1 + 4 * exponent + Math.floor(4 * (x / 2 ** exponent - 1));
}

/** 0 below 256 accesses, then two buckets to a doubling. */
export function ageBucket(age: number): number {
  if (age < 256) return 0;
  const exponent = Math.floor(Math.log2(age));
  return 1 + 2 * (exponent - 8) + (age >= 1.5 * 2 ** exponent ? 1 : 0);
}

/** What a naive replay found: look-up hits, and the row of every touch in order. */
export interface Naive {
  readonly hits: number;
  readonly rows: readonly (readonly number[])[];
}

/** What the policy knows of each block, touch by touch. */
class Knowledge {
  readonly past = new Map<number, Past>();
  private known = 0;
  private turn = 1;
  private pause = 0;

  constructor(private readonly forest: Forest) {}

  /** A request arrives before the touch `now`. */
  begin(request: readonly number[], now: number): void {
    this.known = 0;
    while (this.known < request.length && this.past.has(request[this.known])) this.known++;
    const deepest = this.known === 0 ? undefined : this.past.get(request[this.known - 1])!;
    this.turn = deepest === undefined ? 1 : Math.min(255, deepest.turn + 1);
    this.pause = deepest === undefined ? 0 : now - deepest.last;
  }

  touch(block: number, depth: number, requestBlocks: number, now: number): readonly number[] {
    const before = this.past.get(block);
    const seen = before ??
      { last: now, first: now, turn: this.turn, touches: 0, gaps: [], row: [] };
    if (before !== undefined) seen.gaps = [quarterLog(now - seen.last), ...seen.gaps].slice(0, 4);
    seen.last = now;
    seen.touches++;
    const gaps = [0, 1, 2, 3].map((i) => seen.gaps[i] ?? 0);
    const behind = quarterLog(requestBlocks - 1 - depth);
    const life = quarterLog(now - seen.first);
    seen.row = [0, ...gaps, quarterLog(seen.touches), life, quarterLog(depth), behind];
    seen.row.push(quarterLog(requestBlocks), quarterLog(this.known));
    seen.row.push(this.turn, quarterLog(this.pause));
    this.past.set(block, seen);
    return seen.row;
  }

  /** The resident block with the longest wait; of equals, the one touched longest ago. */
  worst(resident: Iterable<number>, now: number): number {
    const sign = this.forest.objective === "binary" ? -1 : 1;
    let victim = -1;
    let worst = -Infinity;
    for (const block of resident) {
      const { row, last } = this.past.get(block)!;
      const score = sign * scoreOf(this.forest, [ageBucket(now - last), ...row.slice(1)]);
      const isOlder = score === worst && last < this.past.get(victim)!.last;
      if (score > worst || isOlder) [victim, worst] = [block, score];
    }
    return victim;
  }
}

/** Replays requests (blocks root first) through one tier under a forest. */
export function naiveLearned(
  requests: readonly (readonly number[])[],
  forest: Forest,
  capacity: number,
  isTailFirst: boolean,
): Naive {
  const knowledge = new Knowledge(forest);
  const resident = new Set<number>();
  const rows: (readonly number[])[] = [];
  let hits = 0;
  let now = 0;
  for (const request of requests) {
    knowledge.begin(request, now);
    if (isTailFirst) hits += request.filter((block) => resident.has(block)).length;
    const order = request.map((block, depth) => ({ block, depth }));
    for (const { block, depth } of isTailFirst ? order.toReversed() : order) {
      rows.push(knowledge.touch(block, depth, request.length, now));
      if (resident.has(block)) {
        if (!isTailFirst) hits++;
      } else {
        if (resident.size >= capacity) resident.delete(knowledge.worst(resident, now));
        resident.add(block);
      }
      now++;
    }
  }
  return { hits, rows };
}

/**
 * Replays requests, root first, through an LRU tier over a learned one that takes what the first
 * gives up; a hit below moves the block up. Gives the hits of both.
 */
export function naiveBelowLru(
  requests: readonly (readonly number[])[],
  forest: Forest,
  [fast, slow]: readonly [number, number],
): [number, number] {
  const knowledge = new Knowledge(forest);
  const upper = new Set<number>();
  const lower = new Set<number>();
  const hits: [number, number] = [0, 0];
  let now = 0;
  for (const request of requests) {
    knowledge.begin(request, now);
    for (const [depth, block] of request.entries()) {
      knowledge.touch(block, depth, request.length, now);
      if (upper.delete(block)) hits[0]++;
      else {
        if (lower.delete(block)) hits[1]++;
        if (upper.size === fast) {
          const [oldest] = upper;
          upper.delete(oldest);
          if (lower.size === slow) lower.delete(knowledge.worst(lower, now));
          lower.add(oldest);
        }
      }
      upper.add(block);
      now++;
    }
  }
  return hits;
}

/** A forest of random splits over the thirteen features, with values that tie now and then. */
export function randomForest(seed: number, names: readonly string[], trees = 5): Forest {
  const next = numbersFrom(seed);
  return {
    objective: seed % 2 === 0 ? "regression" : "binary",
    featureNames: names,
    trees: Array.from({ length: trees }, () => {
      const features = [next() % 13, next() % 2 === 0 ? 0 : next() % 13, next() % 13];
      return {
        splitFeature: Int32Array.from(features),
        threshold: Float64Array.from(features, (f) => f === 0 ? next() % 8 : next() % 30 - 0.5),
        leftChild: Int32Array.of(1, -1, -3),
        rightChild: Int32Array.of(2, -2, -4),
        decisionType: new Uint8Array(3).fill(2),
        leafValue: Float64Array.from({ length: 4 }, () => next() % 5 - 2),
        splitGain: new Float64Array(3).fill(1),
        leafCount: new Int32Array(4).fill(1),
        internalCount: Int32Array.of(4, 2, 2),
        shrinkage: 1,
      };
    }),
  };
}
