/**
 * What `kvtier ttl` found.
 *
 * @module
 */
import type { Touch, TraceSummary } from "../engine/result.ts";
import type { Bill } from "./bill_result.ts";

/** A TTL in nanoseconds from which on there are so many hits. */
export type TtlPoint = readonly [ttlNs: number, hits: number];

/** Hits of an endless cache over TTLs: steps, level between two points; none below the first. */
export interface TtlCurve {
  readonly points: readonly TtlPoint[];
  readonly prefixPoints: readonly TtlPoint[];
}

/** An endless cache at one TTL. */
export interface TtlRow {
  /** `Infinity` never forgets. */
  readonly ttlNs: number;
  /** Block hits. */
  readonly hits: number;
  readonly prefixHits: number;
  /** Prompt tokens that the leading runs cover, a partial last block by its tokens. */
  readonly hitTokens: number;
  /** Blocks held, as a mean over the trace's time; `null` where no time passes. */
  readonly residentBlocksMean: number | null;
  readonly residentBlocksPeak: number;
}

/** Percentiles by nearest rank over blocks; `null` where there are none. */
export interface AgeRanks {
  readonly blocks: number;
  readonly p10Ns: number | null;
  readonly p50Ns: number | null;
  readonly p90Ns: number | null;
  readonly maxNs: number | null;
}

/** Idle times in an LRU cache of one capacity. */
export interface AgesAtCapacity {
  readonly capacityBlocks: number;
  /** Since the last touch, of blocks that were hit. */
  readonly hit: AgeRanks;
  /** Since the last touch, of blocks that left to make room. */
  readonly evicted: AgeRanks;
  /** Since the last touch, of blocks that came back after they had left. */
  readonly missed: AgeRanks;
  readonly boundBy: "capacity" | "reuse" | "nothing";
}

/** An LRU cache of one capacity whose blocks expire after one TTL. */
export interface TtlAtCapacity {
  readonly capacityBlocks: number;
  readonly ttlNs: number;
  readonly hits: number;
  readonly prefixHits: number;
}

/** The whole result of `kvtier ttl`. */
export interface TtlResult {
  readonly trace: TraceSummary;
  readonly engine: { readonly hash: string; readonly abiVersion: number };
  /** Bytes of one full block, when a model or `--block-bytes` gave them. */
  readonly blockBytes?: number;
  readonly touch: Touch;
  /** From the first arrival to the last. */
  readonly spanNs: number;
  readonly inputTokens: number;
  /** TTLs rising, the endless one last. */
  readonly rows: readonly TtlRow[];
  readonly curve: TtlCurve;
  readonly ages: readonly AgesAtCapacity[];
  /** Capacity-major. */
  readonly together: readonly TtlAtCapacity[];
  readonly bill: Bill;
  /** SHA-256 over everything above but names of files; equal on every host. */
  readonly resultHash: string;
}
