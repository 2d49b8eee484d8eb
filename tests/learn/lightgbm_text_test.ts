/** Text models: written by hand, written by LightGBM, written by us, and broken. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { describe, KvtierError, ScenarioError } from "../../errors/errors.ts";
import { FEATURE_NAMES, packModel } from "../../learn/features.ts";
import { scoreOf } from "../../learn/forest.ts";
import { readLightgbmText, writeLightgbmText } from "../../learn/lightgbm_text.ts";
import { madeRows } from "./made_rows.ts";
import { randomForest } from "./naive_learned.ts";

/** Two trees, made by hand: a split each on `x` and `y`, then a lone leaf. */
const BY_HAND = `tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=regression
feature_names=x y
feature_infos=[0:9] [0:9]
tree_sizes=1 1

Tree=0
num_leaves=3
num_cat=0
split_feature=0 1
split_gain=8 2
threshold=4.5 1e+0
decision_type=2 8
left_child=1 -1
right_child=-2 -3
leaf_value=0.25 -1.5 2
leaf_weight=1 1 1
leaf_count=1 1 1
internal_value=0 0
internal_count=3 2
is_linear=0
shrinkage=1


Tree=1
num_leaves=1
num_cat=0
leaf_value=10


end of trees

feature_importances:
x=1
`;

const read = (text: string) => readLightgbmText(text, "m.txt");

function fixture(objective: string): string {
  const url = new URL(`../data/learn/lightgbm_${objective}.txt`, import.meta.url);
  return Deno.readTextFileSync(url);
}

Deno.test("a model by hand gives what the hand gives", () => {
  const forest = read(BY_HAND);
  const cases: [number[], number][] = [
    [[4.5, 1], 10.25], // x ≤ 4.5, y ≤ 1: leaf 0
    [[4.5, 1.01], 12], // leaf 2
    [[4.6, 0], 8.5], // leaf 1
    [[NaN, 0], 10.25], // no missing values at the root: NaN counts as 0, which is ≤ 4.5
    [[0, NaN], 12], // the second split takes NaN for missing and sends it right
  ];
  for (const [row, score] of cases) assertEquals(scoreOf(forest, row), score, String(row));
  assertEquals(forest.featureNames, ["x", "y"]);
});

Deno.test("decision types: zeros or NaN missing, to the left or to the right", () => {
  const score = (kind: number, value: number) =>
    scoreOf(read(BY_HAND.replace("decision_type=2 8", `decision_type=2 ${kind}`)), [0, value]);
  const [left, right] = [10.25, 12];
  assertEquals([0, 2].map((kind) => score(kind, NaN)), [left, left], "none: NaN is 0, and 0 ≤ 1");
  assertEquals([score(4, 0), score(6, 0)], [right, left], "zero");
  assertEquals([score(4, NaN), score(6, 5)], [right, right], "zero: NaN is 0, 5 is itself");
  assertEquals([score(8, NaN), score(10, NaN)], [right, left], "NaN");
  assertEquals([score(8, 0), score(10, 5)], [left, right], "NaN: 0 and 5 are themselves");
});

Deno.test("models that LightGBM wrote score as LightGBM scored", () => {
  const golden = JSON.parse(
    Deno.readTextFileSync(new URL("../data/learn/golden.json", import.meta.url)),
  );
  const { features } = madeRows(8, 1000);
  for (const objective of ["regression", "binary"] as const) {
    const forest = read(fixture(objective));
    assertEquals(forest.objective, objective);
    assertEquals(forest.trees.length, 20);
    golden[objective].rawScores.forEach((score: number, i: number) =>
      assertEquals(scoreOf(forest, features, i * 6), score)
    );
  }
});

Deno.test("a round trip keeps every bit", () => {
  for (const objective of ["regression", "binary"]) {
    const forest = read(fixture(objective));
    assertEquals(read(writeLightgbmText(forest)), forest);
  }
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.array(fc.double({ noNaN: true })),
      (seed, v) => {
        const forest = randomForest(seed, FEATURE_NAMES, 3);
        v.filter(Number.isFinite).slice(0, 4).forEach((x, i) => forest.trees[0].leafValue[i] = x);
        assertEquals(read(writeLightgbmText(forest)), forest);
      },
    ),
    { numRuns: runs(60) },
  );
});

Deno.test("tree sizes are those that LightGBM seeks by", () => {
  const text = writeLightgbmText(read(fixture("regression")));
  const sizes = /tree_sizes=(.*)/.exec(text)![1].split(" ").map(Number);
  let at = text.indexOf("Tree=0");
  for (const [index, size] of sizes.entries()) {
    assertEquals(text.slice(at, at + 8).split("\n")[0], `Tree=${index}`);
    at += size;
  }
  assertEquals(text.slice(at, at + 12), "end of trees");
});

