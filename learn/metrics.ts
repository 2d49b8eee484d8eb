/**
 * How far predictions are from what came.
 *
 * @module
 */
import type { DistanceError } from "../engine/learn_report.ts";

/** Errors of predicted log2 distances; `NaN` without rows. */
export function distanceError(predicted: Float64Array, actual: Float64Array): DistanceError {
  let absolute = 0;
  let square = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = predicted[i] - actual[i];
    absolute += Math.abs(error);
    square += error * error;
  }
  return {
    maeDoublings: absolute / actual.length,
    rmseDoublings: Math.sqrt(square / actual.length),
  };
}

/**
 * Area under the ROC curve: the chance that a row labelled 1 scores above one labelled 0, ties
 * counting half. `NaN` when one of both labels does not occur.
 *
 * @example
 * ```ts
 * import { areaUnderCurve } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(areaUnderCurve(Float64Array.of(3, 1, 2, 2), Float64Array.of(1, 0, 1, 0)), 0.875);
 * ```
 */
export function areaUnderCurve(score: Float64Array, label: Float64Array): number {
  const order = Array.from(score.keys()).sort((a, b) => score[a] - score[b]);
  let ones = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    let tied = 0;
    for (; to < order.length && score[order[to]] === score[order[from]]; to++) {
      tied += label[order[to]];
    }
    // Ranks from + 1 to `to` share their mean.
    rankSum += tied * (from + 1 + to) / 2;
    ones += tied;
    from = to;
  }
  return (rankSum - ones * (ones + 1) / 2) / (ones * (order.length - ones));
}
