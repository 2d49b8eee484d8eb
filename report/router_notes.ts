/**
 * What there is to know of each router, in one row each.
 *
 * The numbers in "when it loses" are of eight engines on the Mooncake conversation trace; see
 * {@linkcode ROUTERS_MEASURED}.
 *
 * @module
 */
import { AFFINITY_ROUTERS } from "./router_notes/affinity.ts";
import { LOAD_ROUTERS } from "./router_notes/loads.ts";
import type { RouterNote } from "./router_notes/note.ts";
import { TIME_ROUTERS } from "./router_notes/times.ts";
import { WEIGHING_ROUTERS } from "./router_notes/weighing.ts";

export type { RouterNote } from "./router_notes/note.ts";

/** How the numbers in the rows were measured. */
export const ROUTERS_MEASURED =
  "Numbers: prompt tokens found in HBM (%), and time to first token, " +
  "mean and p95 (s), on the Mooncake conversation trace, all 12,031 requests, eight engines of 900 " +
  "blocks of 512 tokens with the step times of FAST'25 figure 14, seed 42, a view without delay " +
  "unless said. The trace names no sessions, its requests arrive in groups every three seconds, and " +
  "all begin with the same block. `tests/differential/routing_test.ts` holds what they rest on.";

/** All rows, in the order of the document. */
export const ROUTER_NOTES: readonly RouterNote[] = [
  ...LOAD_ROUTERS,
  ...AFFINITY_ROUTERS,
  ...WEIGHING_ROUTERS,
  ...TIME_ROUTERS,
];
