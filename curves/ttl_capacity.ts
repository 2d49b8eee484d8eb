/**
 * A TTL and a capacity together, and which of the two is felt.
 *
 * @module
 */
import { NEVER } from "../engine/reuse_runs.ts";
import { blocksWithin, type ReuseAges } from "./ttl_ages.ts";
import type { AgeRanks, AgesAtCapacity } from "./ttl_result.ts";

/** Block hits and prefix hits. */
export interface Hits {
  readonly hits: number;
  readonly prefixHits: number;
}

/** When an LRU cache gave blocks up: rows of blocks, last toucher, evicting request. */
export interface Evictions {
  readonly evictedBlocks: Uint32Array;
  readonly touchedRequest: Uint32Array;
  readonly evictedRequest: Uint32Array;
}

/**
 * Hits of an LRU cache whose blocks also expire when they were idle for longer than the TTL.
 *
 * Exact, whether expired blocks are removed at once or when they are met: LRU orders its blocks by
 * their last touch, so what expires is always the tail of that order, and its leaving moves no
 * other block. A block is hit when its stack distance is below the capacity and its age is within
 * the TTL. It holds for no order but recency, and not where a hit does not renew the block.
 *
 * @param ttlNs `Infinity` never forgets.
 */
export function hitsUnder(ages: ReuseAges, capacityBlocks: number, ttlNs: number): Hits {
  const { runs, ageNs, peakAgeNs } = ages;
  let [hits, prefixHits] = [0, 0];
  for (let row = 0; row < runs.count; row++) {
    const held = ageNs[row] <= ttlNs ? blocksWithin(runs, row, capacityBlocks) : 0;
    hits += held;
    const peak = runs.peak[row];
    if (peak !== NEVER && peak < capacityBlocks && peakAgeNs[row] <= ttlNs) prefixHits += held;
  }
  return { hits, prefixHits };
}

/**
 * Ages at which an LRU cache hits, gives up, and misses what comes back too late.
 *
 * `boundBy` compares medians: `capacity` when blocks leave younger than reuses come, `reuse` when
 * they wait longer than that, `nothing` when none has to leave.
 *
 * @param evictions Of a replay at this capacity, in the touch order of the table.
 */
export function agesAtCapacity(
  ages: ReuseAges,
  capacityBlocks: number,
  evictions: Evictions,
): AgesAtCapacity {
  const { runs, ageNs, arrivalNs } = ages;
  const held = Float64Array.from(ageNs, (_, row) => blocksWithin(runs, row, capacityBlocks));
  const reused = Float64Array.from(ageNs, (age, row) => age < Infinity ? runs.blockCount[row] : 0);
  const left = evictions.evictedRequest;
  const idleNs = Float64Array.from(
    left,
    (at, row) => arrivalNs[at] - arrivalNs[evictions.touchedRequest[row]],
  );
  const evicted = ageRanks(idleNs, evictions.evictedBlocks);
  const reuse = ageRanks(ageNs, reused);
  return {
    capacityBlocks,
    hit: ageRanks(ageNs, held),
    evicted,
    missed: ageRanks(ageNs, reused.map((blocks, row) => blocks - held[row])),
    boundBy: evicted.blocks === 0
      ? "nothing"
      : evicted.p50Ns! < (reuse.p50Ns ?? Infinity)
      ? "capacity"
      : "reuse",
  };
}

/** Nearest-rank percentiles of ages, each counted for so many blocks. */
function ageRanks(ages: Float64Array, blocks: ArrayLike<number>): AgeRanks {
  const rows = Uint32Array.from(ages.keys()).filter((row) => blocks[row] > 0)
    .sort((a, b) => ages[a] - ages[b]);
  const total = rows.reduce((sum, row) => sum + blocks[row], 0);
  const at = (percent: number): number | null => {
    const rank = Math.ceil((percent * total) / 100);
    let seen = 0;
    for (const row of rows) if ((seen += blocks[row]) >= rank) return ages[row];
    return null;
  };
  return { blocks: total, p10Ns: at(10), p50Ns: at(50), p90Ns: at(90), maxNs: at(100) };
}
