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

/** How a model stores its KV: every number that the bytes of a token depend on. */
export const ModelSchema = z.strictObject({
  name: z.string().min(1).describe("Name for people."),
  source: z.string().min(1).describe("Where the numbers come from."),
  layers: z.int().min(1).describe("Layers that keep KV, those with a sliding window among them."),
  attention: z.discriminatedUnion("kind", [grouped, latent]).describe("What a layer keeps."),
  sliding: sliding.optional().describe("Layers with sliding-window attention, if any."),
  bytesPerNumber: z.number().positive().describe("2 for fp16 and bf16, 1 for fp8, 0.5 for int4."),
  parameters: parameters.optional().describe("For people; experts keep no KV."),
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
