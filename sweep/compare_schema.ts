/**
 * What a grid of policies on one tier may say. Strict at every depth; each key describes itself.
 *
 * @module
 */
import { z } from "zod";
import { parseBytes } from "../scenario/units.ts";

const name = z.union([z.string().min(1), z.number()]).transform(String);
const names = z.array(name).min(1).optional();

const parameter = z.union([z.string(), z.number()])
  .describe('A parameter, such as 20 or "3 req/s".');

const workload = z.union([
  z.string().min(1),
  z.object({ name: z.string().min(1).describe("Name of the generator.") }).catchall(parameter),
]);

const seeds = z.union([
  z.array(z.int().min(0)).min(1),
  z.strictObject({
    from: z.int().min(0).describe("First seed."),
    count: z.int().min(1).max(1e6).describe("How many seeds, one after the other."),
  }),
]);

const blockBytes = z.string().superRefine((text, context) => {
  try {
    parseBytes(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: `is not right: ${(error as Error).message}` });
  }
});

/** Many runs of policies on one tier: every combination of what is listed. */
export const CompareGridSchema = z.strictObject({
  name: z.string().min(1).optional().describe("Name for reports; the file's name when absent."),
  description: z.string().min(1).optional().describe("What the grid is to show, in a sentence."),
  traces: z.array(z.string().min(1)).min(1).optional()
    .describe("Trace files; paths start at the folder of this file."),
  workloads: z.array(workload).min(1).optional()
    .describe("Generated traces by name, with parameters as `chat(sessions=20)` or as keys."),
  vary: z.strictObject({
    policy: names.describe("Policies, with parameters as `s3-fifo(small=0.2)`."),
    capacity: names.describe('Blocks (1000), shares of the distinct blocks ("5%") or bytes.'),
    touch: names.describe("Orders in which a request touches its blocks."),
    admission: names.describe("Admitters, which say what may enter the tier."),
  }).describe("What runs differ by; the first key turns slowest."),
  seeds: seeds.optional().describe("Seeds of workloads and of policies that draw; 42 when absent."),
  model: z.string().min(1).optional().describe("Model that gives the bytes of a block."),
  blockBytes: blockBytes.optional().describe("Bytes of one full block, instead of a model."),
  learn: z.strictObject({
    share: z.number().gt(0).lt(1).optional().describe(
      "Part of the requests, from the first on, that models are trained on; 0.3 when absent.",
    ),
  }).optional().describe(
    "Trains the policy `learned`, for each capacity. What is learned from is not counted, for any " +
      "policy.",
  ),
  limit: z.int().min(1).optional().describe("Replay only the first so many requests."),
});

/** A checked grid of policies. */
export type CompareGrid = z.infer<typeof CompareGridSchema>;
