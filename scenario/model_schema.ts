/**
 * What a model file may say. Strict at every depth; each key describes itself.
 *
 * @module
 */
import { z } from "zod";

const grouped = z.strictObject({
  kind: z.literal("grouped").describe("Multi-head or grouped-query: keys and values per KV head."),
  kvHeads: z.int().min(1).describe(
    "KV heads of a layer: all heads in multi-head attention, fewer in grouped-query, 1 in multi-query.",
  ),
  headSize: z.int().min(1).describe("Numbers in one head's key (and value)."),
});

const latent = z.strictObject({
  kind: z.literal("latent").describe("Multi-head latent attention: one compressed vector."),
  latentSize: z.int().min(1).describe("Numbers of the compressed KV."),
  ropeSize: z.int().min(0).describe("Numbers of the decoupled rotary key."),
});

const sliding = z.strictObject({
  layers: z.int().min(1).describe("Layers that keep a window only; the others keep everything."),
  windowTokens: z.int().min(1).describe("Tokens that such a layer keeps."),
});

const parameters = z.strictObject({
  totalBillions: z.number().positive().describe("Parameters, in billions."),
  activeBillions: z.number().positive().describe("Parameters that a token uses, in billions."),
});

const experts = z.strictObject({
  count: z.int().min(2).describe("Experts of a layer."),
  active: z.int().min(1).describe("Experts that a token uses."),
  shared: z.int().min(1).optional().describe("Experts that every token uses besides; 0 if absent."),
  ffnSize: z.int().min(1).describe("Inner size of one expert."),
  weightBits: z.number().positive().optional()
    .describe("Bits of one number of the experts' weights; those of the others when absent."),
});

const latentQueries = z.strictObject({
  queryRank: z.int().min(1).describe("Numbers of the compressed query."),
  keySize: z.int().min(1).describe("Numbers of a head's key without its rotary part."),
  valueSize: z.int().min(1).describe("Numbers of a head's value."),
});

const compute = z.strictObject({
  hiddenSize: z.int().min(1).describe("Numbers of a token between layers."),
  heads: z.int().min(1).describe("Query heads of a layer."),
  latent: latentQueries.optional().describe("Sizes of latent attention that KV does not show."),
  ffnSize: z.int().min(1).optional().describe("Inner size of a dense gated feed-forward layer."),
  denseLayers: z.int().min(1).optional()
    .describe("Leading layers without experts, in a model with experts; 0 when absent."),
  experts: experts.optional().describe("Mixture of experts; none when absent."),
  vocabulary: z.int().min(1).describe("Rows of the embedding."),
  tiedEmbedding: z.boolean().optional().describe("The output head is the embedding."),
  weightBits: z.number().positive().optional()
    .describe("Bits of one number of the weights; those of the KV when absent."),
}).superRefine(({ ffnSize, experts, denseLayers }, context) => {
  const dense = experts === undefined || denseLayers !== undefined;
  if (dense === (ffnSize !== undefined)) return;
  context.addIssue({
    code: "custom",
    path: ["ffnSize"],
    message: dense ? "is missing" : "belongs to dense layers, and the model has none",
    input: ffnSize,
    params: { expected: "ffnSize exactly where layers are dense" },
  });
});

/** How a model stores its KV: every number that the bytes of a token depend on. */
export const ModelSchema = z.strictObject({
  name: z.string().min(1).describe("Name for people."),
  source: z.string().min(1).describe("Where the numbers come from."),
  layers: z.int().min(1).describe("Layers that keep KV, those with a sliding window among them."),
  attention: z.discriminatedUnion("kind", [grouped, latent]).describe("What a layer keeps."),
  sliding: sliding.optional().describe("Layers with sliding-window attention, if any."),
  bytesPerNumber: z.number().positive().describe("2 for fp16 and bf16, 1 for fp8, 0.5 for int4."),
  parameters: parameters.optional().describe("For people; experts keep no KV."),
  compute: compute.optional()
    .describe("Shape of the weights, for the time of a step; KV does not depend on it."),
}).superRefine(({ layers, sliding }, context) => {
  if (sliding === undefined || sliding.layers <= layers) return;
  context.addIssue({
    code: "custom",
    path: ["sliding", "layers"],
    message: "is more than the model's layers",
    input: sliding.layers,
    params: { expected: `${layers} at most` },
  });
});
