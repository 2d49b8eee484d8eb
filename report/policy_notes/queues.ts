/**
 * FIFO, LRU and the queues between them.
 *
 * @module
 */
import type { PolicyNote } from "./note.ts";

/** FIFO, LRU and the queues between them. */
export const QUEUES: readonly PolicyNote[] = [
  {
    name: "fifo",
    kind: "policy",
    idea: "One queue in order of insertion; a hit changes nothing.",
    source: "folklore",
    cost: "O(1); 8 B/slot, the kernel 4 B/block",
    loses:
      "Whenever what is asked for again should stay, that is, everywhere here: 17.7 / 25.3 / " +
      "33.5 %, up to 3 points below LRU.",
  },
  {
    name: "lru",
    kind: "policy",
    idea: "The block touched longest ago goes.",
    source: "Mattson et al., IBM Systems Journal 1970",
    cost: "O(1); 8 B/slot, the kernel nothing beyond the columns of the trace",
    loses: "Tiers smaller than the time between the turns of a conversation: the block goes just " +
      "before it is asked for again. The optimum needs a tenth of its room here.",
  },
  {
    name: "mru",
    kind: "policy",
    idea: "The block touched last goes; the oldest stay.",
    source: "Chou and DeWitt, VLDB 1985",
    cost: "O(1); 8 B/slot",
    loses:
      "Whenever recent prompts return, that is, in chat. It wins only in loops longer than the " +
      "tier. 5.5 / 7.2 / 12.7 %.",
  },
  {
    name: "random",
    kind: "policy",
    idea: "The victim is drawn evenly from the resident blocks.",
    source: "folklore",
    cost: "O(1); 8 B/slot",
    loses:
      "Always, for prefix caches: it tears holes into prefixes, so few of its block hits can " +
      "be used. 6.2 / 8.8 / 16.7 %, though its block hits are 16.4 / 23.1 / 30.8 %.",
  },
  {
    name: "clock",
    kind: "policy",
    idea: "A FIFO queue in which a hit buys the block another round.",
    source: "Corbató 1968; more bits: Smith, TODS 1978",
    cost: "O(1) amortised; 9 B/slot",
    loses: "Hardly: within a point of LRU here, a little above it. The order of hits within one " +
      "round is lost, which hurts when the tier is small against one prompt. 20.7 / 28.8 / " +
      "36.0 %.",
  },
  {
    name: "sieve",
    kind: "policy",
    idea: "A FIFO queue and a hand that walks from old to new, sparing a touched block once.",
    source: "Zhang et al., NSDI 2024",
    cost: "O(1) amortised; 9 B/slot",
    loses:
      "Chat, badly: its first sweep hardly ends, so what came first stays and newcomers go, as " +
      "with LFU. 5.9 / 13.0 / 19.9 / 34.3 %: 7 to 8 points below LRU at 5 and 10 %.",
  },
  {
    name: "s3-fifo",
    kind: "policy",
    idea: "A small FIFO in which most newcomers die, a main FIFO for those touched twice there, " +
      "ghosts that send a block which comes back to the main one.",
    source: "Yang et al., SOSP 2023; libCacheSim's rule",
    cost: "O(1) amortised; 9 B/slot, 8 B/block",
    loses: "Chat: the second turn comes after the small queue has let the first go, at 10 % by 3 " +
      "points (7.6 / 19.1 / 25.0 / 35.1 %). Better than LRU in tiers of 1 %. Keeps nothing " +
      "below 20 blocks. `small=0.5` mends most of it (27.8 % at 10 %).",
    departs:
      "libCacheSim lets the main queue outgrow its share after a promotion and evicts from it " +
      "next time; it keeps nothing while the small queue has room for one block or none.",
  },
  {
    name: "s3-fifo-paper",
    kind: "policy",
    idea: "As s3-fifo; a promotion into a full main queue evicts from it at once, and the small " +
      "queue holds a block at least.",
    source: "Yang et al., SOSP 2023, algorithm 1",
    cost: "as s3-fifo",
    loses: "As s3-fifo, to 24 misses of 288,500.",
    departs:
      "A promotion into a full main queue evicts at once; the small queue holds a block at " +
      "least.",
  },
  {
    name: "qdlp",
    kind: "policy",
    idea: "A small FIFO; what is touched there moves to a two-bit clock, the rest leaves ghosts " +
      "that come back into the clock.",
    source: "Yang et al., HotOS 2023; libCacheSim's rule",
    cost: "O(1) amortised; 9 B/slot, 8 B/block",
    loses: "As s3-fifo: 7.7 / 19.5 / 24.9 / 34.1 %. Keeps nothing below 20 blocks.",
  },
  {
    name: "2q",
    kind: "policy",
    idea: "Newcomers pass a FIFO; only blocks asked for again after they left it, while " +
      "remembered, enter the main LRU.",
    source: "Johnson and Shasha, VLDB 1994",
    cost: "O(1); 9 B/slot and 9 B/block",
    loses:
      "When the second turn is the only one: it pays one more miss per block before it keeps " +
      "it. 18.0 / 25.5 / 33.6 %: 2 to 3 points below LRU; above it only in tiers of 1 % (6.9 " +
      "against 5.3 %).",
    departs:
      "The paper forgets a remembered name at another moment: one miss of 288,500 at one of " +
      "ten capacities, so there is no variant.",
  },
  {
    name: "slru",
    kind: "policy",
    idea:
      "Equal LRU segments; a hit lifts a block by one, overflow cools down by one, the lowest " +
      "evicts.",
    source: "Huang et al., SOSP 2013; libCacheSim's rule",
    cost: "O(1); 9 B/slot",
    loses: "Chat with long prompts: a new prompt has a quarter of the tier to live in, and the " +
      "upper segments hold what filled them first. 10.6 / 20.2 / 31.8 %: 4 to 9 points below " +
      "LRU.",
    departs:
      "libCacheSim has four equal segments and puts newcomers into the lowest one with room.",
  },
  {
    name: "slru-paper",
    kind: "policy",
    idea: "A probationary and a protected LRU segment; a hit protects.",
    source: "Karedla et al., IEEE Computer 1994",
    cost: "O(1); 9 B/slot",
    loses: "As slru: protected blocks of finished conversations stay. 13.0 / 21.1 / 34.3 %.",
    departs: "Two segments; newcomers always begin on probation.",
  },
  {
    name: "arc",
    kind: "policy",
    idea: "Blocks seen once and seen again share the tier; names of evicted ones move the border.",
    source: "Megiddo and Modha, FAST 2003",
    cost: "O(1); 9 B/block",
    loses:
      "At middle sizes here (25 %: 34.2 against 36.0 %), where the border follows the ghosts " +
      "into frequency. Better than LRU in small tiers. 21.4 / 29.0 / 34.2 %.",
  },
  {
    name: "lirs",
    kind: "policy",
    idea: "Blocks that return sooner than the oldest resident one own the tier; the rest pass a " +
      "queue of 1 %.",
    source: "Jiang and Zhang, SIGMETRICS 2002; libCacheSim's rule",
    cost: "O(1) amortised; 17 B/block",
    loses:
      "Large tiers: what filled them first is displaced only by proven blocks, and new prompts " +
      "share 1 % of the tier. 19.2 / 22.7 / 26.5 %: 10 points below LRU at 25 %.",
    departs:
      "libCacheSim bounds the stack to twice the capacity, and a hit on a queued block outside " +
      "the stack demotes a LIR block.",
  },
  {
    name: "lirs-paper",
    kind: "policy",
    idea: "As lirs, without a bound on its memory of evicted blocks, and without eviction on a " +
      "hit.",
    source: "Jiang and Zhang, SIGMETRICS 2002",
    cost: "as lirs",
    loses: "As lirs in large tiers: 21.5 / 23.6 / 26.6 %. In tiers of 1 % it is the best of all " +
      "rows here (10.9 against LRU's 5.3 %), because it remembers every block ever seen.",
    departs: "No bound on the stack, and such a hit evicts nothing.",
  },
];
