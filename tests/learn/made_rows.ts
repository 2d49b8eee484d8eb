/**
 * The rows that `tests/data/learn/golden.json` was computed from; `README.md` there has the same
 * generator in Python.
 *
 * @module
 */
import type { ByteRows } from "../../learn/bins.ts";
import { numbersFrom } from "../support/traces.ts";

/** Values below these, feature by feature. */
const BOUNDS = [256, 256, 40, 7, 128, 2];
export const MADE_NAMES: readonly string[] = ["a", "b", "c", "d", "e", "g"];

/** `length` rows of six bytes; labels are multiples of 1/64, so that any precision holds them. */
export function madeRows(seed: number, length: number, isBinary = false): ByteRows {
  const next = numbersFrom(seed);
  const features = new Uint8Array(length * 6);
  const label = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    for (let f = 0; f < 6; f++) features[i * 6 + f] = next() % BOUNDS[f];
    const noise = (next() % 65) - 32;
    const [a, b, c, d, e, g] = features.subarray(i * 6, i * 6 + 6);
    const value = (a > 99 ? 128 : 0) + b + (d > 3 ? 3 * c : -2 * c) + ((e * e) >> 8) +
      (g === 1 && a > 180 ? 40 : 0) + noise;
    label[i] = isBinary ? Number(value / 64 > 3.5) : value / 64;
  }
  return { length, stride: 6, features, label };
}
