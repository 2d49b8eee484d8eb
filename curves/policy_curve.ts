/**
 * Curves of policies that are known at replayed capacities only.
 *
 * @module
 */
import type { Curve, CurvePoint } from "./curve.ts";
import type { ReplayHits } from "./optimum_curve.ts";

/**
 * A curve through replayed points. Between them it is interpolated, and nothing bounds how far that
 * is off: these policies may even lose hits with more blocks (Belady's anomaly).
 *
 * @param policy Registered name, with parameters that are not the defaults.
 * @param capacities Capacities in blocks, in any order, each once.
 * @param found Hits at each of them.
 *
 * @example
 * ```ts
 * import { replayedCurve } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const found = [{ hits: 9, prefixHits: 8 }, { hits: 4, prefixHits: 4 }];
 * const curve = replayedCurve("sieve", [20, 10], found);
 * assertEquals(curve.points, [[10, 4], [20, 9]]);
 * assertEquals([curve.exact, curve.errorHits], [false, Infinity]);
 * ```
 */
export function replayedCurve(
  policy: string,
  capacities: readonly number[],
  found: readonly ReplayHits[],
): Curve {
  const sorted = (hits: (each: ReplayHits) => number): CurvePoint[] =>
    capacities.map((capacity, i): CurvePoint => [capacity, hits(found[i])])
      .sort(([a], [b]) => a - b);
  return {
    policy,
    exact: false,
    points: sorted(({ hits }) => hits),
    prefixPoints: sorted(({ prefixHits }) => prefixHits),
    errorHits: Infinity,
  };
}
