/** Constants of a step's time as the host writes them, as fields; see `../layout.ts`. */
import { PRODUCT_BYTES, ProductField, STEP_MODEL_BYTES, StepModelField } from "../abi_engine";

@unmanaged export class StepModelRecord {
  stepNs: f64;
  sequenceNs: f64;
  tokenNs: f64;
  smoothness: f64;
  pairNs: f64;
  contextNs: f64;
  allReduceNs: f64;
  allReduceNsPerToken: f64;
  products: u32;
  productRecords: u32;
  windowPairNs: f64;
  windowContextNs: f64;
  windowTokens: u32;
  reserved: u32;
  mixedSequenceNs: f64;
  mixedContextFactor: f64;
}
if (offsetof<StepModelRecord>("stepNs") != StepModelField.StepNs) {
  ERROR("StepModelRecord.stepNs drifted");
}
if (offsetof<StepModelRecord>("sequenceNs") != StepModelField.SequenceNs) {
  ERROR("StepModelRecord.sequenceNs drifted");
}
if (offsetof<StepModelRecord>("tokenNs") != StepModelField.TokenNs) {
  ERROR("StepModelRecord.tokenNs drifted");
}
if (offsetof<StepModelRecord>("smoothness") != StepModelField.Smoothness) {
  ERROR("StepModelRecord.smoothness drifted");
}
if (offsetof<StepModelRecord>("pairNs") != StepModelField.PairNs) {
  ERROR("StepModelRecord.pairNs drifted");
}
if (offsetof<StepModelRecord>("contextNs") != StepModelField.ContextNs) {
  ERROR("StepModelRecord.contextNs drifted");
}
if (offsetof<StepModelRecord>("allReduceNs") != StepModelField.AllReduceNs) {
  ERROR("StepModelRecord.allReduceNs drifted");
}
if (offsetof<StepModelRecord>("allReduceNsPerToken") != StepModelField.AllReduceNsPerToken) {
  ERROR("StepModelRecord.allReduceNsPerToken drifted");
}
if (offsetof<StepModelRecord>("products") != StepModelField.Products) {
  ERROR("StepModelRecord.products drifted");
}
if (offsetof<StepModelRecord>("productRecords") != StepModelField.ProductRecords) {
  ERROR("StepModelRecord.productRecords drifted");
}
if (offsetof<StepModelRecord>("windowPairNs") != StepModelField.WindowPairNs) {
  ERROR("StepModelRecord.windowPairNs drifted");
}
if (offsetof<StepModelRecord>("windowContextNs") != StepModelField.WindowContextNs) {
  ERROR("StepModelRecord.windowContextNs drifted");
}
if (offsetof<StepModelRecord>("windowTokens") != StepModelField.WindowTokens) {
  ERROR("StepModelRecord.windowTokens drifted");
}
if (offsetof<StepModelRecord>("mixedSequenceNs") != StepModelField.MixedSequenceNs) {
  ERROR("StepModelRecord.mixedSequenceNs drifted");
}
if (offsetof<StepModelRecord>("mixedContextFactor") != StepModelField.MixedContextFactor) {
  ERROR("StepModelRecord.mixedContextFactor drifted");
}
if (offsetof<StepModelRecord>() != STEP_MODEL_BYTES) ERROR("StepModelRecord drifted in size");

@unmanaged export class ProductRecord {
  nsPerToken: f64;
  weightNs: f64;
  overheadNs: f64;
  activeShare: f64;
}
if (offsetof<ProductRecord>("nsPerToken") != ProductField.NsPerToken) {
  ERROR("ProductRecord.nsPerToken drifted");
}
if (offsetof<ProductRecord>("weightNs") != ProductField.WeightNs) {
  ERROR("ProductRecord.weightNs drifted");
}
if (offsetof<ProductRecord>("overheadNs") != ProductField.OverheadNs) {
  ERROR("ProductRecord.overheadNs drifted");
}
if (offsetof<ProductRecord>("activeShare") != ProductField.ActiveShare) {
  ERROR("ProductRecord.activeShare drifted");
}
if (offsetof<ProductRecord>() != PRODUCT_BYTES) ERROR("ProductRecord drifted in size");
