/**
 * A miss-ratio curve: hits as a function of capacity.
 *
 * @module
 */

/** A capacity in blocks, and the hits of a cache of that size. */
export type CurvePoint = readonly [capacityBlocks: number, hits: number];

/**
 * Hits of one policy over capacities. Between two neighbouring points the curve is the straight
 * line through them: exactly where `exact` says so, else as an interpolation with stated bounds.
 * Below the first point it starts at `[0, 0]`; above the last it stays level.
 */
export interface Curve {
  /** Registered name of the policy, such as `lru`. */
  readonly policy: string;
  /** Whether every whole capacity between the points is exact, not only the points. */
  readonly exact: boolean;
  /** Block hits; capacities rise strictly. */
  readonly points: readonly CurvePoint[];
  /** Hits in the leading runs, what a prefix cache serves. */
  readonly prefixPoints: readonly CurvePoint[];
  /** Most hits that an interpolated value may be off, either way; 0 when exact. */
  readonly errorHits: number;
}

/** What a curve counts: the part of the trace it is about. */
export interface CurveGroup {
  /** What the trace was split by, or `all`. */
  readonly by: "all" | "tenant" | "turn" | "kind" | "session-length" | "window";
  /** Which part, such as `tenant 3`, `turn 1`, `hour 2`. */
  readonly name: string;
  readonly requests: number;
  /** Block references of the part. */
  readonly accesses: number;
  /** References to blocks never touched before: no cache serves them. */
  readonly compulsoryMisses: number;
  readonly curve: Curve;
}
