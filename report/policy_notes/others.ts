/**
 * Admission filters.
 *
 * @module
 */
import type { PolicyNote } from "./note.ts";

/** Admission filters. */
export const OTHERS: readonly PolicyNote[] = [
  {
    name: "always",
    kind: "admission",
    idea: "Every missed block enters.",
    source: "libCacheSim, vLLM, SGLang",
    cost: "none",
    loses: "Where most blocks are never asked for again: three of four here, and each costs a " +
      "write.",
  },
  {
    name: "second-hit",
    kind: "admission",
    idea: "A block enters at its second miss.",
    source: "Maggs and Sitaraman, CCR 2015",
    cost: "O(1); 4 B/block",
    loses:
      "Tiers that could hold more: the second turn of every conversation misses. 9.2 / 20.4 / " +
      "21.6 / 21.8 %: 4 points above LRU at 1 %, a draw at 5 %, 7 and 14 below at 10 and 25 %, " +
      "for 57 / 45 / 44 / 44 thousand writes (a fifth). `window=3` has 10.8 % at 1 % with 19 " +
      "thousand writes.",
  },
  {
    name: "prefix-depth",
    kind: "admission",
    idea: "Only the first `depth` blocks of a request enter.",
    source: "kvcache-sim's selective write",
    cost: "O(1); none",
    loses:
      "Long prompts that return whole. 64 blocks of 512 tokens cost 0 / 0 / 1 / 4 points and " +
      "save a sixth of the writes; `depth=8` gains 3 points at 1 % with a fifth of the writes " +
      "and loses 7 / 15 / 23 above.",
  },
  {
    name: "tiny-lfu",
    kind: "admission",
    idea: "A newcomer enters a full tier only if a sketch counts it above the policy's victim.",
    source: "Einziger et al., ACM TOS 2017",
    cost: "O(1) amortised; 8 to 16 B/slot",
    loses:
      "Chat, as w-tinylfu: ties keep the old. 7.2 / 16.0 / 17.6 / 22.6 %, with 29 / 33 / 37 / " +
      "60 thousand writes.",
  },
];
