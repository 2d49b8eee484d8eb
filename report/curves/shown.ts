/**
 * What every report of curves shows: at which capacities, and which ratio.
 *
 * @module
 */
import { type Curve, type CurvePoint, hitsAt, roundCapacities } from "../../curves/curve.ts";
import type { CurveFacts, CurveResult } from "../../curves/result.ts";
import { formatBytes, formatCount, formatPercent, NO_BREAK, NO_VALUE } from "../format.ts";
import { ratio } from "../metric_values.ts";

/** Capacities in a table; the largest of the round ones. */
const CAPACITIES_SHOWN = 12;

/** The capacities that tables show: the picked ones, else round numbers up to all blocks. */
export function shownCapacities({ at, trace: { uniqueBlocks } }: CurveResult): number[] {
  return at === undefined ? roundCapacities(uniqueBlocks).slice(-CAPACITIES_SHOWN) : [...at];
}

/**
 * Hits at a capacity as the curve gives them: on the line between two points.
 *
 * @returns `undefined` where the points say nothing, before the first one of a curve that is not
 * exact.
 */
export function shownHits(
  curve: Curve,
  points: readonly CurvePoint[],
  capacityBlocks: number,
): number | undefined {
  const unknown = !curve.exact && points.length > 0 && capacityBlocks < points[0][0];
  return unknown ? undefined : hitsAt(points, capacityBlocks);
}

/** A ratio of all look-ups in percent; `–` where there is none. */
export function shareText(hits: number | undefined, accesses: number): string {
  const share = hits === undefined ? null : ratio(hits, accesses);
  return share === null ? NO_VALUE : formatPercent(share);
}

/** The same within a sentence: `36.6 %`. */
export function shareWords(hits: number, accesses: number): string {
  return `${shareText(hits, accesses)}${NO_BREAK}%`;
}

/** A capacity in a sentence: blocks, share of the distinct ones, tokens, bytes if known. */
export function capacityWords(capacityBlocks: number, facts: CurveFacts): string {
  const { blockBytes, trace: { uniqueBlocks, blockTokens } } = facts;
  return [
    `${formatCount(capacityBlocks)}${NO_BREAK}${capacityBlocks === 1 ? "block" : "blocks"} (` +
    `${shareWords(capacityBlocks, uniqueBlocks)} of all distinct ones`,
    `${formatCount(capacityBlocks * blockTokens)}${NO_BREAK}tokens`,
    ...(blockBytes === undefined
      ? []
      : [formatBytes(capacityBlocks * blockBytes).replace(" ", NO_BREAK)]),
  ].join(", ") + ")";
}
