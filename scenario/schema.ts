/**
 * What a scenario and a model file may say. Strict at every depth; each key describes itself.
 *
 * @module
 */
import { z } from "zod";
import { parseBytes, parseCapacity } from "./units.ts";

/** Runs a parser of `units.ts` inside zod, keeping its sentence. */
function checked(
  parse: (text: string) => unknown,
): (text: string, context: z.RefinementCtx) => void {
  return (text, context) => {
    try {
      parse(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message, input: text });
    }
  };
}

const capacity = z.union([z.string(), z.number()]).transform(String)
  .superRefine(checked(parseCapacity));

/** A comparison of policies on one tier. */
export const ScenarioSchema = z.strictObject({
  policies: z.array(z.string()).min(1).optional()
    .describe("Policies by name, with parameters as `s3-fifo(small=0.2)`; `all` takes every one."),
  capacities: z.array(capacity).min(1).optional()
    .describe('Blocks ("1000"), shares of the unique blocks ("5%"), or bytes ("64 GiB").'),
  touch: z.enum(["root-first", "tail-first"]).optional()
    .describe("Order in which a request touches its blocks; serving engines free the tail first."),
  admission: z.string().optional().describe("Admitter by name; `always` lets every block in."),
  seed: z.int().min(0).optional().describe("Seed of every random stream."),
  model: z.string().optional().describe(
    "Name of a file in configs/models, or a path: gives bytes.",
  ),
  blockBytes: z.string().superRefine(checked(parseBytes)).optional()
    .describe('Bytes of one full block, with a unit ("160 MiB"); instead of `model`.'),
  limit: z.int().min(1).optional().describe("Replay only the first so many requests."),
});

/** How a model stores its KV: every number that the bytes of a token depend on. */
export const ModelSchema = z.strictObject({
  name: z.string().min(1).describe("Name for people."),
  source: z.string().min(1).describe("Where the numbers come from."),
  layers: z.int().min(1).describe("Layers that keep KV."),
  attention: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("grouped").describe(
        "Multi-head or grouped-query: keys and values per KV head.",
      ),
      kvHeads: z.int().min(1),
      headSize: z.int().min(1).describe("Numbers in one head's key (and value)."),
    }),
    z.strictObject({
      kind: z.literal("latent").describe("Multi-head latent attention: one compressed vector."),
      latentSize: z.int().min(1).describe("Numbers of the compressed KV."),
      ropeSize: z.int().min(0).describe("Numbers of the decoupled rotary key."),
    }),
  ]),
  bytesPerNumber: z.number().positive().describe("2 for fp16 and bf16, 1 for fp8, 0.5 for int4."),
});
