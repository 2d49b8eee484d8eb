/**
 * Hierarchies with `learned` tiers, beside the same hierarchies under LRU.
 *
 * @module
 */
import { HierarchyReplayer, type SimulateOptions } from "../engine/hierarchy.ts";
import type { HierarchyResult } from "../engine/hierarchy_result.ts";
import type { LearnedRun, LearnedTier } from "../engine/learn_report.ts";
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import type { Trace } from "../traces/trace.ts";
import { isLearned, type MadeModel, TierModelMaker, type TrainingOptions } from "./tier_models.ts";

/** As {@linkcode SimulateOptions}, and how models are trained. */
export interface SimulateLearnedOptions extends Omit<SimulateOptions, "models"> {
  readonly training?: Omit<TrainingOptions, "module">;
}

/** Under one point is a draw. */
const DRAW_POINTS = 1;

/**
 * Replays a trace through the tiers of a scenario; `learned` tiers go by the model of their file,
 * or by one that is trained on the first `learn.share` of the requests. Those requests do not
 * count. The same hierarchy under LRU is replayed too, and the result says whether LRU is enough.
 *
 * A scenario without `learned` tiers is replayed as {@linkcode simulate} does.
 *
 * @throws As {@linkcode simulate}; and what reading or training a model throws.
 *
 * @example
 * ```ts
 * import { exampleHierarchy, openTrace, simulateLearned } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await openTrace("tests/data/synthetic_trace.jsonl.gz");
 * const scenario = exampleHierarchy({
 *   capacityBlocks: [1000, 3000],
 *   blockTokens: trace.blockTokens,
 *   bytesPerToken: 1 / 32,
 *   tier: { policy: "learned" },
 *   learn: { share: 0.3 },
 * });
 * const training = { horizons: [1], rows: 20_000 };
 * const { learned, learnRequests } = await simulateLearned(scenario, trace, { training });
 * assertEquals(learnRequests, Math.floor(trace.requestCount * 0.3));
 * assertEquals(learned?.tiers.map(({ capacityBlocks }) => capacityBlocks), [1000, 4000]);
 * console.log(learned?.verdict);
 * ```
 */
export async function simulateLearned(
  scenario: HierarchyScenario,
  trace: Trace,
  options: SimulateLearnedOptions = {},
): Promise<HierarchyResult> {
  const { training, ...switches } = options;
  const { module } = options;
  const maker = new TierModelMaker(trace, {
    ...training,
    ...(module === undefined ? {} : { module }),
  });
  const made = await maker.modelsOf(scenario);
  const replayer = new HierarchyReplayer(trace, {}, module);
  const models = made.map((model) => model?.packed);
  const result = await replayer.run(scenario, { ...switches, models });
  if (made.every((model) => model === undefined)) return result;
  const tiers = scenario.tiers.map((tier) => isLearned(tier) ? { ...tier, policy: "lru" } : tier);
  const lru = await replayer.run({ ...scenario, tiers }, { samples: 0 });
  return { ...result, learned: learnedRun(result, lru, made) };
}

function learnedRun(
  result: HierarchyResult,
  lru: HierarchyResult,
  made: readonly (MadeModel | undefined)[],
): LearnedRun {
  const tiers = made.flatMap((model, tier): LearnedTier[] => {
    if (model === undefined) return [];
    const { name } = result.tiers[tier];
    const [prefixHits, lruPrefixHits] = [result, lru].map((run) => hitsDownTo(run, tier));
    return [{ ...model.about, tier, name, prefixHits, lruPrefixHits }];
  });
  return { tiers, verdict: verdictOf(tiers, result.lookups) };
}

/** What a tier keeps shows in the hits of that tier and of those above together. */
function hitsDownTo({ tiers }: HierarchyResult, tier: number): number {
  return tiers.slice(0, tier + 1).reduce((sum, { prefixHits }) => sum + prefixHits, 0);
}

function verdictOf(tiers: readonly LearnedTier[], lookups: number): string {
  const gain = ({ prefixHits, lruPrefixHits }: LearnedTier) =>
    100 * (prefixHits - lruPrefixHits) / Math.max(1, lookups);
  const ratio = (hits: number) => (100 * hits / Math.max(1, lookups)).toFixed(1);
  const numbers = tiers.map(({ name, prefixHits, lruPrefixHits }) =>
    `${name} ${ratio(prefixHits)} % against ${ratio(lruPrefixHits)} %`
  ).join(", ");
  const said = `prefix hits down to ${numbers}`;
  const gains = tiers.map(gain);
  const [least, most] = [Math.min(...gains), Math.max(...gains)];
  if (least <= -DRAW_POINTS) {
    return `LRU is enough here: on requests that no model was trained on, learned loses ` +
      `${(-least).toFixed(1)} points (${said}).`;
  }
  if (most >= DRAW_POINTS) {
    return `Learned beats LRU by ${most.toFixed(1)} points on requests that no model was trained ` +
      `on (${said}).`;
  }
  const unused = tiers.filter(({ report }) => report !== undefined && !report.isModelUsed);
  return unused.length === tiers.length
    ? `LRU is enough here: no model beat it by a point on the end of what was learned from, so ` +
      `none is used (${said}).`
    : `LRU is enough here: on requests that no model was trained on, learned is within a point ` +
      `of it (${said}).`;
}
