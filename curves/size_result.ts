/**
 * What `kvtier size` found.
 *
 * @module
 */
import type { Touch, TraceSummary } from "../engine/result.ts";
import type { CurvePoint } from "./curve.ts";

/** The memory that a share of the ceiling takes. */
export interface SizeRow {
  /** Share of the ceiling's prefix hits, 0 to 1. */
  readonly share: number;
  /** Blocks of an LRU cache with that share, the fewest; exact. */
  readonly capacityBlocks: number;
  readonly prefixHits: number;
  readonly blockHits: number;
  /** Blocks with which the optimum has that share. */
  readonly optimumBlocks: number;
}

/** One tier of a mix. */
export interface MixTierResult {
  readonly name: string;
  /** Whether the size was given, not sought. */
  readonly fixed: boolean;
  readonly capacityBlocks: number;
  readonly capacityBytes: number;
  /** Prefix hits whose leading run needs this tier and none below it. */
  readonly prefixHits: number;
  /** Time that loading a block takes, or computing it where that is faster. */
  readonly loadNsPerBlock: number;
  readonly loadNs: number;
  /** Bytes that are pushed into the tier, or in the fastest one computed and moved up. */
  readonly writtenBytes: number;
  /** Mean rate of reading and of writing ÷ what one device does; above 1 it takes several. */
  readonly readLoad: number;
  readonly writeLoad: number;
  readonly joules: number;
  /** 0 where no price is known. */
  readonly dollarsPerMonth: number;
}

/** What a mix is the answer to. */
export type MixQuestion = "given" | "target" | "memory-only" | "budget";

/** Sizes of all tiers, and what they do. */
export interface MixResult {
  /**
   * `given`: the sizes of the scenario; `target`: most worth with the target met; `memory-only`:
   * cheapest memory with the target met, load time ignored; `budget`: most worth for the money.
   */
  readonly question: MixQuestion;
  readonly tiers: readonly MixTierResult[];
  readonly prefixHits: number;
  /** GPU time that the hits did not have to compute. */
  readonly savedNs: number;
  readonly loadNs: number;
  readonly joules: number;
  readonly dollarsPerMonth: number;
  /** (saved − loading) as a share of the trace's time × price of the GPU, for a month. */
  readonly gpuDollarsPerMonth: number;
  /** GPU dollars − dollars of the tiers. */
  readonly netDollarsPerMonth: number;
}

/** What mixes were weighed with. */
export interface Weights {
  readonly containment: "exclusive" | "inclusive";
  readonly spanNs: number;
  /** Prefill time of one prompt token, attention left out. */
  readonly prefillNsPerToken: number;
  readonly gpuDollarsPerHour: number;
  readonly target: number;
  readonly budgetDollarsPerMonth: number | null;
}

/** Mixes of tiers and what they were weighed with. */
export interface Mixes {
  readonly weights: Weights;
  readonly mixes: readonly MixResult[];
  /** Questions that no mix answers, such as a budget below the price of what is given. */
  readonly unanswered: readonly MixQuestion[];
}

/** The whole result of `kvtier size`. */
export interface SizeResult {
  readonly trace: TraceSummary;
  readonly engine: { readonly hash: string; readonly abiVersion: number };
  /** Bytes of one full block, when a model or `--block-bytes` gave them. */
  readonly blockBytes?: number;
  readonly touch: Touch;
  /** Share of the ceiling that was asked for. */
  readonly target: number;
  /** Prefix hits of an endless cache. */
  readonly ceilingPrefixHits: number;
  /** Block hits of an endless cache. */
  readonly ceilingBlockHits: number;
  /** Shares rising, the target among them. */
  readonly rows: readonly SizeRow[];
  /** Prefix hits of LRU at capacities a fixed factor apart, each exact. */
  readonly samples: readonly CurvePoint[];
  readonly mixes?: Mixes;
  /** SHA-256 over everything above but names of files; equal on every host. */
  readonly resultHash: string;
}
