/**
 * Reads what a replay through a hierarchy found out of the engine's memory.
 *
 * @module
 */
import {
  CAUSES_COUNT,
  HierarchyResultField,
  TIER_RESULT_BYTES,
  TierResultField,
} from "../assembly/abi_hierarchy.ts";
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import { type Links, synchronousLatency } from "./hierarchy_latency.ts";
import {
  CAUSES,
  type HierarchyResult,
  type ResidencySample,
  type TierResult,
} from "./hierarchy_result.ts";
import type { PackedTier } from "./pack_hierarchy.ts";
import { nearestRanks } from "./percentiles.ts";
import type { Instance } from "./wasm.ts";

/** What is found, before it is hashed. */
export type Content = Omit<HierarchyResult, "hashes" | "resultHash">;

/** The counters of the run in progress or just closed. */
export class HierarchyReader {
  constructor(private readonly instance: Instance) {}

  private field(field: HierarchyResultField): number {
    const at = this.instance.call("hierarchyResult", [], "read the result");
    return this.instance.memory.u64(at + field);
  }

  private address(field: HierarchyResultField): number {
    const at = this.instance.call("hierarchyResult", [], "read the result");
    return this.instance.memory.u32(at + field);
  }

  /** Counters that samples are made of. */
  hits(tiers: number): { lookups: number; hits: number[]; usedBytes: number[] } {
    const { memory } = this.instance;
    const at = this.address(HierarchyResultField.Tiers);
    const column = (field: TierResultField) =>
      Array.from({ length: tiers }, (_, tier) => memory.u64(at + tier * TIER_RESULT_BYTES + field));
    return {
      lookups: this.field(HierarchyResultField.Lookups),
      hits: column(TierResultField.Hits),
      usedBytes: column(TierResultField.UsedBytes),
    };
  }

  /** A matrix of each cause. */
  private matrices(field: HierarchyResultField, places: number): number[][][] {
    const { memory } = this.instance;
    const at = this.address(field);
    return Array.from(
      { length: CAUSES_COUNT },
      (_, cause) =>
        Array.from(
          { length: places },
          (_, source) =>
            Array.from({ length: places }, (_, target) =>
              memory.u64(at + 8 * ((cause * places + source) * places + target))),
        ),
    );
  }

  /**
   * Everything that was found.
   *
   * @param requestNs Time of each counted request; absent in synchronous movement.
   */
  read(
    scenario: HierarchyScenario,
    tiers: readonly PackedTier[],
    samples: readonly ResidencySample[],
    requestNs: Float64Array | undefined,
  ): Content {
    const places = tiers.length + 1;
    const trafficBytes = this.matrices(HierarchyResultField.Bytes, places);
    const tierResults = tiers.map((tier, index) => this.readTier(tier, index));
    return {
      scenario: scenario.name,
      seed: scenario.seed,
      requests: this.field(HierarchyResultField.Requests),
      lookups: this.field(HierarchyResultField.Lookups),
      misses: this.field(HierarchyResultField.Misses),
      recomputedBlocks: this.field(HierarchyResultField.Recomputed),
      recomputedByChoice: this.field(HierarchyResultField.RecomputedByChoice),
      joinedBlocks: this.field(HierarchyResultField.Joined),
      inputTokens: this.field(HierarchyResultField.InputTokens),
      hitTokens: this.field(HierarchyResultField.HitTokens),
      tiers: tierResults,
      trafficBytes,
      demotedBytes: trafficBytes.map(demotions),
      prefetch: {
        requested: this.field(HierarchyResultField.PrefetchRequested),
        useful: this.field(HierarchyResultField.PrefetchUseful),
        late: this.field(HierarchyResultField.PrefetchLate),
        wasted: this.field(HierarchyResultField.PrefetchWasted),
        bytes: this.field(HierarchyResultField.PrefetchBytes),
      },
      latencyNs: this.latency(scenario, tierResults[0].hits, trafficBytes),
      ...(requestNs === undefined ? {} : { requestNs: nearestRanks(requestNs) }),
      samples,
    };
  }

  private latency(
    scenario: HierarchyScenario,
    fastHits: number,
    bytes: number[][][],
  ): HierarchyResult["latencyNs"] {
    const compute = this.field(HierarchyResultField.ComputeNs);
    if (scenario.movement === "timed") {
      const load = this.field(HierarchyResultField.LoadNs);
      const wait = this.field(HierarchyResultField.WaitNs);
      const dequantise = this.field(HierarchyResultField.DequantiseNs);
      return { load, wait, compute, dequantise, total: load + wait + compute + dequantise };
    }
    const places = scenario.tiers.length + 1;
    const links: Links = {
      moves: sumOf(this.matrices(HierarchyResultField.Moves, places)),
      bytes: sumOf(bytes),
      wideBytes: sumOf(this.matrices(HierarchyResultField.WideBytes, places)),
    };
    const blockReadNs = this.field(HierarchyResultField.BlockReadNs);
    return synchronousLatency(scenario.tiers, links, fastHits, compute, blockReadNs);
  }

  private readTier({ scenario, policy, model }: PackedTier, index: number): TierResult {
    const at = this.address(HierarchyResultField.Tiers) + index * TIER_RESULT_BYTES;
    const read = (field: TierResultField) => this.instance.memory.u64(at + field);
    return {
      name: scenario.name,
      policy: policy.label,
      ...(model === undefined ? {} : { modelHash: model.hash }),
      capacityBytes: scenario.capacityBytes,
      usedBytes: read(TierResultField.UsedBytes),
      peakBytes: read(TierResultField.PeakBytes),
      residentBlocks: read(TierResultField.Resident),
      hits: read(TierResultField.Hits),
      prefixHits: read(TierResultField.PrefixHits),
      promotedIn: read(TierResultField.PromotedIn),
      demotedIn: read(TierResultField.DemotedIn),
      insertedIn: read(TierResultField.InsertedIn),
      evictions: read(TierResultField.Evictions),
      dropped: read(TierResultField.Dropped),
      bypasses: read(TierResultField.Bypasses),
      bytesIn: read(TierResultField.BytesIn),
      bytesOut: read(TierResultField.BytesOut),
      readBusyNs: read(TierResultField.ReadBusyNs),
      writeBusyNs: read(TierResultField.WriteBusyNs),
      waitNs: read(TierResultField.WaitNs),
      transfers: read(TierResultField.Transfers),
    };
  }
}

/**
 * Bytes that evictions moved down. All that goes down for a demand or a prefetch was evicted; of
 * the write-backs, what leaves the fastest tier is the copy itself.
 */
function demotions(matrix: readonly (readonly number[])[], cause: number): number {
  const tiers = matrix.length - 1;
  const first = CAUSES[cause] === "write-back" ? 1 : 0;
  let bytes = 0;
  for (let source = first; source < tiers; source++) {
    for (let target = source + 1; target < tiers; target++) bytes += matrix[source][target];
  }
  return bytes;
}

/** One matrix over all causes. */
function sumOf(matrices: readonly (readonly (readonly number[])[])[]): number[][] {
  return matrices[0].map((row, source) =>
    row.map((_, target) => matrices.reduce((sum, matrix) => sum + matrix[source][target], 0))
  );
}
