/**
 * Rows of bytes as the trainer wants them: values that occur, numbered densely over all features.
 *
 * @module
 */

/** Training rows: features are bytes, so every value is a bin and nothing is rounded. */
export interface ByteRows {
  readonly length: number;
  /** Bytes from one row to the next; the features stand first. */
  readonly stride: number;
  readonly features: Uint8Array;
  readonly label: Float64Array;
  /** What each row counts, above 0; all count 1 when absent. */
  readonly weight?: Float64Array;
}

/** The rows with every value replaced by its number among the values that occur. */
export interface Bins {
  readonly features: number;
  /** First bin of each feature, one more than there are features. */
  readonly firstBin: Uint32Array;
  /** The value that each bin stands for. */
  readonly value: Uint8Array;
  /** u16[rows × features], row by row. */
  readonly binOf: Uint16Array;
}

/** Numbers the values of `features` leading bytes of each row. */
export function binRows(rows: ByteRows, features: number): Bins {
  const seen = new Uint8Array(features * 256);
  for (let row = 0, at = 0; row < rows.length; row++, at += rows.stride) {
    for (let f = 0; f < features; f++) seen[f * 256 + rows.features[at + f]] = 1;
  }
  const firstBin = new Uint32Array(features + 1);
  const number = new Uint16Array(features * 256);
  const values: number[] = [];
  for (let f = 0; f < features; f++) {
    firstBin[f] = values.length;
    for (let value = 0; value < 256; value++) {
      if (seen[f * 256 + value] === 0) continue;
      number[f * 256 + value] = values.length;
      values.push(value);
    }
  }
  firstBin[features] = values.length;
  const binOf = new Uint16Array(rows.length * features);
  for (let row = 0, at = 0, out = 0; row < rows.length; row++, at += rows.stride) {
    for (let f = 0; f < features; f++) binOf[out++] = number[f * 256 + rows.features[at + f]];
  }
  return { features, firstBin, value: Uint8Array.from(values), binOf };
}
