/**
 * What a row about a policy holds.
 *
 * @module
 */

/** One row. A test holds the names against the engine's registry, both ways. */
export interface PolicyNote {
  readonly name: string;
  /** A `bound` sees the future and cannot be beaten; an `oracle` sees it, and can. */
  readonly kind: "policy" | "bound" | "oracle" | "admission" | "prefetch";
  /** The rule, in a sentence or two. */
  readonly idea: string;
  /** Paper or code. */
  readonly source: string;
  /** Time per touch, and bytes per slot or block. */
  readonly cost: string;
  /** When it loses, on KV traffic in particular. */
  readonly loses: string;
  /** Where the plain name (libCacheSim's rule) and the paper differ. */
  readonly departs?: string;
}
