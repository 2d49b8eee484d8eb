/**
 * What the tiers of a scenario can do for a bound: how much the fastest `k` of them hold together,
 * and the least that a load from each of them costs.
 *
 * @module
 */
import { schemeBytes } from "../engine/pack_hierarchy.ts";
import type { HierarchyScenario, Scheme, TierScenario } from "../scenario/hierarchy.ts";

const NS_PER_SECOND = 1e9;

/** Bytes of blocks in the model's own precision: the same for all, or one entry per block. */
export type BlockBytes = number | Uint32Array;

/**
 * Room of the fastest 1, 2, … tiers together: in blocks where all have the same bytes, else in
 * bytes of the model's own precision.
 *
 * A scheme stores a block in no less than its smallest share over all blocks, so a tier never holds
 * more than its capacity divided by that share.
 */
export function cumulativeUnits(scenario: HierarchyScenario, blockBytes: BlockBytes): number[] {
  let sum = 0;
  return scenario.tiers.map(({ capacityBytes, scheme }) => {
    sum += typeof blockBytes === "number"
      ? Math.floor(capacityBytes / schemeBytes(scenario, scheme, blockBytes))
      : Math.floor(capacityBytes / shares(scenario, blockBytes, scheme).least * (1 + 1e-12));
    return sum;
  });
}

/**
 * Room that each tier by itself surely has, in the units of {@linkcode cumulativeUnits}: as if
 * every block took its largest share.
 */
export function ownUnits(scenario: HierarchyScenario, blockBytes: BlockBytes): number[] {
  return scenario.tiers.map(({ capacityBytes, scheme }) =>
    typeof blockBytes === "number"
      ? Math.floor(capacityBytes / schemeBytes(scenario, scheme, blockBytes))
      : Math.floor(capacityBytes / shares(scenario, blockBytes, scheme).most)
  );
}

/** Bytes in a scheme by bytes in the model's own precision: the extremes over all blocks. */
function shares(
  scenario: HierarchyScenario,
  blockBytes: Uint32Array,
  scheme: Scheme,
): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, 0];
  for (const bytes of new Set(blockBytes)) {
    const share = schemeBytes(scenario, scheme, bytes) / bytes;
    least = Math.min(least, share);
    most = Math.max(most, share);
  }
  return most === 0 ? { least: 1, most: 1 } : { least, most };
}

/**
 * The least that finding a block in each tier costs, in whole nanoseconds, rounded down. Not less
 * in a slower tier than in a faster one: where it would be, the faster one is taken to be as cheap.
 *
 * A block of a slower tier is read in place or moved up; reading in place is never dearer. Time to
 * move bytes and time to change their form are rounded down each for itself, because a replay
 * rounds their sums apart.
 */
export function leastLoadNs(scenario: HierarchyScenario, nativeBytes: number): number[] {
  const { tiers, movement } = scenario;
  const fastBytes = schemeBytes(scenario, tiers[0].scheme, nativeBytes);
  const costs = tiers.map((tier, index) => {
    if (index === 0) {
      // Timed, the fastest tier is where blocks have to be; synchronous, each access is counted.
      if (movement === "timed") return 0;
      return Math.floor(tier.readLatencyNs) + Math.floor(tier.scheme.dequantiseNsPerBlock);
    }
    const bytes = schemeBytes(scenario, tier.scheme, nativeBytes);
    const narrow = Math.min(bytes, fastBytes);
    const readNs = tier.readLatencyNs + narrow * NS_PER_SECOND / tier.readBytesPerSecond;
    return Math.floor(readNs) + Math.floor(changeNs(scenario, tier, bytes, fastBytes));
  });
  for (let t = costs.length - 1; t-- > 0;) costs[t] = Math.min(costs[t], costs[t + 1]);
  return costs;
}

/** Time to bring a block into the form of the fastest tier. */
function changeNs(
  { tiers, movement }: HierarchyScenario,
  tier: TierScenario,
  bytes: number,
  fastBytes: number,
): number {
  const from = tier.scheme;
  const to = tiers[0].scheme;
  const timed = movement === "timed";
  const isSame = timed
    ? bytes === fastBytes
    : from.bitsPerNumber === to.bitsPerNumber && from.groupNumbers === to.groupNumbers;
  if (isSame) return from.dequantiseNsPerBlock;
  const narrows = to.bitsPerNumber < from.bitsPerNumber;
  const rate = narrows && !timed ? to.quantiseBytesPerSecond : from.dequantiseBytesPerSecond;
  const wide = Math.max(bytes, fastBytes);
  return from.dequantiseNsPerBlock + (rate > 0 ? wide * NS_PER_SECOND / rate : 0);
}
