/**
 * The previous use of every block, folded: the table behind all whole curves.
 *
 * A **run** is a part of one extent whose blocks were last touched side by side in one earlier
 * extent (or never). One row holds what is true of all its blocks, so that a trace of 85 million
 * references has a few hundred thousand rows.
 *
 * @module
 */
import type { Touch } from "./result.ts";

/** In `previousRequest`, `distance` and `peak`: there is none, the block was never touched before. */
export const NEVER = 0xffffffff;

/** Runs in the order of requests, extents and blocks. All columns have `count` rows. */
export interface ReuseRuns {
  readonly touch: Touch;
  readonly count: number;
  /** Row of the request that touches the run. */
  readonly request: Uint32Array;
  /** Row of its extent. */
  readonly extent: Uint32Array;
  readonly firstBlock: Uint32Array;
  readonly blockCount: Uint32Array;
  /** Row of the request that touched the run last before, or {@linkcode NEVER}. */
  readonly previousRequest: Uint32Array;
  /**
   * LRU stack distance of the run's first block: distinct other blocks touched since its last
   * touch, or {@linkcode NEVER}. A cache of `capacity` blocks hits when `distance < capacity`.
   *
   * Root-first, every block of the run has this distance. Tail-first, look-ups happen at the
   * request's arrival and block `i` of the run has `distance + i`.
   */
  readonly distance: Uint32Array;
  /**
   * Largest distance among the blocks before this run in its request: 0 where it begins the
   * request, {@linkcode NEVER} after a block that was never touched before. A block of the run is
   * a prefix hit when its own distance and this peak are both below the capacity.
   */
  readonly peak: Uint32Array;
}
