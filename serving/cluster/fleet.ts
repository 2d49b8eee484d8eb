/**
 * What a fleet consists of, costs and draws: the figures that a report shows beside the results.
 *
 * @module
 */
import type { ServingSpec } from "../../engine/serving_spec.ts";
import { type ClusterScenario, gpuCount } from "./scenario.ts";

/** One store of the scenario, over the whole fleet. */
export interface FleetStoreDescription {
  readonly name: string;
  readonly scope: "node" | "rack" | "cluster";
  /** Number in results. */
  readonly tier: number;
  /** How many of it there are; 0 when it is left out. */
  readonly count: number;
  /** Of all of them. */
  readonly capacityBytes: number;
  readonly dollarsPerHour: number;
}

/** A fleet in numbers. */
export interface FleetDescription {
  readonly racks: number;
  readonly nodes: number;
  readonly gpus: number;
  readonly gpusPerReplica: number;
  readonly replicas: number;
  readonly prefillReplicas: number;
  readonly decodeReplicas: number;
  readonly unifiedReplicas: number;
  /** Of one replica. */
  readonly kvBlocks: number;
  readonly blockTokens: number;
  readonly blockBytes: number;
  readonly stores: readonly FleetStoreDescription[];
  readonly links: number;
  /** Devices, hosts and stores. */
  readonly dollarsPerHour: number;
  readonly busyWattsPerGpu: number;
  readonly idleWattsPerGpu: number;
  /** Of all nodes, besides their devices. */
  readonly hostWatts: number;
}

/** Counts what was expanded. */
export function fleetOf(
  scenario: ClusterScenario,
  spec: ServingSpec,
  counts: readonly number[],
  blockTokens: number,
): FleetDescription {
  const { racks, nodesPerRack, prices, power } = scenario;
  const nodes = racks * nodesPerRack;
  const gpus = gpuCount(scenario);
  const of = (role: string) => spec.replicas.filter((each) => each.role === role).length;
  const stores = scenario.stores.map((store, tier): FleetStoreDescription => {
    const { name, scope } = store;
    const owners = scope === "node" ? nodes : scope === "rack" ? racks : 1;
    const capacityBytes = counts[tier] === 0 ? 0 : store.capacityBytes * owners;
    const dollarsPerHour = capacityBytes / 2 ** 30 * store.dollarsPerGiBHour;
    return { name, scope, tier, count: counts[tier], capacityBytes, dollarsPerHour };
  });
  const dollarsPerHour = gpus * prices.dollarsPerGpuHour + nodes * prices.dollarsPerHostHour +
    stores.reduce((sum, store) => sum + store.dollarsPerHour, 0);
  return {
    racks,
    nodes,
    gpus,
    gpusPerReplica: scenario.tensorParallel,
    replicas: spec.replicas.length,
    prefillReplicas: of("prefill"),
    decodeReplicas: of("decode"),
    unifiedReplicas: of("unified"),
    kvBlocks: spec.replicas[0].blocks,
    blockTokens,
    blockBytes: spec.blockBytes,
    stores,
    links: spec.links.length,
    dollarsPerHour,
    busyWattsPerGpu: power.busyWatts,
    idleWattsPerGpu: power.idleWatts,
    hostWatts: nodes * power.hostWatts,
  };
}