/** A damage to the model by hand, the words of the refusal, and its line. */
const DAMAGES: readonly [from: string | RegExp, to: string, words: string, line: number][] = [
  [/^tree/, "forest", "not a LightGBM text model", 1],
  ["version=v4", "version=v9", "a version that is not known", 2],
  ["num_class=1", "num_class=3", "several scores per row", 3],
  ["objective=regression", "objective=multiclass num_class:3", "objective that is not", 7],
  ["objective=regression", "objective=binary sigmoid:2", "objective that is not", 7],
  ["objective=regression", "objective=regression sqrt", "objective that is not", 7],
  ["objective=regression\n", "", "objective is missing", 1],
  ["feature_names=x y", "feature_names=x y z", "differ in number", 8],
  ["feature_infos=[0:9] [0:9]", "average_output", "averaged", 9],
  ["Tree=0", "Tree=1", "out of order", 12],
  ["num_leaves=3", "num_leaves=4", "wrong length", 15],
  ["num_leaves=3", "num_leaves=1e9", "wrong number", 13],
  ["num_leaves=3", "num_leaves=-1", "wrong number", 13],
  ["num_cat=0", "num_cat=2", "categorical", 14],
  ["decision_type=2 8", "decision_type=2 1", "categorical", 18],
  ["decision_type=2 8", "decision_type=2 99", "wrong number", 18],
  ["split_feature=0 1", "split_feature=0 2", "wrong number", 15],
  ["threshold=4.5 1e+0", "threshold=4.5 one", "wrong number", 17],
  ["threshold=4.5 1e+0", "threshold=4.5 0x10", "wrong number", 17],
  ["left_child=1 -1", "left_child=0 -1", "not a tree", 19],
  ["left_child=1 -1", "left_child=-3 -1", "not a tree", 19],
  ["right_child=-2 -3", "right_child=-2 -4", "wrong number", 20],
  ["right_child=-2 -3", "right_child=-2 -2", "not a tree", 20],
  ["leaf_value=0.25 -1.5 2", "leaf_value=0.25 -1.5 nan", "wrong number", 21],
  ["leaf_value=0.25 -1.5 2", "leaf_value=0.25 inf 2", "wrong number", 21],
  ["leaf_value=0.25 -1.5 2", "leaf_values=0.25 -1.5 2", "leaf_value is missing", 12],
  ["is_linear=0", "is_linear=1", "linear", 26],
  ["shrinkage=1", "leaf_value=1", "twice", 27],
  ["end of trees", "", "ends early", 40],
];

for (const [from, to, words, line] of DAMAGES) {
  Deno.test(`refused with its line: ${String(from).split("\n")[0]} → ${to}`, () => {
    const damaged = BY_HAND.replace(from, to);
    assert(damaged !== BY_HAND);
    const error = assertThrows(() => read(damaged), ScenarioError, words);
    assertEquals(error.place.line, line, describe(error));
    assertEquals(error.place.file, "m.txt");
  });
}

Deno.test("any cut and any changed character is read or refused, never a trap", () => {
  let refused = 0;
  for (let end = 0; end < BY_HAND.indexOf("end of trees") + 12; end++) {
    assertThrows(() => read(BY_HAND.slice(0, end)), KvtierError);
  }
  fc.assert(
    fc.property(fc.nat(BY_HAND.length - 1), fc.constantFrom(..."0123456789-=. \nxe"), (at, by) => {
      try {
        scoreOf(read(BY_HAND.slice(0, at) + by + BY_HAND.slice(at + 1)), [1, 2]);
      } catch (error) {
        assert(error instanceof ScenarioError, String(error));
        refused++;
      }
    }),
    { numRuns: runs(500) },
  );
  assert(refused > 50, "the canary: some changes must be refused");
});

Deno.test("names that would not read back are refused", () => {
  const forest = randomForest(1, ["a b", ...FEATURE_NAMES.slice(1)]);
  assertThrows(() => writeLightgbmText(forest), ScenarioError, "would not read back");
});

Deno.test("packing takes LightGBM's own names by place, and refuses what it cannot do", async () => {
  const columns = FEATURE_NAMES.map((_, i) => `Column_${i}`);
  const named = await packModel(randomForest(2, FEATURE_NAMES));
  assertEquals(await packModel(randomForest(2, columns)), named);
  const wrong = ["agge", ...FEATURE_NAMES.slice(1)];
  const error = await assertRejects(() => packModel(randomForest(2, wrong)), ScenarioError);
  assertEquals(error.problems[0].mend, ['did you mean "age"?']);
  const zeros = randomForest(2, FEATURE_NAMES);
  zeros.trees[0].threshold.fill(3);
  zeros.trees[0].decisionType.fill(4);
  await assertRejects(() => packModel(zeros), ScenarioError, "zeros for missing");
});
