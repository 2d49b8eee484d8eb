/**
 * The trace: what happened, as columns, folded.
 *
 * A request touches a path of a prefix tree, so it is stored as a few extents (first block, block
 * count) and never as single blocks. Blocks are numbered densely in the order of their first touch.
 *
 * @module
 */

/** One row per request. Absent columns are absent, never filled with zeros. */
export interface Requests {
  /** Arrival in integer nanoseconds since the first request; safe integers that do not decrease. */
  readonly arrivalNs?: Float64Array;
  /** Session number, dense from 0 in order of first appearance. */
  readonly session?: Uint32Array;
  /** Tenant (or model) number, dense from 0 in order of first appearance. */
  readonly tenant?: Uint32Array;
  /** Prompt length in tokens. */
  readonly inputTokens: Uint32Array;
  /** Generated length in tokens. */
  readonly outputTokens?: Uint32Array;
  /** Turn within its session, from 1. */
  readonly turn?: Uint16Array;
  /** Time the user (or tool) took before this request, in nanoseconds, or `UNKNOWN_NS`. */
  readonly thinkNs?: Float64Array;
  /** Time the service took for this request, in nanoseconds, or `UNKNOWN_NS`. */
  readonly apiNs?: Float64Array;
  /** Row of the request that started this one (a sub-agent's parent), or `NO_PARENT`. */
  readonly parent?: Uint32Array;
  /** Offsets: request `r` owns the extents from `firstExtent[r]` up to `firstExtent[r + 1]`. */
  readonly firstExtent: Uint32Array;
}

/** Runs of consecutive blocks, root first. */
export interface Extents {
  readonly firstBlock: Uint32Array;
  readonly blockCount: Uint32Array;
  /**
   * What the run holds (system prompt, document, …), when the source says so: a number, dense from
   * 0 in order of first appearance. `Trace.kindNames` has the names.
   */
  readonly kind?: Uint8Array;
}

/** What the source said about reuse; decides whether a hit ratio means anything. */
export type ReuseEvidence =
  /** Block hashes or ids: reuse is measured. */
  | "hashes"
  /** Lengths and times only: every request is unique by construction, and reports say so. */
  | "none";

/** A whole trace: immutable, folded, and independent of the file that it came from. */
export interface Trace {
  /** Where it came from: a path, or a name such as `"synthetic:loop"`. */
  readonly path: string;
  /** The format's registered name, e.g. `"mooncake"`. */
  readonly format: string;
  /** Tokens of one full block. The last block of a request may hold fewer. */
  readonly blockTokens: number;
  readonly requestCount: number;
  /** Block references over all requests: the sum of all `blockCount`. */
  readonly accesses: number;
  /** Distinct blocks. */
  readonly uniqueBlocks: number;
  readonly reuse: ReuseEvidence;
  readonly requests: Requests;
  readonly extents: Extents;
  /** Names of the numbers in `extents.kind`, at most 255; absent without that column. */
  readonly kindNames?: readonly string[];
  /** SHA-256 (hex) of the columns; the same content has the same hash whatever file held it. */
  readonly hash: string;
  /** What was read, skipped, repaired or dropped, for people; not part of the hash. */
  readonly notes: readonly string[];
}

/** In the `parent` column: this request was not started by another. */
export const NO_PARENT = 0xffffffff;

/** In the `thinkNs` and `apiNs` columns: the source does not say, for this request. */
export const UNKNOWN_NS = -1;

/**
 * What a number of the column `kind` stands for; `kind 3` in a trace without names.
 *
 * @example
 * ```ts
 * import { kindName, synthesize } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await synthesize({ kind: "rag", requests: 5, kinds: "yes" });
 * assertEquals(kindName(trace, trace.extents.kind![0]), "system");
 * assertEquals(kindName({}, 3), "kind 3");
 * ```
 */
export function kindName({ kindNames }: Pick<Trace, "kindNames">, kind: number): string {
  return kindNames?.[kind] ?? `kind ${kind}`;
}
