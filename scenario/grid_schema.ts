/**
 * What a grid of `kvtier sweep` may say. Strict at every depth; each key describes itself.
 *
 * @module
 */
import { z } from "zod";

const value = z.union([z.number(), z.string().min(1)]);
const parameter = z.union([value, z.array(value).min(1)])
  .describe("A parameter; a list stands for each of its values.");

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

/** Many runs: every combination of what is listed. */
export const GridSchema = z.strictObject({
  name: z.string().min(1).optional().describe("Name for reports; the file's name when absent."),
  description: z.string().min(1).optional().describe("What the grid is to show, in a sentence."),
  scenario: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe("Scenario file, or several; paths start at the folder of this file."),
  traces: z.array(z.string().min(1)).min(1).optional()
    .describe("Trace files; paths start at the folder of this file."),
  workloads: z.array(workload).min(1).optional()
    .describe("Generated traces by name, with parameters as `chat(length=512)` or as keys."),
  vary: z.record(z.string(), z.array(z.unknown()).min(1)).optional().describe(
    "Values by key path, such as `tiers[*].policy` or `tiers[hbm].capacity`; a map in a list " +
      "whose parameters are lists stands for every combination of them.",
  ),
  seeds: seeds.optional().describe("Seeds of every combination; the scenario's own when absent."),
  preset: z.enum(["smoke", "dev", "prod"]).optional().describe("Scale of every run."),
  calibration: z.string().min(1).optional()
    .describe("Calibration of every run; the path starts at the folder of this file."),
});

/** A checked grid, as written. */
export type GridDocument = z.infer<typeof GridSchema>;
