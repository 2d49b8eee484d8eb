/**
 * What sees the future: bounds, and a rule of thumb.
 *
 * @module
 */
import type { PolicyNote } from "./note.ts";

/** What sees the future. */
export const ORACLES: readonly PolicyNote[] = [
  {
    name: "optimal",
    kind: "bound",
    idea:
      "MIN with bypass: the block used again furthest in the future goes, and one that is used " +
      "later than all others never enters.",
    source: "Belady, IBM Systems Journal 1966; Mattson et al. 1970; bypass and prefix trees: " +
      "docs/decisions/0003",
    cost: "O(log₆₄ n) per touch; a bit per access and the next-use column",
    loses: "Never, for blocks of one size in one tier; it reads the future, so no server can run " +
      "it.",
  },
  {
    name: "optimal-demand",
    kind: "bound",
    idea: "MIN that must insert every missed block: libCacheSim's Belady.",
    source: "Belady, IBM Systems Journal 1966",
    cost: "as optimal",
    loses:
      "Against optimal, by the blocks that it must take in: 25 of 55,019 hits at 1,000 blocks " +
      "of the conversation trace. Exact root-first; tail-first it is a schedule, not a bound.",
  },
  {
    name: "furthest-next-use",
    kind: "oracle",
    idea:
      "The block that the rest of the trace asks for last goes, tier by tier; of those that it " +
      "never asks for again, the one longest in the tier.",
    source: "Belady, IBM Systems Journal 1966, as kv-hierarchy-lab's data has it in four tiers",
    cost: "O(log n) per touch; 24 B/slot, 4 B/block and the next-use column",
    loses:
      "It reads the future, so no server can run it, and still is no bound: in several tiers, " +
      "with blocks of unequal size or prefetches something may do better. In one tier of equal " +
      "blocks, root-first, it is optimal-demand, which is faster.",
  },
];
