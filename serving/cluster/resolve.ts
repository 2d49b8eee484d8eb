/**
 * A checked document and what it names in; a {@linkcode ClusterScenario} in base units out.
 *
 * Later wins: hardware, document, preset, calibration, `--set`.
 *
 * @module
 */
import type { ClusterDocument } from "../../scenario/cluster_schema.ts";
import { readRatio } from "../../scenario/cluster_parts.ts";
import type { Finding } from "../../scenario/findings.ts";
import type { Hardware } from "../../scenario/hardware_schema.ts";
import { checkName, type RegisteredNames } from "../../scenario/names.ts";
import type { PresetName } from "../../scenario/presets.ts";
import { base } from "../../scenario/resolve_tier.ts";
import type { Device } from "../device.ts";
import { kvRoom } from "../kv_room.ts";
import { type ComputeProfile, profileKey } from "../profile.ts";
import type { Efficiency } from "../step_constants.ts";
import type { ComputableModel } from "../weights.ts";
import { checkNetwork, networkOf } from "./resolve_network.ts";
import { checkEvictions, checkStores, resolveStore, type StoreSpeeds } from "./resolve_stores.ts";
import type {
  ClusterDisaggregation,
  ClusterFault,
  ClusterScenario,
  ClusterStore,
} from "./scenario.ts";

/** What a document is resolved with. */
export interface ClusterContext {
  /** Name of the scenario when it gives none. */
  readonly name: string;
  readonly model: ComputableModel;
  readonly device: Device;
  /** By store; `undefined` where a store names none. */
  readonly hardware: readonly (Hardware | undefined)[];
  readonly profile: ComputeProfile | undefined;
  /** Measured speeds of stores, by name. */
  readonly speeds: Readonly<Record<string, StoreSpeeds>>;
  /** Who measured them. */
  readonly speedsFrom?: ClusterScenario["storeCalibration"];
  readonly preset: PresetName | undefined;
  readonly registered: RegisteredNames;
  readonly isSet: (path: readonly PropertyKey[]) => boolean;
}

/** A scenario, and what is wrong with it. */
export interface ResolvedCluster {
  readonly scenario: ClusterScenario;
  readonly findings: readonly Finding[];
}

const IDLE_SHARE = 0.15;

/** Brings a document into base units. */
export function resolveCluster(
  document: ClusterDocument,
  context: ClusterContext,
): ResolvedCluster {
  const { cluster, router = {}, sessions = {}, slo, seed = 42 } = document;
  const { model, device, isSet } = context;
  const scale = context.preset === undefined ? undefined : document.presets?.[context.preset];
  const findings: Finding[] = [];
  const replaced: string[] = [];
  const stores = (cluster.stores ?? []).map((store, index) =>
    resolveStore(store, index, context, findings, replaced)
  );
  const tensorParallel = cluster.tensorParallel ?? 1;
  const scenario: ClusterScenario = {
    name: document.name ?? context.name,
    ...(document.description === undefined ? {} : { description: document.description }),
    modelName: typeof document.model === "string" ? document.model : model.name,
    deviceName: cluster.device,
    model,
    device,
    efficiency: efficiencyOf(document, context, replaced),
    ...(context.profile === undefined ? {} : { profile: context.profile }),
    ...(context.speedsFrom === undefined ? {} : { storeCalibration: context.speedsFrom }),
    racks: isSet(["cluster", "racks"]) ? cluster.racks ?? 1 : scale?.racks ?? cluster.racks ?? 1,
    nodesPerRack: cluster.nodesPerRack ?? 1,
    gpusPerNode: cluster.gpusPerNode ?? 8,
    tensorParallel,
    engine: engineOf(document, context, findings),
    ...disaggregationOf(cluster.disaggregation),
    stores,
    recompute: document.recompute ?? "cheaper",
    peers: cluster.peers ?? "none",
    network: networkOf(document, device),
    faults: faultsOf(cluster.faults),
    router: {
      name: router.name ?? "round-robin",
      stalenessNs: router.staleness === undefined ? 0 : base(router.staleness, "duration"),
      sample: router.sample ?? 0,
      speculative: router.speculative ?? false,
    },
    sessions: { closed: sessions.closed ?? true, cacheAnswers: sessions.cacheAnswers ?? true },
    load: loadOf(document, scale, isSet),
    ...(slo === undefined
      ? {}
      : { slo: { ttftNs: base(slo.ttft, "duration"), tpotNs: base(slo.tpot, "duration") } }),
    ...costsOf(cluster, device),
    assumed: assumedOf(cluster, device, stores),
    seed,
    calibrated: replaced.sort(),
  };
  findings.push(
    ...checkStores(stores),
    ...checkEvictions(cluster, context.registered),
    ...checkShape(scenario),
    ...checkNetwork(scenario),
    ...(router.name === undefined
      ? []
      : checkName(router.name, ["router", "name"], "a router", context.registered.routers)),
    ...(document.load?.copies !== undefined && document.load.perGpu !== undefined
      ? [{ path: ["load", "perGpu"], wrong: "and copies both say how often", atKey: true }]
      : []),
  );
  return { scenario, findings };
}

