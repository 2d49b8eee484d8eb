/**
 * A comparison small enough to work by hand, for examples, tests and trying out a report.
 *
 * Four requests over six blocks of four tokens, touched root-first:
 * `0 1 2` (12 tokens) · `0 1 3` (11 tokens) · `4 5` (8 tokens) · `0 1 2` (12 tokens).
 *
 * With two blocks LRU and LFU hit nothing; the optimum keeps `0 1` and bypasses the rest (4 hits).
 * With three, LRU hits `0 1` of the second request; LFU also keeps `0 1` for the fourth; the
 * optimum keeps `0 1 2` and reaches all five repeats.
 *
 * @module
 */

import type { Comparison, RunResult } from "../engine/result.ts";

type Counted = Pick<
  RunResult,
  | "policy"
  | "capacityBlocks"
  | "hits"
  | "insertions"
  | "evictions"
  | "prefixHits"
  | "hitTokens"
  | "requestHitRatioSum"
  | "optimalHits"
  | "lruHits"
>;

function worked(counted: Counted): RunResult {
  const misses = 11 - counted.hits;
  return {
    parameters: {},
    touch: "root-first",
    admission: "always",
    seed: 42,
    engine: "kernel",
    requests: 4,
    accesses: 11,
    misses,
    bypasses: misses - counted.insertions,
    residentBlocks: counted.insertions - counted.evictions,
    inputTokens: 43,
    compulsoryMisses: 6,
    ...counted,
  };
}

const two = { capacityBlocks: 2, optimalHits: 4, lruHits: 0 };
const three = { capacityBlocks: 3, optimalHits: 5, lruHits: 2 };
const nothing = { hits: 0, prefixHits: 0, hitTokens: 0, requestHitRatioSum: 0 };
const secondOnly = { hits: 2, prefixHits: 2, hitTokens: 8, requestHitRatioSum: 8 / 11 };
const twiceTwo = { hits: 4, prefixHits: 4, hitTokens: 16, requestHitRatioSum: 8 / 11 + 8 / 12 };
const all = { hits: 5, prefixHits: 5, hitTokens: 20, requestHitRatioSum: 8 / 11 + 1 };

/**
 * Three policies at two capacities on the trace of this module; every counter was worked by hand.
 *
 * @example
 * ```ts
 * import { comparisonText, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(comparisonText(EXAMPLE_COMPARISON), "Ceiling");
 * ```
 */
export const EXAMPLE_COMPARISON: Comparison = {
  trace: {
    path: "example.jsonl",
    format: "mooncake",
    requests: 4,
    accesses: 11,
    uniqueBlocks: 6,
    blockTokens: 4,
    extents: 5,
    reuse: "hashes",
    hash: "00".repeat(32),
    notes: [],
  },
  engine: { hash: "11".repeat(32), abiVersion: 1 },
  results: [
    worked({ policy: "lru", ...two, ...nothing, insertions: 11, evictions: 9 }),
    worked({ policy: "lfu", ...two, ...nothing, insertions: 11, evictions: 9 }),
    worked({ policy: "optimal", ...two, ...twiceTwo, insertions: 2, evictions: 0 }),
    worked({ policy: "lru", ...three, ...secondOnly, insertions: 9, evictions: 6 }),
    worked({ policy: "lfu", ...three, ...twiceTwo, insertions: 7, evictions: 4 }),
    worked({ policy: "optimal", ...three, ...all, insertions: 3, evictions: 0 }),
  ],
  resultHash: "370d4825196520b8d82263789a8d2bf381a6d51f63a62247fcd881b77e067a4f",
};
