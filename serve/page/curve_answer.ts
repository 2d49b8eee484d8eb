/**
 * The curves of a trace: LRU at every capacity, the optimum beside it.
 *
 * @module
 */
import type { Curve } from "../../curves/curve.ts";
import { lruCurve } from "../../curves/lru_curve.ts";
import { optimumCurve } from "../../curves/optimum_curve.ts";
import { FoldedReplayer } from "../../engine/folded.ts";
import { Replayer } from "../../engine/replayer.ts";
import type { Touch } from "../../engine/result.ts";
import { isPrefixTree } from "../../traces/prefix_tree.ts";
import type { Trace } from "../../traces/trace.ts";

/** Curves in one touch order. */
export interface CurveAnswer {
  readonly touch: Touch;
  /** LRU first; the optimum follows, which takes longer. */
  readonly curves: readonly Curve[];
  /** Of the whole answer. */
  readonly resultHash?: string;
}

/** Computes the curves of a trace. */
export function* curveAnswers(
  trace: Trace,
  touch: Touch,
  onProgress: (done: number, total?: number) => void,
): Generator<CurveAnswer> {
  const lru = lruCurve(new FoldedReplayer(trace).reuse(touch));
  yield { touch, curves: [lru] };
  const replayer = new Replayer(trace);
  const admission = replayer.registry.admitter("always");
  const policy = replayer.registry.policy("optimal");
  const optimum = optimumCurve(
    (capacityBlocks) => replayer.run({ policy, admission, capacityBlocks, touch, seed: 42 }),
    {
      uniqueBlocks: trace.uniqueBlocks,
      ceilingHits: trace.accesses - trace.uniqueBlocks,
      isPrefixTree: isPrefixTree(trace),
      onReplay: (made) => onProgress(made),
      replaysMax: 200,
    },
  );
  yield { touch, curves: [lru, optimum], resultHash: "" };
}
