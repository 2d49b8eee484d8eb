/**
 * The fingerprint of a result: equal on every host, for every file name, in any number of workers.
 *
 * @module
 */
import type { LearnedWindow } from "./learn_report.ts";
import type { Comparison, RunResult } from "./result.ts";

/** Counters of a run in the order in which they are hashed. */
const COUNTERS = [
  "capacityBlocks",
  "seed",
  "requests",
  "accesses",
  "hits",
  "misses",
  "insertions",
  "evictions",
  "bypasses",
  "residentBlocks",
  "prefixHits",
  "hitTokens",
  "inputTokens",
  "requestHitRatioSum",
  "compulsoryMisses",
  "optimalHits",
  "optimalPrefixHits",
  "lruHits",
  "lruPrefixHits",
] as const satisfies readonly (keyof RunResult)[];

/** Which requests count, and which models there are. */
function windowOf({ learnRequests, models }: LearnedWindow): unknown {
  return [
    learnRequests,
    models.map(({ capacityBlocks, modelHash }) => [capacityBlocks, modelHash]),
  ];
}

/**
 * SHA-256 (hex) over engine hash, trace hash, block bytes and every counter of every run.
 *
 * Names of files, wall time and the choice between kernel and general engine are left out: none of
 * them may change a result.
 */
export async function resultHash(comparison: Omit<Comparison, "resultHash">): Promise<string> {
  const rows = comparison.results.map((result) => [
    result.policy,
    Object.entries(result.parameters),
    result.touch,
    result.admission,
    ...COUNTERS.map((name) => result[name]),
  ]);
  const content = [
    comparison.engine.hash,
    comparison.engine.abiVersion,
    comparison.trace.hash,
    comparison.blockBytes ?? null,
    rows,
    // Results without a model keep the hashes that they had before there were models.
    ...(comparison.modelHash === undefined ? [] : [comparison.modelHash]),
    ...(comparison.learned === undefined ? [] : [windowOf(comparison.learned)]),
  ];
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
