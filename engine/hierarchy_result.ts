/**
 * What a replay through a hierarchy found. Integers, but for sums of money and energy, which are
 * derived after the loop.
 *
 * @module
 */

import type { LearnedRun } from "./learn_report.ts";

/** Why bytes moved. A demotion has the cause of the move that made it necessary. */
export type Cause = "demand" | "write-back" | "prefetch";

/** All causes, in the order of the traffic matrix. */
export const CAUSES: readonly Cause[] = ["demand", "write-back", "prefetch"];

/** Counters of one tier. */
export interface TierResult {
  readonly name: string;
  readonly policy: string;
  /** SHA-256 of the model that the tier went by, if it is `learned`. */
  readonly modelHash?: string;
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly peakBytes: number;
  readonly residentBlocks: number;
  /** Look-ups that found their block here, and in no faster tier. */
  readonly hits: number;
  /** Of those, hits in the leading run of their request. */
  readonly prefixHits: number;
  /** Blocks that came in from a slower tier, from a faster one, and newly computed. */
  readonly promotedIn: number;
  readonly demotedIn: number;
  readonly insertedIn: number;
  /** Blocks that left to make room, and how many of those left the hierarchy here. */
  readonly evictions: number;
  readonly dropped: number;
  /** Blocks that admission or the policy kept out. */
  readonly bypasses: number;
  /** Bytes that came to live here, and that went, moved or dropped. In = out + held. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Latency and channel time of its transfers, summed. Timed movement; else 0. */
  readonly readBusyNs: number;
  readonly writeBusyNs: number;
  /** Sum of the waiting of its transfers. Timed movement; else 0. */
  readonly waitNs: number;
  readonly transfers: number;
}

/** What became of prefetches: `useful + late + wasted = requested`. */
export interface PrefetchResult {
  readonly requested: number;
  /** Arrived before the block was asked for. */
  readonly useful: number;
  /** Asked for while still on its way. */
  readonly late: number;
  /** Evicted unused, or unused at the end. */
  readonly wasted: number;
  readonly bytes: number;
}

/** One sample of the hierarchy over time. */
export interface ResidencySample {
  readonly request: number;
  readonly timeNs: number;
  /** Bytes held by each tier. */
  readonly usedBytes: readonly number[];
  /** Look-ups since the sample before, hits by tier, and misses. */
  readonly lookups: number;
  readonly hits: readonly number[];
}

/** The whole result of `kvtier run`. */
export interface HierarchyResult {
  readonly scenario: string;
  readonly seed: number;
  readonly requests: number;
  readonly lookups: number;
  readonly misses: number;
  /** Missed blocks that were seen before. */
  readonly recomputedBlocks: number;
  /** Missed blocks that another request was just computing, and that were waited for. */
  readonly joinedBlocks: number;
  /** Prompt tokens, and those of them that the leading runs covered. */
  readonly inputTokens: number;
  readonly hitTokens: number;
  /** Blocks computed although a slower tier held them, because that was faster. */
  readonly recomputedByChoice: number;
  readonly tiers: readonly TierResult[];
  /** Bytes moved: `traffic[cause][source][target]`; source or target `tiers.length` is the GPU. */
  readonly trafficBytes: readonly (readonly (readonly number[])[])[];
  /** Bytes of demotions among them, by the cause that made them necessary. */
  readonly demotedBytes: readonly number[];
  readonly prefetch: PrefetchResult;
  /**
   * Sum over look-ups of the time to have the block in the fastest tier (or read it in place). What
   * overlaps is added each time: n loads in one queue give n waits. See `requestNs`, `elapsedNs`.
   */
  readonly latencyNs: {
    readonly load: number;
    readonly wait: number;
    readonly compute: number;
    readonly dequantise: number;
    readonly total: number;
  };
  /** Time to the whole prompt's KV, per request: nearest-rank percentiles. Timed movement only. */
  readonly requestNs?: {
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
  /** From the first counted arrival to the end of the last request; absent without a clock. */
  readonly elapsedNs?: number;
  /** Time to compute every counted prompt whole: what the GPU would do without any cache. */
  readonly computeNsWithoutCache?: number;
  readonly samples: readonly ResidencySample[];
  /** Requests from the start that models learn from, and that do not count; absent without. */
  readonly learnRequests?: number;
  /** What `learned` tiers go by, and what they gain; absent when there are none. */
  readonly learned?: LearnedRun;
  readonly hashes: { readonly trace: string; readonly engine: string; readonly scenario: string };
  readonly resultHash: string;
}
