/**
 * What a replay found. Counters are integers; ratios are derived from them by `report/metrics.ts`.
 *
 * @module
 */

import type { LearnedWindow } from "./learn_report.ts";

/** The order in which a request touches its blocks. */
export type Touch =
  /** Look up and touch the first block first, one after the other, as libCacheSim does. */
  | "root-first"
  /** Look up all blocks when the request arrives, then touch the last block first, as vLLM does. */
  | "tail-first";

/** One replay of one trace under one policy at one capacity. */
export interface RunResult {
  /** Registered name of the policy. */
  readonly policy: string;
  /** Parameters that were in force, in declared order, defaults included. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly capacityBlocks: number;
  readonly touch: Touch;
  /** Registered name of the admitter, with its parameters when they are not the defaults. */
  readonly admission: string;
  readonly seed: number;
  /** Whether the policy draws random numbers, so that another seed gives another result. */
  readonly seeded: boolean;
  /** `kernel`: an exact specialisation ran; `general`: the engine that takes every policy. */
  readonly engine: "kernel" | "general";

  readonly requests: number;
  /** Block look-ups. `hits + misses = accesses`. */
  readonly accesses: number;
  readonly hits: number;
  readonly misses: number;
  /** Blocks written into the tier. `insertions + bypasses >= misses`; see `docs/metrics.md`. */
  readonly insertions: number;
  /** Blocks that left the tier to make room. `insertions - evictions = residentBlocks`. */
  readonly evictions: number;
  /** Missed blocks that admission or the policy declined to keep. */
  readonly bypasses: number;
  /** Blocks held at the end. */
  readonly residentBlocks: number;
  /** Hits in the leading run of each request: the only ones a prefix cache can use. */
  readonly prefixHits: number;
  /** Prompt tokens covered by the leading run, a partial last block counted by its tokens. */
  readonly hitTokens: number;
  readonly inputTokens: number;
  /** Sum over requests of (tokens covered ÷ prompt tokens). */
  readonly requestHitRatioSum: number;
  /** Misses of blocks never seen before: no cache of any size avoids them. */
  readonly compulsoryMisses: number;

  /** Block hits of the exact optimum (MIN with bypass) at this capacity and touch order. */
  readonly optimalHits: number;
  /** Prefix hits of the exact optimum; equal to `optimalHits` on a prefix tree. */
  readonly optimalPrefixHits: number;
  /** Block hits of plain LRU at this capacity and touch order, the foot of "gap closed". */
  readonly lruHits: number;
  /** Prefix hits of plain LRU. */
  readonly lruPrefixHits: number;
  /** SHA-256 of the model that `learned` went by, when one was given. */
  readonly modelHash?: string;
}

/** Facts of the trace that a report repeats. */
export interface TraceSummary {
  readonly path: string;
  readonly format: string;
  readonly requests: number;
  readonly accesses: number;
  readonly uniqueBlocks: number;
  readonly blockTokens: number;
  readonly extents: number;
  readonly reuse: "hashes" | "none";
  readonly hash: string;
  readonly notes: readonly string[];
}

/** Several policies at several capacities on one trace. */
export interface Comparison {
  readonly trace: TraceSummary;
  readonly engine: { readonly hash: string; readonly abiVersion: number };
  /** Bytes of one full block, when a model or `--block-bytes` gave them. */
  readonly blockBytes?: number;
  /** SHA-256 of the model that `learned` went by, when one was given for all capacities. */
  readonly modelHash?: string;
  /** What `learned` was trained on, when counting begins after that. */
  readonly learned?: LearnedWindow;
  /** Capacity-major, policies in the order asked for. */
  readonly results: readonly RunResult[];
  /** SHA-256 over everything above; equal on every host. */
  readonly resultHash: string;
}
