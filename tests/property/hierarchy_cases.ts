/**
 * Hierarchies that once broke the lists of `w-tinylfu-paper`, as a property test shrank them: pins
 * that left its main part empty, and a contest that an admission filter had called off.
 *
 * @module
 */
import { NATIVE_SCHEME } from "../../scenario/hierarchy_example.ts";

const tier = { scheme: NATIVE_SCHEME, concurrency: 1 };
const rules = {
  inclusive: false,
  write: "back",
  writeHits: 1,
  promotion: { kind: "always" },
  entry: "slowest",
  demotion: "cascade",
  touch: "root-first",
  exchange: "detach",
  timed: false,
  recompute: "never",
  pinned: 1,
  floorBlocks: 0,
  warmup: 0,
} as const;

/** Requests of the first case. */
export const EMPTY_MAIN_REQUESTS = [
  ...[[35, 3, 22], [1, 1, 24, 27, 0, 2], [6, 20, 1], [17], [30, 12, 8, 33, 3], [17, 35]],
  ...[[8, 4, 12], [13, 14, 1, 0, 10, 8], [], [21, 22, 17, 3], [], [27, 3, 14, 0, 21, 7], []],
  ...[[3, 0, 2, 13], [], [26], [7, 22], [4], [], [], [8, 7, 11, 8, 12], [26]],
  ...[[20, 1, 23, 39, 12], [3, 7], [2, 6], [11, 2], [], [1, 6, 23, 28, 5]],
  ...[[18, 5, 17, 20, 0], [10, 3, 12, 21], [15, 4], [3, 14, 19, 23, 15, 18]],
  ...[[17, 34, 10, 4, 3, 11], [14, 8], [4, 2, 15]],
];

/** Scenario of the first case. */
export const EMPTY_MAIN = {
  ...rules,
  tiers: [
    { ...tier, blocks: 16, policy: "w-tinylfu-paper", admission: "tiny-lfu" },
    { ...tier, blocks: 3, policy: "fifo", admission: "second-hit" },
  ],
  prefetch: "lab-markov",
  seed: 1712805027,
};

/** Requests of the second case. */
export const STALE_WINNER_REQUESTS = [
  ...[[16], [], [], [], [5, 18, 9], [], [24, 25, 20], [8, 31, 7, 4, 10], [23, 14, 9, 2]],
];

/** Scenario of the second case. */
export const STALE_WINNER = {
  ...rules,
  tiers: [
    { ...tier, blocks: 3, policy: "fifo", admission: "always" },
    { ...tier, blocks: 10, policy: "w-tinylfu-paper", admission: "tiny-lfu" },
  ],
  prefetch: "none",
  seed: 1787262973,
};
