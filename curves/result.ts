/**
 * What a trace's curves and its ceiling are as results: numbers, and the hashes of what made them.
 *
 * @module
 */
import type { Touch, TraceSummary } from "../engine/result.ts";
import type { Curve, CurveGroup } from "./curve.ts";
import type { Sampling } from "./sampled_curve.ts";

/** What every result about a trace says of its making. */
export interface CurveFacts {
  readonly trace: TraceSummary;
  readonly engine: { readonly hash: string; readonly abiVersion: number };
  /** Bytes of one full block, when a model or `--block-bytes` gave them. */
  readonly blockBytes?: number;
  readonly touch: Touch;
  /** Seed of policies that draw random numbers, and of samples. */
  readonly seed: number;
  /** Hits of a cache without limit: all references but the first one of each block. */
  readonly ceilingHits: number;
  /** SHA-256 over everything else here that is a number; equal on every host. */
  readonly resultHash: string;
}

/** Hits over capacities, of several policies or of parts of the trace. */
export interface CurveResult extends CurveFacts {
  /** Capacities that were picked, in blocks, rising: every curve has these points and no others. */
  readonly at?: readonly number[];
  /** Present when the curve of `lru` is a sample's. */
  readonly sampling?: Sampling;
  /** Of the whole trace, in the order asked for. */
  readonly curves: readonly Curve[];
  /** LRU's curve of each part, where the trace was split; the parts share one cache. */
  readonly groups: readonly CurveGroup[];
}

/** A policy's hits at one capacity. */
export interface PolicyHits {
  /** Registered name, with parameters that are not the defaults. */
  readonly policy: string;
  readonly hits: number;
  readonly prefixHits: number;
}

/** What stands between a cache of one size and the ceiling. */
export interface CeilingRow {
  readonly capacityBlocks: number;
  /** The exact optimum, MIN with bypass. */
  readonly optimal: PolicyHits;
  readonly lru: PolicyHits;
  /** The online policy with the most prefix hits; the first asked for of equals, LRU before all. */
  readonly best: PolicyHits;
  /** Every online policy that was replayed, LRU first. */
  readonly online: readonly PolicyHits[];
}

/** The ceiling and what stays below it, capacity by capacity. */
export interface CeilingResult extends CurveFacts {
  readonly rows: readonly CeilingRow[];
}
