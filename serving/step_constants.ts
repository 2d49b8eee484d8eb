/**
 * The constants of a step's time, from a model, a device and what fits say of its efficiency.
 *
 * @module
 */
import { numbersPerLayer } from "../scenario/models.ts";
import type { Device } from "./device.ts";
import type { Product, StepModel } from "../engine/step_model.ts";
import { type ComputableModel, weightBits, weightMatrices } from "./weights.ts";

/** How much of a device's peaks is reached, and what comes on top. */
export interface Efficiency {
  /** Share of peak FLOP/s of dense products, above 0. */
  readonly flops: number;
  /** Share of memory bandwidth when weights are read, above 0. */
  readonly bandwidth: number;
  /** The `p` of the smooth roofline, 1 or more. */
  readonly smoothness: number;
  /** Nanoseconds on top of each product of each layer. */
  readonly productNs: number;
  /** Share of peak FLOP/s of attention over prompts. */
  readonly attentionFlops: number;
  /** Share of memory bandwidth when decoding reads KV. */
  readonly contextBandwidth: number;
  /**
   * The same in steps that also compute prompts; 0 for no other than in steps that only decode.
   */
  readonly mixedContextBandwidth: number;
  /** Share of memory bandwidth of norms, rotary embedding, activation and additions. */
  readonly elementwiseBandwidth: number;
  /** Nanoseconds on top of the element-wise work of each layer. */
  readonly layerNs: number;
  /** Nanoseconds of every step: scheduling, launches, sampling. */
  readonly stepNs: number;
  /** Nanoseconds of every sequence of a step. */
  readonly sequenceNs: number;
  /** Nanoseconds on top of every sequence of a step that computes prompts and decodes at once. */
  readonly mixedSequenceNs: number;
  /** Bytes per second of an all-reduce: bytes of the message ÷ time. 0 takes the link's share. */
  readonly allReduceBytesPerSecond: number;
  /** Nanoseconds of an empty all-reduce. */
  readonly allReduceNs: number;
}

/**
 * Efficiencies where nothing was measured: round numbers amid the fits of docs/compute-model.md.
 */
export const USUAL_EFFICIENCY: Efficiency = {
  flops: 0.74,
  bandwidth: 0.88,
  smoothness: 1.5,
  productNs: 3_000,
  attentionFlops: 0.6,
  contextBandwidth: 0.9,
  mixedContextBandwidth: 0,
  elementwiseBandwidth: 0.5,
  layerNs: 10_000,
  stepNs: 2e6,
  sequenceNs: 5_000,
  mixedSequenceNs: 0,
  allReduceBytesPerSecond: 0,
  allReduceNs: 20_000,
};

/** What else the constants depend on. */
export interface StepOptions {
  /** Devices that share each layer; 1 when absent. */
  readonly tensorParallel?: number;
  readonly efficiency?: Partial<Efficiency>;
  /** Bits of one number of the KV; the model's own precision when absent. */
  readonly kvBits?: number;
  /** Bits of one number of the weights; the model's own when absent. Experts keep fewer. */
  readonly weightBits?: number;
}

/**
 * Constants of a step's time.
 *
 * With η, β, p of {@linkcode Efficiency}, F peak FLOP/s, B memory bandwidth, t devices and W the
 * numbers of a matrix: `nsPerToken = 2·W·share/(η·F·t)`, `weightNs = W·bits/8/(β·B·t)`. A pair of
 * tokens costs `4·heads·headSize` FLOPs a layer; a token of context its KV bytes, read at another
 * rate in steps that also compute prompts. Keys and values
 * are split over devices down to one KV head each; a latent is held by each of them whole. An
 * all-reduce follows attention and feed-forward of every layer.
 *
 * @example Decoding reads all weights once a step
 * ```ts
 * import { computable, loadDevice, loadModel, stepModel, stepNs } from "kvtier";
 * import { assert } from "@std/assert";
 *
 * const model = computable(await loadModel("llama-3.1-8b"));
 * const constants = stepModel(model, await loadDevice("rtx-4090"));
 * const work = { pairs: 0, contextTokens: 500, windowPairs: 0, windowContextTokens: 0 };
 * const ms = stepNs(constants, { tokens: 1, sequences: 1, ...work }) / 1e6;
 * assert(ms > 16 && ms < 26, `${ms}`);
 * ```
 */
