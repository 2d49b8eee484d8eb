/**
 * Models of the `learned` policy on their way into the engine, and its recorded rows on their way
 * out.
 *
 * @module
 */
import {
  FEATURE_ROW_BYTES,
  MODEL_BYTES,
  RECORD_ROW_BYTES,
  RecordField,
  RecordRowField,
} from "../assembly/abi.ts";
import { UsageError } from "../errors/errors.ts";
import type { Choice } from "./registry.ts";
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

/** The name of the policy that goes by a model. */
export const LEARNED = "learned";

/** Models by tier, fastest first; `undefined` for a tier that has none. */
export type TierModels = readonly (PackedModel | undefined)[];

/** A model of no trees, under which `learned` is LRU: for those who ask for just that. */
export const NO_TREES: PackedModel = {
  bytes: new Uint8Array(MODEL_BYTES),
  hash: "374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb",
};

/**
 * The model of a tier; `undefined` for a policy that goes by none.
 *
 * @throws {UsageError} If a `learned` tier has none: LRU under another name would be false.
 */
export function modelOf(
  policy: Choice,
  name: string,
  tier: number,
  models: TierModels,
): PackedModel | undefined {
  if (policy.entry.name !== LEARNED) return undefined;
  const model = models[tier];
  if (model !== undefined) return model;
  throw new UsageError({
    code: "usage/no-model",
    message: `Cannot simulate: tier ${tier} ("${name}") is learned and has no model`,
    place: { key: `tiers[${tier}].policy` },
    expected: "a model that was trained, or one from a file",
    mend: [
      "write `learn: { share: 0.3 }` in the scenario: the first 30 % of the trace train it",
      "or `model: FILE` in the tier, LightGBM text as `kvtier learn TRACE --save FILE` writes it",
      "from a program, call simulateLearned, which makes the models, or give simulate yours",
    ],
  });
}

/** Puts models in force for the runs that follow; the tiers that are left out have none. */
export function placeModels(instance: Instance, models: TierModels): void {
  const context = "place the model in the engine";
  instance.call("closeModels", [], context);
  const bytes = models.reduce((sum, model) => sum + (model?.bytes.length ?? 0), 0);
  if (bytes === 0) return;
  let address = instance.call("modelRoom", [bytes], context);
  for (const [tier, model] of models.entries()) {
    if (model === undefined) continue;
    instance.memory.bytes(address, model.bytes.length).set(model.bytes);
    instance.checked("openModel", [tier, address], context);
    address += model.bytes.length;
  }
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
