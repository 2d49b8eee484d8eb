/**
 * A comparison small enough to work by hand, for examples, tests and trying out a report.
 *
 * Five requests over six blocks of four tokens, touched root-first:
 * `0 1 2` (12 tokens) · `0 1 3` (11 tokens) · `4 5` (8 tokens) · `0 1 2` (12 tokens) ·
 * `4 5` (8 tokens).
 *
 * With two blocks LRU and LFU hit nothing; MRU hits `0` of the second request, and `2` of the
 * fourth behind a miss of `0`; the optimum keeps `0 1` and bypasses the rest (4 hits).
 *
 * With three, LRU hits `0 1` of the second request; LFU also keeps `0 1` for the fourth. MRU hits
 * `0 1` of the second, `0` and `2` of the fourth, `5` of the last: 5 block hits, the most of the
 * three, but `2` and `5` stand behind a miss, so only 3 prefix hits beside LFU's 4. The optimum
 * keeps `0 1 2` (5 hits, all of them prefix hits).
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
  | "optimalPrefixHits"
  | "lruHits"
  | "lruPrefixHits"
>;

function worked(counted: Counted): RunResult {
  const misses = 13 - counted.hits;
  return {
    parameters: {},
    touch: "root-first",
    admission: "always",
    seed: 42,
    seeded: false,
    engine: "kernel",
    requests: 5,
    accesses: 13,
    misses,
    bypasses: misses - counted.insertions,
    residentBlocks: counted.insertions - counted.evictions,
    inputTokens: 51,
    compulsoryMisses: 6,
    ...counted,
  };
}

const two = {
  capacityBlocks: 2,
  optimalHits: 4,
  optimalPrefixHits: 4,
  lruHits: 0,
  lruPrefixHits: 0,
};
const three = {
  capacityBlocks: 3,
  optimalHits: 5,
  optimalPrefixHits: 5,
  lruHits: 2,
  lruPrefixHits: 2,
};
const nothing = { hits: 0, prefixHits: 0, hitTokens: 0, requestHitRatioSum: 0 };
const secondOnly = { hits: 2, prefixHits: 2, hitTokens: 8, requestHitRatioSum: 8 / 11 };
const twiceTwo = { hits: 4, prefixHits: 4, hitTokens: 16, requestHitRatioSum: 8 / 11 + 8 / 12 };
const most = { hits: 5, prefixHits: 5, hitTokens: 20, requestHitRatioSum: 8 / 11 + 1 };
/** MRU: one of two hits, and two of five, stand behind a miss. */
const mruTwo = { hits: 2, prefixHits: 1, hitTokens: 4, requestHitRatioSum: 4 / 11 };
const mruThree = { hits: 5, prefixHits: 3, hitTokens: 12, requestHitRatioSum: 8 / 11 + 4 / 12 };

/**
 * Four policies at two capacities on the trace of this module; every counter was worked by hand.
 *
 * @example
 * ```ts
 * import { comparisonText, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(comparisonText(EXAMPLE_COMPARISON), "Hits behind a miss");
 * ```
 */
export const EXAMPLE_COMPARISON: Comparison = {
  trace: {
    path: "example.jsonl",
    format: "mooncake",
    requests: 5,
    accesses: 13,
    uniqueBlocks: 6,
    blockTokens: 4,
    extents: 6,
    reuse: "hashes",
    hash: "00".repeat(32),
    notes: [],
  },
  engine: { hash: "11".repeat(32), abiVersion: 1 },
  results: [
    worked({ policy: "lru", ...two, ...nothing, insertions: 13, evictions: 11 }),
    worked({ policy: "lfu", ...two, ...nothing, insertions: 13, evictions: 11 }),
    worked({ policy: "mru", ...two, ...mruTwo, insertions: 11, evictions: 9 }),
    worked({ policy: "optimal", ...two, ...twiceTwo, insertions: 2, evictions: 0 }),
    worked({ policy: "lru", ...three, ...secondOnly, insertions: 11, evictions: 8 }),
    worked({ policy: "lfu", ...three, ...twiceTwo, insertions: 9, evictions: 6 }),
    worked({ policy: "mru", ...three, ...mruThree, insertions: 8, evictions: 5 }),
    worked({ policy: "optimal", ...three, ...most, insertions: 3, evictions: 0 }),
  ],
  resultHash: "bf8e5f1ad58c9f8656804b2036acb74e9557f95a6203389a1846bb232f1fcd1d",
};
