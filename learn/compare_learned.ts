/**
 * The `learned` policy beside LRU and the optimum, on requests that it was not trained on.
 *
 * @module
 */
import type { LearnReport } from "../engine/learn_report.ts";
import { freeStart } from "../engine/free_start.ts";
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
