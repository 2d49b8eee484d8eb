/**
 * Gradient boosting: each tree is fitted to what the trees before it left over.
 *
 * @module
 */
import { UsageError } from "../errors/errors.ts";
import { binRows, type ByteRows } from "./bins.ts";
import { type Forest, type ForestObjective, leafOf, type Tree } from "./forest.ts";
import { type Derivatives, Grower } from "./grow.ts";
import { SplitMix64 } from "./random.ts";

/** How to boost; everything has a default. */
export interface BoostOptions {
  /** `regression`: squared error. `binary`: labels 0 and 1, log loss. Default `regression`. */
  readonly objective?: ForestObjective;
  /** Most trees. Default 100. */
  readonly trees?: number;
  /** Most leaves of a tree. Default 31. */
  readonly maxLeaves?: number;
  /** Least rows of a leaf. Default 20. */
  readonly minLeafRows?: number;
  /** Least sum of second derivatives (of row weights, for `regression`) of a leaf. Default 0.001. */
  readonly minLeafHessian?: number;
  /** Part of each tree's step that is taken, above 0 and up to 1. Default 0.1. */
  readonly learningRate?: number;
  /** Added to the second derivatives. Default 0. */
  readonly lambda?: number;
  /** Part of the features that each tree may use, above 0 and up to 1. Default 1. */
  readonly featureShare?: number;
  /** Trees without progress on the validation rows before boosting stops. Default 20. */
  readonly patience?: number;
  /** Seed of the choice of features; a non-negative safe integer. Default 42. */
  readonly seed?: number;
}

/** A trained forest, and how it went. */
export interface Boosted {
  readonly forest: Forest;
  /** Mean loss on the training rows after the last tree, dropped ones included. */
  readonly trainLoss: number;
  /** Mean loss on the validation rows after each tree; empty without validation rows. */
  readonly validationLoss: readonly number[];
}

const DEFAULTS: Required<BoostOptions> = {
  objective: "regression",
  trees: 100,
  maxLeaves: 31,
  minLeafRows: 20,
  minLeafHessian: 1e-3,
  learningRate: 0.1,
  lambda: 0,
  featureShare: 1,
  patience: 20,
  seed: 42,
};

/**
 * Boosts trees over rows of bytes. Deterministic: the same rows, options and seed give the same
 * forest on every host.
 *
 * @param validation Rows that stop the boosting: trees after the best count are dropped.
 * @throws {UsageError} For an option out of range, no rows, or labels that do not fit.
 *
 * @example A step at 10
 * ```ts
 * import { boost, scoreOf } from "kvtier";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const features = Uint8Array.from({ length: 100 }, (_, i) => i % 20);
 * const label = Float64Array.from(features, (value) => value < 10 ? 1 : 5);
 * const { forest } = boost({ length: 100, stride: 1, features, label }, ["x"], {
 *   learningRate: 1,
 *   trees: 2,
 * });
 * assertAlmostEquals(scoreOf(forest, [3]), 1, 1e-9);
 * assertAlmostEquals(scoreOf(forest, [12]), 5, 1e-9);
 * ```
 */
export function boost(
  rows: ByteRows,
  featureNames: readonly string[],
  options: BoostOptions = {},
  validation?: ByteRows,
): Boosted {
  const settings = { ...DEFAULTS, ...options };
  check(rows, featureNames, settings);
  const features = featureNames.length;
  const grower = new Grower(binRows(rows, features), rows.length, settings);
  const random = new SplitMix64(settings.seed);
  const chosen = Math.max(1, Math.round(features * settings.featureShare));
  const base = startOf(rows, settings.objective);
  const score = new Float64Array(rows.length).fill(base);
  const derivatives = room(rows, settings.objective);
  const checked = validation === undefined || validation.length === 0 ? undefined : validation;
  const checkedScore = new Float64Array(checked?.length ?? 0).fill(base);
  const trees: Tree[] = [];
  const validationLoss: number[] = [];
  let best = 0;
  while (trees.length < settings.trees) {
    derive(settings.objective, score, rows, derivatives);
    const tree = grower.grow(derivatives, random.choose(chosen, features), score);
    // Only the first tree may be a stump without splits: it carries the mean.
    if (tree.splitFeature.length === 0 && trees.length > 0) break;
    trees.push(trees.length === 0 ? raised(tree, base) : tree);
    if (checked !== undefined) {
      addTree(tree, checked, checkedScore);
      validationLoss.push(meanLoss(settings.objective, checkedScore, checked));
      if (validationLoss[trees.length - 1] < validationLoss[best]) best = trees.length - 1;
      if (trees.length - 1 - best >= settings.patience) break;
    }
    if (tree.splitFeature.length === 0) break;
  }
  const kept = checked === undefined ? trees : trees.slice(0, best + 1);
  const forest = { objective: settings.objective, featureNames, trees: kept };
  return { forest, trainLoss: meanLoss(settings.objective, score, rows), validationLoss };
}

