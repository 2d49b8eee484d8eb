/**
 * The matrices of a model: how many numbers each product of a layer reads.
 *
 * @module
 */
import { ScenarioError } from "../errors/errors.ts";
import type { Model, ModelCompute } from "../scenario/models.ts";

/** One matrix product, over all layers that have it. */
export interface WeightMatrix {
  /** `qkv`, `attentionOut`, `up`, `down`, `sharedUp`, `sharedDown`, `expertUp`, `expertDown`. */
  readonly name: string;
  /** Layers that have it: each runs it once a step. */
  readonly layers: number;
  /** Numbers of its weights, over all layers, all experts included. */
  readonly numbers: number;
  /** Bits of one number. */
  readonly bits: number;
  /** Share that one token uses: 1 for dense, active ÷ all experts for experts. */
  readonly activeShare: number;
}

/** A model whose file has a `compute` section. */
export type ComputableModel = Model & { readonly compute: ModelCompute };

/**
 * Makes sure that a model's file says how large its matrices are.
 *
 * @throws {ScenarioError} If it does not.
 */
export function computable(model: Model): ComputableModel {
  if (model.compute !== undefined) return model as ComputableModel;
  throw new ScenarioError({
    code: "scenario/model-without-compute",
    message: "Cannot work out the time of a step: the model has no shape of weights",
    found: `"${model.name}" without compute`,
    expected: "compute with hiddenSize, heads, ffnSize or experts, and vocabulary",
    mend: ["copy the numbers from the model's config.json into its file, as configs/models do"],
  });
}

/** Bits of one number of the model's weights. */
export function weightBits({ compute, bytesPerNumber }: ComputableModel): number {
  return compute.weightBits ?? bytesPerNumber * 8;
}

/**
 * The matrix products of a model, the output head apart.
 *
 * Feed-forward layers are gated: `up` holds two matrices.
 *
 * @example Llama 3.1 8B
 * ```ts
 * import { computable, loadModel, weightMatrices } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const model = computable(await loadModel("llama-3.1-8b"));
 * const [qkv] = weightMatrices(model);
 * assertEquals(qkv.numbers, 32 * 4_096 * (32 + 2 * 8) * 128);
 * ```
 */
export function weightMatrices(model: ComputableModel): WeightMatrix[] {
  const { compute, layers } = model;
  const { hiddenSize, experts, ffnSize = 0 } = compute;
  const bits = weightBits(model);
  const matrix = (name: string, count: number, perLayer: number): WeightMatrix => ({
    name,
    layers: count,
    numbers: count * perLayer,
    bits,
    activeShare: 1,
  });
  const [into, out] = attentionNumbers(model);
  const denseLayers = experts === undefined ? layers : compute.denseLayers ?? 0;
  const mixed = layers - denseLayers;
  const matrices = [
    matrix("qkv", layers, into),
    matrix("attentionOut", layers, out),
    matrix("up", denseLayers, 2 * hiddenSize * ffnSize),
    matrix("down", denseLayers, hiddenSize * ffnSize),
  ];
  if (experts !== undefined) {
    const shared = (experts.shared ?? 0) * experts.ffnSize * hiddenSize;
    const each = experts.count * experts.ffnSize * hiddenSize;
    const ofExperts = {
      bits: experts.weightBits ?? bits,
      activeShare: experts.active / experts.count,
    };
    matrices.push(
      matrix("router", mixed, experts.count * hiddenSize),
      matrix("sharedUp", mixed, 2 * shared),
      matrix("sharedDown", mixed, shared),
      { ...matrix("expertUp", mixed, 2 * each), ...ofExperts },
      { ...matrix("expertDown", mixed, each), ...ofExperts },
    );
  }
  return matrices.filter(({ numbers }) => numbers > 0);
}

/** Numbers of a layer's projections into attention and out of it. */
function attentionNumbers({ compute, attention }: ComputableModel): [into: number, out: number] {
  const { hiddenSize, heads, latent } = compute;
  if (attention.kind === "grouped") {
    const { kvHeads, headSize } = attention;
    return [hiddenSize * (heads + 2 * kvHeads) * headSize, heads * headSize * hiddenSize];
  }
  const { latentSize, ropeSize } = attention;
  const { queryRank, keySize, valueSize } = latent ?? {
    queryRank: hiddenSize,
    keySize: ropeSize,
    valueSize: ropeSize,
  };
  const queries = queryRank * (hiddenSize + heads * (keySize + ropeSize));
  const keys = hiddenSize * (latentSize + ropeSize) + latentSize * heads * (keySize + valueSize);
  return [queries + keys, heads * valueSize * hiddenSize];
}

/** Numbers of the embedding, and of the output head unless it is the same. */
export function embeddingNumbers({ compute }: ComputableModel): number {
  const { vocabulary, hiddenSize, tiedEmbedding } = compute;
  return vocabulary * hiddenSize * (tiedEmbedding === true ? 1 : 2);
}

/** Bytes of all weights. */
export function weightBytes(model: ComputableModel): number {
  const matrices = weightMatrices(model).reduce(
    (sum, { numbers, bits }) => sum + numbers * bits,
    0,
  );
  return (matrices + embeddingNumbers(model) * weightBits(model)) / 8;
}
