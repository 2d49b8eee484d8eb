/**
 * The times of synchronous movement, which follow from counts: every move takes its source's read
 * latency, its target's write latency, and its bytes at the slower of both bandwidths, one after
 * the other. Nothing waits, nothing overlaps.
 *
 * @module
 */
import type { TierScenario } from "../scenario/hierarchy.ts";
import type { HierarchyResult } from "./hierarchy_result.ts";

/** Moves and bytes from place to place, over all causes; the place after the last tier is the GPU. */
export interface Links {
  readonly moves: readonly (readonly number[])[];
  /** In the narrower of both forms: what crosses. */
  readonly bytes: readonly (readonly number[])[];
  /** In the wider form: what is quantised. */
  readonly wideBytes: readonly (readonly number[])[];
}

const NS_PER_SECOND = 1e9;

/** Nanoseconds for bytes at a rate; 0 where there is no rate. */
function timeNs(bytes: number, bytesPerSecond: number): number {
  return bytesPerSecond > 0 ? bytes * NS_PER_SECOND / bytesPerSecond : 0;
}

/**
 * Adds up loading and (de)quantising, rounded once at the end.
 *
 * @param fastHits Look-ups that the fastest tier answered: a read latency each, no bytes.
 * @param blockReadNs Sum of what single blocks cost besides when they are read.
 */
export function synchronousLatency(
  tiers: readonly TierScenario[],
  links: Links,
  fastHits: number,
  computeNs: number,
  blockReadNs: number,
): HierarchyResult["latencyNs"] {
  const gpu = tiers.length;
  let load = fastHits * tiers[0].readLatencyNs;
  let quantise = fastHits * tiers[0].scheme.dequantiseNsPerBlock + blockReadNs;
  tiers.forEach((source, s) => {
    for (let t = 0; t <= gpu; t++) {
      const moves = links.moves[s][t];
      if (moves === 0) continue;
      const target = t === gpu ? undefined : tiers[t];
      const slower = Math.min(source.readBytesPerSecond, target?.writeBytesPerSecond ?? Infinity);
      load += moves * (source.readLatencyNs + (target?.writeLatencyNs ?? 0));
      load += timeNs(links.bytes[s][t], slower);
      quantise += moves * source.scheme.dequantiseNsPerBlock;
      quantise += conversionNs(source, target ?? tiers[0], links.wideBytes[s][t]);
    }
  });
  const parts = { load: Math.round(load), wait: 0, compute: computeNs };
  const dequantise = Math.round(quantise);
  return { ...parts, dequantise, total: parts.load + parts.compute + dequantise };
}

/** Time to change the form of bytes between two schemes. */
function conversionNs(source: TierScenario, target: TierScenario, wideBytes: number): number {
  const from = source.scheme;
  const to = target.scheme;
  if (from.bitsPerNumber === to.bitsPerNumber && from.groupNumbers === to.groupNumbers) return 0;
  return to.bitsPerNumber < from.bitsPerNumber
    ? timeNs(wideBytes, to.quantiseBytesPerSecond)
    : timeNs(wideBytes, from.dequantiseBytesPerSecond);
}
