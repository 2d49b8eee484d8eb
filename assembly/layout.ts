/**
 * The records of `abi.ts` as fields. A record that drifts from `abi.ts` does not compile.
 */
import {
  FAILURE_BYTES,
  FailureField,
  FOLD_BYTES,
  FoldField,
  MODEL_BYTES,
  MODEL_NODE_BYTES,
  ModelField,
  ModelNodeField,
  RECORD_BYTES,
  RecordField,
  RESULT_BYTES,
  ResultField,
  RUN_BYTES,
  RunField,
  TRACE_BYTES,
  TraceField,
} from "./abi";

@unmanaged export class Failure {
  code: u32;
  index: u32;
  value: f64;
  limit: f64;
}
if (offsetof<Failure>("code") != FailureField.Code) ERROR("Failure.code drifted");
if (offsetof<Failure>("index") != FailureField.Index) ERROR("Failure.index drifted");
if (offsetof<Failure>("value") != FailureField.Value) ERROR("Failure.value drifted");
if (offsetof<Failure>("limit") != FailureField.Limit) ERROR("Failure.limit drifted");
if (offsetof<Failure>() != FAILURE_BYTES) ERROR("Failure drifted from abi.ts in size");

@unmanaged export class TraceHeader {
  requests: u32;
  extents: u32;
  blocks: u32;
  accesses: u32;
  blockTokens: u32;
  firstExtent: u32;
  firstBlock: u32;
  blockCount: u32;
  inputTokens: u32;
  reserved: u32;
}
if (offsetof<TraceHeader>("requests") != TraceField.Requests) ERROR("TraceHeader.requests drifted");
if (offsetof<TraceHeader>("extents") != TraceField.Extents) ERROR("TraceHeader.extents drifted");
if (offsetof<TraceHeader>("blocks") != TraceField.Blocks) ERROR("TraceHeader.blocks drifted");
if (offsetof<TraceHeader>("accesses") != TraceField.Accesses) ERROR("TraceHeader.accesses drifted");
if (offsetof<TraceHeader>("blockTokens") != TraceField.BlockTokens) {
  ERROR("TraceHeader.blockTokens drifted");
}
if (offsetof<TraceHeader>("firstExtent") != TraceField.FirstExtent) {
  ERROR("TraceHeader.firstExtent drifted");
}
if (offsetof<TraceHeader>("firstBlock") != TraceField.FirstBlock) {
  ERROR("TraceHeader.firstBlock drifted");
}
if (offsetof<TraceHeader>("blockCount") != TraceField.BlockCount) {
  ERROR("TraceHeader.blockCount drifted");
}
if (offsetof<TraceHeader>("inputTokens") != TraceField.InputTokens) {
  ERROR("TraceHeader.inputTokens drifted");
}
if (offsetof<TraceHeader>("reserved") != TraceField.Reserved) ERROR("TraceHeader.reserved drifted");
if (offsetof<TraceHeader>() != TRACE_BYTES) ERROR("TraceHeader drifted from abi.ts in size");

@unmanaged export class RunHeader {
  policy: u32;
  admission: u32;
  capacity: u32;
  touch: u32;
  engine: u32;
  warmup: u32;
  seed: u64;
  policy0: f64;
  policy1: f64;
  policy2: f64;
  policy3: f64;
  policy4: f64;
  policy5: f64;
  policy6: f64;
  policy7: f64;
  admission0: f64;
  admission1: f64;
  admission2: f64;
  admission3: f64;
}
if (offsetof<RunHeader>("policy") != RunField.Policy) ERROR("RunHeader.policy drifted");
if (offsetof<RunHeader>("admission") != RunField.Admission) ERROR("RunHeader.admission drifted");
if (offsetof<RunHeader>("capacity") != RunField.Capacity) ERROR("RunHeader.capacity drifted");
if (offsetof<RunHeader>("touch") != RunField.Touch) ERROR("RunHeader.touch drifted");
if (offsetof<RunHeader>("engine") != RunField.Engine) ERROR("RunHeader.engine drifted");
if (offsetof<RunHeader>("warmup") != RunField.Warmup) ERROR("RunHeader.warmup drifted");
if (offsetof<RunHeader>("seed") != RunField.Seed) ERROR("RunHeader.seed drifted");
if (offsetof<RunHeader>("policy0") != RunField.PolicyParameters) ERROR("RunHeader.policy0 drifted");
if (offsetof<RunHeader>("admission0") != RunField.AdmissionParameters) {
  ERROR("RunHeader.admission0 drifted");
}
if (offsetof<RunHeader>() != RUN_BYTES) ERROR("RunHeader drifted from abi.ts in size");

