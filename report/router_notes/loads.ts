/**
 * Routers that know nothing of prompts.
 *
 * @module
 */
import type { RouterNote } from "./note.ts";

/** Routers that know nothing of prompts. */
export const LOAD_ROUTERS: readonly RouterNote[] = [
  {
    name: "round-robin",
    idea: "Each replica in turn, broken ones passed over.",
    source: "The default of most load balancers; production-stack's `roundrobin`",
    cost: "O(1); keeps nothing",
    loses:
      "Prompts differ in length by a thousand times, so turns are no even load: 6.3 %, 7.0 s, " +
      "27.1 s. The more replicas, the fewer hits: each conversation moves on at every turn.",
  },
  {
    name: "random",
    idea: "Each replica that is up, as likely.",
    source: "LiteLLM's `simple-shuffle`",
    cost: "O(1); keeps nothing",
    loses: "To round-robin, by chance alone: 5.6 %, 9.3 s, 34.9 s.",
  },
  {
    name: "least-loaded",
    idea:
      "The fewest requests in flight by the router's own count; with `own=0`, the fewest that " +
      "are seen waiting and running.",
    source: "LiteLLM's `least-busy`; vLLM and SGLang routers where load is uneven",
    cost: "O(candidates); 16 B/replica",
    loses:
      "Where prefixes matter: 5.9 %, 4.3 s, 15.0 s. With `own=0` and a view 50 ms old a group " +
      "of requests goes to one replica: 9.0 s, 26.5 s, worse than round-robin.",
  },
  {
    name: "power-of-two",
    idea: "Of `draws` replicas drawn at random, the one with the fewest requests; `own` as above.",
    source: "Mitzenmacher, IEEE TPDS 2001",
    cost: "O(draws); 16 B/replica",
    loses:
      "To looking at all of few replicas: 6.1 %, 4.9 s, 18.1 s. With `own=0` it stands a stale " +
      "view better than those that take the least of all.",
  },
];
