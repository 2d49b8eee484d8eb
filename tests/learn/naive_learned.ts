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

function ageBucket(age: number): number {
  if (age < 256) return 0;
  const exponent = Math.floor(Math.log2(age));
  return 1 + 2 * (exponent - 8) + (age >= 1.5 * 2 ** exponent ? 1 : 0);
}

/** What a naive replay found: look-up hits, and the row of every touch in order. */
export interface Naive {
  readonly hits: number;
  readonly rows: readonly (readonly number[])[];
}

/** Replays requests (blocks root first) through one tier under a forest. */
export function naiveLearned(
  requests: readonly (readonly number[])[],
  forest: Forest,
  capacity: number,
  isTailFirst: boolean,
): Naive {
  const past = new Map<number, Past>();
  const resident = new Set<number>();
  const rows: number[][] = [];
  const sign = forest.objective === "binary" ? -1 : 1;
  let hits = 0;
  let now = 0;
  const evict = () => {
    let victim = -1;
    let worst = -Infinity;
    for (const block of resident) {
      const { row, last } = past.get(block)!;
      const score = sign * scoreOf(forest, [ageBucket(now - last), ...row.slice(1)]);
      const isOlder = score === worst && last < past.get(victim)!.last;
      if (score > worst || isOlder) [victim, worst] = [block, score];
    }
    resident.delete(victim);
  };
  for (const request of requests) {
    const start = now;
    let known = 0;
    while (known < request.length && past.has(request[known])) known++;
    const deepest = known === 0 ? undefined : past.get(request[known - 1])!;
    const turn = deepest === undefined ? 1 : Math.min(255, deepest.turn + 1);
    const pause = deepest === undefined ? 0 : start - deepest.last;
    if (isTailFirst) hits += request.filter((block) => resident.has(block)).length;
    const order = request.map((block, depth) => ({ block, depth }));
    for (const { block, depth } of isTailFirst ? order.toReversed() : order) {
      const before = past.get(block);
      const seen = before ?? { last: now, first: now, turn, touches: 0, gaps: [], row: [] };
      if (before !== undefined) {
        seen.gaps = [quarterLog(now - seen.last), ...seen.gaps].slice(0, 4);
      }
      seen.last = now;
      seen.touches++;
      const gaps = [0, 1, 2, 3].map((i) => seen.gaps[i] ?? 0);
      const behind = quarterLog(request.length - 1 - depth);
      const life = quarterLog(now - seen.first);
      seen.row = [0, ...gaps, quarterLog(seen.touches), life, quarterLog(depth), behind];
      seen.row.push(quarterLog(request.length), quarterLog(known), turn, quarterLog(pause));
      past.set(block, seen);
      rows.push(seen.row);
      if (resident.has(block)) {
        if (!isTailFirst) hits++;
      } else {
        if (resident.size >= capacity) evict();
        resident.add(block);
      }
      now++;
    }
  }
  return { hits, rows };
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
