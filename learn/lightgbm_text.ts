/**
 * LightGBM's text models: what `Booster.save_model` writes and `Booster(model_file=…)` reads.
 *
 * ```text
 * tree                              key=value lines of the model
 * version=v4
 * num_class=1 …
 *
 * Tree=0                            key=value lines of a tree; vectors are separated by blanks
 * num_leaves=3
 * split_feature=0 2                 one entry for each inner node, the root first
 * threshold=1.5 7                   at or below goes left
 * decision_type=2 2                 bit 0 categorical, bit 1 missing goes left, bits 2–3 missing
 * left_child=1 -1                   an inner node, or -1 - leaf
 * right_child=-2 -3
 * leaf_value=0.5 -1 2
 * shrinkage=0.1
 *
 * end of trees
 * ```
 *
 * Read are models of one score per row whose splits compare numbers. Everything else (categories,
 * linear leaves, several classes, averaged trees) is refused, never guessed.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
import type { Forest, ForestObjective, Tree } from "./forest.ts";
import { type Block, readBlocks, refuseLine } from "./lightgbm_lines.ts";
import { numbersOf, optionalNumbersOf, textOf } from "./lightgbm_lines.ts";

/** Objectives whose score is the prediction itself. */
const PLAIN_OBJECTIVES = ["regression", "regression_l1", "huber", "fair", "quantile", "mape"];

/**
 * Reads a text model.
 *
 * @param file Name for error messages.
 * @throws {ScenarioError} With the line, for anything that is not such a model.
 *
 * @example
 * ```ts
 * import { boost, readLightgbmText, writeLightgbmText } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const features = Uint8Array.from({ length: 100 }, (_, i) => i);
 * const label = Float64Array.from(features, Math.sqrt);
 * const { forest } = boost({ length: 100, stride: 1, features, label }, ["x"], { trees: 3 });
 * assertEquals(readLightgbmText(writeLightgbmText(forest)).trees, forest.trees);
 * ```
 */
export function readLightgbmText(text: string, file = "model.txt"): Forest {
  const [head, ...blocks] = readBlocks(text, file);
  const objective = objectiveOf(head);
  for (const key of ["num_class", "num_tree_per_iteration"]) {
    const value = textOf(head, key);
    if (value === "1") continue;
    throw refuseLine(head, key, "a model of several scores per row", value, "1");
  }
  const names = textOf(head, "feature_names").split(" ").filter((name) => name !== "");
  const [last] = numbersOf(head, "max_feature_idx", 1, 0, 65_535);
  if (names.length !== last + 1) {
    const found = `${names.length} names`;
    throw refuseLine(
      head,
      "feature_names",
      "names and features differ in number",
      found,
      `${last + 1}`,
    );
  }
  if (head.flags.has("average_output")) {
    const line = head.flags.get("average_output")!;
    throw refuseLine({ ...head, line }, undefined, "a random forest, whose trees are averaged");
  }
  return {
    objective,
    featureNames: names,
    trees: blocks.map((block) => treeOf(block, names.length)),
  };
}

function objectiveOf(head: Block): ForestObjective {
  const value = textOf(head, "objective");
  const [name, ...settings] = value.split(" ");
  if (PLAIN_OBJECTIVES.includes(name) && !settings.includes("sqrt")) return "regression";
  const isPlainSigmoid = settings.every((setting) => setting === "sigmoid:1");
  if (name === "binary" && isPlainSigmoid) return "binary";
  const expected = `binary sigmoid:1, ${PLAIN_OBJECTIVES.join(", ")}`;
  throw refuseLine(head, "objective", "an objective that is not supported", value, expected);
}

