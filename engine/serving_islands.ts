/**
 * Who reaches whom over NVLink.
 *
 * @module
 */
import type { ReplicaSpec } from "./serving_spec.ts";

/** For each replica the next of its island, the first after the last; itself where it is alone. */
export function nextMates(replicas: readonly ReplicaSpec[]): number[] {
  const members = Map.groupBy(replicas.keys(), (index) => {
    const { island, linkPeer } = replicas[index];
    return linkPeer === undefined ? undefined : island;
  });
  const mates = [...replicas.keys()];
  for (const [island, indices] of members) {
    if (island === undefined) continue;
    for (const [at, index] of indices.entries()) mates[index] = indices[(at + 1) % indices.length];
  }
  return mates;
}
