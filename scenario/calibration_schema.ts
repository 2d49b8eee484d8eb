/**
 * What a calibration may say: measured numbers for a scenario's tiers, and where they come from.
 *
 * Only what can be measured may be here. Sizes, policies and schemes are choices.
 *
 * @module
 */
import { z } from "zod";
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

/** Measured numbers that take the place of a scenario's. */
export const CalibrationSchema = z.strictObject({
  name: z.string().trim().min(1).describe("Name of the calibration, for reports."),
  provenance: provenance.describe("Where the numbers come from."),
  tiers: z.record(z.string(), z.strictObject(tierSpeeds)).optional()
    .describe("Times and rates of tiers, by the names that the scenario gives them."),
  schemes: schemes.optional().describe("Cost of converting, by scheme."),
  prefill: z.strictObject(prefillCosts).optional().describe("What computing tokens costs."),
});

/** A checked calibration. */
export type Calibration = z.infer<typeof CalibrationSchema>;