function check(
  rows: ByteRows,
  featureNames: readonly string[],
  settings: Required<BoostOptions>,
): void {
  const ranges: [keyof BoostOptions, number, number, boolean][] = [
    ["trees", 1, 100_000, true],
    ["maxLeaves", 2, 65_536, true],
    ["minLeafRows", 1, 2 ** 31, true],
    ["minLeafHessian", 0, 1e12, false],
    ["learningRate", 1e-9, 1, false],
    ["lambda", 0, 1e12, false],
    ["featureShare", 1e-9, 1, false],
    ["patience", 1, 100_000, true],
    ["seed", 0, Number.MAX_SAFE_INTEGER, true],
  ];
  for (const [name, min, max, isWhole] of ranges) {
    const value = settings[name] as number;
    if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) continue;
    throw new UsageError({
      code: "usage/boost-option",
      message: `Cannot train: ${name} is out of range`,
      found: String(value),
      expected: `a ${isWhole ? "whole " : ""}number from ${min} to ${max}`,
    });
  }
  const isBinary = settings.objective === "binary";
  const wrong = rows.label.findIndex((label) =>
    isBinary ? label !== 0 && label !== 1 : !Number.isFinite(label)
  );
  if (rows.length > 0 && featureNames.length > 0 && featureNames.length <= 256 && wrong < 0) return;
  throw new UsageError({
    code: "usage/boost-rows",
    message: "Cannot train: the rows teach nothing",
    found: wrong >= 0
      ? `label ${rows.label[wrong]} in row ${wrong}`
      : `${rows.length} rows of ${featureNames.length} features`,
    expected: isBinary
      ? "labels 0 and 1, 1 row or more, 1 to 256 features"
      : "finite labels, 1 row or more, 1 to 256 features",
  });
}

/** The best constant: the mean, or the log odds of it. */
function startOf({ label, weight }: ByteRows, objective: ForestObjective): number {
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < label.length; i++) {
    const counts = weight === undefined ? 1 : weight[i];
    sum += counts * label[i];
    mass += counts;
  }
  if (objective === "regression") return sum / mass;
  const share = Math.min(1 - 1e-12, Math.max(1e-12, sum / mass));
  return Math.log(share / (1 - share));
}

function room({ length, weight }: ByteRows, objective: ForestObjective): Derivatives {
  const gradient = new Float64Array(length);
  if (objective === "regression") return { gradient, hessian: weight };
  return { gradient, hessian: new Float64Array(length) };
}

function derive(
  objective: ForestObjective,
  score: Float64Array,
  { label, weight }: ByteRows,
  { gradient, hessian }: Derivatives,
): void {
  const isBinary = objective === "binary" && hessian !== undefined;
  for (let i = 0; i < score.length; i++) {
    const counts = weight === undefined ? 1 : weight[i];
    if (isBinary) {
      const chance = 1 / (1 + Math.exp(-score[i]));
      gradient[i] = counts * (chance - label[i]);
      hessian[i] = counts * chance * (1 - chance);
    } else gradient[i] = counts * (score[i] - label[i]);
  }
}

function meanLoss(
  objective: ForestObjective,
  score: Float64Array,
  { label, weight }: ByteRows,
): number {
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < score.length; i++) {
    const counts = weight === undefined ? 1 : weight[i];
    mass += counts;
    if (objective === "regression") {
      sum += counts * (score[i] - label[i]) ** 2;
      continue;
    }
    const margin = label[i] === 1 ? score[i] : -score[i];
    // log(1 + e^-m) without overflow.
    const loss = Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
    sum += counts * loss;
  }
  return sum / mass;
}

/** A copy whose leaves carry the constant, so that a score is a plain sum. */
function raised(tree: Tree, base: number): Tree {
  return { ...tree, leafValue: tree.leafValue.map((value) => value + base) };
}

function addTree(tree: Tree, rows: ByteRows, score: Float64Array): void {
  for (let row = 0, at = 0; row < rows.length; row++, at += rows.stride) {
    score[row] += tree.leafValue[leafOf(tree, rows.features, at)];
  }
}
