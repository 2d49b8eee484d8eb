/**
 * Routers whose cost is a time.
 *
 * @module
 */
import type { RouterNote } from "./note.ts";

const VIEW = "16 B/block of the trace, 8 B/holder";

/** Routers whose cost is a time. */
export const TIME_ROUTERS: readonly RouterNote[] = [
  {
    name: "ttft-greedy",
    idea:
      "The least expected time to first token: computing the prompts that are seen waiting, and " +
      "what is missing of this one, by the step times of the engine.",
    source: "Qin et al., FAST 2025 (Mooncake's Conductor)",
    cost: `O(candidates), two step times each; ${VIEW}`,
    loses:
      "With a stale view whole groups go to one replica: 2.0 s, 5.8 s at 0, 3.6 s, 12.0 s at " +
      "50 ms, 7.2 s, 23.4 s at 5 s. It does not see that KV is short: on the synthetic trace " +
      "13.3 s where kvtier-ms has 2.0 s.",
    departs: "No transfer of hot blocks between replicas.",
  },
  {
    name: "kvtier-ms",
    idea: "One expected time: prompts ahead (what was seen and sent since, or what has no first " +
      "token yet, whichever is less), what is missing of this one, computed or fetched from stores, " +
      "in steps as long as decoding makes them; the wait until sequences free the KV and places " +
      "that are short; and `disturbance` × the time that its prompt costs each who decodes. What it " +
      "sends counts as held at once, with or without `router.speculative`.",
    source: "kvtier",
    cost: `O(candidates), three step times each; ${VIEW}, of stores, too`,
    loses: "To ttft-greedy by a little, with a fresh view, in first tokens: 2.0 s, 6.0 s against " +
      "2.0 s, 5.8 s; in return whole answers take 12.5 s on average against 14.1 s (`disturbance=0`: " +
      "2.0 s, 5.8 s, 14.1 s). At 500 ms it keeps 2.0 s, 6.0 s, at 5 s 2.1 s, 6.2 s. It believes the " +
      "calibration: with wrong step times it weighs wrongly. With several routers, each knows " +
      "only its own requests; that is not simulated.",
  },
];
