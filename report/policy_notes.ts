/**
 * What there is to know of each policy, admission filter and prefetcher, in one row each.
 *
 * The numbers in "when it loses" are prompt-token hit ratios on the Mooncake conversation trace,
 * tail-first, at the capacities that {@linkcode MEASURED} names; `deno task policy-rows` prints
 * them.
 *
 * @module
 */
import type { PolicyNote } from "./policy_notes/note.ts";
import { HIERARCHY } from "./policy_notes/hierarchy.ts";
import { ORACLES } from "./policy_notes/oracles.ts";
import { OTHERS } from "./policy_notes/others.ts";
import { PREFETCH } from "./policy_notes/prefetch.ts";
import { QUEUES } from "./policy_notes/queues.ts";
import { SCORES } from "./policy_notes/scores.ts";

export type { PolicyNote } from "./policy_notes/note.ts";

/** How the numbers in the rows were measured. */
export const MEASURED = "Numbers: share of prompt tokens covered by the leading run of resident " +
  "blocks on the Mooncake conversation trace, tail-first, admission `always`; three numbers are at " +
  "5 / 10 / 25 % of the distinct blocks (9,139 / 18,279 / 45,697), four begin with 1 % (1,827). LRU " +
  "has 5.3 / 20.0 / 28.4 / 36.0 %. Seeded policies: mean of seeds 1 to 3. Measured 2026-11-22 by " +
  "`deno task policy-rows`. Differences below one point are draws.";

/** All rows, in the order of the document. */
export const POLICY_NOTES: readonly PolicyNote[] = [
  ...QUEUES,
  ...SCORES,
  ...HIERARCHY,
  ...ORACLES,
  ...OTHERS,
  ...PREFETCH,
];
