/**
 * What there is to know of each eviction rule of a cluster's HBM and stores, in one row each.
 *
 * Names and rules are those of policies; the rows say what it means that requests use all their
 * blocks at once, and for a while.
 *
 * @module
 */

/** One row. A test holds the names against the engine's registry, both ways. */
export interface EvictionNote {
  readonly name: string;
  /** Which of the blocks that nobody uses leaves first. */
  readonly idea: string;
  /** Whether tails may stay behind the prefix that they hang on, where no request finds them. */
  readonly strands: string;
  /** Time of an operation, and bytes beside those of a block in any case. */
  readonly cost: string;
  /** Where the rule differs from the policy of its name. */
  readonly departs: string;
}

const NEVER = "no: tails leave first";
const KEYED = "O(log n), 8 B/block";

/** All rows, in the order of the engine's registry. */
export const EVICTION_NOTES: readonly EvictionNote[] = [
  {
    name: "lru",
    idea: "The one given back longest ago: vLLM's queue of free blocks.",
    strands: NEVER,
    cost: "O(1)",
    departs: "Blocks without a name wait their turn like any other, as in vLLM.",
  },
  {
    name: "fifo",
    idea: "The one that came first; uses change nothing.",
    strands: "yes: a root that later requests share is older than their tails",
    cost: KEYED,
    departs: "None.",
  },
  {
    name: "clock",
    idea: "The first in a queue that has no use to pay for another round with.",
    strands: "yes, as fifo, where the root was passed first",
    cost: `${KEYED}, amortised`,
    departs: "Blocks in use keep their place and are passed over.",
  },
  {
    name: "sieve",
    idea: "The first that a hand, walking from old to new, finds not used since it last passed.",
    strands: "yes, as clock",
    cost: `${KEYED}, amortised; 24 B/place`,
    departs: "The hand walks past blocks in use.",
  },
  {
    name: "lfu",
    idea: "The one with the fewest uses since it came, of equals the one given back longest ago. " +
      "Counts never age.",
    strands: NEVER,
    cost: KEYED,
    departs: "No more than 16,777,215 uses are told apart.",
  },
  {
    name: "slru-paper",
    idea: "The one on probation that was given back longest ago; a second use protects.",
    strands: NEVER,
    cost: `${KEYED}, amortised; 8 B/place`,
    departs: "Blocks in use are never cooled, so that more may be protected for a while.",
  },
  {
    name: "2q",
    idea:
      "The oldest newcomer; only what comes again while its name is remembered is kept by last " +
      "use.",
    strands: "yes, as fifo, among newcomers",
    cost: `${KEYED}, 24 B and more for each name remembered; 8 B/place`,
    departs: "None beyond what holds for all.",
  },
  {
    name: "s3-fifo",
    idea:
      "The oldest of a small queue that was hardly used there; the others, and what comes again " +
      "while its name is remembered, go round in a main one.",
    strands: "yes, as clock, and where a root has changed queues",
    cost: `${KEYED}, 24 B and more for each name remembered; 8 B/place`,
    departs: "It declines nothing: what was computed must be held.",
  },
  {
    name: "furthest-next-use",
    idea: "The one that the rest of the trace asks for last. An oracle: no server can run it.",
    strands: NEVER,
    cost: "O(log n) for each place that holds a block of a request when that is let in; " +
      "16 B/block, 8 B/block of the trace, 4 B/use",
    departs:
      "It goes by the order of requests in the trace, and counts a request as over when an engine " +
      "lets it in. It does not know where requests will be routed. So it is no bound: another " +
      "rule may serve sooner.",
  },
];
