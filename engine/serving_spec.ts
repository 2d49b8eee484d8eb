/**
 * A cluster and its load in base units: what the serving simulation is asked for.
 *
 * Scenario files are richer and kinder; they are turned into this.
 *
 * @module
 */
import type { StepModel } from "./step_model.ts";

/** One engine: a group of GPUs that serves one copy of the model. */
export interface ReplicaSpec {
  /** `unified` computes prompts and decodes; the others do one of the two. */
  readonly role: "unified" | "prefill" | "decode";
  /** Host that it sits in, and rack of that host; any numbers. */
  readonly node: number;
  readonly rack: number;
  /** Index in {@linkcode ServingSpec.stepModels}. */
  readonly stepModel: number;
  /** KV blocks that fit beside weights and activations, over all its GPUs. */
  readonly blocks: number;
  /** Most sequences of one step. */
  readonly maxSequences: number;
  /** Most new tokens of one step. */
  readonly tokenBudget: number;
  readonly prefixCache: boolean;
  /** Registered rule that says which idle block leaves first; `lru`, vLLM's, when absent. */
  readonly eviction?: string;
  readonly chunkedPrefill: boolean;
  /** Indices in {@linkcode ServingSpec.stores}, fastest first. */
  readonly stores: readonly number[];
  /** Indices in {@linkcode ServingSpec.links}; absent where there is no such link. */
  readonly linkOut?: number;
  readonly linkIn?: number;
  /**
   * Out of its rack and into it, from and to the first spine; the links of the other
   * {@linkcode ServingSpec.spines} follow each.
   */
  readonly linkUp?: number;
  readonly linkDown?: number;
  /** Replicas of one island reach each other over `linkPeer`. */
  readonly island?: number;
  readonly linkPeer?: number;
  /** To and from the memory of its host (PCIe), for stores that are `local`. */
  readonly linkHostIn?: number;
  readonly linkHostOut?: number;
  /** A PCIe switch on that way, which its replicas share. */
  readonly linkSwitchIn?: number;
  readonly linkSwitchOut?: number;
}

/** One direction of a cable, bus or port. */
export interface LinkSpec {
  readonly name: string;
  readonly latencyNs: number;
  /** 1 or more. */
  readonly bytesPerSecond: number;
  /** Links of one kind stand together in reports; follows from the name when absent. */
  readonly kind?: string;
}

/** A place below HBM that keeps blocks. */
export interface StoreSpec {
  readonly name: string;
  /** Number that results group it by: 0 is the fastest tier below HBM. */
  readonly tier: number;
  readonly blocks: number;
  readonly writeThrough: boolean;
  readonly writeBack: boolean;
  readonly linkRead: number;
  readonly linkWrite: number;
  /**
   * `local`: in the replica's own host, reached over its host links; `far`: behind the spines,
   * over the links of the replica's rack; `network`, when absent: over its network port.
   */
  readonly reach?: "local" | "network" | "far";
  /** As {@linkcode ReplicaSpec.eviction}. */
  readonly eviction?: string;
  /** Store that takes what this one evicts; a store with a higher index, so that nothing goes round. */
  readonly below?: number;
}

/** Something that breaks or is mended. */
export interface FaultSpec {
  readonly timeNs: number;
  readonly kind: "replica-down" | "replica-up" | "link-down" | "link-up" | "store-lost";
  /** Index of the replica, link or store. */
  readonly subject: number;
}

/** How KV goes from a prefill replica to a decode replica. */
export type HandoverName = "push" | "push-layerwise" | "pull" | "pull-on-demand";

/** Whose HBM a replica reads blocks from, besides its own. */
export type PeerReachName = "none" | "island" | "rack" | "cluster";

/** Whether stored blocks are loaded or computed again. */
export type LoadChoiceName = "load" | "cheaper" | "recompute";