export function stepModel(
  model: ComputableModel,
  device: Device,
  options: StepOptions = {},
): StepModel {
  const eff = { ...USUAL_EFFICIENCY, ...options.efficiency };
  const t = options.tensorParallel ?? 1;
  const { compute, layers, attention, sliding } = model;
  const bytesPerNs = device.memoryBytesPerSecond * eff.bandwidth / 1e9 * t;
  const bits = options.weightBits ?? weightBits(model);
  const flopsPerNs = (of: number) =>
    (of <= 8 ? device.flopsPerSecond8 : device.flopsPerSecond) / 1e9 * t;
  const products = weightMatrices(model).map((matrix): Product => {
    const own = Math.min(matrix.bits, bits);
    return {
      nsPerToken: 2 * matrix.numbers * matrix.activeShare / (flopsPerNs(own) * eff.flops),
      weightNs: matrix.numbers * own / 8 / bytesPerNs,
      overheadNs: eff.productNs * matrix.layers,
      activeShare: matrix.activeShare,
    };
  });
  const head = compute.vocabulary * compute.hiddenSize;
  const kvBits = options.kvBits ?? model.bytesPerNumber * 8;
  const split = attention.kind === "grouped" ? Math.min(t, attention.kvHeads) : 1;
  const headSize = attention.kind === "grouped"
    ? attention.headSize
    : attention.latentSize + attention.ropeSize;
  const pairNs = 4 * compute.heads * headSize / (flopsPerNs(16) * eff.attentionFlops);
  const contextNs = numbersPerLayer(model) * kvBits / 8 / split * 1e9 /
    (device.memoryBytesPerSecond * eff.contextBandwidth);
  const windowed = sliding?.layers ?? 0;
  return {
    stepNs: eff.stepNs + layers * eff.layerNs + head * bits / 8 / bytesPerNs,
    sequenceNs: eff.sequenceNs + 2 * head / (flopsPerNs(bits) * eff.flops),
    tokenNs: elementwiseBytes(model, t) * 1e9 /
      (device.memoryBytesPerSecond * eff.elementwiseBandwidth),
    products,
    smoothness: eff.smoothness,
    pairNs: (layers - windowed) * pairNs,
    contextNs: (layers - windowed) * contextNs,
    windowTokens: sliding?.windowTokens ?? 0,
    windowPairNs: windowed * pairNs,
    windowContextNs: windowed * contextNs,
    mixedSequenceNs: eff.mixedSequenceNs,
    mixedContextFactor: eff.mixedContextBandwidth > 0
      ? eff.contextBandwidth / eff.mixedContextBandwidth
      : 1,
    ...allReduce(model, device, eff, t),
  };
}

/**
 * Bytes that one token's element-wise work moves on one device, over all layers: two norms, two
 * additions, rotary embedding and activation, each reading its inputs and writing its output.
 */
export function elementwiseBytes(model: ComputableModel, tensorParallel = 1): number {
  const { compute, attention, layers, bytesPerNumber } = model;
  const { hiddenSize, heads, experts, ffnSize = 0 } = compute;
  const kvNumbers = numbersPerLayer(model);
  const headSize = attention.kind === "grouped" ? attention.headSize : attention.ropeSize;
  const perToken = experts === undefined
    ? ffnSize
    : (experts.active + (experts.shared ?? 0)) * experts.ffnSize;
  const whole = (2 * 2 + 2 * 3) * hiddenSize;
  const split = 2 * heads * headSize + kvNumbers + 3 * perToken;
  return layers * bytesPerNumber * (whole + split / tensorParallel);
}

function allReduce(
  model: ComputableModel,
  device: Device,
  eff: Efficiency,
  t: number,
): Pick<StepModel, "allReduceNs" | "allReduceNsPerToken"> {
  if (t === 1) return { allReduceNs: 0, allReduceNsPerToken: 0 };
  const count = 2 * model.layers;
  const bytes = model.compute.hiddenSize * model.bytesPerNumber;
  // A ring sends each byte twice but for the last share; links reach some 0.8 of their rate.
  const link = 0.8 * device.peerBytesPerSecond * t / (2 * (t - 1));
  const rate = eff.allReduceBytesPerSecond || link;
  return { allReduceNs: count * eff.allReduceNs, allReduceNsPerToken: count * bytes * 1e9 / rate };
}
