/**
 * Policies at several capacities on one trace, with `learned` among them: all are counted on the
 * requests that it was not trained on.
 *
 * @module
 */
import { resolveCapacities } from "../engine/choices.ts";
import {
  compare,
  type CompareOptions,
  DEFAULT_CAPACITIES,
  DEFAULT_POLICIES,
} from "../engine/compare.ts";
import type { ModelInForce } from "../engine/learn_report.ts";
import { LEARNED, type PackedModel } from "../engine/model.ts";
import type { Comparison } from "../engine/result.ts";
import type { Trace } from "../traces/trace.ts";
import type { LearnOptions } from "./settings.ts";
import type { TrainingOptions } from "./tier_models.ts";
import { trainEvictionModel } from "./train.ts";

/** What to compare, and how to train. */
export interface CompareLearnedOptions extends Omit<CompareOptions, "model" | "learned"> {
  /** Part of the requests that is learned from, above 0 and below 1. Default 0.3. */
  readonly learnShare?: number;
  readonly training?: Omit<TrainingOptions, "module">;
}

/**
 * Trains a model for each capacity on the beginning of a trace, and compares policies on the rest:
 * the beginning is a warm-up for all of them. `learned` joins the policies that are asked for.
 *
 * The bounds may hold at the start whatever they like of what was seen, so that nothing is above
 * them; they are not those of a comparison of the whole trace.
 *
 * @throws As `compare` and `trainEvictionModel`.
 *
 * @example
 * ```ts
 * import { compareWithLearned, openTrace } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await openTrace("tests/data/synthetic_trace.jsonl.gz");
 * const { results, learned } = await compareWithLearned(trace, {
 *   policies: ["lru"],
 *   capacities: ["10%"],
 *   training: { horizons: [1], rows: 20_000 },
 * });
 * assertEquals(results.map(({ policy }) => policy), ["lru", "learned"]);
 * assertEquals(results[0].requests, trace.requestCount - learned!.learnRequests);
 * ```
 */
export async function compareWithLearned(
  trace: Trace,
  options: CompareLearnedOptions = {},
): Promise<Comparison> {
  const { learnShare = 0.3, training, ...asked } = options;
  const { capacities = DEFAULT_CAPACITIES, policies = DEFAULT_POLICIES, touch, module } = asked;
  const blocks = resolveCapacities(capacities, trace, asked.blockBytes);
  const common: Omit<LearnOptions, "capacityBlocks"> = {
    ...training,
    learnShare,
    ...(touch === undefined ? {} : { touch }),
    ...(module === undefined ? {} : { module }),
  };
  const models = new Map<number, PackedModel>();
  const about: ModelInForce[] = [];
  for (const capacityBlocks of blocks) {
    const { model, report } = await trainEvictionModel(trace, { ...common, capacityBlocks });
    models.set(capacityBlocks, model.packed);
    about.push({ capacityBlocks, modelHash: model.packed.hash, report });
  }
  const learnRequests = Math.floor(trace.requestCount * learnShare);
  return await compare(trace, {
    ...asked,
    policies: policies.includes(LEARNED) ? policies : [...policies, LEARNED],
    learned: { window: { learnRequests, models: about }, models },
  });
}
