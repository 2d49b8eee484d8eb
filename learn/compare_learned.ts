/**
 * The `learned` policy beside LRU and the optimum, on requests that it was not trained on.
 *
 * @module
 */
import type { LearnReport } from "../engine/learn_report.ts";
import { type Counters, Replayer, type RunSpec } from "../engine/replayer.ts";
import type { Trace } from "../traces/trace.ts";
import type { LearnOptions } from "./settings.ts";
import { type EvictionModel, trainEvictionModel } from "./train.ts";

/** Three policies on the same requests, after the same warm-up. */
export interface LearnedComparison {
  readonly model: EvictionModel;
  readonly report: LearnReport;
  /** Counters of the requests after the beginning, which everybody replays as a warm-up. */
  readonly learned: Counters;
  readonly lru: Counters;
  /** Most hits that any policy can have there, whatever it held when counting began. */
  readonly optimal: Counters;
  /** One sentence: whether the model is worth its trouble. */
  readonly verdict: string;
}

/** Under one point is a draw. */
const DRAW_POINTS = 1;

/**
 * Trains on the beginning of a trace and compares on the rest.
 *
 * @throws {UsageError} For an option out of range.
 * @throws {EngineError} If the beginning is too short to learn from.
 *
 * @example
 * ```ts
 * import { compareLearned, openTrace } from "kvtier";
 *
 * const trace = await openTrace("tests/data/synthetic_trace.jsonl.gz");
 * const options = { capacityBlocks: 4392, horizons: [1] };
 * const { verdict, learned, optimal } = await compareLearned(trace, options);
 * console.log(verdict, learned.hits <= optimal.hits);
 * ```
 */
export async function compareLearned(
  trace: Trace,
  options: LearnOptions,
): Promise<LearnedComparison> {
  const { model, report } = await trainEvictionModel(trace, options);
  const replayer = new Replayer(trace, options.module);
  const spec = (policy: string, on: Replayer): RunSpec => ({
    policy: on.registry.policy(policy),
    admission: on.registry.admitter("always"),
    capacityBlocks: options.capacityBlocks,
    touch: report.touch,
    seed: options.seed ?? 42,
    warmupRequests: report.learnRequests,
  });
  const learned = replayer.run({ ...spec("learned", replayer), model: model.packed });
  const lru = replayer.run(spec("lru", replayer));
  const bound = new Replayer(freeStart(trace, report.learnRequests), options.module);
  const optimal = bound.run({ ...spec("optimal", bound), warmupRequests: 1 });
  return {
    model,
    report,
    learned,
    lru,
    optimal,
    verdict: verdictOf(report, learned, lru, optimal),
  };
}

/**
 * The trace with its beginning replaced by one request of all blocks seen in it: the optimum may
 * then hold any of them when counting begins, so that no other policy can be above it. (Replayed
 * over the whole trace, it would give up later hits for earlier ones that do not count.)
 */
function freeStart(trace: Trace, requests: number): Trace {
  const { firstExtent, inputTokens } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  const from = firstExtent[requests];
  let known = 0;
  for (let e = 0; e < from; e++) known = Math.max(known, firstBlock[e] + blockCount[e]);
  const first = known > 0 ? 1 : 0;
  const offsets = firstExtent.subarray(requests).map((extent) => extent - from + first);
  const counts = after(blockCount, from, known > 0 ? [known] : []);
  return {
    ...trace,
    // Never stored or reported: only its optimum is.
    hash: "",
    requestCount: trace.requestCount - requests + 1,
    accesses: counts.reduce((sum, count) => sum + count, 0),
    requests: {
      inputTokens: after(inputTokens, requests, [0]),
      firstExtent: after(offsets, 0, [0]),
    },
    extents: { firstBlock: after(firstBlock, from, known > 0 ? [0] : []), blockCount: counts },
  };
}

/** A column from a row on, with other values before it. */
function after(column: Uint32Array, from: number, before: readonly number[]): Uint32Array {
  const joined = new Uint32Array(before.length + column.length - from);
  joined.set(before);
  joined.set(column.subarray(from), before.length);
  return joined;
}

function verdictOf(
  report: LearnReport,
  learned: Counters,
  lru: Counters,
  optimal: Counters,
): string {
  const ratio = ({ prefixHits, accesses }: Counters) => 100 * prefixHits / Math.max(1, accesses);
  const points = ratio(learned) - ratio(lru);
  const numbers =
    `prefix hits ${ratio(learned).toFixed(1)} % against ${ratio(lru).toFixed(1)} %, ` +
    `at most ${ratio(optimal).toFixed(1)} %`;
  if (points >= DRAW_POINTS) {
    return `The learned policy beats LRU by ${points.toFixed(1)} points on requests that it was ` +
      `not trained on (${numbers}).`;
  }
  if (!report.isModelUsed) {
    return `LRU is enough here: no model beat it by a point on the end of what was learned from, ` +
      `so none is used (${numbers}).`;
  }
  if (points > -DRAW_POINTS) {
    return `LRU is enough here: on requests that it was not trained on, the learned policy is ` +
      `within a point of it (${numbers}).`;
  }
  return `LRU is enough here: on requests that it was not trained on, the learned policy loses ` +
    `${(-points).toFixed(1)} points (${numbers}).`;
}
