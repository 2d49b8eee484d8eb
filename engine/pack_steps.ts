/**
 * Models of steps in the engine's memory.
 *
 * @module
 */
import {
  PRODUCT_BYTES,
  ProductField,
  STEP_MODEL_BYTES,
  StepModelField,
} from "../assembly/abi_engine.ts";
import type { Memory } from "./memory.ts";
import type { StepModel } from "./step_model.ts";

/** Lays models of steps out; gives their address. */
export function placeStepModels(
  memory: Memory,
  models: readonly StepModel[],
  room: (bytes: number) => number,
): number {
  const start = room(STEP_MODEL_BYTES * models.length);
  for (const [index, model] of models.entries()) {
    const at = start + index * STEP_MODEL_BYTES;
    const products = room(PRODUCT_BYTES * model.products.length);
    for (const [i, product] of model.products.entries()) {
      const row = products + i * PRODUCT_BYTES;
      memory.setF64(row + ProductField.NsPerToken, product.nsPerToken);
      memory.setF64(row + ProductField.WeightNs, product.weightNs);
      memory.setF64(row + ProductField.OverheadNs, product.overheadNs);
      memory.setF64(row + ProductField.ActiveShare, product.activeShare);
    }
    memory.setF64(at + StepModelField.StepNs, model.stepNs);
    memory.setF64(at + StepModelField.SequenceNs, model.sequenceNs);
    memory.setF64(at + StepModelField.TokenNs, model.tokenNs);
    memory.setF64(at + StepModelField.Smoothness, model.smoothness);
    memory.setF64(at + StepModelField.PairNs, model.pairNs);
    memory.setF64(at + StepModelField.ContextNs, model.contextNs);
    memory.setF64(at + StepModelField.AllReduceNs, model.allReduceNs);
    memory.setF64(at + StepModelField.AllReduceNsPerToken, model.allReduceNsPerToken);
    memory.setU32(at + StepModelField.WindowTokens, model.windowTokens);
    memory.setF64(at + StepModelField.WindowPairNs, model.windowPairNs);
    memory.setF64(at + StepModelField.WindowContextNs, model.windowContextNs);
    memory.setF64(at + StepModelField.MixedSequenceNs, model.mixedSequenceNs ?? 0);
    memory.setF64(at + StepModelField.MixedContextFactor, model.mixedContextFactor ?? 1);
    memory.setU32(at + StepModelField.Products, model.products.length);
    memory.setU32(at + StepModelField.ProductRecords, products);
  }
  return start;
}
