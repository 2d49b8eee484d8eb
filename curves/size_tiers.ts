/**
 * What the tiers of a mix cost, hold and do.
 *
 * @module
 */
import type { TierScenario } from "../scenario/hierarchy.ts";
import type { CurvePoint } from "./curve.ts";
import type { MixQuestion, MixResult, MixTierResult, Weights } from "./size_result.ts";
import { reachOf, tierHits } from "./surface.ts";
import type { MixProblem } from "./surface_mix.ts";
import { entriesAt } from "./surface_writes.ts";

/** A tier that may have a part in a mix. */
export interface SizeTier {
  readonly scenario: TierScenario;
  /** Bytes of a block as this tier stores it. */
  readonly blockBytes: number;
  /** Whether the capacity of the scenario is kept, not sought. */
  readonly fixed: boolean;
}

/** What the worth of hits is worked out from. */
export interface MixInput {
  readonly tiers: readonly SizeTier[];
  readonly weights: Weights;
  /** Prefix points of the LRU curve. */
  readonly points: readonly CurvePoint[];
  readonly entries: readonly CurvePoint[];
  readonly uniqueBlocks: number;
  /** Mean over look-ups; the last block of a prompt may have fewer than the others. */
  readonly tokensPerBlock: number;
}

const GIB = 2 ** 30;
/** A month of prices: 365 days of 24 hours, by 12. */
export const HOURS_PER_MONTH = 730;

/** Time to compute a block, in nanoseconds. */
export function computeNsPerBlock({ weights, tokensPerBlock }: MixInput): number {
  return weights.prefillNsPerToken * tokensPerBlock;
}

/** Time to load a block, transfers side by side hiding each other's latency. */
export function loadNsPerBlock({ scenario, blockBytes }: SizeTier): number {
  return scenario.readLatencyNs / scenario.concurrency +
    (blockBytes / scenario.readBytesPerSecond) * 1e9;
}

/** Whole blocks of the capacity that the scenario gives. */
export function blocksOf({ scenario, blockBytes }: SizeTier): number {
  return Math.floor(scenario.capacityBytes / blockBytes);
}

/** Dollars for a block and an hour. */
export function blockPrice({ scenario, blockBytes }: SizeTier): number {
  return scenario.dollarsPerGiBHour * blockBytes / GIB;
}

/**
 * The mix as a problem of hits and prices.
 *
 * @param ofHits Whether hits are worth their GPU time; without, only memory is paid for.
 */
export function problemOf(input: MixInput, requiredHits: number, ofHits = true): MixProblem {
  const { weights, points, tiers } = input;
  const perNs = weights.gpuDollarsPerHour / weights.spanNs;
  const computeNs = computeNsPerBlock(input);
  return {
    points,
    containment: weights.containment,
    requiredHits,
    tiers: tiers.map((tier) => ({
      ...(tier.fixed ? { fixedBlocks: blocksOf(tier) } : {}),
      dollarsPerBlockHour: blockPrice(tier),
      // A block that is slower to load than to compute is computed.
      dollarsPerHourPerHit: ofHits ? perNs * Math.max(0, computeNs - loadNsPerBlock(tier)) : 0,
    })),
  };
}

/** Everything about a mix of these sizes. */
export function mixOf(
  question: MixQuestion,
  input: MixInput,
  capacityBlocks: readonly number[],
): MixResult {
  const { weights, points } = input;
  const hits = tierHits(points, capacityBlocks, weights.containment);
  const computeNs = computeNsPerBlock(input);
  const reach = reachOf(capacityBlocks, weights.containment);
  const tiers = input.tiers.map((tier, index): MixTierResult => {
    const { scenario, blockBytes } = tier;
    const loadNs = Math.min(loadNsPerBlock(tier), computeNs);
    const written = capacityBlocks[index] === 0 ? 0 : writtenBlocks(input, reach, index);
    const load = (blocks: number, bytesPerSecond: number) =>
      blocks * blockBytes / bytesPerSecond / (weights.spanNs / 1e9);
    const readPicojoules = hits[index] * scenario.readPicojoulesPerByte;
    const writePicojoules = written * scenario.writePicojoulesPerByte;
    return {
      name: scenario.name,
      fixed: tier.fixed,
      capacityBlocks: capacityBlocks[index],
      capacityBytes: capacityBlocks[index] * blockBytes,
      prefixHits: hits[index],
      loadNsPerBlock: loadNs,
      loadNs: hits[index] * loadNs,
      writtenBytes: written * blockBytes,
      readLoad: load(hits[index], scenario.readBytesPerSecond),
      writeLoad: load(written, scenario.writeBytesPerSecond),
      joules: (readPicojoules + writePicojoules) * blockBytes / 1e12,
      dollarsPerMonth: capacityBlocks[index] * blockPrice(tier) * HOURS_PER_MONTH,
    };
  });
  const sum = (value: (tier: MixTierResult) => number) =>
    tiers.reduce((total, tier) => total + value(tier), 0);
  const prefixHits = sum((tier) => tier.prefixHits);
  const savedNs = prefixHits * computeNs;
  const loadNs = sum((tier) => tier.loadNs);
  const dollarsPerMonth = sum((tier) => tier.dollarsPerMonth);
  const gpuDollarsPerMonth = (savedNs - loadNs) / weights.spanNs * weights.gpuDollarsPerHour *
    HOURS_PER_MONTH;
  return {
    question,
    tiers,
    prefixHits,
    savedNs,
    loadNs,
    joules: sum((tier) => tier.joules),
    dollarsPerMonth,
    gpuDollarsPerMonth,
    netDollarsPerMonth: gpuDollarsPerMonth - dollarsPerMonth,
  };
}

/**
 * Blocks that come into a tier. Into the fastest of exclusive tiers come all that are computed or
 * moved up, into the others those that leave the stack above; an inclusive tier gets a copy of all
 * that it did not hold.
 */
function writtenBlocks(input: MixInput, reach: readonly number[], tier: number): number {
  const { entries, uniqueBlocks, weights } = input;
  const above = reach[tier - 1] ?? 0;
  if (above === 0 || weights.containment === "inclusive") return entriesAt(entries, reach[tier]);
  return entriesAt(entries, above) - Math.min(above, uniqueBlocks);
}
