/**
 * What several fits of one device say together.
 *
 * @module
 */
import type { Efficiency } from "../step_constants.ts";
import type { Fit } from "./fit.ts";

/**
 * The efficiencies that fits found, as {@linkcode Efficiency} names them.
 *
 * Launches of element-wise work and of attention are both of each layer, so they add up; what
 * attention takes for each sequence is of each layer, too.
 */
export function efficiencyOf(fits: readonly Fit[], layers: number): Partial<Efficiency> {
  const found: Record<string, number> = {};
  for (const { name, value } of fits.flatMap(({ constants }) => constants)) {
    if (name === "elementwiseNs" || name === "attentionNs") {
      found.layerNs = (found.layerNs ?? 0) + value;
    } else if (name === "attentionSequenceNs") found.sequenceNs = value * layers;
    else if (name === "mixedAttentionSequenceNs") found.mixedSequenceNs = value * layers;
    else found[name] = value;
  }
  const readsWeights = found.bandwidth !== undefined;
  return readsWeights && found.productNs === undefined ? { ...found, productNs: 0 } : found;
}
