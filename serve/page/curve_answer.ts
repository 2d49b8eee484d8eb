/**
 * The curves of a trace: LRU at every capacity, the optimum beside it.
 *
 * @module
 */
import type { Curve, CurvePoint } from "../../curves/curve.ts";
import { Replayer } from "../../engine/replayer.ts";
import type { Touch } from "../../engine/result.ts";
import type { Trace } from "../../traces/trace.ts";

/** Curves in one touch order. */
export interface CurveAnswer {
  readonly touch: Touch;
  readonly lru: Curve;
  readonly optimum: Curve;
}

/** Computes the curves of a trace. */
export async function curveAnswer(
  trace: Trace,
  touch: Touch,
  onProgress: (done: number, total: number) => void,
): Promise<CurveAnswer> {
  const replayer = new Replayer(trace);
  const admission = replayer.registry.admitter("always");
  const capacities: number[] = [];
  for (let i = 0; i <= 24; i++) capacities.push(Math.ceil(trace.uniqueBlocks ** (i / 24)));
  const blocks = [...new Set(capacities)];
  const total = 2 * blocks.length * trace.accesses;
  let done = 0;
  const curve = (name: string): Curve => {
    const points: CurvePoint[] = [];
    const prefixPoints: CurvePoint[] = [];
    for (const capacityBlocks of blocks) {
      const policy = replayer.registry.policy(name);
      const run = replayer.run(
        { policy, admission, capacityBlocks, touch, seed: 42 },
        (accesses) => onProgress(done + accesses, total),
      );
      done += trace.accesses;
      points.push([capacityBlocks, run.hits]);
      prefixPoints.push([capacityBlocks, run.prefixHits]);
    }
    return { policy: name, exact: false, points, prefixPoints, errorHits: 0 };
  };
  return await Promise.resolve({ touch, lru: curve("lru"), optimum: curve("optimal") });
}
