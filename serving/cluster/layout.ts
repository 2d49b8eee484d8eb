/**
 * Where replicas sit, and what each of them does.
 *
 * @module
 */
import type { ReplicaSpec } from "../../engine/serving_spec.ts";
import type { ClusterScenario } from "./scenario.ts";

/** A replica's place. */
export interface Seat {
  readonly role: ReplicaSpec["role"];
  /** First of its nodes. */
  readonly node: number;
  readonly rack: number;
  /** Devices that NVLink connects have one number. */
  readonly island: number;
}

type Shape = Pick<
  ClusterScenario,
  "racks" | "nodesPerRack" | "gpusPerNode" | "tensorParallel" | "disaggregation"
>;

/** Nodes that one replica takes; 1 where several share a node. */
export function nodesPerReplica({ tensorParallel, gpusPerNode }: Shape): number {
  return Math.max(1, tensorParallel / gpusPerNode);
}

/** All replicas, rack by rack. */
export function seats(shape: Shape, islandGpus: number): Seat[] {
  const { racks, nodesPerRack, gpusPerNode, tensorParallel } = shape;
  const perRack = nodesPerRack * gpusPerNode / tensorParallel;
  const count = racks * perRack;
  // A rack of one replica cannot have both roles: the ratio is of the whole fleet then.
  const group = perRack >= 2 ? perRack : count;
  return Array.from({ length: count }, (_, index) => {
    const gpu = index * tensorParallel;
    return {
      role: roleOf(index % group, group, shape),
      node: Math.floor(gpu / gpusPerNode),
      rack: Math.floor(index / perRack),
      island: Math.floor(gpu / islandGpus),
    };
  });
}

/** Role of one replica of a group that keeps the ratio. */
function roleOf(index: number, group: number, { disaggregation }: Shape): ReplicaSpec["role"] {
  if (disaggregation === undefined) return "unified";
  const { prefill, decode, placement } = disaggregation;
  const share = Math.round(group * prefill / (prefill + decode));
  const count = Math.min(group - 1, Math.max(1, share));
  if (placement === "grouped") return index < count ? "prefill" : "decode";
  const before = Math.floor(index * count / group);
  return Math.floor((index + 1) * count / group) > before ? "prefill" : "decode";
}
