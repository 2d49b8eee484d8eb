/**
 * What a replica of a cluster pays to load a prefix from each store, with the links to itself.
 *
 * @module
 */
import type { LinkSpec, ReplicaSpec, StoreSpec } from "../../engine/serving_spec.ts";
import { scheme } from "../../scenario/schemes.ts";
import { bytesPerToken } from "../../scenario/models.ts";
import type { BreakEvenInput, OffloadTier } from "../break_even.ts";
import { prefillCost } from "../calibration.ts";
import { expandCluster } from "./expand.ts";
import { peerPaths, type Source } from "./offload_peers.ts";
import type { ClusterScenario } from "./scenario.ts";

/** Stores and peers as places to load from, and what computing costs instead. */
export interface ClusterOffload {
  readonly tiers: readonly OffloadTier[];
  readonly input: BreakEvenInput & { readonly bitsPerNumber: number };
}

/**
 * What the first replica that computes prompts can read: HBM of its island, then its stores, the
 * fastest first, then HBM over NICs, as far as the scenario's `cluster.peers` reaches. The slowest
 * link of the way there decides the rate, and latencies add up.
 *
 * @example
 * ```ts
 * import { breakEven, clusterOffload, parseClusterScenario } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { tiers, input } = clusterOffload(await parseClusterScenario(`
 * model: llama-3.1-8b
 * cluster:
 *   device: h100-sxm
 *   stores: [{ name: pool, scope: rack, capacity: 1 TiB, bandwidth: 1 GB/s, latency: 1 ms }]
 * `));
 * assertEquals(tiers.map(({ name }) => name), ["pool"]);
 * // 131,072 bytes a token take 131 µs at 1 GB/s, more than computing it.
 * assertEquals(breakEven(tiers[0], { ...input, tokensMax: 10_000 }).fromTokens, undefined);
 * ```
 */
export function clusterOffload(scenario: ClusterScenario): ClusterOffload {
  const { model, device, tensorParallel, efficiency } = scenario;
  const blockTokens = 16;
  const { spec } = expandCluster(scenario, blockTokens);
  const replica = spec.replicas.find(({ role }) => role !== "decode")!;
  const bitsPerNumber = model.bytesPerNumber * 8;
  const native = scheme("native", bitsPerNumber);
  const { mates, others } = peerPaths(spec, replica);
  const stores = replica.stores.map((at): Source => ({
    name: scenario.stores[spec.stores[at].tier].name,
    links: pathOf(spec.stores[at], replica),
  }));
  return {
    tiers: [...mates, ...stores, ...others].map(({ name, links }) => {
      const path = links.map((link) => spec.links[link]);
      return {
        name,
        readBytesPerSecond: slowest(path),
        readLatencyNs: path.reduce((sum, { latencyNs }) => sum + latencyNs, 0),
        scheme: native,
      };
    }),
    input: {
      cost: prefillCost(model, device, tensorParallel, efficiency),
      bytesPerToken: bytesPerToken(model),
      bitsPerNumber,
      blockTokens,
    },
  };
}

/** The links from a store to a replica, as the engine crosses them. */
function pathOf(store: StoreSpec, replica: ReplicaSpec): number[] {
  const ways = store.reach === "local"
    ? [replica.linkSwitchIn, replica.linkHostIn]
    : [...(store.reach === "far" ? [replica.linkDown] : []), replica.linkIn];
  return [store.linkRead, ...ways.filter((link) => link !== undefined)];
}

function slowest(path: readonly LinkSpec[]): number {
  return path.reduce((least, link) => Math.min(least, link.bytesPerSecond), Infinity);
}
