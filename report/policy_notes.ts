/**
 * What there is to know of each policy and admission filter, in one row each.
 *
 * @module
 */

/** One row. A test holds the names against the engine's registry, both ways. */
export interface PolicyNote {
  readonly name: string;
  readonly kind: "policy" | "bound" | "admission";
  /** The rule, in a sentence. */
  readonly idea: string;
  /** Paper or code. */
  readonly source: string;
  /** Time per touch and bytes per slot or block. */
  readonly cost: string;
  /** When it loses, on KV traffic in particular. */
  readonly loses: string;
  /** Where the rule here (libCacheSim's) differs from the paper, or the variant from the plain name. */
  readonly departs?: string;
}

/** All rows, in the order of the document. */
export const POLICY_NOTES: readonly PolicyNote[] = [];