function faultsOf(faults: ClusterDocument["cluster"]["faults"] = []): ClusterFault[] {
  return faults.map(({ at, down, up }): ClusterFault => ({
    timeNs: base(at, "moment"),
    change: down === undefined ? "up" : "down",
    subject: (down ?? up ?? "").trim(),
  })).sort((a, b) => a.timeNs - b.timeNs);
}

function costsOf(
  { prices = {}, power = {} }: ClusterDocument["cluster"],
  device: Device,
): Pick<ClusterScenario, "prices" | "power"> {
  const busyWatts = power.busy === undefined ? device.powerWatts : base(power.busy, "power");
  const dollars = (text: string | undefined, usual: number) =>
    text === undefined ? usual : base(text, "hourlyPrice");
  return {
    prices: {
      dollarsPerGpuHour: dollars(prices.gpu, device.dollarsPerHour),
      dollarsPerHostHour: dollars(prices.host, 0),
    },
    power: {
      busyWatts,
      idleWatts: power.idle === undefined ? busyWatts * IDLE_SHARE : base(power.idle, "power"),
      hostWatts: power.host === undefined ? 0 : base(power.host, "power"),
    },
  };
}

/** Prices of hardware files are assumptions; so are watts of data sheets and shares of them. */
function assumedOf(
  { device: name, prices = {}, power = {}, stores: documents = [] }: ClusterDocument["cluster"],
  device: Device,
  stores: readonly ClusterStore[],
): ClusterScenario["assumed"] {
  const isPriced = prices.gpu !== undefined || device.dollarsPerHour === 0;
  const isPowered = power.busy !== undefined && power.idle !== undefined;
  const priced = stores.filter(({ dollarsPerGiBHour }, at) =>
    dollarsPerGiBHour > 0 && documents[at].price === undefined
  );
  return {
    prices: [...(isPriced ? [] : [name]), ...priced.map((store) => store.name)],
    power: isPowered || (power.busy === undefined && device.powerWatts === 0) ? [] : [name],
  };
}

function efficiencyOf(
  { cluster: { compute = {} } }: ClusterDocument,
  { profile, isSet }: ClusterContext,
  replaced: string[],
): Partial<Efficiency> {
  const { calibration: _, perStep, ...shares } = compute;
  const written: Partial<Efficiency> = {
    ...shares,
    ...(perStep === undefined ? {} : { stepNs: base(perStep, "duration") }),
  };
  if (profile === undefined) return written;
  const byHand = Object.fromEntries(
    Object.entries(written).filter(([name]) => isSet(["cluster", "compute", profileKey(name)])),
  );
  for (const name of Object.keys(profile.efficiency)) {
    if (!(name in byHand)) replaced.push(`cluster.compute.${profileKey(name)}`);
  }
  return { ...written, ...profile.efficiency, ...byHand };
}

