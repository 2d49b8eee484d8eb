/**
 * A cluster as a scenario describes it in; every replica, link and store of it out.
 *
 * @module
 */
import type { ReplicaSpec, ServingSpec } from "../../engine/serving_spec.ts";
import { UsageError } from "../../errors/errors.ts";
import { bytesPerToken } from "../../scenario/models.ts";
import { stepModel } from "../step_constants.ts";
import { placeFaults } from "./faults.ts";
import { type FleetDescription, fleetOf } from "./fleet.ts";
import { type Seat, seats } from "./layout.ts";
import { LinkTable, replicaLinks } from "./links.ts";
import type { ClusterScenario } from "./scenario.ts";
import { placeStores } from "./stores.ts";

/** Writes wait in pinned memory of the host: a second of a PCIe link is tens of gigabytes. */
const WRITE_DELAY_NS = 1_000_000_000;

/** A scenario, ready to be simulated. */
export interface Expansion {
  readonly spec: ServingSpec;
  readonly fleet: FleetDescription;
  readonly replicas: readonly Seat[];
  readonly links: LinkTable;
}

/** What else the simulation needs. */
export interface ExpandOptions {
  /** Rows of the log of steps to keep; 0 when absent. */
  readonly stepLogRoom?: number;
  /** Columns of the timeline, an even number; 0 when absent. */
  readonly timelineColumns?: number;
}

/**
 * Every replica, link and store that a scenario means.
 *
 * @param blockTokens Tokens of a block of the trace: the unit of KV.
 * @throws {UsageError} If a replica cannot hold a single block.
 *
 * @example
 * ```ts
 * import { expandCluster, parseClusterScenario } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const scenario = await parseClusterScenario(`
 * model: llama-3.1-70b
 * cluster:
 *   device: h100-sxm
 *   nodesPerRack: 2
 *   tensorParallel: 4
 *   disaggregation: { ratio: "1:3" }
 * `);
 * const { spec } = expandCluster(scenario, 16);
 * const roles = spec.replicas.map(({ role }) => role);
 * assertEquals(roles, ["decode", "decode", "decode", "prefill"]);
 * ```
 */
export function expandCluster(
  scenario: ClusterScenario,
  blockTokens: number,
  options: ExpandOptions = {},
): Expansion {
  const { model, engine, network, disaggregation, router, sessions, load } = scenario;
  const blockBytes = bytesPerToken(model) * blockTokens;
  const blocks = Math.floor(engine.kvTokens / blockTokens);
  if (blocks < 1) throw tooSmall(scenario, blockTokens);
  const links = new LinkTable();
  const replicas = seats(scenario, network.islandGpus);
  const { stores, pathOf, counts } = placeStores(links, scenario, blockBytes);
  const specs = replicas.map((seat, index): ReplicaSpec => ({
    ...seat,
    stepModel: 0,
    blocks,
    maxSequences: engine.maxSequences,
    tokenBudget: engine.tokenBudget,
    prefixCache: engine.prefixCache,
    eviction: engine.eviction,
    chunkedPrefill: engine.chunkedPrefill,
    stores: pathOf(seat),
    ...replicaLinks(links, scenario, seat, index),
  }));
  const { tensorParallel, efficiency } = scenario;
  const spec: ServingSpec = {
    replicas: specs,
    stepModels: [stepModel(model, scenario.device, { tensorParallel, efficiency })],
    links: links.links,
    stores,
    faults: placeFaults(scenario, specs, stores, links),
    router: router.name,
    routerSample: router.sample,
    stalenessNs: router.stalenessNs,
    speculativeView: router.speculative,
    blockBytes,
    layers: model.layers,
    handover: disaggregation?.handover ?? "push-layerwise",
    deltaTransfer: disaggregation?.delta ?? true,
    recompute: scenario.recompute,
    peers: scenario.peers,
    discipline: network.discipline,
    ...(network.spines === 1 ? {} : { spines: network.spines }),
    writeDelayNs: WRITE_DELAY_NS,
    jitter: network.jitter,
    closedLoop: sessions.closed,
    cacheAnswers: sessions.cacheAnswers,
    outputTokensDefault: load.outputTokens,
    seed: scenario.seed,
    stepLogRoom: options.stepLogRoom ?? 0,
    ...(load.warmupNs === 0 ? {} : { warmupNs: load.warmupNs }),
    timelineColumns: options.timelineColumns ?? 0,
  };
  return { spec, fleet: fleetOf(scenario, spec, counts, blockTokens), replicas, links };
}

function tooSmall({ engine }: ClusterScenario, blockTokens: number): UsageError {
  return new UsageError({
    code: "usage/no-room",
    message: "Cannot simulate the cluster: a replica cannot hold one block of the trace",
    found: `${engine.kvTokens} tokens of KV, ${blockTokens} tokens of a block`,
    expected: `${blockTokens} tokens or more`,
    mend: ["raise cluster.tensorParallel or cluster.engine.kvTokens"],
  });
}
