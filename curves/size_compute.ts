/**
 * What computing a prompt takes and costs, where nobody says.
 *
 * @module
 */
import type { Model } from "../scenario/models.ts";

/** Dense fp16 peak of one H100 SXM, in FLOP per second: NVIDIA's data sheet. */
const PEAK_FLOP_PER_SECOND = 989e12;
/** Share of the peak that prefill reaches: assumed. */
const PEAK_SHARE = 0.4;

/** Rent of one H100, in dollars an hour: order of magnitude in November 2026, assumed. */
export const GPU_DOLLARS_PER_HOUR = 3;

/**
 * Time of one H100 for a prompt token: two FLOP for each parameter that a token uses, at 40 % of
 * the dense fp16 peak; attention is left out.
 *
 * @returns Nanoseconds, or `undefined` when the model does not say how many parameters there are.
 *
 * @example
 * ```ts
 * import { assumedPrefillNs, loadModel } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Math.round(assumedPrefillNs(await loadModel("llama-3.1-70b"))! / 1000), 357);
 * ```
 */
export function assumedPrefillNs({ parameters }: Model): number | undefined {
  if (parameters === undefined) return undefined;
  const flop = 2 * parameters.activeBillions * 1e9;
  return flop / (PEAK_FLOP_PER_SECOND * PEAK_SHARE) * 1e9;
}
