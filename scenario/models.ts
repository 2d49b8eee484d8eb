/**
 * Bytes of KV, from the shape of a model.
 *
 * @module
 */

/** Multi-head or grouped-query attention: a key and a value for each KV head. */
export interface GroupedAttention {
  readonly kind: "grouped";
  /** As many as query heads in multi-head attention, fewer in grouped-query, 1 in multi-query. */
  readonly kvHeads: number;
  /** Numbers in one head's key, and in its value. */
  readonly headSize: number;
}

/** Multi-head latent attention: one compressed vector and one rotary key for all heads. */
export interface LatentAttention {
  readonly kind: "latent";
  readonly latentSize: number;
  readonly ropeSize: number;
}

/** Layers that look back over a window only, and keep no more than that. */
export interface SlidingWindow {
  /** How many of the model's layers. */
  readonly layers: number;
  /** Tokens that such a layer keeps. */
  readonly windowTokens: number;
}

/** Shape of the weights: what a step computes and reads besides KV. */
export interface ModelCompute {
  /** Numbers of a token between layers. */
  readonly hiddenSize: number;
  /** Query heads of a layer. */
  readonly heads: number;
  /** Sizes of latent attention that KV does not show. */
  readonly latent?: {
    readonly queryRank: number;
    readonly keySize: number;
    readonly valueSize: number;
  };
  /** Inner size of a dense gated feed-forward layer; absent where every layer has experts. */
  readonly ffnSize?: number;
  /** Leading layers without experts in a model with experts. */
  readonly denseLayers?: number;
  readonly experts?: {
    readonly count: number;
    readonly active: number;
    readonly shared?: number;
    readonly ffnSize: number;
    /** Bits of one number of the experts' weights. */
    readonly weightBits?: number;
  };
  readonly vocabulary: number;
  readonly tiedEmbedding?: boolean;
  /** Bits of one number of the weights; those of the KV when absent. */
  readonly weightBits?: number;
}

/** What the bytes of a token's KV depend on. */
export interface Model {
  readonly name: string;
  /** Where the numbers come from. */
  readonly source: string;
  /** Layers that keep KV, those with a window among them. */
  readonly layers: number;
  readonly attention: GroupedAttention | LatentAttention;
  /** Absent when every layer keeps the whole context. */
  readonly sliding?: SlidingWindow;
  /** 2 for fp16 and bf16, 1 for fp8, 0.5 for int4. */
  readonly bytesPerNumber: number;
  /** For people; experts keep no KV. */
  readonly parameters?: { readonly totalBillions: number; readonly activeBillions: number };
  readonly compute?: ModelCompute;
}

/** Numbers that one layer keeps for one token. */
export function numbersPerLayer({ attention }: Pick<Model, "attention">): number {
  return attention.kind === "grouped"
    ? 2 * attention.kvHeads * attention.headSize
    : attention.latentSize + attention.ropeSize;
}

/**
 * KV bytes of one token over all layers, those with a window included.
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
  return model.layers * numbersPerLayer(model) * model.bytesPerNumber;
}

/**
 * Numbers that a context keeps: all of it in full layers, its last window in the others.
 *
 * @param tokens Tokens of the context, 0 or more.
 */
export function kvNumbers(model: Model, tokens: number): number {
  const { layers, sliding } = model;
  const windowed = sliding?.layers ?? 0;
  const kept = Math.min(tokens, sliding?.windowTokens ?? tokens);
  return numbersPerLayer(model) * ((layers - windowed) * tokens + windowed * kept);
}

/**
 * KV bytes of a context in the model's own precision; less than tokens × bytes per token once a
 * sliding window is full.
 *
 * @param tokens Tokens of the context, 0 or more.
 *
 * @example Half of the layers keep 128 tokens
 * ```ts
 * import { kvBytes } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const attention = { kind: "grouped", kvHeads: 8, headSize: 64 } as const;
 * const sliding = { layers: 12, windowTokens: 128 };
 * const model = { name: "m", source: "s", layers: 24, attention, sliding, bytesPerNumber: 2 };
 * assertEquals(kvBytes(model, 128), 128 * 49_152);
 * assertEquals(kvBytes(model, 1_000), (1_000 + 128) * 24_576);
 * ```
 */
export function kvBytes(model: Model, tokens: number): number {
  return kvNumbers(model, tokens) * model.bytesPerNumber;
}
