/**
 * A TTL and a capacity together, and which of the two is felt.
 *
 * @module
 */
import { NEVER } from "../engine/reuse_runs.ts";
import { blocksWithin, type ReuseAges, rowsByAge } from "./ttl_ages.ts";
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
  const { runs, ageNs, arrivalNs, byAge } = ages;
  const held = (row: number) => blocksWithin(runs, row, capacityBlocks);
  const left = evictions.evictedRequest;
  const idleNs = Float64Array.from(
    left,
    (at, row) => arrivalNs[at] - arrivalNs[evictions.touchedRequest[row]],
  );
  const evicted = ageRanks(idleNs, rowsByAge(idleNs), (row) => evictions.evictedBlocks[row]);
  const reuse = ageRanks(ageNs, byAge, (row) => runs.blockCount[row]);
  return {
    capacityBlocks,
    hit: ageRanks(ageNs, byAge, held),
    evicted,
    missed: ageRanks(ageNs, byAge, (row) => runs.blockCount[row] - held(row)),
    boundBy: evicted.blocks === 0
      ? "nothing"
      : evicted.p50Ns! < (reuse.p50Ns ?? Infinity)
      ? "capacity"
      : "reuse",
  };
}

/** Nearest-rank percentiles of ages, each counted for so many blocks. */
function ageRanks(
  ages: Float64Array,
  order: Uint32Array,
  blocks: (row: number) => number,
): AgeRanks {
  const total = order.reduce((sum, row) => sum + blocks(row), 0);
  const wanted = [10, 50, 90, 100].map((percent) => Math.ceil((percent * total) / 100));
  const found: number[] = [];
  let seen = 0;
  for (const row of total === 0 ? [] : order) {
    seen += blocks(row);
    while (found.length < wanted.length && seen >= wanted[found.length]) found.push(ages[row]);
  }
  const [p10Ns = null, p50Ns = null, p90Ns = null, maxNs = null] = found;
  return { blocks: total, p10Ns, p50Ns, p90Ns, maxNs };
}
