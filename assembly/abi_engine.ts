// What engines of a cluster go by: which block leaves first, and how long a step takes. Part of the
// boundary of `abi_serving.ts`, declared once; literals and enums only.

/** Which block of a place that nobody uses leaves first. */
export enum EvictionField {
  Entry = 0, // u32, index told by the registry
  Reserved = 4, // u32, zero
  Parameters = 8, // f64[4], in the order that the registry declares
}
export const EVICTION_BYTES = 40;

/** Constants of a step's time; the formula is in `serving/step_model.ts`. */
export enum StepModelField {
  StepNs = 0, // f64
  SequenceNs = 8, // f64
  TokenNs = 16, // f64
  Smoothness = 24, // f64
  PairNs = 32, // f64
  ContextNs = 40, // f64
  AllReduceNs = 48, // f64
  AllReduceNsPerToken = 56, // f64
  Products = 64, // u32, how many products
  ProductRecords = 68, // u32 address of PRODUCT_BYTES × products
  WindowPairNs = 72, // f64
  WindowContextNs = 80, // f64
  WindowTokens = 88, // u32, 0 for none
  Reserved = 92, // u32, zero
  MixedSequenceNs = 96, // f64
  MixedContextFactor = 104, // f64
}
export const STEP_MODEL_BYTES = 112;

export enum ProductField {
  NsPerToken = 0, // f64
  WeightNs = 8, // f64
  OverheadNs = 16, // f64
  ActiveShare = 24, // f64
}
export const PRODUCT_BYTES = 32;
