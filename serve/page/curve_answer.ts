/**
 * The curves of a trace: LRU at every capacity, the optimum beside it.
 *
 * @module
 */
import type { Curve, CurvePoint } from "../../curves/curve.ts";
import { optimumCurve } from "../../curves/optimum_curve.ts";
import { Replayer } from "../../engine/replayer.ts";
import type { Touch } from "../../engine/result.ts";
import { isPrefixTree } from "../../traces/prefix_tree.ts";
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
  const replay = (name: string, capacityBlocks: number) => {
    const policy = replayer.registry.policy(name);
    return replayer.run({ policy, admission, capacityBlocks, touch, seed: 42 });
  };
  const points: CurvePoint[] = [];
  const prefixPoints: CurvePoint[] = [];
  for (let i = 0; i <= 24; i++) {
    const capacity = Math.ceil(trace.uniqueBlocks ** (i / 24));
    if (capacity === points.at(-1)?.[0]) continue;
    const run = replay("lru", capacity);
    points.push([capacity, run.hits]);
    prefixPoints.push([capacity, run.prefixHits]);
  }
  const lru = { policy: "lru", exact: false, points, prefixPoints, errorHits: 0 };
  let made = 0;
  const optimum = optimumCurve((blocks) => replay("optimal", blocks), {
    uniqueBlocks: trace.uniqueBlocks,
    ceilingHits: trace.accesses - trace.uniqueBlocks,
    isPrefixTree: isPrefixTree(trace),
    onReplay: (n) => onProgress(made = n, 200),
  });
  return await Promise.resolve({ touch, lru, optimum });
}
