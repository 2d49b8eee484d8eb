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
  /**
   * Whether every whole capacity between the points is exact, not only the points. Where capacities
   * were picked, the points are all there is, and this is about them.
   */
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

/**
 * Hits at a capacity, on the straight line between the neighbouring points.
 *
 * @param points Of a {@linkcode Curve}.
 * @param capacityBlocks 0 or more.
 */
export function hitsAt(points: readonly CurvePoint[], capacityBlocks: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle][0] <= capacityBlocks) low = middle + 1;
    else high = middle;
  }
  const [x0, y0] = low === 0 ? [0, 0] : points[low - 1];
  if (low === points.length || x0 === capacityBlocks) return y0;
  const [x1, y1] = points[low];
  return y0 + (y1 - y0) * (capacityBlocks - x0) / (x1 - x0);
}

/**
 * The smallest whole capacity with at least so many hits, or `undefined` when none has.
 *
 * @param points Of a {@linkcode Curve}, not falling.
 */
export function capacityFor(points: readonly CurvePoint[], hits: number): number | undefined {
  if (hits <= 0) return 0;
  let [x0, y0]: CurvePoint = [0, 0];
  for (const [x1, y1] of points) {
    if (y1 >= hits) return x0 + Math.ceil((hits - y0) * (x1 - x0) / (y1 - y0));
    [x0, y0] = [x1, y1];
  }
  return undefined;
}

/**
 * Capacities 1, 2, 5, 10, 20, 50, … below the number of blocks, then that number.
 *
 * @example
 * ```ts
 * import { roundCapacities } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(roundCapacities(70), [1, 2, 5, 10, 20, 50, 70]);
 * ```
 */
export function roundCapacities(uniqueBlocks: number): number[] {
  const capacities: number[] = [];
  for (let power = 1; power < uniqueBlocks; power *= 10) {
    for (const step of [1, 2, 5]) {
      if (step * power < uniqueBlocks) capacities.push(step * power);
    }
  }
  if (uniqueBlocks > 0) capacities.push(uniqueBlocks);
  return capacities;
}
