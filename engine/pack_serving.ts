/**
 * Lays a {@linkcode ServingSpec} and the load out in the engine's memory.
 *
 * @module
 */
import { SERVED_BYTES, STEP_LOG_BYTES } from "../assembly/abi_served.ts";
import {
  Discipline,
  FAULT_BYTES,
  FaultField,
  FaultKind,
  Handover,
  LINK_BYTES,
  LinkField,
  LoadChoice,
  NONE,
  PeerReach,
  REPLICA_BYTES,
  ReplicaField,
  ReplicaFlag,
  Role,
  SERVING_BYTES,
  ServingField,
  STORE_BYTES,
  StoreField,
  StoreFlag,
} from "../assembly/abi_serving.ts";
import type { Trace } from "../traces/trace.ts";
import { EvictionTable, placeEvictions } from "./pack_evictions.ts";
import { placeStepModels } from "./pack_steps.ts";
import type { Registry } from "./registry.ts";
import { nextMates } from "./serving_islands.ts";
import { packSamples, type SampleRows, sampleRowsOf } from "./serving_samples.ts";
import type { ReplicaSpec, ServingSpec } from "./serving_spec.ts";
import { turnsOf } from "./serving_turns.ts";
import type { Instance } from "./wasm.ts";

const ROLES = { unified: Role.Unified, prefill: Role.Prefill, decode: Role.Decode };
const HANDOVERS = {
  "push": Handover.Push,
  "push-layerwise": Handover.PushLayerwise,
  "pull": Handover.Pull,
  "pull-on-demand": Handover.PullOnDemand,
};
const CHOICES = {
  load: LoadChoice.Load,
  cheaper: LoadChoice.Cheaper,
  recompute: LoadChoice.Recompute,
};
const DISCIPLINES = { "fifo": Discipline.Fifo, "fair-share": Discipline.FairShare };
const FAULTS = {
  "replica-down": FaultKind.ReplicaDown,
  "replica-up": FaultKind.ReplicaUp,
  "link-down": FaultKind.LinkDown,
  "link-up": FaultKind.LinkUp,
  "store-lost": FaultKind.StoreLost,
};
const REACHES = {
  none: PeerReach.None,
  island: PeerReach.Island,
  rack: PeerReach.Rack,
  cluster: PeerReach.Cluster,
};

/** Where the pieces lie that are read back. */
export interface PackedServing {
  readonly header: number;
  readonly links: number;
  readonly stores: number;
  readonly results: number;
  readonly stepLog: number;
  /** The turn before each request; absent where none waits for another. */
  readonly previous: Uint32Array | undefined;
  readonly samples: number;
  readonly sampleRows: SampleRows;
}

