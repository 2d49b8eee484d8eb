/**
 * The features of the `learned` policy by name, and the packing of models for the engine.
 *
 * @module
 */
import {
  Feature,
  FEATURES_COUNT,
  MODEL_BYTES,
  MODEL_NODE_BYTES,
  ModelField,
  ModelNodeField,
} from "../assembly/abi.ts";
import type { PackedModel } from "../engine/model.ts";
import { ScenarioError } from "../errors/errors.ts";
import { didYouMean } from "../errors/nearest.ts";
import { type Forest, goesLeftWhenMissing, missingTypeOf, type Tree } from "./forest.ts";

/**
 * Names of the features in the order of a row's bytes: `age`, `gap1` to `gap4`, `touches`,
 * `lifetime`, `depth`, `behind`, `requestBlocks`, `knownBlocks`, `turn`, `pause`.
 *
 * All but `age` (a bucket) and `turn` are logarithms: 0 for nothing, else one more than four times
 * the logarithm to base 2.
 */
export const FEATURE_NAMES: readonly string[] = Array.from(
  { length: FEATURES_COUNT },
  (_, index) => Feature[index].charAt(0).toLowerCase() + Feature[index].slice(1),
);

/**
 * Lays a forest out as the engine walks it: features by name (or by place, when the names are
 * LightGBM's own `Column_0`, …), thresholds as bytes.
 *
 * A `regression` forest says how long a block will wait, and the longest goes first; a `binary` one
 * says how likely it is used again, and the least likely goes first.
 *
 * @throws {ScenarioError} For features that the policy has not, or zeros that count as missing.
 *
 * @example
 * ```ts
 * import { boost, FEATURE_NAMES, packModel } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const features = Uint8Array.from({ length: 160 * 16 }, (_, i) => i % 16 === 0 ? i / 16 % 40 : 0);
 * const label = Float64Array.from({ length: 160 }, (_, i) => i % 40);
 * const { forest } = boost({ length: 160, stride: 16, features, label }, FEATURE_NAMES);
 * const { hash } = await packModel(forest);
 * assertEquals(hash.length, 64);
 * ```
 */
export async function packModel(forest: Forest): Promise<PackedModel> {
  const columns = forest.featureNames.map((name, index) => columnOf(name, index));
  const sign = forest.objective === "regression" ? 1 : -1;
  const nodes: PackedNode[] = [];
  const roots = forest.trees.map((tree) => layOut(tree, columns, sign, nodes));
  const nodesAt = MODEL_BYTES + Math.ceil(roots.length / 2) * 8;
  const bytes = new Uint8Array(nodesAt + nodes.length * MODEL_NODE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(ModelField.Trees, roots.length, true);
  view.setUint32(ModelField.Nodes, nodes.length, true);
  roots.forEach((root, index) => view.setUint32(MODEL_BYTES + index * 4, root, true));
  for (const [index, { feature, threshold, child, value }] of nodes.entries()) {
    const at = nodesAt + index * MODEL_NODE_BYTES;
    view.setUint8(at + ModelNodeField.Feature, feature);
    view.setUint8(at + ModelNodeField.Threshold, threshold);
    view.setUint16(at + ModelNodeField.IsLeaf, child === 0 ? 1 : 0, true);
    view.setUint32(at + ModelNodeField.Child, child, true);
    view.setFloat64(at + ModelNodeField.Value, value, true);
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { bytes, hash };
}

/** A node as the engine has it; `child` is 0 in leaves. */
interface PackedNode {
  readonly feature: number;
  readonly threshold: number;
  readonly child: number;
  readonly value: number;
}

function columnOf(name: string, index: number): number {
  const column = FEATURE_NAMES.indexOf(name);
  if (column >= 0) return column;
  if (name === `Column_${index}` && index < FEATURE_NAMES.length) return index;
  const hint = didYouMean(name, FEATURE_NAMES);
  throw new ScenarioError({
    code: "model/unknown-feature",
    message: `Cannot use model: the learned policy has no feature "${name}"`,
    expected: FEATURE_NAMES.join(", "),
    mend: hint === undefined ? [] : [hint],
  });
}

/** Appends one tree, parents before children and siblings together; gives its root. */
function layOut(
  tree: Tree,
  columns: readonly number[],
  sign: number,
  nodes: PackedNode[],
): number {
  const root = nodes.length;
  const waiting = [decided(tree, tree.splitFeature.length === 0 ? -1 : 0)];
  for (let taken = 0; taken < waiting.length; taken++) {
    const node = waiting[taken];
    if (node < 0) {
      nodes.push({ feature: 0, threshold: 0, child: 0, value: sign * tree.leafValue[-1 - node] });
      continue;
    }
    nodes.push({
      feature: columns[tree.splitFeature[node]],
      threshold: Math.floor(tree.threshold[node]),
      child: root + waiting.length,
      value: 0,
    });
    waiting.push(decided(tree, tree.leftChild[node]), decided(tree, tree.rightChild[node]));
  }
  return root;
}

/** The first node from `start` on at which bytes can go either way. */
function decided(tree: Tree, start: number): number {
  let node = start;
  while (node >= 0) {
    const threshold = Math.floor(tree.threshold[node]);
    const kind = tree.decisionType[node];
    if (missingTypeOf(kind) === "zero" && goesLeftWhenMissing(kind) !== threshold >= 0) {
      throw new ScenarioError({
        code: "model/zero-missing",
        message: "Cannot use model: it takes zeros for missing values",
        found: `a split at ${tree.threshold[node]} that sends 0 to the other side`,
        mend: ["train it with zero_as_missing=false: 0 is a value of every feature"],
      });
    }
    if (threshold >= 0 && threshold < 255) break;
    node = threshold < 0 ? tree.rightChild[node] : tree.leftChild[node];
  }
  return node;
}
