/**
 * What a calibration may say: measured numbers for a scenario's tiers, and where they come from.
 *
 * Only what can be measured may be here. Sizes, policies and schemes are choices.
 *
 * @module
 */
import { z } from "zod";
import { quantity } from "./quantity_schemas.ts";
import { prefillCosts, schemeCosts, tierSpeeds } from "./run_schema.ts";
import { SCHEME_NAMES } from "./schemes.ts";

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const most = month === 2 && !leap ? 28 : DAYS[month - 1] ?? 0;
  return day >= 1 && day <= most;
}

const provenance = z.strictObject({
  source: z.string().trim().min(1).describe("Who or what measured, on which machine."),
  date: z.string().superRefine((text, context) => {
    if (isDay(text)) return;
    context.addIssue({
      code: "custom",
      message: "is not a day",
      input: text,
      params: { expected: 'a day such as "2026-01-31"' },
    });
  }).meta({ format: "date" }).describe("Day of the measurement, as 2026-01-31."),
  dataHash: z.string().superRefine((text, context) => {
    if (/^[0-9a-f]{64}$/.test(text) && !/^0+$/.test(text)) return;
    context.addIssue({
      code: "custom",
      message: "is not a SHA-256",
      input: text,
      params: {
        expected: "64 hexadecimal digits in lower case, not all zero",
        mend: ["`sha256sum FILE` prints the hash of the measured data"],
      },
    });
  }).meta({ pattern: "^[0-9a-f]{64}$" })
    .describe("SHA-256 of the data that the numbers were fitted on."),
});

const costs = z.strictObject(schemeCosts);
const schemes = z.strictObject(
  Object.fromEntries(
    SCHEME_NAMES.map((name) => [name, costs.optional().describe(`Every tier stored as ${name}.`)]),
  ) as Record<typeof SCHEME_NAMES[number], z.ZodOptional<typeof costs>>,
);

const share = (most: number) => z.number().positive().max(most).optional();

const compute = z.strictObject({
  model: z.string().min(1).describe("Name of a file in configs/models, or a path."),
  device: z.string().min(1).describe("Name of a file in configs/hardware, or a path."),
  tensorParallel: z.int().min(1).optional().describe("Devices that share each layer; 1 if absent."),
  flops: share(2).describe("Share of peak FLOP/s of dense products."),
  bandwidth: share(2).describe("Share of memory bandwidth when weights are read."),
  smoothness: z.number().min(1).max(16).optional().describe("The p of the smooth roofline."),
  perProduct: quantity("duration").optional().describe("Time on top of each product of a layer."),
  attentionFlops: share(2).describe("Share of peak FLOP/s of attention over prompts."),
  contextBandwidth: share(2).describe("Share of memory bandwidth when decoding reads KV."),
  mixedContextBandwidth: share(2)
    .describe("The same in steps that compute prompts, too; contextBandwidth when absent."),
  elementwiseBandwidth: share(8)
    .describe("Share of memory bandwidth of element-wise work; above 1 where caches serve it."),
  perLayer: quantity("duration").optional().describe("Time on top of each layer."),
  perStep: quantity("duration").optional().describe("Time of every step."),
  perSequence: quantity("duration").optional().describe("Time of every sequence of a step."),
  perMixedSequence: quantity("duration").optional()
    .describe("Time on top of every sequence of a step that computes prompts, too."),
  allReduceBandwidth: quantity("bandwidth").optional()
    .describe("Bytes of an all-reduced message per second."),
  allReduceLatency: quantity("duration").optional().describe("Time of an empty all-reduce."),
});

const evidence = z.strictObject({
  of: z.string().min(1).describe("What was fitted, on which measurements."),
  found: z.array(z.string().min(1)).describe("Constants that it gave."),
  file: z.string().min(1).describe("Name of the measured file."),
  dataHash: z.string().regex(/^[0-9a-f]{64}$/).describe("SHA-256 of that file."),
  points: z.int().min(1).describe("Measurements."),
  meanError: z.number().min(0).describe("Mean of |predicted − observed| ÷ observed."),
  r2: z.number().max(1).describe("Share of the variance that is explained."),
  heldOutError: z.number().min(0).optional()
    .describe("Mean error on measurements that the fit did not see."),
  worst: z.string().min(1).describe("The measurement with the largest error."),
});

/** Measured numbers that take the place of a scenario's. */
export const CalibrationSchema = z.strictObject({
  name: z.string().trim().min(1).describe("Name of the calibration, for reports."),
  provenance: provenance.describe("Where the numbers come from."),
  tiers: z.record(z.string(), z.strictObject(tierSpeeds)).optional()
    .describe("Times and rates of tiers, by the names that the scenario gives them."),
  schemes: schemes.optional().describe("Cost of converting, by scheme."),
  prefill: z.strictObject(prefillCosts).optional().describe("What computing tokens costs."),
  compute: compute.optional().describe("How much of a device's peaks a model reaches."),
  fits: z.array(evidence).optional().describe(
    "Where the numbers of compute and prefill come from.",
  ),
});

/** What a calibration says of computing. */
export type ComputeCalibration = z.infer<typeof compute>;

/** Where a number of a calibration comes from. */
export type FitEvidence = z.infer<typeof evidence>;

/** A checked calibration. */
export type Calibration = z.infer<typeof CalibrationSchema>;
