/**
 * Trains the model of the `learned` policy on the beginning of a trace.
 *
 * The rows come out of the engine: a replay of the beginning records what the policy would know at
 * each moment, and serving computes the same rows by the same code. Nothing after the beginning is
 * looked at until the model is made.
 *
 * @module
 */
import type { PackedModel } from "../engine/model.ts";
import type { Candidate, HeldOut, LearnReport } from "../engine/learn_report.ts";
import { firstRequests } from "../traces/limit.ts";
import type { Trace } from "../traces/trace.ts";
import { Stage } from "./beginning.ts";
import { labelledFor, type LabelledRows, type Outcomes, type Part } from "./dataset.ts";
import { FEATURE_NAMES, packModel } from "./features.ts";
import { type Forest, type ForestObjective, gainShares, scoreOf } from "./forest.ts";
import { boost } from "./gbdt.ts";
import { areaUnderCurve, distanceError } from "./metrics.ts";
import { type LearnOptions, ROWS_MIN, type Settings, settle, tooShort } from "./settings.ts";

/** A model that `learned` can serve with. */
export interface EvictionModel {
  /** Foretells reuse within the horizon, in log odds; no trees when LRU is enough. */
  readonly forest: Forest;
  readonly packed: PackedModel;
  readonly horizonAccesses: number;
}

/** No horizon may take more than this of the part that it is learned from. */
const HORIZON_SHARE_MAX = 0.6;
/** Under one point is a draw. */
const MARGIN = 0.01;
/** A model that ranks unseen sessions worse than this has learned the seen ones by heart. */
const AUC_MIN = 0.6;
/**
 * Trains on the first part of a trace, tries several horizons on the end of that part, and keeps a
 * model only if it beats LRU there by a point.
 *
 * @throws {UsageError} For an option out of range.
 * @throws {EngineError} If the beginning is too short to learn from.
 *
 * @example
 * ```ts
 * import { openTrace, trainEvictionModel } from "kvtier";
 *
 * const trace = await openTrace("tests/data/synthetic_trace.jsonl.gz");
 * const { report } = await trainEvictionModel(trace, { capacityBlocks: 4392, horizons: [1] });
 * console.log(report.heldOutByTime.auc, report.isModelUsed);
 * ```
 */
export async function trainEvictionModel(
  trace: Trace,
  options: LearnOptions,
): Promise<{ model: EvictionModel; report: LearnReport }> {
  const settings = settle(trace, options);
  const { touch, rows, module, capacityBlocks, learnRequests, fitRequests } = settings;
  const beginning = await firstRequests(trace, learnRequests);
  const stage = new Stage(beginning, { touch, rows, module });
  const outcomes = stage.outcomes();
  const tried = await tryAll(stage, outcomes, settings);
  const lruPrefixHitRatio = stage.prefixHitRatio(capacityBlocks, fitRequests);
  const best = tried.reduce((a, b) => b.prefixHitRatio > a.prefixHitRatio ? b : a);
  const isModelUsed = best.prefixHitRatio >= lruPrefixHitRatio + MARGIN &&
    best.auc >= Math.max(AUC_MIN, best.aucOfAge);
  const part = { from: 0, to: learnRequests };
  const train = outcomes.part(part, best.horizonAccesses, false, settings.dropped);
  const final = (objective: ForestObjective) =>
    boost(labelledFor(train, objective), FEATURE_NAMES, {
      ...settings.boost,
      objective,
      trees: best.trees,
    }).forest;
  const forests = { binary: final("binary"), regression: final("regression") };
  const forest = isModelUsed ? forests.binary : { ...forests.binary, trees: [] };
  const wanted = rows / (1 - settings.learnShare);
  const whole = new Stage(trace, { touch, rows: wanted, module }).outcomes();
  const after = { from: learnRequests, to: trace.requestCount };
  const heldOut = (unseen: boolean) =>
    measure(
      whole.part(after, best.horizonAccesses, unseen, settings.dropped),
      train,
      forests,
    );
  const report: LearnReport = {
    capacityBlocks,
    touch,
    learnRequests,
    fitRequests,
    trainRows: train.rows.length,
    horizonAccesses: best.horizonAccesses,
    candidates: tried,
    lruPrefixHitRatio,
    isModelUsed,
    unseenBy: trace.requests.session === undefined ? "block" : "session",
    heldOutByTime: heldOut(false),
    heldOutByTimeAndSession: heldOut(true),
    importance: importanceOf(forests.binary),
  };
  const { horizonAccesses } = best;
  return { model: { forest, packed: await packModel(forest), horizonAccesses }, report };
}

