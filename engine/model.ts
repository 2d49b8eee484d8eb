/**
 * Models of the `learned` policy on their way into the engine, and its recorded rows on their way
 * out.
 *
 * @module
 */
import {
  FEATURE_ROW_BYTES,
  RECORD_ROW_BYTES,
  RecordField,
  RecordRowField,
} from "../assembly/abi.ts";
import type { Instance } from "./wasm.ts";

/** Trees as the engine walks them. Made by `packModel`. */
export interface PackedModel {
  /** Header, roots and nodes, laid out as `ModelField` and `ModelNodeField` say. */
  readonly bytes: Uint8Array;
  /** SHA-256 (hex) of the bytes; the model's part of a result's hash. */
  readonly hash: string;
}

/** Rows that the `learned` policy scored: what it knew, of which block, when, and the score. */
export interface RecordedRows {
  readonly length: number;
  /** `featureRowBytes` bytes for each row, a byte for each feature. */
  readonly features: Uint8Array;
  readonly featureRowBytes: number;
  readonly block: Uint32Array;
  /** Access at which the row was scored, in the touch order of the run. */
  readonly now: Uint32Array;
  readonly score: Float64Array;
  /** Rows that there were, recorded or not. */
  readonly offered: number;
}

/** Puts a model in force for the runs that follow; `undefined` leaves `learned` without one. */
export function placeModel(instance: Instance, model: PackedModel | undefined): void {
  const context = "place the model in the engine";
  if (model === undefined) {
    instance.call("closeModel", [], context);
    return;
  }
  const address = instance.call("modelRoom", [model.bytes.length], context);
  instance.memory.bytes(address, model.bytes.length).set(model.bytes);
  instance.checked("openModel", [], context);
}

/**
 * Has the runs that follow record the rows that `learned` scores.
 *
 * @param room Most rows; 0 ends recording.
 * @param share Part of the rows that is kept, 0 to 1, by a fixed stream of random bits.
 */
export function beginRecording(instance: Instance, room: number, share: number): void {
  const at = instance.call("recordRoom", [room], "make room for recorded rows");
  const threshold = Math.min(0xffffffff, Math.floor(share * 2 ** 32));
  instance.memory.setU32(at + RecordField.Threshold, threshold);
  instance.memory.setU32(at + RecordField.Rows, 0);
  instance.memory.setU32(at + RecordField.Offered, 0);
}

/** Copies what the last run recorded, and ends recording. */
export function endRecording(instance: Instance): RecordedRows {
  const { memory } = instance;
  const at = instance.call("recordRoom", [0], "end recording");
  const length = memory.u32(at + RecordField.Rows);
  const start = memory.u32(at + RecordField.Start);
  const bytes = memory.bytes(start, length * RECORD_ROW_BYTES).slice();
  const view = new DataView(bytes.buffer);
  const features = new Uint8Array(length * FEATURE_ROW_BYTES);
  const block = new Uint32Array(length);
  const now = new Uint32Array(length);
  const score = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    const from = row * RECORD_ROW_BYTES;
    const column = from + RecordRowField.Features;
    features.set(bytes.subarray(column, column + FEATURE_ROW_BYTES), row * FEATURE_ROW_BYTES);
    block[row] = view.getUint32(from + RecordRowField.Block, true);
    now[row] = view.getUint32(from + RecordRowField.Now, true);
    score[row] = view.getFloat64(from + RecordRowField.Score, true);
  }
  const offered = memory.u32(at + RecordField.Offered);
  return { length, features, featureRowBytes: FEATURE_ROW_BYTES, block, now, score, offered };
}
