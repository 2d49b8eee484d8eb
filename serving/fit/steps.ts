/**
 * Fits of whole steps, and of attention that reads contexts.
 *
 * @module
 */
import { numbersPerLayer } from "../../scenario/models.ts";
import type { Device } from "../device.ts";
import { type Efficiency, stepModel } from "../step_constants.ts";
import { pairsOf, stepNs } from "../../engine/step_model.ts";
import type { ComputableModel } from "../weights.ts";
import { type Fit, fit, type FitRange } from "./fit.ts";
import { PRODUCT_RANGES } from "./products.ts";
import type { ContextPoint, MixedPoint, StepPoint } from "./step_table.ts";

/** What a fit may choose for each constant of a step. */
const RANGES: Readonly<Record<string, FitRange>> = Object.fromEntries(
  [
    ...PRODUCT_RANGES,
    { name: "attentionFlops", start: 0.4, min: 0.02, max: 1 },
    { name: "contextBandwidth", start: 0.8, min: 0.02, max: 1 },
    { name: "mixedContextBandwidth", start: 0.5, min: 0.02, max: 1 },
    { name: "elementwiseBandwidth", start: 0.6, min: 0.05, max: 4 },
    { name: "layerNs", start: 5_000, min: 1, max: 1e6 },
    { name: "stepNs", start: 2e6, min: 1e3, max: 1e9 },
    { name: "sequenceNs", start: 10_000, min: 10, max: 1e8 },
    { name: "allReduceNs", start: 20_000, min: 100, max: 1e7 },
    { name: "allReduceBytesPerSecond", start: 20e9, min: 1e8, max: 1e13 },
  ].map((range) => [range.name, range]),
);

/** The range of a constant of a step. */
export function rangeOf(name: keyof Efficiency): FitRange {
  return RANGES[name];
}

/** How steps are fitted. */
export interface StepFitOptions {
  readonly tensorParallel?: number;
  /** Which constants to find; the others stay as they are known. */
  readonly find: readonly (keyof Efficiency)[];
  /** What is known from elsewhere. */
  readonly known?: Partial<Efficiency>;
}

/**
 * Fits constants of a step on measured steps.
 *
 * @throws {CalibrationError} With too few steps, or if nothing is explained.
 */
export function fitSteps(
  name: string,
  points: readonly StepPoint[],
  model: ComputableModel,
  device: Device,
  { tensorParallel, find, known }: StepFitOptions,
): Fit {
  return fit<StepPoint>({
    name: `steps in ${name}`,
    constants: find.map((name) => RANGES[name]),
    points,
    label: ({ label }) => label,
    x: ({ work }) => work.tokens,
    observed: ({ ns }) => ns,
    predict: (values, points) => {
      const found = Object.fromEntries(find.map((name, i) => [name, values[i]]));
      const efficiency = { ...known, ...found };
      const constants = stepModel(model, device, {
        efficiency,
        ...(tensorParallel === undefined ? {} : { tensorParallel }),
      });
      return points.map(({ work }) => stepNs(constants, work));
    },
    evaluations: 1_500,
  });
}

/**
 * Fits the share of memory bandwidth at which decoding reads KV, with what each sequence costs.
 *
 * @throws {CalibrationError} With too few rows, or if nothing is explained.
 */
export function fitContexts(
  name: string,
  points: readonly ContextPoint[],
  model: ComputableModel,
  device: Device,
): Fit {
  const bytes = numbersPerLayer(model) * model.bytesPerNumber;
  const peak = device.memoryBytesPerSecond / 1e9;
  return fit<ContextPoint>({
    name: `contexts in ${name}`,
    constants: [
      RANGES.contextBandwidth,
      { name: "attentionSequenceNs", start: 300, min: 1, max: 1e6 },
      { name: "attentionNs", start: 10_000, min: 1, max: 1e6 },
    ],
    points,
    label: ({ sequences, context }) => `${sequences} sequences of ${context} tokens`,
    x: ({ sequences, context }) => sequences * context,
    observed: ({ ns }) => ns,
    predict: ([share, sequenceNs, attentionNs], points) =>
      points.map(({ sequences, context }) =>
        sequences * context * bytes / (share * peak) + sequenceNs * sequences + attentionNs
      ),
  });
}

/**
 * Fits attention where prompts are computed: the share of peak FLOP/s over their pairs, the share
 * of memory bandwidth at which the sequences that decode beside them read KV, and what each of
 * those costs more than in a step without prompts.
 *
 * @param decoding What {@linkcode fitContexts} found of sequences that decode alone.
 * @throws {CalibrationError} With too few rows, or if nothing is explained.
 */
export function fitMixed(
  name: string,
  points: readonly MixedPoint[],
  model: ComputableModel,
  device: Device,
  decoding: Fit,
): Fit {
  const bytes = numbersPerLayer(model) * model.bytesPerNumber;
  const peak = device.memoryBytesPerSecond / 1e9;
  const { pairNs, windowPairNs } = stepModel(model, device, { efficiency: { attentionFlops: 1 } });
  const layerPairNs = (pairNs + windowPairNs) / model.layers;
  const [, sequence, launch] = decoding.constants.map(({ value }) => value);
  return fit<MixedPoint>({
    name: `prompts in ${name}`,
    constants: [
      RANGES.attentionFlops,
      RANGES.mixedContextBandwidth,
      { name: "mixedAttentionSequenceNs", start: 1_000, min: 1, max: 1e6 },
    ],
    points,
    label: ({ chunk, before, sequences, context }) =>
      `${chunk} tokens after ${before} beside ${sequences} sequences of ${context} tokens`,
    x: ({ chunk, sequences, context }) => chunk + sequences * context,
    observed: ({ ns }) => ns,
    predict: ([flops, share, extra], points) =>
      points.map(({ chunk, before, sequences, context }) =>
        launch + pairsOf(before, chunk) * layerPairNs / flops +
        sequences * (sequence + extra) + sequences * context * bytes / (share * peak)
      ),
    evaluations: 1_500,
  });
}
