/**
 * What a row about a router holds.
 *
 * @module
 */

/** One row. A test holds the names against the engine's registry, both ways. */
export interface RouterNote {
  readonly name: string;
  /** The rule, in a sentence or two. */
  readonly idea: string;
  /** System or paper. */
  readonly source: string;
  /** What it looks at for a decision, and what it keeps. */
  readonly cost: string;
  /** When it loses. */
  readonly loses: string;
  /** Where the rule here differs from the system's. */
  readonly departs?: string;
}
