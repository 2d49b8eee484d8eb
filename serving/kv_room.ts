/**
 * How many tokens of KV fit beside weights and activations.
 *
 * @module
 */
import { bytesPerToken } from "../scenario/models.ts";
import type { Device } from "./device.ts";
import { type ComputableModel, weightBytes } from "./weights.ts";

/** What takes the memory of one device, in bytes. */
export interface KvRoom {
  /** What the engine may use at all. */
  readonly usableBytes: number;
  readonly weightBytes: number;
  readonly activationBytes: number;
  /** What is left for KV; 0 when nothing is. */
  readonly kvBytes: number;
  /** Tokens of KV over all devices that share the model. */
  readonly tokens: number;
}

/** How an engine divides the memory. */
export interface KvRoomOptions {
  /** Devices that share each layer; 1 when absent. */
  readonly tensorParallel?: number;
  /** Share of the memory that the engine may use; 0.9 when absent. */
  readonly utilisation?: number;
  /** Most tokens of a step; 8,192 when absent. Activations grow with it. */
  readonly tokenBudget?: number;
  /** Instead of the estimate. */
  readonly activationBytes?: number;
  /** Bits of one number of the KV; the model's own precision when absent. */
  readonly kvBits?: number;
}

/** Bytes of activations, graphs and workspace for each token of the budget, as vLLM leaves free. */
const ACTIVATION_BYTES = { dense: 0.68 * 2 ** 20, experts: 0.92 * 2 ** 20 };

/**
 * Room for KV: usable memory, less weights ÷ devices, less activations.
 *
 * Activations are an estimate from runs of vLLM on H100 and RTX 4090 (docs/compute-model.md).
 *
 * @example
 * ```ts
 * import { computable, kvRoom, loadDevice, loadModel } from "kvtier";
 * import { assert } from "@std/assert";
 *
 * const model = computable(await loadModel("llama-3.1-8b"));
 * const { kvBytes } = kvRoom(model, await loadDevice("h100-sxm"));
 * assert(Math.abs(kvBytes / 2 ** 30 - 51.4) < 1.5); // vLLM found 51.38 GiB
 * ```
 */
export function kvRoom(
  model: ComputableModel,
  device: Device,
  options: KvRoomOptions = {},
): KvRoom {
  const { tensorParallel: t = 1, utilisation = 0.9, tokenBudget = 8_192 } = options;
  const usableBytes = device.memoryBytes * utilisation;
  const weights = weightBytes(model) / t;
  const kind = model.compute.experts === undefined ? "dense" : "experts";
  const activationBytes = options.activationBytes ?? ACTIVATION_BYTES[kind] * tokenBudget;
  const kvBytes = Math.max(0, usableBytes - weights - activationBytes);
  const scale = (options.kvBits ?? model.bytesPerNumber * 8) / (model.bytesPerNumber * 8);
  const split = model.attention.kind === "grouped" ? Math.min(t, model.attention.kvHeads) : 1;
  const tokens = Math.floor(kvBytes * split / (bytesPerToken(model) * scale));
  return { usableBytes, weightBytes: weights, activationBytes, kvBytes, tokens };
}
