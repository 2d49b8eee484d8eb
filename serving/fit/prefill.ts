/**
 * Fits of the time of one prefill, alone on its devices, with and without a cached prefix.
 *
 * @module
 */
import type { Device } from "../device.ts";
import { type Efficiency, stepModel } from "../step_constants.ts";
import type { ComputableModel } from "../weights.ts";
import { type Fit, fit, type FitRange } from "./fit.ts";
import type { MeasuredText } from "./input.ts";
import { readTable } from "./table.ts";

/** One measured prefill. */
export interface PrefillPoint {
  readonly promptTokens: number;
  /** Leading tokens whose KV was fetched instead of computed. */
  readonly cachedTokens: number;
  readonly ns: number;
}

/** Time of a prefill of n tokens of which p are fetched. */
export interface PrefillModel {
  /** `c1`, of each computed token. */
  readonly nsPerToken: number;
  /** `c2`, of n² − p²: half of what a pair of tokens costs. */
  readonly nsPerTokenSquared: number;
  /** Of a prefill with a cached prefix, on top. */
  readonly fetchNs: number;
  /** Rate at which KV is fetched. */
  readonly fetchBytesPerSecond: number;
}

/** Reads measured prefills: `promptTokens`, `cachedTokens`, `seconds`. */
export function readPrefills(measured: MeasuredText): PrefillPoint[] {
  const table = readTable(measured);
  const names = ["promptTokens", "cachedTokens", "seconds"];
  const [prompt, cached, seconds] = names.map((name) => table.numbers(name));
  return Array.from({ length: table.rows }, (_, row) => ({
    promptTokens: prompt[row],
    cachedTokens: cached[row],
    ns: seconds[row] * 1e9,
  }));
}

/**
 * Nanoseconds of a prefill: `c1·(n − p) + c2·(n² − p²)`, and with a cached prefix
 * `fetch + p·bytes ÷ rate` on top.
 *
 * @example
 * ```ts
 * import { prefillNs } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const model = { nsPerToken: 100, nsPerTokenSquared: 1, fetchNs: 7, fetchBytesPerSecond: 1e9 };
 * assertEquals(prefillNs(model, 10, 0, 3), 1_100);
 * assertEquals(prefillNs(model, 10, 6, 3), 400 + 64 + 7 + 18);
 * ```
 */
export function prefillNs(
  model: PrefillModel,
  promptTokens: number,
  cachedTokens: number,
  bytesPerToken: number,
): number {
  const { nsPerToken, nsPerTokenSquared, fetchNs, fetchBytesPerSecond } = model;
  const squares = promptTokens ** 2 - cachedTokens ** 2;
  const computed = nsPerToken * (promptTokens - cachedTokens) + nsPerTokenSquared * squares;
  if (cachedTokens === 0) return computed;
  return computed + fetchNs + cachedTokens * bytesPerToken * 1e9 / fetchBytesPerSecond;
}

const RANGES: readonly FitRange[] = [
  { name: "nsPerToken", start: 1e5, min: 10, max: 1e9 },
  { name: "nsPerTokenSquared", start: 0.7, min: 1e-6, max: 1e4 },
  { name: "fetchNs", start: 3e7, min: 100, max: 1e10 },
  { name: "fetchBytesPerSecond", start: 5e10, min: 1e6, max: 1e14 },
];

/**
 * Fits the four constants of a prefill; the first two when nothing was cached.
 *
 * @throws {CalibrationError} With too few points, or if nothing is explained.
 */
export function fitPrefill(
  name: string,
  points: readonly PrefillPoint[],
  bytesPerToken: number,
): Fit {
  const constants = points.some(({ cachedTokens }) => cachedTokens > 0)
    ? RANGES
    : RANGES.slice(0, 2);
  return fit<PrefillPoint>({
    name: `prefills in ${name}`,
    constants,
    points,
    label: ({ promptTokens, cachedTokens }) =>
      `${promptTokens} tokens, ${cachedTokens} of them cached`,
    x: ({ promptTokens }) => promptTokens,
    observed: ({ ns }) => ns,
    predict: (values, points) => {
      const model = prefillModelOf(values);
      return points.map((p) => prefillNs(model, p.promptTokens, p.cachedTokens, bytesPerToken));
    },
    evaluations: 6_000,
  });
}

/** Constants in the order of the fit, as a model. */
export function prefillModelOf(
  [nsPerToken, nsPerTokenSquared, fetchNs = 0, fetchBytesPerSecond = Infinity]: readonly number[],
): PrefillModel {
  return { nsPerToken, nsPerTokenSquared, fetchNs, fetchBytesPerSecond };
}

/**
 * The shares of peak FLOP/s that a prefill model means, on so many devices: what element-wise work
 * and all-reduces usually take of each token is not the products'.
 */
export function prefillEfficiency(
  model: ComputableModel,
  device: Device,
  tensorParallel: number,
  { nsPerToken, nsPerTokenSquared }: PrefillModel,
): Pick<Efficiency, "flops" | "attentionFlops"> {
  const efficiency = { flops: 1, attentionFlops: 1 };
  const peak = stepModel(model, device, { tensorParallel, efficiency });
  const products = peak.products.reduce((sum, each) => sum + each.nsPerToken, 0);
  const others = peak.tokenNs + peak.allReduceNsPerToken;
  return {
    flops: products / (nsPerToken > others ? nsPerToken - others : nsPerToken),
    attentionFlops: (peak.pairNs + peak.windowPairNs) / (2 * nsPerTokenSquared),
  };
}