@unmanaged export class ResultHeader {
  requests: u64;
  accesses: u64;
  hits: u64;
  insertions: u64;
  evictions: u64;
  bypasses: u64;
  resident: u64;
  prefixHits: u64;
  hitTokens: u64;
  inputTokens: u64;
  compulsoryMisses: u64;
  requestRatioSum: f64;
  engine: u32;
  reserved: u32;
}
if (offsetof<ResultHeader>("requests") != ResultField.Requests) {
  ERROR("ResultHeader.requests drifted");
}
if (offsetof<ResultHeader>("accesses") != ResultField.Accesses) {
  ERROR("ResultHeader.accesses drifted");
}
if (offsetof<ResultHeader>("hits") != ResultField.Hits) ERROR("ResultHeader.hits drifted");
if (offsetof<ResultHeader>("insertions") != ResultField.Insertions) {
  ERROR("ResultHeader.insertions drifted");
}
if (offsetof<ResultHeader>("evictions") != ResultField.Evictions) {
  ERROR("ResultHeader.evictions drifted");
}
if (offsetof<ResultHeader>("bypasses") != ResultField.Bypasses) {
  ERROR("ResultHeader.bypasses drifted");
}
if (offsetof<ResultHeader>("resident") != ResultField.Resident) {
  ERROR("ResultHeader.resident drifted");
}
if (offsetof<ResultHeader>("prefixHits") != ResultField.PrefixHits) {
  ERROR("ResultHeader.prefixHits drifted");
}
if (offsetof<ResultHeader>("hitTokens") != ResultField.HitTokens) {
  ERROR("ResultHeader.hitTokens drifted");
}
if (offsetof<ResultHeader>("inputTokens") != ResultField.InputTokens) {
  ERROR("ResultHeader.inputTokens drifted");
}
if (offsetof<ResultHeader>("compulsoryMisses") != ResultField.CompulsoryMisses) {
  ERROR("ResultHeader.compulsoryMisses drifted");
}
if (offsetof<ResultHeader>("requestRatioSum") != ResultField.RequestRatioSum) {
  ERROR("ResultHeader.requestRatioSum drifted");
}
if (offsetof<ResultHeader>("engine") != ResultField.Engine) ERROR("ResultHeader.engine drifted");
if (offsetof<ResultHeader>() != RESULT_BYTES) ERROR("ResultHeader drifted from abi.ts in size");

@unmanaged export class FoldHeader {
  lengths: u32;
  hashes: u32;
  extentCounts: u32;
  firstBlock: u32;
  blockCount: u32;
  extents: u32;
  unique: u32;
  reserved: u32;
}
if (offsetof<FoldHeader>("lengths") != FoldField.Lengths) ERROR("FoldHeader.lengths drifted");
if (offsetof<FoldHeader>("hashes") != FoldField.Hashes) ERROR("FoldHeader.hashes drifted");
if (offsetof<FoldHeader>("extentCounts") != FoldField.ExtentCounts) {
  ERROR("FoldHeader.extentCounts drifted");
}
if (offsetof<FoldHeader>("firstBlock") != FoldField.FirstBlock) {
  ERROR("FoldHeader.firstBlock drifted");
}
if (offsetof<FoldHeader>("blockCount") != FoldField.BlockCount) {
  ERROR("FoldHeader.blockCount drifted");
}
if (offsetof<FoldHeader>("extents") != FoldField.Extents) ERROR("FoldHeader.extents drifted");
if (offsetof<FoldHeader>("unique") != FoldField.Unique) ERROR("FoldHeader.unique drifted");
if (offsetof<FoldHeader>() != FOLD_BYTES) ERROR("FoldHeader drifted from abi.ts in size");

@unmanaged export class ModelHeader {
  trees: u32;
  nodes: u32;
  base: f64;
}
if (offsetof<ModelHeader>("trees") != ModelField.Trees) ERROR("ModelHeader.trees drifted");
if (offsetof<ModelHeader>("nodes") != ModelField.Nodes) ERROR("ModelHeader.nodes drifted");
if (offsetof<ModelHeader>("base") != ModelField.Base) ERROR("ModelHeader.base drifted");
if (offsetof<ModelHeader>() != MODEL_BYTES) ERROR("ModelHeader drifted from abi.ts in size");

@unmanaged export class ModelNode {
  feature: u8;
  threshold: u8;
  isLeaf: u16;
  child: u32;
  value: f64;
}
if (offsetof<ModelNode>("feature") != ModelNodeField.Feature) ERROR("ModelNode.feature drifted");
if (offsetof<ModelNode>("threshold") != ModelNodeField.Threshold) {
  ERROR("ModelNode.threshold drifted");
}
if (offsetof<ModelNode>("isLeaf") != ModelNodeField.IsLeaf) ERROR("ModelNode.isLeaf drifted");
if (offsetof<ModelNode>("child") != ModelNodeField.Child) ERROR("ModelNode.child drifted");
if (offsetof<ModelNode>("value") != ModelNodeField.Value) ERROR("ModelNode.value drifted");
if (offsetof<ModelNode>() != MODEL_NODE_BYTES) ERROR("ModelNode drifted from abi.ts in size");

@unmanaged export class RecordHeader {
  room: u32;
  rows: u32;
  offered: u32;
  threshold: u32;
  start: u32;
  reserved: u32;
}
if (offsetof<RecordHeader>("room") != RecordField.Room) ERROR("RecordHeader.room drifted");
if (offsetof<RecordHeader>("rows") != RecordField.Rows) ERROR("RecordHeader.rows drifted");
if (offsetof<RecordHeader>("offered") != RecordField.Offered) {
  ERROR("RecordHeader.offered drifted");
}
if (offsetof<RecordHeader>("threshold") != RecordField.Threshold) {
  ERROR("RecordHeader.threshold drifted");
}
if (offsetof<RecordHeader>("start") != RecordField.Start) ERROR("RecordHeader.start drifted");
if (offsetof<RecordHeader>() != RECORD_BYTES) ERROR("RecordHeader drifted from abi.ts in size");
