/**
 * Routers that keep together what belongs together.
 *
 * @module
 */
import type { RouterNote } from "./note.ts";

/** Routers that keep together what belongs together. */
export const AFFINITY_ROUTERS: readonly RouterNote[] = [
  {
    name: "session",
    idea:
      "A session stays where its first request went, the replica with the fewest requests; it " +
      "moves when that breaks.",
    source: "Dynamo's and LiteLLM's session affinity",
    cost: "O(1), O(candidates) for a new session; 4 B/session",
    loses: "Without sessions in the trace it is least-loaded. Prompts that sessions share are " +
      "computed once in every replica, and a replica with long sessions stays busy.",
    departs: "No time to live: a session is bound for as long as its replica is up.",
  },
  {
    name: "consistent-hash",
    idea:
      "The next point of a ring from the hash of the session, or else of the first `tokens` of " +
      "the prompt. With `bound`, replicas above so many times the mean in flight are passed over.",
    source:
      "Karger et al., STOC 1997; Mirrokni et al., SODA 2018 for the bound; production-stack's " +
      "`session`",
    cost: "O(log points); 8 B/point",
    loses:
      "Where few prefixes carry most requests: 15.7 % but 22.0 s, 120.9 s, since one of eight " +
      "replicas gets a quarter of all. `bound=1.25`: 11.6 %, 4.4 s, 17.0 s.",
  },
  {
    name: "longest-prefix",
    idea: "The replica that is seen to hold most of the prompt; of equals, the fewest in flight.",
    source: "The rule under every prefix-aware router, without their caution",
    cost: "O(log blocks + holders); 16 B/block of the trace, 8 B/holder",
    loses: "It never weighs a queue against a hit: 16.9 %, the most, yet 3.6 s, 13.3 s. With a " +
      "prefix that all share and a speculative view, everything goes to one replica.",
  },
];