/** Packs everything; addresses stay valid for the life of the instance. */
export function packServing(
  instance: Instance,
  trace: Trace,
  spec: ServingSpec,
  registry: Registry,
  options: { readonly checkBooks?: boolean } = {},
): PackedServing {
  const pack = new Packer(instance, new EvictionTable(registry));
  const router = registry.router(spec.router);
  const header = pack.room(SERVING_BYTES);
  const { memory } = instance;
  const set = (field: ServingField, value: number) => memory.setU32(header + field, value);
  set(ServingField.Replicas, spec.replicas.length);
  const sampleRows = sampleRowsOf(spec);
  const room = (bytes: number) => pack.room(bytes);
  const samples = packSamples(memory, room, sampleRows.count, spec.timelineColumns);
  set(ServingField.Samples, samples);
  set(ServingField.ReplicaRecords, pack.replicas(spec.replicas, sampleRows));
  set(ServingField.StepModels, spec.stepModels.length);
  set(
    ServingField.StepModelRecords,
    placeStepModels(instance.memory, spec.stepModels, (bytes) => pack.room(bytes)),
  );
  const links = pack.links(spec, sampleRows);
  set(ServingField.Links, spec.links.length);
  set(ServingField.LinkRecords, links);
  const stores = pack.stores(spec);
  set(ServingField.Stores, spec.stores.length);
  set(ServingField.StoreRecords, stores);
  set(ServingField.Evictions, pack.evictions.choices.length);
  set(
    ServingField.EvictionRecords,
    placeEvictions(instance.memory, pack.evictions.choices, (bytes) => pack.room(bytes)),
  );
  set(ServingField.Faults, spec.faults.length);
  set(ServingField.FaultRecords, pack.faults(spec));
  set(ServingField.Router, router.entry.index);
  router.values.forEach((value, i) =>
    memory.setF64(header + ServingField.RouterParameters + i * 8, value)
  );
  set(ServingField.RouterSample, spec.routerSample);
  memory.setU64(header + ServingField.StalenessNs, spec.stalenessNs);
  memory.setU64(header + ServingField.Seed, spec.seed);
  set(ServingField.SpeculativeView, Number(spec.speculativeView));
  set(ServingField.BlockTokens, trace.blockTokens);
  set(ServingField.BlockBytes, spec.blockBytes);
  set(ServingField.Layers, spec.layers);
  set(ServingField.Handover, HANDOVERS[spec.handover]);
  set(ServingField.DeltaTransfer, Number(spec.deltaTransfer));
  set(ServingField.Recompute, CHOICES[spec.recompute]);
  set(ServingField.Peers, REACHES[spec.peers]);
  set(ServingField.Discipline, DISCIPLINES[spec.discipline]);
  memory.setF64(header + ServingField.JitterShape, spec.jitter.shape);
  memory.setF64(header + ServingField.TailProbability, spec.jitter.tailProbability);
  memory.setF64(header + ServingField.TailFactor, spec.jitter.tailFactor);
  memory.setU64(header + ServingField.WriteDelayNs, spec.writeDelayNs);
  memory.setU64(header + ServingField.WarmupNs, spec.warmupNs ?? 0);
  set(ServingField.Spines, spec.spines ?? 1);
  set(ServingField.CheckBooks, Number(options.checkBooks ?? false));
  const previous = packLoad(pack, trace, spec, set);
  const results = pack.room(SERVED_BYTES * trace.requestCount);
  set(ServingField.Results, results);
  const stepLog = spec.stepLogRoom > 0 ? pack.room(STEP_LOG_BYTES * spec.stepLogRoom) : 0;
  set(ServingField.StepLog, stepLog);
  set(ServingField.StepLogRoom, spec.stepLogRoom);
  return { header, links, stores, results, stepLog, samples, sampleRows, previous };
}

/** Places arrivals, lengths and sessions; gives the turns that others wait for. */
function packLoad(
  pack: Packer,
  trace: Trace,
  spec: ServingSpec,
  set: (field: ServingField, value: number) => void,
): Uint32Array | undefined {
  const { requests, requestCount } = trace;
  set(ServingField.ArrivalNs, pack.floats(requests.arrivalNs ?? new Float64Array(requestCount)));
  const fallback = spec.outputTokensDefault;
  const output = requests.outputTokens ?? new Uint32Array(requestCount).fill(fallback);
  set(ServingField.OutputTokens, pack.words(output.map((tokens) => Math.max(1, tokens))));
  if (requests.session !== undefined) set(ServingField.Session, pack.words(requests.session));
  const turns = turnsOf(trace);
  if (turns === undefined) return undefined;
  if (spec.closedLoop) set(ServingField.Previous, pack.words(turns.previous));
  if (spec.closedLoop && requests.thinkNs !== undefined) {
    set(ServingField.ThinkNs, pack.floats(requests.thinkNs.map((ns) => Math.max(0, ns))));
  }
  if (spec.cacheAnswers) set(ServingField.Continuation, pack.words(turns.continuation));
  return spec.closedLoop ? turns.previous : undefined;
}

class Packer {
  constructor(private readonly instance: Instance, readonly evictions: EvictionTable) {}

  room(bytes: number): number {
    return this.instance.call("allocBelow", [bytes], "place the cluster in the engine");
  }

  words(values: Uint32Array): number {
    const address = this.room(values.byteLength);
    this.instance.memory.words(address, values.length).set(values);
    return address;
  }

  floats(values: Float64Array): number {
    const address = this.room(values.byteLength);
    this.instance.memory.floats(address, values.length).set(values);
    return address;
  }

