/** The trainer against LightGBM's own results, and against what is known beforehand. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../errors/errors.ts";
import type { ByteRows } from "../../learn/bins.ts";
import { type Forest, gainShares, scoreOf } from "../../learn/forest.ts";
import { boost } from "../../learn/gbdt.ts";
import { areaUnderCurve, distanceError } from "../../learn/metrics.ts";
import { SplitMix64 } from "../../learn/random.ts";
import { numbersFrom } from "../support/traces.ts";
import { MADE_NAMES, madeRows } from "./made_rows.ts";

const GOLDEN = JSON.parse(
  Deno.readTextFileSync(new URL("../data/learn/golden.json", import.meta.url)),
);

function scores(forest: Forest, rows: ByteRows): Float64Array {
  const { length, features, stride } = rows;
  return Float64Array.from({ length }, (_, i) => scoreOf(forest, features, i * stride));
}

Deno.test("squared error: the trees, gains and scores of LightGBM", () => {
  const options = { trees: 20, maxLeaves: 15 };
  const { forest } = boost(madeRows(7, 3000), MADE_NAMES, options);
  const test = madeRows(8, 1000);
  const predicted = scores(forest, test);
  const golden = GOLDEN.regression;
  // LightGBM holds gradients in 32 bits.
  golden.rawScores.forEach((score: number, i: number) =>
    assertAlmostEquals(predicted[i], score, 1e-6)
  );
  assertAlmostEquals(distanceError(predicted, test.label).rmseDoublings, golden.rmse, 1e-6);
  const whole = golden.importanceGain.reduce((sum: number, gain: number) => sum + gain, 0);
  golden.importanceGain.forEach((gain: number, feature: number) =>
    assertAlmostEquals(gainShares(forest)[feature], gain / whole, 1e-6)
  );
  // scikit-learn bins and stops alike, but not equally.
  assertAlmostEquals(golden.rmse, golden.sklearn.rmse, 0.01);
});

Deno.test("log loss: the scores of LightGBM", () => {
  const options = { objective: "binary", trees: 20, maxLeaves: 15 } as const;
  const limits = { minLeafRows: 1, minLeafHessian: 5 };
  const { forest } = boost(madeRows(7, 3000, true), MADE_NAMES, { ...options, ...limits });
  const test = madeRows(8, 1000, true);
  const predicted = scores(forest, test);
  GOLDEN.binary.rawScores.forEach((score: number, i: number) =>
    assertAlmostEquals(predicted[i], score, 1e-6)
  );
  const loss = test.label.reduce(
    (sum, label, i) => sum + Math.log1p(Math.exp(label === 1 ? -predicted[i] : predicted[i])),
    0,
  );
  assertAlmostEquals(loss / test.length, GOLDEN.binary.logloss, 1e-6);
});

Deno.test("one tree with a full step gives the mean of every cell", () => {
  const features = Uint8Array.from({ length: 800 }, (_, i) => i % 2 === 0 ? (i / 2) % 4 : i % 8);
  const label = Float64Array.from({ length: 400 }, (_, i) => [5, -1, 7, 0.5][i % 4] + i % 3);
  const { forest, trainLoss } = boost({ length: 400, stride: 2, features, label }, ["x", "y"], {
    trees: 1,
    maxLeaves: 4,
    minLeafRows: 1,
    learningRate: 1,
  });
  for (let x = 0; x < 4; x++) {
    const cell = label.filter((_, i) => i % 4 === x);
    const mean = cell.reduce((sum, value) => sum + value, 0) / cell.length;
    assertAlmostEquals(scoreOf(forest, [x, 0]), mean, 1e-9);
  }
  assertAlmostEquals(trainLoss, 2 / 3, 0.01);
});

Deno.test("weights count a row as often as they say", () => {
  const rows = madeRows(3, 400);
  const weight = Float64Array.from({ length: 400 }, (_, i) => 1 + i % 3);
  const doubled: number[] = [];
  for (let i = 0; i < 400; i++) for (let k = 0; k < weight[i]; k++) doubled.push(i);
  const repeated = {
    length: doubled.length,
    stride: 6,
    features: Uint8Array.from(
      doubled.flatMap((i) => [...rows.features.subarray(i * 6, i * 6 + 6)]),
    ),
    label: Float64Array.from(doubled, (i) => rows.label[i]),
  };
  const options = { trees: 5, maxLeaves: 6, minLeafRows: 1, minLeafHessian: 20 };
  for (const objective of ["regression", "binary"] as const) {
    const isOne = (value: number) => objective === "binary" ? Number(value > 3) : value;
    const by = (labels: Float64Array) => labels.map(isOne);
    const settings = { ...options, objective };
    const a = boost({ ...rows, label: by(rows.label), weight }, MADE_NAMES, settings);
    const b = boost({ ...repeated, label: by(repeated.label) }, MADE_NAMES, settings);
    scores(a.forest, rows).forEach((score, i) =>
      assertAlmostEquals(score, scoreOf(b.forest, rows.features, i * 6), 1e-9)
    );
  }
});

Deno.test("limits hold, seeds repeat, and a share of the features is a share", () => {
  const rows = madeRows(11, 2000);
  const options = { trees: 12, maxLeaves: 9, minLeafRows: 37, featureShare: 0.34, seed: 5 };
  const { forest } = boost(rows, MADE_NAMES, options);
  assertEquals(forest.trees.length, 12);
  for (const tree of forest.trees) {
    assert(tree.leafValue.length <= 9);
    assert(Math.min(...tree.leafCount) >= 37);
    assertEquals(tree.leafCount.reduce((sum, count) => sum + count, 0), 2000);
    assert(new Set(tree.splitFeature).size <= 2);
  }
  assertEquals(boost(rows, MADE_NAMES, options).forest, forest);
  const other = boost(rows, MADE_NAMES, { ...options, seed: 6 }).forest;
  assert(JSON.stringify(other) !== JSON.stringify(forest));
});

Deno.test("boosting stops when validation rows stop getting better", () => {
  const next = numbersFrom(2);
  const features = Uint8Array.from({ length: 1200 }, () => next() % 256);
  const noise = (count: number) => Float64Array.from({ length: count }, () => next() % 2);
  const train = { length: 600, stride: 2, features, label: noise(600) };
  const check = { length: 300, stride: 2, features: features.slice(600), label: noise(300) };
  const options = { objective: "binary", trees: 200, minLeafRows: 2, patience: 7 } as const;
  const { forest, validationLoss, trainLoss } = boost(train, ["x", "y"], options, check);
  assert(validationLoss.length < 60, `${validationLoss.length} trees on noise`);
  assertEquals(validationLoss.length, forest.trees.length + 7);
  assertEquals(validationLoss[forest.trees.length - 1], Math.min(...validationLoss));
  assert(trainLoss < Math.min(...validationLoss), "trees that learn noise know it by heart");
});

Deno.test("constant labels give a stump, and rows never seen fall to the nearer side", () => {
  const rows = { length: 50, stride: 1, features: new Uint8Array(50).fill(9) };
  const stump = boost({ ...rows, label: new Float64Array(50).fill(3) }, ["x"]);
  assertEquals(stump.forest.trees.length, 1);
  assertEquals(scoreOf(stump.forest, [200]), 3);
  const all = { length: 50, stride: 1, label: new Float64Array(50).fill(1) };
  const features = Uint8Array.from({ length: 50 }, (_, i) => i);
  const binary = boost({ ...all, features }, ["x"], { objective: "binary" });
  assert(scoreOf(binary.forest, [1]) > 20 && Number.isFinite(scoreOf(binary.forest, [1])));
  const two = Uint8Array.from({ length: 100 }, (_, i) => i < 50 ? 10 : 100);
  const label = Float64Array.from(two);
  const options = { trees: 1, learningRate: 1 };
  const { forest } = boost({ length: 100, stride: 1, features: two, label }, ["x"], options);
  assertEquals([54, 55, 56].map((x) => scoreOf(forest, [x])), [10, 10, 100]);
});

Deno.test("options and labels out of range are refused by name", () => {
  const rows = madeRows(1, 50);
  const wrong: [object, string][] = [
    [{ trees: 0 }, "trees"],
    [{ trees: 1.5 }, "trees"],
    [{ maxLeaves: 1 }, "maxLeaves"],
    [{ learningRate: 0 }, "learningRate"],
    [{ featureShare: 2 }, "featureShare"],
    [{ minLeafRows: NaN }, "minLeafRows"],
    [{ seed: -1 }, "seed"],
  ];
  for (const [options, name] of wrong) {
    assertThrows(() => boost(rows, MADE_NAMES, options), UsageError, name);
  }
  assertThrows(() => boost(rows, MADE_NAMES, { objective: "binary" }), UsageError, "teach");
  assertThrows(() => boost({ ...rows, length: 0 }, MADE_NAMES), UsageError, "teach");
});

Deno.test("splitmix64 gives the published numbers", () => {
  // The first outputs for seed 1234567, as Rosetta Code's task on splitmix64 lists them.
  const stream = new SplitMix64(1234567);
  assertEquals(
    [stream.next(), stream.next(), stream.next()],
    [6457827717110365317n, 3203168211198807973n, 9817491932198370423n],
  );
  const picks = new SplitMix64(1).choose(5, 5);
  assertEquals(picks, [0, 1, 2, 3, 4]);
});

Deno.test("the area under the curve is the chance of a right order", () => {
  const next = numbersFrom(4);
  const score = Float64Array.from({ length: 80 }, () => next() % 12);
  const label = Float64Array.from({ length: 80 }, () => next() % 2);
  let right = 0;
  let pairs = 0;
  for (let i = 0; i < 80; i++) {
    for (let j = 0; j < 80; j++) {
      if (label[i] !== 1 || label[j] !== 0) continue;
      pairs++;
      right += score[i] > score[j] ? 1 : score[i] === score[j] ? 0.5 : 0;
    }
  }
  assertAlmostEquals(areaUnderCurve(score, label), right / pairs, 1e-12);
  assert(Number.isNaN(areaUnderCurve(score, new Float64Array(80))));
});
