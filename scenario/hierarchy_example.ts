/**
 * A small hierarchy for examples and tests: equal tiers, a byte per token, no costs.
 *
 * @module
 */
import type { HierarchyScenario, Scheme, TierScenario } from "./hierarchy.ts";

/** The model's own precision, at no cost. */
export const NATIVE_SCHEME: Scheme = {
  name: "native",
  bitsPerNumber: 16,
  groupNumbers: 0,
  groupBytes: 0,
  quantiseBytesPerSecond: 0,
  dequantiseBytesPerSecond: 0,
  dequantiseNsPerBlock: 0,
};

/** What an example differs in. */
export interface ExampleHierarchy extends Partial<Omit<HierarchyScenario, "tiers">> {
  /** Blocks of 16 bytes that each tier holds, fastest first. */
  readonly capacityBlocks: readonly number[];
  /** What all tiers differ in. */
  readonly tier?: Partial<TierScenario>;
}

/**
 * Makes a scenario of blocks of 16 tokens and 16 bytes; each tier is ten times slower than the one
 * above it, from 100 ns and 1 GB/s.
 *
 * @example
 * ```ts
 * import { exampleHierarchy } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { tiers } = exampleHierarchy({ capacityBlocks: [4, 8], tier: { policy: "arc" } });
 * assertEquals(tiers.map((tier) => tier.capacityBytes), [64, 128]);
 * assertEquals(tiers[1].policy, "arc");
 * ```
 */
export function exampleHierarchy(example: ExampleHierarchy): HierarchyScenario {
  const { capacityBlocks, tier, ...rest } = example;
  return {
    name: "example",
    bytesPerToken: 1,
    blockTokens: 16,
    tiers: capacityBlocks.map((blocks, index) => ({
      name: `tier${index}`,
      capacityBytes: blocks * 16,
      readBytesPerSecond: 1e9 / 10 ** index,
      writeBytesPerSecond: 1e9 / 10 ** index,
      readLatencyNs: 100 * 10 ** index,
      writeLatencyNs: 100 * 10 ** index,
      concurrency: 1,
      scheme: NATIVE_SCHEME,
      policy: "lru",
      admission: "always",
      scope: "private",
      dollarsPerGiBHour: 0,
      readPicojoulesPerByte: 0,
      writePicojoulesPerByte: 0,
      ...tier,
    })),
    containment: "exclusive",
    write: "back",
    writeHits: 2,
    promotion: { kind: "always" },
    entry: "fastest",
    demotion: "cascade",
    movement: "synchronous",
    recompute: "never",
    prefill: { nsPerToken: 0, nsPerTokenSquared: 0 },
    prefetch: { name: "none", maxBlocks: 2 },
    pinnedDepthBlocks: 0,
    fastFloorBytes: 0,
    warmupRequests: 0,
    seed: 42,
    ...rest,
  };
}
