/**
 * Prefetchers.
 *
 * @module
 */
import type { PolicyNote } from "./note.ts";

/** How the numbers in the rows of prefetchers were measured. */
export const PREFETCH_MEASURED = "Numbers: useful ÷ requested prefetches on the Mooncake traces " +
  "(conversation / synthetic), tail-first, in three timed LRU tiers of 2,000, 10,000 and 40,000 " +
  "blocks of 168 MB, of which a request has 24 / 31, at most 512 fetched at a time. Measured " +
  "2026-11-22 by `deno task prefetch-rows`, which prints more.";

const TOO_LATE =
  "Tail-first, as serving engines look prompts up: what it names while it sees a request was " +
  "looked up with it.";

/** Prefetchers. */
export const PREFETCH: readonly PolicyNote[] = [
  {
    name: "none",
    kind: "prefetch",
    idea: "Nothing is fetched before it is asked for.",
    source: "–",
    cost: "none",
    loses: "Where the next blocks are known and the links have time.",
  },
  {
    name: "markov",
    kind: "prefetch",
    idea: "After a block, the `successors` that most often were looked up next, if `confidence` " +
      "times; with `lookahead`, and theirs.",
    source: "Joseph and Grunwald, ISCA 1997; counts as in Misra and Gries, 1982",
    cost: "O(1) per look-up; 16 B/block",
    loses: TOO_LATE + " 0.7 / 0.6 %.",
  },
  {
    name: "lab-markov",
    kind: "prefetch",
    idea: "As markov, with all successors of all blocks counted for ever.",
    source: "kv-hierarchy-lab (April 2026), as published",
    cost: "O(successors) per look-up; 4 B/block and 16 B per pair that ever came",
    loses: TOO_LATE + " 9.3 / 0.6 %, of 486 and 328 prefetches.",
    departs: "Old habits never fade.",
  },
  {
    name: "session",
    kind: "prefetch",
    idea: "What followed a block in the last `window` requests of the same session that held it, " +
      "most votes first.",
    source: "kvcache-sim's session prefetch, with a bounded memory",
    cost: "O(window × lookahead) per look-up; 20 B per block of `history`",
    loses: TOO_LATE + " 0.0 / 1.1 %.",
  },
  {
    name: "stride",
    kind: "prefetch",
    idea: "When the last look-ups went on by one step, the next `lookahead` blocks by that step.",
    source: "Chen and Baer, IEEE TC 1995",
    cost: "O(lookahead) per look-up; none",
    loses: TOO_LATE + " 1.3 / 1.1 %.",
  },
  {
    name: "next-turn",
    kind: "prefetch",
    idea:
      "The last prompt of a session, root first and up to `maxBlocks` of it, after `wait` of the pause that its own turns and " +
      "`prior` turns of the average session let expect; off when the session comes back sooner. " +
      "Only for sessions that came back `returns` times.",
    source:
      "ours; the idea from CachedAttention, Gao et al., USENIX ATC 2024, which knows the queue",
    cost:
      "O(1) per request; 36 B per request and session, 4 B/block where the trace has no sessions",
    loses:
      "Pauses that vary, and sessions that end: 8.0 / 13.2 % are of use. 17 % more hits in the " +
      "fastest tier on conversation and 2 % fewer on synthetic, the mean time to a prompt's KV " +
      "within 1 % of none's. With 500 blocks on top 2.4 / 6.5 %, and its transfers are in others' " +
      "way: 10 / 28 % slower than none.",
  },
];