function engineOf(
  { cluster }: ClusterDocument,
  { model, device }: ClusterContext,
  findings: Finding[],
): ClusterScenario["engine"] {
  const { engine = {}, tensorParallel = 1 } = cluster;
  const tokenBudget = engine.tokenBudget ?? 8_192;
  const room = kvRoom(model, device, {
    tensorParallel,
    tokenBudget,
    ...(engine.memoryUtilisation === undefined ? {} : { utilisation: engine.memoryUtilisation }),
    ...(engine.activations === undefined
      ? {}
      : { activationBytes: base(engine.activations, "bytes") }),
  });
  const kvTokens = engine.kvTokens ?? room.tokens;
  if (kvTokens === 0) {
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    findings.push({
      path: ["cluster", cluster.tensorParallel === undefined ? "device" : "tensorParallel"],
      wrong: "leaves no room for KV",
      code: "no-room",
      found: `${gib(room.weightBytes)} of weights and ${gib(room.activationBytes)} of activations` +
        ` on each device, of ${gib(room.usableBytes)}`,
      mend: ["raise cluster.tensorParallel, or choose a device with more memory"],
    });
  }
  return {
    maxSequences: engine.maxSequences ?? 256,
    tokenBudget,
    chunkedPrefill: engine.chunkedPrefill ?? true,
    prefixCache: engine.prefixCache ?? true,
    eviction: engine.eviction ?? "lru",
    kvTokens,
  };
}

function disaggregationOf(
  document: ClusterDocument["cluster"]["disaggregation"],
): { readonly disaggregation?: ClusterDisaggregation } {
  const ratio = readRatio(document?.ratio ?? "none");
  if (document === undefined || ratio === undefined) return {};
  const [prefill, decode] = ratio;
  return {
    disaggregation: {
      prefill,
      decode,
      handover: document.handover ?? "push-layerwise",
      delta: document.delta ?? true,
      placement: document.placement ?? "interleaved",
    },
  };
}

function loadOf(
  { load = {} }: ClusterDocument,
  scale: { readonly limit?: number; readonly copies?: number } | undefined,
  isSet: ClusterContext["isSet"],
): ClusterScenario["load"] {
  const limit = isSet(["load", "limit"]) ? load.limit : scale?.limit ?? load.limit;
  const byHand = isSet(["load", "copies"]) || isSet(["load", "perGpu"]);
  const copies = byHand ? load.copies : scale?.copies ?? load.copies;
  const perGpu = byHand || scale?.copies === undefined ? load.perGpu : undefined;
  return {
    rate: load.rate ?? 1,
    ...(copies === undefined ? {} : { copies }),
    ...(perGpu === undefined ? {} : { perGpu }),
    staggerNs: load.stagger === undefined ? 60e9 : base(load.stagger, "moment"),
    outputTokens: load.outputTokens ?? 128,
    ...(limit === undefined ? {} : { limitRequests: limit }),
    warmupNs: load.warmup === undefined ? 0 : base(load.warmup, "moment"),
  };
}

/** What does not divide, or leads nowhere. */
function checkShape(scenario: ClusterScenario): Finding[] {
  const { racks, nodesPerRack, gpusPerNode, tensorParallel: t, disaggregation } = scenario;
  const perRack = nodesPerRack * gpusPerNode;
  const findings: Finding[] = [];
  const whole = t <= gpusPerNode
    ? gpusPerNode % t === 0
    : t % gpusPerNode === 0 && perRack % t === 0;
  if (!whole) {
    findings.push({
      path: ["cluster", "tensorParallel"],
      wrong: "does not divide the devices",
      found: `${t} devices of a replica; ${gpusPerNode} of a node, ${perRack} of a rack`,
      expected: "a divisor of the devices of a node, or whole nodes of a rack",
    });
  } else if (disaggregation !== undefined && racks * perRack / t < 2) {
    findings.push({
      path: ["cluster", "disaggregation"],
      wrong: "needs two replicas or more",
      found: `${racks * perRack} devices, ${t} for each replica`,
    });
  }
  return findings;
}