function treeOf(block: Block, features: number): Tree {
  const [leaves] = numbersOf(block, "num_leaves", 1, 1, 2 ** 24);
  const [categories] = numbersOf(block, "num_cat", 1, 0, 2 ** 24);
  if (categories > 0) {
    throw refuseLine(block, "num_cat", "a tree with categorical splits", String(categories), "0");
  }
  if ((block.values.get("is_linear")?.text ?? "0") !== "0") {
    throw refuseLine(block, "is_linear", "a tree with linear leaves", "1", "0");
  }
  const inner = leaves - 1;
  const whole = (key: string, count: number, min: number, max: number) =>
    Int32Array.from(numbersOf(block, key, count, min, max, true));
  const counts = (key: string, count: number) =>
    Int32Array.from(optionalNumbersOf(block, key, count, 0, 2 ** 31 - 1, true));
  const tree = {
    splitFeature: inner === 0 ? new Int32Array() : whole("split_feature", inner, 0, features - 1),
    threshold: Float64Array.from(
      inner === 0 ? [] : numbersOf(block, "threshold", inner, -Infinity, Infinity),
    ),
    leftChild: inner === 0 ? new Int32Array() : whole("left_child", inner, -leaves, inner - 1),
    rightChild: inner === 0 ? new Int32Array() : whole("right_child", inner, -leaves, inner - 1),
    decisionType: Uint8Array.from(
      inner === 0 ? [] : numbersOf(block, "decision_type", inner, 0, 15, true),
    ),
    leafValue: Float64Array.from(
      numbersOf(block, "leaf_value", leaves, -Number.MAX_VALUE, Number.MAX_VALUE),
    ),
    splitGain: Float64Array.from(
      optionalNumbersOf(block, "split_gain", inner, -Infinity, Infinity),
    ),
    leafCount: counts("leaf_count", leaves),
    internalCount: counts("internal_count", inner),
    shrinkage: optionalNumbersOf(block, "shrinkage", 1, -Infinity, Infinity)[0],
  };
  if (tree.decisionType.some((kind) => (kind & 1) !== 0)) {
    throw refuseLine(block, "decision_type", "a categorical split", undefined, "even numbers");
  }
  checkShape(block, tree);
  return tree;
}

/** Every node and leaf hangs in the tree exactly once. */
function checkShape(block: Block, { leftChild, rightChild, leafValue }: Tree): void {
  const met = new Set<number>([0]);
  const waiting = leftChild.length === 0 ? [] : [0];
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    for (
      const [key, child] of [["left_child", leftChild[node]], ["right_child", rightChild[node]]]
    ) {
      const place = child as number;
      // Leaf 0 is -1, so a tree without splits would meet nothing.
      if (met.has(place)) {
        throw refuseLine(block, key as string, "not a tree", `${place} twice`, "each child once");
      }
      met.add(place);
      if (place >= 0) waiting.push(place);
    }
  }
  const expected = leftChild.length === 0 ? 1 : leftChild.length + leafValue.length;
  if (met.size === expected) return;
  throw refuseLine(
    block,
    "left_child",
    "not a tree",
    `${met.size} of ${expected} nodes hang in it`,
  );
}

/**
 * Writes a forest as LightGBM does, so that LightGBM (and `readLightgbmText`) gives every row the
 * same score. Numbers are written so that they read back to the bit.
 */
export function writeLightgbmText(forest: Forest): string {
  const blanks = forest.featureNames.find((name) => name === "" || /[\s=]/.test(name));
  if (blanks !== undefined) {
    throw new ScenarioError({
      code: "model/feature-name",
      message: "Cannot write model: a feature's name would not read back",
      found: JSON.stringify(blanks),
      expected: 'a name without blanks and without "="',
    });
  }
  const trees = forest.trees.map(treeText);
  const sizes = trees.map((text) => new TextEncoder().encode(text).length);
  return [
    "tree",
    "version=v4",
    "num_class=1",
    "num_tree_per_iteration=1",
    "label_index=0",
    `max_feature_idx=${forest.featureNames.length - 1}`,
    `objective=${forest.objective === "binary" ? "binary sigmoid:1" : "regression"}`,
    `feature_names=${forest.featureNames.join(" ")}`,
    `feature_infos=${forest.featureNames.map(() => "none").join(" ")}`,
    `tree_sizes=${sizes.join(" ")}`,
    "",
    trees.join("") + "end of trees",
    "",
  ].join("\n");
}

/** One tree with the blank lines behind it, which LightGBM counts into its size. */
function treeText(tree: Tree, index: number): string {
  const row = (key: string, column: ArrayLike<number>) =>
    `${key}=${Array.from(column, numberText).join(" ")}`;
  const isSplit = tree.splitFeature.length > 0;
  const lines = [
    `Tree=${index}`,
    `num_leaves=${tree.leafValue.length}`,
    "num_cat=0",
    ...(isSplit
      ? [
        row("split_feature", tree.splitFeature),
        row("split_gain", tree.splitGain),
        row("threshold", tree.threshold),
        row("decision_type", tree.decisionType),
        row("left_child", tree.leftChild),
        row("right_child", tree.rightChild),
      ]
      : []),
    row("leaf_value", tree.leafValue),
    row("leaf_count", tree.leafCount),
    ...(isSplit ? [row("internal_count", tree.internalCount)] : []),
    "is_linear=0",
    row("shrinkage", [tree.shrinkage]),
  ];
  return `${lines.join("\n")}\n\n\n`;
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === Infinity) return "inf";
  return value === -Infinity ? "-inf" : String(value);
}
