/**
 * The numbers of a replay through a hierarchy that are compared over seeds.
 *
 * @module
 */
import { CAUSES, type HierarchyResult, type TierResult } from "../engine/hierarchy_result.ts";
import type { Metrics } from "./runner.ts";

const TIER_COUNTERS = [
  "hits",
  "prefixHits",
  "promotedIn",
  "demotedIn",
  "insertedIn",
  "evictions",
  "dropped",
  "bypasses",
  "bytesIn",
  "bytesOut",
  "usedBytes",
  "peakBytes",
  "readBusyNs",
  "writeBusyNs",
  "waitNs",
] as const satisfies readonly (keyof TierResult)[];

/**
 * A result as flat numbers: the whole first, then each tier as `name.hits`.
 *
 * Ratios are of look-ups; `latencyNsMean` is the time of the average look-up.
 */
export function hierarchyMetrics(result: HierarchyResult): Metrics {
  const { lookups, misses, tiers, prefetch, latencyNs, requestNs } = result;
  const prefixHits = tiers.reduce((sum, tier) => sum + tier.prefixHits, 0);
  const matrix = result.trafficBytes.map((rows) => rows.flat());
  const moved = matrix.map((cells) => cells.reduce((sum, bytes) => sum + bytes, 0));
  return {
    prefixHitRatio: ratio(prefixHits, lookups),
    blockHitRatio: ratio(lookups - misses, lookups),
    tokenHitRatio: ratio(result.hitTokens, result.inputTokens),
    fastHitRatio: ratio(tiers[0].hits, lookups),
    latencyNsMean: ratio(latencyNs.total, lookups),
    requestNsMean: requestNs?.mean ?? null,
    requestNsP50: requestNs?.p50 ?? null,
    requestNsP99: requestNs?.p99 ?? null,
    bytesMoved: moved.reduce((sum, bytes) => sum + bytes, 0),
    ...Object.fromEntries(CAUSES.map((cause, at) => [`${name(cause)}Bytes`, moved[at]])),
    demotedBytes: result.demotedBytes.reduce((sum, bytes) => sum + bytes, 0),
    requests: result.requests,
    lookups,
    misses,
    recomputedBlocks: result.recomputedBlocks,
    recomputedByChoice: result.recomputedByChoice,
    joinedBlocks: result.joinedBlocks,
    hitTokens: result.hitTokens,
    inputTokens: result.inputTokens,
    prefetchRequested: prefetch.requested,
    prefetchUseful: prefetch.useful,
    prefetchLate: prefetch.late,
    prefetchWasted: prefetch.wasted,
    prefetchUsefulRatio: ratio(prefetch.useful, prefetch.requested),
    loadNs: latencyNs.load,
    waitNs: latencyNs.wait,
    computeNs: latencyNs.compute,
    dequantiseNs: latencyNs.dequantise,
    totalNs: latencyNs.total,
    ...Object.fromEntries(tiers.flatMap((tier) => [
      [`${tier.name}.hitRatio`, ratio(tier.hits, lookups)],
      ...TIER_COUNTERS.map((counter) => [`${tier.name}.${counter}`, tier[counter]]),
    ])),
  };
}

/** A cause as the beginning of a name: `write-back` is `writeBack`. */
function name(cause: string): string {
  return cause.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
