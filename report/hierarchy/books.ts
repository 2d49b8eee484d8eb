/**
 * Sums over the books of a hierarchy that several metrics need.
 *
 * @module
 */

import type { HierarchyResult, TierResult } from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario, TierScenario } from "../../scenario/hierarchy.ts";
import type { Run } from "./metric.ts";

const NS_PER_HOUR = 3_600e9;
const GIB = 2 ** 30;

/** A tier as it was found, and as the scenario describes it. */
export interface TierPair {
  readonly found: TierResult;
  readonly asked: TierScenario;
}

/** One tier of a run; the scenario must be the one that was replayed. */
export function tierAt({ result, scenario }: Run, tier = 0): TierPair {
  return { found: result.tiers[tier], asked: scenario.tiers[tier] };
}

/** Sums one counter over all tiers. */
export function sumTiers(result: HierarchyResult, of: (tier: TierResult) => number): number {
  return result.tiers.reduce((sum, tier) => sum + of(tier), 0);
}

/** Bytes moved for some causes between some places; all of them where nothing is said. */
export function movedBytes(
  { trafficBytes }: HierarchyResult,
  of: { readonly cause?: number; readonly source?: number; readonly target?: number } = {},
): number {
  let sum = 0;
  trafficBytes.forEach((rows, cause) => {
    if (of.cause !== undefined && of.cause !== cause) return;
    rows.forEach((cells, source) => {
      if (of.source !== undefined && of.source !== source) return;
      cells.forEach((bytes, target) => {
        if (of.target === undefined || of.target === target) sum += bytes;
      });
    });
  });
  return sum;
}

/** What renting a tier's whole capacity costs, or `null` without a price. */
export function tierDollarsPerHour(asked: TierScenario): number | null {
  if (asked.dollarsPerGiBHour === 0) return null;
  return (asked.capacityBytes / GIB) * asked.dollarsPerGiBHour;
}

/** What all tiers with a price cost, or `null` when none has one. */
export function dollarsPerHour({ tiers }: HierarchyScenario): number | null {
  const prices = tiers.map(tierDollarsPerHour).filter((price) => price !== null);
  return prices.length === 0 ? null : prices.reduce((sum, price) => sum + price, 0);
}

/** Joules of the bytes read from and written to a tier, or `null` without an energy per byte. */
export function tierJoules(run: Run, tier: number): number | null {
  const { readPicojoulesPerByte, writePicojoulesPerByte } = run.scenario.tiers[tier];
  if (readPicojoulesPerByte === 0 && writePicojoulesPerByte === 0) return null;
  const read = movedBytes(run.result, { source: tier }) * readPicojoulesPerByte;
  const written = movedBytes(run.result, { target: tier }) * writePicojoulesPerByte;
  return (read + written) / 1e12;
}

/** What all tiers with an energy per byte took, or `null` when none has one. */
export function joules(run: Run): number | null {
  const each = run.scenario.tiers.map((_, tier) => tierJoules(run, tier))
    .filter((energy) => energy !== null);
  return each.length === 0 ? null : each.reduce((sum, energy) => sum + energy, 0);
}

/** GPU time that the cache saved, or `null` when the work without it is not known. */
export function gpuNsSaved({ computeNsWithoutCache, latencyNs }: HierarchyResult): number | null {
  return computeNsWithoutCache === undefined ? null : computeNsWithoutCache - latencyNs.compute;
}

/** The part of that which hits of one tier saved, by its share of the prefix hits. */
export function tierGpuNsSaved(result: HierarchyResult, tier: number): number | null {
  const saved = gpuNsSaved(result);
  const all = sumTiers(result, ({ prefixHits }) => prefixHits);
  return saved === null || all === 0 ? null : (saved * result.tiers[tier].prefixHits) / all;
}

/** Hours on the clock of the trace, or `null` without one. */
export function elapsedHours({ elapsedNs }: HierarchyResult): number | null {
  return elapsedNs === undefined || elapsedNs === 0 ? null : elapsedNs / NS_PER_HOUR;
}

/** Hours of a time in nanoseconds. */
export function hours(ns: number): number {
  return ns / NS_PER_HOUR;
}

/** Reading one block where nobody waits: latency, bytes and dequantising; `null` when empty. */
export function loadNsPerBlock(run: Run, tier: number): number | null {
  const { found, asked } = tierAt(run, tier);
  if (found.residentBlocks === 0) return null;
  const bytes = found.usedBytes / found.residentBlocks;
  const fastest = run.result.tiers[0];
  const wide = fastest.residentBlocks === 0 ? bytes : fastest.usedBytes / fastest.residentBlocks;
  const { scheme: { dequantiseNsPerBlock, dequantiseBytesPerSecond } } = asked;
  const converting = dequantiseBytesPerSecond === 0 || bytes === wide
    ? 0
    : (Math.max(bytes, wide) * 1e9) / dequantiseBytesPerSecond;
  return asked.readLatencyNs + (bytes * 1e9) / asked.readBytesPerSecond + converting +
    dequantiseNsPerBlock;
}

/** Blocks that were computed: what nothing covered or was waited for, and those by choice. */
export function computedBlocks(result: HierarchyResult): number {
  const covered = sumTiers(result, ({ prefixHits }) => prefixHits);
  return result.lookups - covered - result.joinedBlocks + result.recomputedByChoice;
}
