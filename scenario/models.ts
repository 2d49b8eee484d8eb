/**
 * Bytes of KV per token, from the shape of a model.
 *
 * @module
 */

/** Multi-head or grouped-query attention: a key and a value for each KV head. */
export interface GroupedAttention {
  readonly kind: "grouped";
  readonly kvHeads: number;
  readonly headSize: number;
}

/** Multi-head latent attention: one compressed vector and one rotary key for all heads. */
export interface LatentAttention {
  readonly kind: "latent";
  readonly latentSize: number;
  readonly ropeSize: number;
}

/** What the bytes of a token's KV depend on. */
export interface Model {
  readonly name: string;
  /** Where the numbers come from. */
  readonly source: string;
  /** Layers that keep KV. */
  readonly layers: number;
  readonly attention: GroupedAttention | LatentAttention;
  /** 2 for fp16 and bf16, 1 for fp8, 0.5 for int4. */
  readonly bytesPerNumber: number;
}

/**
 * KV bytes of one token over all layers.
 *
 * Grouped: layers · 2 · kvHeads · headSize · bytes. Latent: layers · (latent + rope) · bytes.
 *
 * @example Llama-3.1-70B
 * ```ts
 * import { bytesPerToken } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const attention = { kind: "grouped", kvHeads: 8, headSize: 128 } as const;
 * const model = { name: "70B", source: "config", layers: 80, attention, bytesPerNumber: 2 };
 * assertEquals(bytesPerToken(model), 327_680);
 * ```
 */
export function bytesPerToken(model: Model): number {
  const { attention, layers, bytesPerNumber } = model;
  const numbers = attention.kind === "grouped"
    ? 2 * attention.kvHeads * attention.headSize
    : attention.latentSize + attention.ropeSize;
  return layers * numbers * bytesPerNumber;
}
