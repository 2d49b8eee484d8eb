/**
 * Boosted trees as data: what the trainer makes, what LightGBM's text holds, what the engine packs.
 *
 * @module
 */

/** How a tree treats values that are missing, as LightGBM names it. */
export type MissingType = "none" | "zero" | "nan";

/** One binary tree. Inner nodes are numbered from 0, the root first. */
export interface Tree {
  /** Feature that each inner node looks at. */
  readonly splitFeature: Int32Array;
  /** Values at or below it go left. */
  readonly threshold: Float64Array;
  /** Next inner node, or `-1 - leaf`. */
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  /** Bit 1: missing values go left. Bits 2 and 3: 0 none are missing, 1 zeros are, 2 NaN are. */
  readonly decisionType: Uint8Array;
  /** What each leaf adds, learning rate applied. */
  readonly leafValue: Float64Array;
  /** Loss that each split saved on the training rows. */
  readonly splitGain: Float64Array;
  /** Training rows in each leaf and inner node. */
  readonly leafCount: Int32Array;
  readonly internalCount: Int32Array;
  /** The learning rate that is part of the leaf values. */
  readonly shrinkage: number;
}

/** What the sum of the leaves means. */
export type ForestObjective =
  /** The label itself, trained with squared error. */
  | "regression"
  /** Log odds of the label 1. */
  | "binary";

/** A whole model: the score of a row is the sum of one leaf of each tree. */
export interface Forest {
  readonly objective: ForestObjective;
  readonly featureNames: readonly string[];
  readonly trees: readonly Tree[];
}

/** LightGBM takes magnitudes up to this for zero. */
const ZERO_MAGNITUDE = 1e-35;

/** Bits of a decision type that say which values are missing. */
const MISSING_BITS = 12;

/** Missing values of a node go left. */
export function goesLeftWhenMissing(decisionType: number): boolean {
  return (decisionType & 2) !== 0;
}

/** Which values a node takes for missing. */
export function missingTypeOf(decisionType: number): MissingType {
  return (["none", "zero", "nan", "nan"] as const)[(decisionType >> 2) & 3];
}

/** The direction of a value where some values are missing. */
function goesLeft(tree: Tree, node: number, raw: number): boolean {
  const kind = tree.decisionType[node];
  const missing = missingTypeOf(kind);
  const value = Number.isNaN(raw) && missing !== "nan" ? 0 : raw;
  const isMissing = missing === "zero"
    ? Math.abs(value) <= ZERO_MAGNITUDE
    : missing === "nan" && Number.isNaN(value);
  return isMissing ? goesLeftWhenMissing(kind) : value <= tree.threshold[node];
}

/** The leaf of a tree that a row ends in. */
export function leafOf(tree: Tree, row: ArrayLike<number>, offset = 0): number {
  const { splitFeature, threshold, leftChild, rightChild, decisionType } = tree;
  if (splitFeature.length === 0) return 0;
  let node = 0;
  while (node >= 0) {
    const value = row[offset + splitFeature[node]];
    const isPlain = (decisionType[node] & MISSING_BITS) === 0 && value === value;
    const isLeft = isPlain ? value <= threshold[node] : goesLeft(tree, node, value);
    node = isLeft ? leftChild[node] : rightChild[node];
  }
  return -1 - node;
}

/**
 * The score of a row: the sum of its leaves, in the order of the trees.
 *
 * @param row Features; for `binary` the result is in log odds.
 * @param offset Where in `row` the first feature stands.
 *
 * @example A tree of one split
 * ```ts
 * import { type Forest, scoreOf } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const forest: Forest = {
 *   objective: "regression",
 *   featureNames: ["age"],
 *   trees: [{
 *     splitFeature: Int32Array.of(0),
 *     threshold: Float64Array.of(3),
 *     leftChild: Int32Array.of(-1),
 *     rightChild: Int32Array.of(-2),
 *     decisionType: Uint8Array.of(2),
 *     leafValue: Float64Array.of(1.5, -2),
 *     splitGain: Float64Array.of(1),
 *     leafCount: Int32Array.of(1, 1),
 *     internalCount: Int32Array.of(2),
 *     shrinkage: 1,
 *   }],
 * };
 * assertEquals([scoreOf(forest, [3]), scoreOf(forest, [4])], [1.5, -2]);
 * ```
 */
export function scoreOf(forest: Forest, row: ArrayLike<number>, offset = 0): number {
  let score = 0;
  for (const tree of forest.trees) score += tree.leafValue[leafOf(tree, row, offset)];
  return score;
}

/** The loss that splits on each feature saved, as shares of the whole; zeros without splits. */
export function gainShares(forest: Forest): Float64Array {
  const shares = new Float64Array(forest.featureNames.length);
  for (const { splitFeature, splitGain } of forest.trees) {
    splitFeature.forEach((feature, node) => shares[feature] += splitGain[node]);
  }
  const whole = shares.reduce((sum, gain) => sum + gain, 0);
  return whole > 0 ? shares.map((gain) => gain / whole) : shares;
}