  replicas(replicas: readonly ReplicaSpec[], { ofRole }: SampleRows): number {
    const { memory } = this.instance;
    const start = this.room(REPLICA_BYTES * replicas.length);
    const mates = nextMates(replicas);
    const paths = new Map<string, number>();
    for (const [index, replica] of replicas.entries()) {
      const path = replica.stores.join();
      if (!paths.has(path)) paths.set(path, this.words(Uint32Array.from(replica.stores)));
      const at = start + index * REPLICA_BYTES;
      const set = (field: ReplicaField, value: number) => memory.setU32(at + field, value);
      set(ReplicaField.Role, ROLES[replica.role]);
      set(ReplicaField.Node, replica.node);
      set(ReplicaField.Rack, replica.rack);
      set(ReplicaField.StepModel, replica.stepModel);
      set(ReplicaField.Blocks, replica.blocks);
      set(ReplicaField.MaxSequences, replica.maxSequences);
      set(ReplicaField.TokenBudget, replica.tokenBudget);
      set(
        ReplicaField.Flags,
        (replica.prefixCache ? ReplicaFlag.PrefixCache : 0) |
          (replica.chunkedPrefill ? ReplicaFlag.ChunkedPrefill : 0),
      );
      set(ReplicaField.Stores, replica.stores.length);
      set(ReplicaField.StorePath, paths.get(path)!);
      set(ReplicaField.LinkOut, replica.linkOut ?? NONE);
      set(ReplicaField.LinkIn, replica.linkIn ?? NONE);
      set(ReplicaField.LinkUp, replica.linkUp ?? NONE);
      set(ReplicaField.Island, replica.island ?? NONE);
      set(ReplicaField.LinkPeer, replica.linkPeer ?? NONE);
      set(ReplicaField.LinkHostIn, replica.linkHostIn ?? NONE);
      set(ReplicaField.LinkHostOut, replica.linkHostOut ?? NONE);
      set(ReplicaField.NextMate, mates[index]);
      set(ReplicaField.LinkDown, replica.linkDown ?? NONE);
      set(ReplicaField.LinkSwitchIn, replica.linkSwitchIn ?? NONE);
      set(ReplicaField.LinkSwitchOut, replica.linkSwitchOut ?? NONE);
      set(ReplicaField.SampleRow, ofRole.get(replica.role) ?? NONE);
      set(ReplicaField.Eviction, this.evictions.indexOf(replica.eviction));
    }
    return start;
  }

  links({ links }: ServingSpec, { ofLink }: SampleRows): number {
    const { memory } = this.instance;
    const start = this.room(LINK_BYTES * links.length);
    for (const [index, link] of links.entries()) {
      const at = start + index * LINK_BYTES;
      memory.setU64(at + LinkField.LatencyNs, link.latencyNs);
      memory.setU64(at + LinkField.BytesPerSecond, link.bytesPerSecond);
      memory.setU32(at + LinkField.SampleRow, ofLink[index] ?? NONE);
    }
    return start;
  }

  stores({ stores }: ServingSpec): number {
    const { memory } = this.instance;
    const start = this.room(STORE_BYTES * stores.length);
    for (const [index, store] of stores.entries()) {
      const at = start + index * STORE_BYTES;
      const flags = (store.writeThrough ? StoreFlag.WriteThrough : 0) |
        (store.writeBack ? StoreFlag.WriteBack : 0) |
        (store.reach === "local" ? StoreFlag.Local : 0) |
        (store.reach === "far" ? StoreFlag.Far : 0);
      memory.setU32(at + StoreField.Blocks, store.blocks);
      memory.setU32(at + StoreField.Flags, flags);
      memory.setU32(at + StoreField.LinkRead, store.linkRead);
      memory.setU32(at + StoreField.LinkWrite, store.linkWrite);
      memory.setU32(at + StoreField.Tier, store.tier);
      memory.setU32(at + StoreField.Below, store.below ?? NONE);
      memory.setU32(at + StoreField.Eviction, this.evictions.indexOf(store.eviction));
    }
    return start;
  }

  faults({ faults }: ServingSpec): number {
    const { memory } = this.instance;
    const start = this.room(FAULT_BYTES * faults.length);
    for (const [index, fault] of faults.entries()) {
      const at = start + index * FAULT_BYTES;
      memory.setU64(at + FaultField.TimeNs, fault.timeNs);
      memory.setU32(at + FaultField.Kind, FAULTS[fault.kind]);
      memory.setU32(at + FaultField.Subject, fault.subject);
    }
    return start;
  }
}
