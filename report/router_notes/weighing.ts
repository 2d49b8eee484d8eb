/**
 * Routers of serving systems that weigh prefixes against load.
 *
 * @module
 */
import type { RouterNote } from "./note.ts";

const TREE = "16 B/block of the trace, 36 B/remembered block";
const VIEW = "16 B/block of the trace, 8 B/holder";

/** Routers of serving systems that weigh prefixes against load. */
export const WEIGHING_ROUTERS: readonly RouterNote[] = [
  {
    name: "sglang-cache-aware",
    idea: "Where most − fewest in flight > `apart` and most > `times` × fewest: the fewest. Else " +
      "the longest match in a tree of what was sent, if it covers more than `threshold` of the " +
      "prompt; else the fewest (`smallestTree=1`: the smallest tree).",
    source: "SGLang model gateway, defaults as documented; the older router has 0.5, 32, 1.1 and " +
      "`smallestTree=1`",
    cost: `O(candidates); ${TREE}`,
    loses: "Below `apart` it ignores queues altogether: 16.5 %, 3.8 s, 14.5 s.",
    departs: "Matches whole blocks, not characters; the tree is sized in tokens per replica, and " +
      "forgets at once rather than every two minutes.",
  },
  {
    name: "llm-d",
    idea: "`prefix` × share of the prompt held + `queue` × how short the queue is among the " +
      "candidates + `kv` × share of KV that is free; the highest. With `tokens` > 0 it remembers " +
      "what it sent instead of asking the engines.",
    source:
      "llm-d router, precise-prefix profile (2, 1, 1); `tokens=500000`: the approximate plugin " +
      "of the Gateway API inference extension (31,250 blocks of 16 tokens)",
    cost: `O(candidates); ${VIEW}`,
    loses: "A short prompt that is held whole scores as much as a long one. Stale views: 2.9 s, " +
      "11.1 s at 0, 7.6 s, 23.1 s at 50 ms: it does not count what it has just sent.",
    departs: "Ties go to the fewest in flight rather than at random.",
  },
  {
    name: "dynamo",
    idea: "Blocks to prefill, `prefill` × (those waiting there + the prompt − `overlap` × those " +
      "held), + blocks of requests in flight + `requests` × requests; the lowest, or with " +
      "`temperature` a draw by softmax.",
    source: "NVIDIA Dynamo's KV router, current cost",
    cost: `O(candidates); ${VIEW}, 16 B/replica`,
    loses:
      "A block that is decoded weighs as much as one to prefill, so that load outweighs hits: " +
      "10.3 %, 2.7 s, 7.3 s; on the synthetic trace 8.8 % where others find 30. Its load is its " +
      "own count: half a second of delay changes nothing.",
    departs:
      "No credit for host, disk or shared tiers; blocks that requests share are counted for " +
      "each.",
  },
  {
    name: "aibrix",
    idea:
      "Where most − fewest in flight > `apart`: the fewest. Else the longest match in a table " +
      "of what was sent, of equals the fewest, among replicas within `deviations` of the mean.",
    source: "AIBrix prefix-cache router",
    cost: `O(candidates); ${TREE}`,
    loses: "As SGLang's, within a draw: 16.5 %, 3.8 s, 14.4 s.",
    departs: "The table is per replica, and counts blocks of the trace.",
  },
  {
    name: "production-stack-prefix",
    idea: "Any replica among those with the deepest match of what was sent, whatever the load; " +
      "nothing is forgotten.",
    source: "vLLM production-stack's `prefixaware`",
    cost: `O(candidates); ${TREE}, without limit`,
    loses: "A first block that all prompts share sends everything to one replica: 4.6 %, and a " +
      "queue of hours. On the synthetic trace, without such a block, 31.7 %, 17.6 s.",
    departs:
      "Matches whole blocks of the trace, not 128 characters: prompts that share a shorter " +
      "head are strangers here, and meet on one engine there. Strangers are drawn over all " +
      "engines, and prompts that share their head stay where the first went, in both.",
  },
  {
    name: "production-stack-kv",
    idea:
      "The longest match that is seen, when it lacks `slack` tokens of the prompt at most; else " +
      "as `session`.",
    source: "vLLM production-stack's `kvaware` over LMCache's controller",
    cost: `O(candidates); ${VIEW}`,
    loses: "New turns with long additions lose their prefix: 14.1 %, 3.8 s, 13.9 s.",
    departs: "Without a session, falls back to the fewest in flight where the original takes the " +
      "lowest rate; of equal matches, takes the fewest in flight, not the first it is told of.",
  },
];
