/**
 * What a scenario and a model file may say. Strict at every depth; each key describes itself.
 *
 * @module
 */
import { z } from "zod";
import { checked, quantity } from "./quantity_schemas.ts";
import { parseCapacity } from "./units.ts";

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
  blockBytes: quantity("bytes").optional()
    .describe('Bytes of one full block, with a unit ("160 MiB"); instead of `model`.'),
  limit: z.int().min(1).optional().describe("Replay only the first so many requests."),
});
