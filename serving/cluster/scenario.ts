/**
 * A cluster and its load as a scenario describes them, in base units: bytes, bytes per second,
 * integer nanoseconds, dollars per hour, watts.
 *
 * A JSON value, so that it can be hashed, stored and sent.
 *
 * @module
 */
import type { HandoverName, LoadChoiceName, PeerReachName } from "../../engine/serving_spec.ts";
import type { Device } from "../device.ts";
import type { Assumed } from "../evidence/evidence.ts";
import type { ComputeProfile } from "../profile.ts";
import type { Efficiency } from "../step_constants.ts";
import type { ComputableModel } from "../weights.ts";

/** A store below HBM: one for each node, for each rack, or for all. */
export interface ClusterStore {
  readonly name: string;
  readonly scope: "node" | "rack" | "cluster";
  /** Of one of them; 0 leaves it out. */
  readonly capacityBytes: number;
  readonly readBytesPerSecond: number;
  readonly writeBytesPerSecond: number;
  readonly readLatencyNs: number;
  readonly writeLatencyNs: number;
  readonly write: "through" | "back" | "overflow";
  /** Registered rule that says which block leaves first. */
  readonly eviction: string;
  /** Price of holding; 0 when not given. */
  readonly dollarsPerGiBHour: number;
}

/** Rates are of one device or port, one direction. */
export interface ClusterNetwork {
  readonly nvlinkBytesPerSecond: number;
  readonly nvlinkLatencyNs: number;
  /** Devices that NVLink connects; 1 for none. */
  readonly islandGpus: number;
  readonly nicBytesPerSecond: number;
  readonly nicLatencyNs: number;
  readonly nicPer: "gpu" | "node";
  readonly pcieBytesPerSecond: number;
  readonly pcieLatencyNs: number;
  /** Devices behind one PCIe switch; 1 for no switches. */
  readonly pcieSwitchGpus: number;
  readonly pcieSwitchBytesPerSecond: number;
  /** Bandwidth of a rack's ports over that of its links to the spines, 1 or more. */
  readonly oversubscription: number;
  readonly spines: number;
  readonly uplinkLatencyNs: number;
  readonly discipline: "fifo" | "fair-share";
  readonly jitter: {
    readonly shape: number;
    readonly tailProbability: number;
    readonly tailFactor: number;
  };
}

/** Something that breaks or is mended. */
export interface ClusterFault {
  readonly timeNs: number;
  readonly change: "down" | "up";
  /** `node 3`, `rack 0`, `replica 5`, `spine 2`, or the name of a link or of both directions. */
  readonly subject: string;
}

/** Prefill and decode in replicas of their own. */
export interface ClusterDisaggregation {
  /** Parts of the ratio. */
  readonly prefill: number;
  readonly decode: number;
  readonly handover: HandoverName;
  readonly delta: boolean;
  readonly placement: "interleaved" | "grouped";
}

/** What `kvtier latency` simulates. */
export interface ClusterScenario {
  readonly name: string;
  readonly description?: string;
  /** Names or paths of the files of model and device; a model written out has its own name. */
  readonly modelName: string;
  readonly deviceName: string;
  readonly model: ComputableModel;
  readonly device: Device;
  /** Shares of the device's peaks; the usual ones stand for those that are absent. */
  readonly efficiency: Partial<Efficiency>;
  /** Measurements that the efficiencies come from; absent where they are assumed. */
  readonly profile?: ComputeProfile;
  readonly racks: number;
  readonly nodesPerRack: number;
  readonly gpusPerNode: number;
  readonly tensorParallel: number;
  readonly engine: {
    readonly maxSequences: number;
    readonly tokenBudget: number;
    readonly chunkedPrefill: boolean;
    readonly prefixCache: boolean;
    /** Registered rule that says which idle block of HBM leaves first. */
    readonly eviction: string;
    /** Tokens of KV of one replica. */
    readonly kvTokens: number;
  };
  readonly disaggregation?: ClusterDisaggregation;
  readonly stores: readonly ClusterStore[];
  readonly recompute: LoadChoiceName;
  /** Whose HBM a replica reads KV from, besides its own. */
  readonly peers: PeerReachName;
  readonly network: ClusterNetwork;
  readonly faults: readonly ClusterFault[];
  readonly router: {
    readonly name: string;
    readonly stalenessNs: number;
    /** Replicas looked at for a request; 0 for all. */
    readonly sample: number;
    readonly speculative: boolean;
  };
  readonly sessions: { readonly closed: boolean; readonly cacheAnswers: boolean };
  readonly load: {
    readonly rate: number;
    /** Absent where `perGpu` decides. */
    readonly copies?: number;
    /** Requests per second and device. */
    readonly perGpu?: number;
    readonly staggerNs: number;
    readonly outputTokens: number;
    readonly limitRequests?: number;
    /** What happens before counts in no number; 0 when everything counts. */
    readonly warmupNs: number;
  };
  readonly slo?: { readonly ttftNs: number; readonly tpotNs: number };
  readonly prices: { readonly dollarsPerGpuHour: number; readonly dollarsPerHostHour: number };
  readonly power: {
    readonly busyWatts: number;
    readonly idleWatts: number;
    readonly hostWatts: number;
  };
  /** Whose prices and watts the scenario does not give. */
  readonly assumed: Assumed;
  readonly seed: number;
  /** Who measured the speeds of stores; absent when no calibration gives one. */
  readonly storeCalibration?: { readonly name: string; readonly source: string };
  /** Key paths that a calibration replaced, sorted. */
  readonly calibrated: readonly string[];
}

/** Devices of the whole fleet. */
export function gpuCount({ racks, nodesPerRack, gpusPerNode }: ClusterScenario): number {
  return racks * nodesPerRack * gpusPerNode;
}
