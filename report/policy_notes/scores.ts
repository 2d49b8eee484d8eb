/**
 * Policies that count, weigh, learn or sample.
 *
 * @module
 */
import type { PolicyNote } from "./note.ts";

/** Policies that count, weigh, learn or sample. */
export const SCORES: readonly PolicyNote[] = [
  {
    name: "lfu",
    kind: "policy",
    idea: "The block with the fewest touches since it came goes, the one longest at that count " +
      "first.",
    source: "Robinson and Devarakonda, SIGMETRICS 1990",
    cost: "O(1); 12 B/slot and 20 B per different count",
    loses: "When conversations end: their blocks keep their counts and block the new ones, whose " +
      "second turn comes after they have left. 13.0 / 19.9 / 34.3 %: up to 8 points below LRU " +
      "until nearly all fits.",
  },
  {
    name: "lfu-da",
    kind: "policy",
    idea: "As LFU, but newcomers start above the rank at which blocks leave, and each hit adds " +
      "that age.",
    source: "Arlitt et al., PER 2000; libCacheSim's rule",
    cost: "O(1) to a walk over ranks; 32 B/slot",
    loses: "Small tiers of chat, where a first hit still comes too late. 18.0 / 28.1 / 36.1 %: 2 " +
      "points below LRU at 5 %, else level.",
    departs: "On a hit libCacheSim adds the age to the block's old rank.",
  },
  {
    name: "lfu-da-paper",
    kind: "policy",
    idea: "As LFU; the rank of a hit block is its touches plus the age of the last victim.",
    source: "Arlitt et al., PER 2000",
    cost: "as lfu-da, and 4 B/slot",
    loses: "Workloads whose favourites change faster than the age grows. Here it is at or above " +
      "LRU: 21.1 / 29.4 / 36.1 %.",
    departs: "A hit ranks the block by its touches plus the age.",
  },
  {
    name: "gdsf",
    kind: "policy",
    idea: "Worth is touches plus the worth of the last victim; the least goes.",
    source: "Cherkasova, HP Labs 1998; with blocks of one size it is LFU with dynamic ageing",
    cost: "O(log n); 24 B/slot",
    loses:
      "Hardly, here: 5.7 / 21.1 / 29.4 / 36.1 %, at or a point above LRU. It costs a heap, and " +
      "loses where favourites change faster than its age rises.",
  },
  {
    name: "w-tinylfu",
    kind: "policy",
    idea: "An LRU window of 1 %; what leaves it must be counted more often than the victim of a " +
      "segmented LRU.",
    source: "Einziger et al., ACM TOS 2017; libCacheSim's rule",
    cost: "ten counters per estimate; 24 B/slot",
    loses:
      "Chat, with the worst here: a conversation's blocks have been seen once when its second " +
      "turn comes, and a tie keeps the old. 5.6 / 10.9 / 14.9 / 22.0 %; block hits far above " +
      "prefix hits show that it tears prefixes. Keeps nothing below 100 blocks.",
    departs:
      "libCacheSim counts at insertion, at hits in the main part and on leaving the window, " +
      "halves after 32 main hits per block, and keeps nothing when the window is below one " +
      "block.",
  },
  {
    name: "w-tinylfu-paper",
    kind: "policy",
    idea: "As w-tinylfu, with every touch counted in a 4-bit sketch that ages, and a window of a " +
      "block at least.",
    source: "Einziger et al., ACM TOS 2017; Caffeine's shares",
    cost: "O(1) amortised; 9 B/slot and a sketch of 8 to 16",
    loses:
      "As w-tinylfu, less: 6.4 / 15.1 / 18.2 / 24.2 %. `window=0.5` makes it nearly LRU (25.7 " +
      "% at 10 %): the admission is what loses.",
    departs:
      "Every touch is counted, counters are halved every ten capacities, the window is fixed " +
      "and holds a block at least.",
  },
  {
    name: "hyperbolic",
    kind: "policy",
    idea: "Worth is touches per time since the block came in; the least of a random sample goes.",
    source: "Blankstein et al., USENIX ATC 2017; libCacheSim's sampling",
    cost: "O(sample) per eviction; 20 to 24 B/slot",
    loses: "Prefix caches, as all that draw: holes. 4.7 / 15.9 / 25.1 / 34.2 %, though its block " +
      "hits are 19.3 % at 5 %.",
    departs:
      "libCacheSim (October 2024) draws the newest block of a hash chain, so that a fifth to a " +
      "third of the blocks cannot be chosen.",
  },
  {
    name: "hyperbolic-paper",
    kind: "policy",
    idea: "As hyperbolic, and the sample is drawn from all resident blocks.",
    source: "Blankstein et al., USENIX ATC 2017",
    cost: "O(sample) per eviction; 16 B/slot",
    loses: "Level with LRU here (5.3 / 19.9 / 28.7 / 35.6 %) at ten times its cost.",
    departs: "All resident blocks can be drawn.",
  },
  {
    name: "lhd",
    kind: "policy",
    idea: "The least hit density (chance of a hit over time to come) of a random sample goes; " +
      "densities are learned by age and class.",
    source: "Beckmann et al., NSDI 2018; libCacheSim's constants",
    cost: "O(sample) per eviction; 17 B/slot and 3.7 MiB",
    loses: "Short traces: nothing is learned before the first period ends, and this trace ends " +
      "earlier. Holes, as all that draw: 4.7 / 15.5 / 24.6 / 33.7 %, block hits 20.1 % at 5 %. " +
      "`period=65536` learns, and gains nothing here.",
  },
  {
    name: "lecar",
    kind: "policy",
    idea: "LRU and LFU, one of which is drawn for each victim; regret moves the weights.",
    source: "Vietri et al., HotStorage 2018",
    cost: "O(log n); 28 B/slot, 13 B/block",
    loses: "Hardly, and it wins hardly: 5.4 / 20.3 / 28.4 / 36.0 %, LRU to a point, since the " +
      "weight goes to LRU.",
  },
  {
    name: "cacheus",
    kind: "policy",
    idea: "As lecar, with a scan-resistant LRU and a churn-resistant LFU.",
    source: "Rodriguez et al., FAST 2021; libCacheSim's rule",
    cost: "O(log n); 29 B/slot, 21 B/block",
    loses:
      "Tiers that hold much: newcomers never get more than half. 7.8 / 21.3 / 28.9 / 34.4 %: " +
      "above LRU in small tiers, 2 points below at 25 %; and it misses even when all fits (0.1 " +
      "point at 100 %).",
    departs:
      "In libCacheSim newcomers are held to half of the tier even while the rest is empty, the " +
      "border never moves, and the learning rate stays what was drawn.",
  },
  {
    name: "cacheus-paper",
    kind: "policy",
    idea: "As cacheus, with a border that moves, a tier that fills, and a learning rate that " +
      "adapts.",
    source: "Rodriguez et al., FAST 2021",
    cost: "as cacheus",
    loses: "As cacheus: 6.9 / 21.2 / 28.6 / 34.2 %. What it learns, it learns over a capacity of " +
      "touches: too slow for big tiers and short traces.",
    departs: "None of these three.",
  },
  {
    name: "length-aware",
    kind: "policy",
    idea: "LFU in which, of equals, the block deepest in its request goes first.",
    source: "Qin et al., arXiv 2407.00079 (Mooncake), as we read it",
    cost: "O(log n); 20 B/slot",
    loses:
      "Whenever conversations end: counts never age, and the deep blocks of live conversations " +
      "go before the roots of dead ones: behind plain LFU (13.0 / 19.9 / 34.3 % at 5 / 10 / 25 " +
      "%). 5.9 / 10.8 / 16.1 / 25.4 %. The Mooncake paper, too, finds it behind LRU (.42 " +
      "against .48 at 30,000 blocks) but within a point of LFU, on a trace that is not to be " +
      "had here: the authors' rule may be softer than our reading.",
    departs: "The paper gives no algorithm; this is a reading of one sentence.",
  },
  {
    name: "size-aware-lru",
    kind: "policy",
    idea: "The largest age × length of the request that brought the block in goes.",
    source: "Aggarwal et al., IEEE TKDE 1999; SemanticKV's wish",
    cost: "O(32) per eviction; 16 B/slot",
    loses:
      "Chat whose long prompts are long because they continue: it gives up what is most worth " +
      "keeping. 6.0 / 17.0 / 24.6 / 33.2 %: 3 to 4 points below LRU from 5 %, a draw below.",
  },
  {
    name: "learned",
    kind: "policy",
    idea:
      "A model of boosted trees, trained on the beginning of the trace, foretells reuse; the least " +
      "likely goes, of all resident blocks. Without a model it is LRU.",
    source: "after Song et al., NSDI 2020 (LRB); docs/learned.md",
    cost: "O(trees) per touch and age bucket; 40 B/slot, 32 B/block",
    loses:
      "Traffic that changes after the training: 12 and 16 points on the Mooncake synthetic trace, " +
      "learned from its first half; where no model passes its checks it is LRU, as on WEKA. On " +
      "the last 70 % of this trace, learned from the rest: 22.5 against LRU's 19.9 % of prefix " +
      "hits at 5 %, a draw at 10 %.",
  },
];
