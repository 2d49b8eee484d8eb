/**
 * How long one step of an engine takes: the constants, and the formula that reads them.
 *
 * The engine in Wasm evaluates the same formula (`assembly/serving/step.ts`); the host makes the
 * constants, from a model and a device or from measurements.
 *
 * @module
 */

/** A dense matrix product of every layer: bound by FLOPs with many tokens, by weights with few. */
export interface Product {
  /** Nanoseconds of arithmetic for one token, over all layers. */
  readonly nsPerToken: number;
  /** Nanoseconds to read the weights once, over all layers. */
  readonly weightNs: number;
  /** Nanoseconds that it takes at least on top, over all layers (launches). */
  readonly overheadNs: number;
  /** Share of the weights that one token reads: 1 for dense, active ÷ all experts for MoE. */
  readonly activeShare: number;
}

/** Constants of a step's time. All nanoseconds, 0 or more. */
export interface StepModel {
  /** Of every step: scheduling, launches, sampling. */
  readonly stepNs: number;
  /** Of every sequence in the step. */
  readonly sequenceNs: number;
  /** Of every new token: element-wise work, normalisation, embedding. */
  readonly tokenNs: number;
  /** Dense products. The smooth roofline is `((nsPerToken·n)^p + weightNs^p)^(1/p) + overheadNs`. */
  readonly products: readonly Product[];
  /** The `p` of the smooth roofline, 1 to 16: powers of nanoseconds stay in range. */
  readonly smoothness: number;
  /** Of every pair of a prompt token and a token it attends to. */
  readonly pairNs: number;
  /** Of every token of context that a decoding sequence reads. */
  readonly contextNs: number;
  /**
   * Tokens that layers with a sliding window look back; 0 without such layers. The two times above
   * are of the other layers, the two below of these.
   */
  readonly windowTokens: number;
  /** Of every pair of a prompt token and a token of its window. */
  readonly windowPairNs: number;
  /** Of every token that a decoding sequence reads within its window. */
  readonly windowContextNs: number;
  /** Of every step with tensor parallelism: latency of all its all-reduces. */
  readonly allReduceNs: number;
  /** Of every new token with tensor parallelism. */
  readonly allReduceNsPerToken: number;
  /**
   * Of every sequence of a mixed step, on top: one that computes a part of a prompt while other
   * sequences decode. Its attention is another kernel than that of decoding alone. 0 when absent.
   */
  readonly mixedSequenceNs?: number;
  /** By how much slower a mixed step reads contexts than one that only decodes; 1 when absent. */
  readonly mixedContextFactor?: number;
}

/** What one step does. */
export interface StepWork {
  /** New tokens: those of prompt chunks, and one for each decoding sequence. */
  readonly tokens: number;
  readonly sequences: number;
  /** Over all prompt tokens of the step: tokens that each attends to, itself included. */
  readonly pairs: number;
  /** Over all decoding sequences: tokens of their contexts. */
  readonly contextTokens: number;
  /** As `pairs`, each token attending to `windowTokens` at most; 0 without a window. */
  readonly windowPairs: number;
  /** As `contextTokens`, each context counted up to `windowTokens`; 0 without a window. */
  readonly windowContextTokens: number;
}

/**
 * Nanoseconds of one step, not rounded.
 *
 * An expert layer reads the weights of the experts that at least one token chose:
 * `1 − (1 − activeShare)^tokens` of them.
 */
export function stepNs(model: StepModel, work: StepWork): number {
  const { tokens, sequences, pairs, contextTokens } = work;
  const p = model.smoothness;
  let products = 0;
  for (const { nsPerToken, weightNs, overheadNs, activeShare } of model.products) {
    const read = weightNs * (1 - (1 - activeShare) ** tokens);
    products += ((nsPerToken * tokens) ** p + read ** p) ** (1 / p) + overheadNs;
  }
  const prompts = model.pairNs * pairs + model.windowPairNs * work.windowPairs;
  let contexts = model.contextNs * contextTokens +
    model.windowContextNs * work.windowContextTokens;
  if (pairs > 0 && contextTokens > 0) {
    const { mixedContextFactor = 1, mixedSequenceNs = 0 } = model;
    contexts = contexts * mixedContextFactor + mixedSequenceNs * sequences;
  }
  return model.stepNs + model.allReduceNs + products + model.sequenceNs * sequences +
    (model.tokenNs + model.allReduceNsPerToken) * tokens + prompts + contexts;
}

/**
 * Pairs of a prompt chunk: `count` tokens after `before` computed ones, each attending to itself
 * and all before it, to `window` tokens at most.
 */
export function pairsOf(before: number, count: number, window = Infinity): number {
  const free = Math.max(0, Math.min(count, window - before));
  return free * before + free * (free + 1) / 2 + (free < count ? (count - free) * window : 0);
}
