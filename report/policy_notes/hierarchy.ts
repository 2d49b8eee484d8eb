/**
 * Policies that came with the memory hierarchy, and kv-hierarchy-lab's own.
 *
 * @module
 */
import type { PolicyNote } from "./note.ts";

const LAB = "kv-hierarchy-lab (April 2026), formula and ties as published";
const LAB_COST = "O(n) per eviction, O(1) per touch; 8 B/slot, ";
const SCAN =
  " Every eviction looks at all blocks: minutes on traces that others take a second for.";

/** Policies that came with the memory hierarchy, and kv-hierarchy-lab's own. */
export const HIERARCHY: readonly PolicyNote[] = [
  {
    name: "windowed-recency",
    kind: "policy",
    idea: "The block touched least often within the last `window` capacities of touches goes, of " +
      "equals the oldest.",
    source: "kv-hierarchy-lab's rule, with counts that slide along",
    cost: "O(log n); 20 B/slot, 8 B/block and 4 B per touch in the window",
    loses: "Tiers that hold nearly all: the window then outlasts the conversations. 6.0 / 21.5 / " +
      "29.5 / 35.1 %: a point above LRU at 5 and 10 %, a draw at 25 %. Up to a window of one " +
      "capacity it is LRU; with eight, 9.0 / 21.9 / 25.2 / 33.8 %.",
  },
  {
    name: "heavy-hitter",
    kind: "policy",
    idea: "Touches that count half after `halfLife` capacities, remembered after the block has " +
      "left; the least sum goes.",
    source: "Lee et al., IEEE TC 2001 (LRFU); kv-hierarchy-lab's heavy hitter never fades",
    cost: "O(log n); 20 B/slot, 8 B/block",
    loses:
      "Favourites that change within a half-life, and tiers that hold nearly all. 5.5 / 21.5 " +
      "/ 29.6 / 36.1 %: a point above LRU at 5 and 10 %, else a draw. `halfLife=5` has 9.9 / " +
      "21.6 / 25.2 / 34.3 %.",
  },
  {
    name: "cost-aware",
    kind: "policy",
    idea: "GreedyDual: touches × cost of computing the request again per block ÷ size, plus the " +
      "worth of the last victim; the least goes.",
    source: "Cao and Irani, USITS 1997; Cherkasova, HP Labs 1998",
    cost: "O(log n); 28 B/slot",
    loses: "Where short prompts come back as often as long ones: it gives them up first. In one " +
      "tier of equal blocks it is gdsf with `attention=0`; the default adds nothing to that in " +
      "tokens covered: 5.6 / 20.9 / 29.2 / 35.5 %, a draw at all four sizes. `attention=1` loses " +
      "3 to 4 points.",
  },
  {
    name: "regret-aware",
    kind: "policy",
    idea: "GreedyDual over touches and regret: how soon a block was asked for after the fastest " +
      "tier gave it up, at most 1, fading with time.",
    source: "kv-hierarchy-lab's idea, bounded and with ageing",
    cost: "O(log n); 20 B/slot, 24 B/block",
    loses: "Hardly: 6.0 / 22.5 / 29.8 / 36.1 %, 2 points above LRU at 5 %, 1 at 10 %. What gains " +
      "is the counts kept over the horizon; regret itself is within a draw (`weight=0`: 5.7 / " +
      "22.4 / 29.5 / 36.1 %), and a larger weight gains nothing (`weight=6`: 21.8 % at 5 %).",
  },
  {
    name: "importance",
    kind: "policy",
    idea: "The least sum of recency, touches (up to 20) and shallowness goes; the first `pin` " +
      "blocks of a request never.",
    source: "kvcache-sim's importance, with ages in capacities",
    cost: "O(1) per touch, O(classes) per eviction; 16 B/slot and 45 KiB",
    loses:
      "Chat: shallow blocks of dead conversations outlast live ones. 6.4 / 18.6 / 25.1 / 32.0 " +
      "%: 1 to 4 points below LRU from 5 %. `pin=4` has 10.1 % at 5 %; `depth=0` is LRU to a " +
      "point. Pinned blocks never leave: when nothing else is here, nothing enters.",
  },
  {
    name: "sliding-window",
    kind: "policy",
    idea: "The middle of requests goes first: neither among the first `landmarks` nor the last " +
      "`window` blocks; the oldest of them.",
    source: "Xiao et al., ICLR 2024; kvcache-sim's sliding window",
    cost: "O(1); 9 B/slot",
    loses: "Any cache of whole prefixes: what is kept behind a hole cannot be used. 5.4 / 13.3 / " +
      "17.1 / 23.2 %, 7 to 13 points below LRU. It is for models whose attention needs those " +
      "blocks only.",
  },
  {
    name: "lab-lru",
    kind: "policy",
    idea: "LRU by the trace's own steps; a promotion or a prefetch counts as a use.",
    source: LAB,
    cost: LAB_COST + "12 B/block",
    loses: "As lru (5.3 / 20.0 / 28.4 / 36.0 %)." + SCAN,
    departs: "Blocks of the same step leave in order of entry.",
  },
  {
    name: "lab-windowed-recency",
    kind: "policy",
    idea: "1,000,000 × touches in the last `window` accesses + the step of the last.",
    source: LAB,
    cost: LAB_COST + "16 B/block",
    loses:
      "Wherever lru does: 32 accesses are a part of one request, so that it is LRU here (5.3 / " +
      "20.0 / 28.4 / 36.0 %)." + SCAN,
    departs: "The window counts accesses, not capacities.",
  },
  {
    name: "lab-heavy-hitter",
    kind: "policy",
    idea: "10,000 × touches ever + the step of the last.",
    source: LAB,
    cost: LAB_COST + "12 B/block",
    loses: "Long traces: recency outweighs a touch after 10,000 steps, which here is what saves " +
      "it from counting for ever: 11.1 / 22.2 / 29.8 / 36.1 %, 6 points above LRU at 1 %." + SCAN,
    departs: "Counts never fade.",
  },
  {
    name: "lab-cost-aware",
    kind: "policy",
    idea: "`frequency` × touches + `recency` × last step ÷ step - `size` × KiB.",
    source: LAB,
    cost: LAB_COST + "12 B/block",
    loses:
      "Chat, as touches never age: 10.2 / 18.5 / 24.5 / 33.8 %, 5 points above LRU at 1 %, 2 to " +
      "4 below from 5 %." + SCAN,
    departs: "There is no cost in it, and recency is a tie-break.",
  },
  {
    name: "lab-predictive",
    kind: "policy",
    idea: "100 × touches ever + the step of the last; with the prefetcher lab-markov.",
    source: LAB,
    cost: LAB_COST + "12 B/block",
    loses: "Hardly, here, and it hardly wins: 100 steps outweigh a touch, so that it is LRU to a " +
      "draw (5.6 / 20.2 / 28.6 / 36.0 %)." + SCAN,
    departs: "The prefetcher is a choice of its own here.",
  },
  {
    name: "lab-regret-aware",
    kind: "policy",
    idea: "`frequency` × touches + `recency` × last step ÷ step + `weight` × regret; returns " +
      "within `horizon` steps of an eviction from any tier add to regret.",
    source: LAB,
    cost: LAB_COST + "29 B/block",
    loses:
      "Chat: neither touches nor regret age. 10.2 / 18.5 / 24.5 / 33.8 %: 5 points above LRU " +
      "at 1 %, 2 to 4 below from 5 %." + SCAN,
    departs: "Regret has no bound, and evictions from slow tiers start its gap anew.",
  },
];