/** Fits every candidate on the first part of the beginning and replays the rest with it. */
async function tryAll(
  stage: Stage,
  outcomes: Outcomes,
  settings: Settings,
): Promise<Candidate[]> {
  const { capacityBlocks, fitRequests, learnRequests, dropped } = settings;
  const fitAccesses = outcomes.accessesBefore(fitRequests);
  const checkAccesses = outcomes.accessesBefore(learnRequests) - fitAccesses;
  const most = Math.max(1, Math.floor(Math.min(fitAccesses, checkAccesses) * HORIZON_SHARE_MAX));
  const horizons = new Set(
    settings.horizons.map((times) => Math.min(most, Math.ceil(times * capacityBlocks))),
  );
  const tried: Candidate[] = [];
  for (const horizonAccesses of horizons) {
    const fitPart = { from: 0, to: fitRequests };
    const checkPart = { from: fitRequests, to: learnRequests };
    const fit = outcomes.part(fitPart, horizonAccesses, false, dropped);
    const check = checkRows(outcomes, checkPart, horizonAccesses, dropped);
    if (fit.rows.length < ROWS_MIN) throw tooShort(fit.rows.length);
    const { forest } = boost(
      labelledFor(fit, "binary"),
      FEATURE_NAMES,
      { ...settings.boost, objective: "binary" },
      check.rows.length < ROWS_MIN ? undefined : labelledFor(check, "binary"),
    );
    const model = await packModel(forest);
    tried.push({
      horizonAccesses,
      trees: forest.trees.length,
      prefixHitRatio: stage.prefixHitRatio(capacityBlocks, fitRequests, model),
      auc: areaUnderCurve(scoresOf(forest, check), check.isReused),
      aucOfAge: areaUnderCurve(ageScores(check), check.isReused),
    });
  }
  return tried;
}

/** Rows of unseen sessions; all rows where those are few, or all alike. */
function checkRows(
  outcomes: Outcomes,
  part: Part,
  horizon: number,
  dropped: readonly number[],
): LabelledRows {
  const unseen = outcomes.part(part, horizon, true, dropped);
  const reused = unseen.isReused.reduce((sum, value) => sum + value, 0);
  const isTelling = unseen.rows.length >= ROWS_MIN && reused > 0 && reused < unseen.rows.length;
  return isTelling ? unseen : outcomes.part(part, horizon, false, dropped);
}

function scoresOf(forest: Forest, { rows }: LabelledRows): Float64Array {
  const { length, stride, features } = rows;
  return Float64Array.from({ length }, (_, row) => scoreOf(forest, features, row * stride));
}

/** Younger is better, as LRU has it. */
function ageScores({ rows }: LabelledRows): Float64Array {
  const { length, stride, features } = rows;
  return Float64Array.from({ length }, (_, row) => -features[row * stride]);
}

function measure(
  test: LabelledRows,
  train: LabelledRows,
  forests: Readonly<Record<ForestObjective, Forest>>,
): HeldOut {
  const { length } = test.rows;
  const mean = train.distance.reduce((sum, value) => sum + value, 0) / train.distance.length;
  return {
    rows: length,
    distance: distanceError(scoresOf(forests.regression, test), test.distance),
    distanceOfMean: distanceError(new Float64Array(length).fill(mean), test.distance),
    auc: areaUnderCurve(scoresOf(forests.binary, test), test.isReused),
    aucOfAge: areaUnderCurve(ageScores(test), test.isReused),
  };
}

function importanceOf(forest: Forest): LearnReport["importance"] {
  const shares = gainShares(forest);
  return FEATURE_NAMES.map((feature, index) => ({ feature, share: shares[index] }))
    .sort((a, b) => b.share - a.share);
}
