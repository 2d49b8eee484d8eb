/**
 * From hit ratios to memory and back, in sentences.
 *
 * @module
 */
import type { CurvePoint } from "../../curves/curve.ts";
import { capacityFor, hitsAt } from "../../curves/lru_curve.ts";
import { formatBytes, formatCount, formatPercent, formatTimes } from "../../report/format.ts";

/** What sizes are worked out from. */
export interface SizingInput {
  /** Block look-ups of the trace; 1 or more. */
  readonly accesses: number;
  /** Hits of a cache without limit; 1 or more. */
  readonly ceilingHits: number;
  readonly lru: readonly CurvePoint[];
  /** Absent as long as nobody knows. */
  readonly optimum?: readonly CurvePoint[];
  /** Whether the optimum is exact between its points, too; else it is at least the line. */
  readonly isOptimumExact?: boolean;
  /** Bytes of one full block; absent when nobody said. */
  readonly blockBytes?: number;
}

/** The memory that a target takes. */
export interface Target {
  /** The smallest cache with which LRU gets there. */
  readonly lruBlocks: number;
  /** A cache with which the optimum gets there; it may do with a little less. */
  readonly optimumBlocks: number | undefined;
  readonly hits: number;
}

/**
 * The smallest caches that serve a share of what any cache could.
 *
 * @param share Of the ceiling, above 0, at most 1.
 */
export function targetOf(input: SizingInput, share: number): Target {
  const hits = Math.ceil(share * input.ceilingHits);
  return {
    // The curve ends at the ceiling, so that any share of it is somewhere on it.
    lruBlocks: capacityFor(input.lru, hits) ?? Infinity,
    optimumBlocks: capacityFor(input.optimum ?? [], hits),
    hits,
  };
}

/**
 * The answer to "how much memory for so much of the ceiling?".
 *
 * @param share Of the ceiling, above 0, at most 1.
 */
export function targetSentence(input: SizingInput, share: number): string {
  const { lruBlocks, optimumBlocks } = targetOf(input, share);
  const { accesses, ceilingHits } = input;
  const ratios = `${formatPercent(share * ceilingHits / accesses)} of ` +
    `${formatPercent(ceilingHits / accesses)} % of look-ups`;
  const lru = `${shareText(share)} of the ceiling (${ratios}) takes LRU ` +
    `${sizeText(lruBlocks, input.blockBytes)}.`;
  if (optimumBlocks === undefined) return lru;
  const times = lruBlocks / optimumBlocks;
  const ratio = times < 1.05 ? "no less" : `${formatTimes(times)} times less`;
  const most = input.isOptimumExact === true ? "" : "at most ";
  return `${lru} The optimum needs ${most}${sizeText(optimumBlocks, input.blockBytes)}: ${ratio}.`;
}

/** The answer to "what does so much memory serve?". */
export function capacitySentence(input: SizingInput, capacityBlocks: number): string {
  const { accesses, ceilingHits, isOptimumExact } = input;
  const served = (hits: number) =>
    `${formatPercent(hits / accesses)} % of look-ups, ${
      formatPercent(hits / ceilingHits)
    } % of the ceiling`;
  const lru = `${sizeText(capacityBlocks, input.blockBytes)}: LRU serves ` +
    served(hitsAt(input.lru, capacityBlocks));
  if (input.optimum === undefined) return `${lru}.`;
  const least = isOptimumExact === true ? "" : "at least ";
  return `${lru}; the optimum ${least}${served(hitsAt(input.optimum, capacityBlocks))}.`;
}

/** `90 %`, and `62.5 %` where a whole number is too coarse. */
function shareText(share: number): string {
  return `${formatPercent(share).replace(/\.0$/, "")} %`;
}

/** `41,234 blocks (6.29 TiB)`. */
export function sizeText(blocks: number, blockBytes?: number): string {
  const count = blocks === 1 ? "1 block" : `${formatCount(blocks)} blocks`;
  return blockBytes === undefined ? count : `${count} (${formatBytes(blocks * blockBytes)})`;
}

/** Steps of the capacity slider. */
export const CAPACITY_STEPS = 1000;

/** The capacity at a step of the slider: equal steps are equal factors. */
export function blocksOfStep(step: number, uniqueBlocks: number): number {
  return Math.round(uniqueBlocks ** (step / CAPACITY_STEPS));
}

/** The step of the slider nearest to a capacity. */
export function stepOfBlocks(blocks: number, uniqueBlocks: number): number {
  if (uniqueBlocks < 2) return CAPACITY_STEPS;
  const step = Math.log(Math.max(1, blocks)) / Math.log(uniqueBlocks) * CAPACITY_STEPS;
  return Math.round(Math.min(CAPACITY_STEPS, Math.max(0, step)));
}