/** The whole simulation, without its trace. */
export interface ServingSpec {
  readonly replicas: readonly ReplicaSpec[];
  readonly stepModels: readonly StepModel[];
  readonly links: readonly LinkSpec[];
  readonly stores: readonly StoreSpec[];
  /** In order of time. */
  readonly faults: readonly FaultSpec[];
  /** Registered name, with parameters as `power-of-two(sample=2)`. */
  readonly router: string;
  /** Replicas looked at for a request; 0 for all. */
  readonly routerSample: number;
  /** Age of what the router sees of replicas and their blocks. */
  readonly stalenessNs: number;
  /** Whether the router takes a routed prompt to be cached there at once. */
  readonly speculativeView: boolean;
  /** Bytes of one block over all GPUs of a replica. */
  readonly blockBytes: number;
  /** Layers of the model, for layer-wise transfer. */
  readonly layers: number;
  readonly handover: HandoverName;
  /** Sends only the blocks that the decoder lacks. */
  readonly deltaTransfer: boolean;
  readonly recompute: LoadChoiceName;
  /**
   * Whose HBM replicas read from: nobody's, that of their island (over `linkPeer`), of their rack,
   * too, or of all replicas. KV moves between replicas in units of a block, as it does from stores.
   */
  readonly peers: PeerReachName;
  readonly discipline: "fifo" | "fair-share";
  /**
   * Spines that join the racks; 1 when absent. What goes from one replica to another goes over one
   * of them, by a hash of the two among those that can be reached from both.
   */
  readonly spines?: number;
  /**
   * A write to a store that would wait longer than this for the bytes of others is dropped: nobody
   * lends the memory that it would wait in. 0 writes to idle links only.
   */
  readonly writeDelayNs: number;
  /** Log-normal times of links: coefficient of variation, and a slow tail. */
  readonly jitter: {
    readonly shape: number;
    readonly tailProbability: number;
    readonly tailFactor: number;
  };
  /** Turns of a session wait for the turn before them. */
  readonly closedLoop: boolean;
  /** Answers are found again in the next turn's prompt, where the trace shows it. */
  readonly cacheAnswers: boolean;
  /** Output tokens where the trace does not say; 1 or more. */
  readonly outputTokensDefault: number;
  readonly seed: number;
  /** Rows of the log of steps to keep; 0 for none. */
  readonly stepLogRoom: number;
  /**
   * What happens before this time counts in no sum, nor do requests that arrive before it; they are
   * served all the same. 0, when absent, counts everything.
   */
  readonly warmupNs?: number;
  /**
   * Columns of what happens over time ({@linkcode ServingSpec} gives a `timeline`), an even number;
   * between half of them and all are in use at the end. 0 for none.
   */
  readonly timelineColumns: number;
}

/** One unified engine without links or stores: what everything else extends. */
export function singleEngine(
  stepModel: StepModel,
  engine: Pick<ReplicaSpec, "blocks" | "maxSequences" | "tokenBudget">,
  count = 1,
): ServingSpec {
  const replica = (index: number): ReplicaSpec => ({
    role: "unified",
    node: index,
    rack: 0,
    stepModel: 0,
    prefixCache: true,
    chunkedPrefill: true,
    stores: [],
    ...engine,
  });
  return {
    replicas: Array.from({ length: count }, (_, index) => replica(index)),
    stepModels: [stepModel],
    links: [],
    stores: [],
    faults: [],
    router: "round-robin",
    routerSample: 0,
    stalenessNs: 0,
    speculativeView: false,
    blockBytes: 1,
    layers: 1,
    handover: "push",
    deltaTransfer: true,
    recompute: "cheaper",
    peers: "none",
    discipline: "fifo",
    writeDelayNs: 1_000_000_000,
    jitter: { shape: 0, tailProbability: 0, tailFactor: 1 },
    closedLoop: true,
    cacheAnswers: true,
    outputTokensDefault: 1,
    seed: 42,
    stepLogRoom: 0,
    timelineColumns: 0,
  };
}
