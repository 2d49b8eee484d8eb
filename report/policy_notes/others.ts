/**
 * Bounds and admission filters.
 *
 * @module
 */
import type { PolicyNote } from "./note.ts";

/** Bounds and admission filters. */
export const OTHERS: readonly PolicyNote[] = [
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
