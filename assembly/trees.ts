/**
 * Gradient-boosted trees over rows of bytes: the models that the host places, and their recorder.
 *
 * Models stand below the arena's mark, so all runs of the instance share them. Each is checked once
 * when it is opened; after that a walk needs no bounds.
 *
 * Cost: 16 bytes per node; a few nanoseconds per tree. Rows that were scored lately are answered
 * from a table, which is exact because a score is a function of the row.
 */
import {
  ErrorCode,
  FEATURES_COUNT,
  MODEL_BYTES,
  MODEL_NODE_BYTES,
  RECORD_BYTES,
  RECORD_ROW_BYTES,
  RecordRowField,
} from "./abi";
import { TIERS_MAX } from "./abi_hierarchy";
import { rewind, setMark, take } from "./arena";
import { header } from "./columns/trace";
import { refuse } from "./failure";
import { ModelHeader, ModelNode, RecordHeader } from "./layout";
import { mix } from "./random";

const NODE_BITS: u32 = 4;

/** Address and size of the room that the host writes models into. */
let room: usize = 0;
let roomBytes: u32 = 0;
/** Most rows that the recorder's room was made for. */
let recordRows: u32 = 0;

/** The model of one tier; without trees until one is opened, so that every score is 0. */
@final export class Model {
  trees: u32 = 0;
  base: f64 = 0;
  roots: usize = 0;
  nodes: usize = 0;

  /** The score of the row at `row`: the base and one leaf of each tree, added in order. */
  score(row: usize): f64 {
    let score = this.base;
    const roots = this.roots;
    const nodes = this.nodes;
    for (let t: u32 = 0, trees = this.trees; t < trees; t++) {
      let node = nodes + (load<u32>(roots + (t << 2)) << NODE_BITS);
      while (load<u16>(node, 2) == 0) {
        const isAbove = load<u8>(row + load<u8>(node)) > load<u8>(node, 1);
        node = nodes + ((load<u32>(node, 4) + <u32>isAbove) << NODE_BITS);
      }
      score += load<f64>(node, 8);
    }
    return score;
  }
}

/** Models by tier; 0 is that of a tier without a hierarchy. */
const models: StaticArray<Model> = new StaticArray<Model>(TIERS_MAX);
for (let tier = 0; tier < TIERS_MAX; tier++) models[tier] = new Model();

/** The model that a tier goes by. */
export function modelOf(tier: u32): Model {
  return models[tier];
}

/** Rows that scored runs leave behind; `room` is 0 unless the host asked. */
export const record: RecordHeader = changetype<RecordHeader>(memory.data(RECORD_BYTES, 16));

/**
 * Room for packed models, one after the other; the run in progress, and any model in force, is
 * dropped.
 *
 * @returns Its address, or 0 when no trace is open.
 */
export function modelRoom(bytes: u32): usize {
  closeModels();
  if (changetype<usize>(header) == 0) return 0;
  rewind();
  if (bytes > roomBytes) {
    room = take(bytes);
    roomBytes = bytes;
  }
  setMark();
  return room;
}

/** Makes room for that many recorded rows; 0 ends recording. Drops the run in progress. */
export function recordRoom(rows: u32): usize {
  if (changetype<usize>(header) == 0) return 0;
  rewind();
  if (rows > recordRows) {
    record.start = <u32>take(<usize>rows * RECORD_ROW_BYTES);
    recordRows = rows;
  }
  setMark();
  record.room = rows;
  return changetype<usize>(record);
}

/** Goes back to no models. */
export function closeModels(): void {
  for (let tier = 0; tier < TIERS_MAX; tier++) {
    models[tier].trees = 0;
    models[tier].base = 0;
  }
}

/** Checks the model at an address in the room and puts it in force for a tier. */
export function openModel(tier: u32, address: usize): ErrorCode {
  if (tier >= <u32>TIERS_MAX) return refuse(ErrorCode.TierCount, tier);
  const end = <u64>room + roomBytes;
  if (room == 0 || address < room || <u64>address + MODEL_BYTES > end) {
    return refuse(ErrorCode.ModelInvalid, 0);
  }
  const asked = changetype<ModelHeader>(address);
  const rootBytes = ((<u64>asked.trees << 2) + 7) & ~7;
  const bytes = <u64>MODEL_BYTES + rootBytes + <u64>asked.nodes * MODEL_NODE_BYTES;
  if (address + bytes > end) {
    return refuse(ErrorCode.ModelInvalid, 0, <f64>bytes, <f64>(end - address));
  }
  if (!isFinite(asked.base)) return refuse(ErrorCode.ModelInvalid, 0, asked.base);
  const roots = address + MODEL_BYTES;
  const nodes = roots + <usize>rootBytes;
  for (let t: u32 = 0; t < asked.trees; t++) {
    const root = load<u32>(roots + (t << 2));
    if (root >= asked.nodes) return refuse(ErrorCode.ModelInvalid, t, root, asked.nodes);
  }
  for (let n: u32 = 0; n < asked.nodes; n++) {
    const node = changetype<ModelNode>(nodes + (n << NODE_BITS));
    if (node.isLeaf != 0) {
      if (isFinite(node.value)) continue;
      return refuse(ErrorCode.ModelInvalid, n, node.value);
    }
    // Children come later than their parent, so that every walk ends.
    const isWrong = node.child <= n || node.child >= asked.nodes - 1;
    if (isWrong || node.feature >= <u8>FEATURES_COUNT) {
      return refuse(ErrorCode.ModelInvalid, n, node.child, asked.nodes);
    }
  }
  const model = models[tier];
  model.base = asked.base;
  model.roots = roots;
  model.nodes = nodes;
  model.trees = asked.trees;
  return ErrorCode.None;
}

/** Offers a scored row to the recorder, which keeps an even sample of all that it is offered. */
export function recordRow(row: usize, block: u32, now: u32, score: f64): void {
  record.offered += 1;
  const drawn = <u32>(mix(<u64>record.offered) >> 32);
  if (drawn > record.threshold || record.rows >= record.room) return;
  const out = <usize>record.start + <usize>record.rows * RECORD_ROW_BYTES;
  record.rows += 1;
  store<u64>(out + RecordRowField.Features, load<u64>(row));
  store<u64>(out + RecordRowField.Features, load<u64>(row, 8), 8);
  store<u32>(out + RecordRowField.Block, block);
  store<u32>(out + RecordRowField.Now, now);
  store<f64>(out + RecordRowField.Score, score);
}
