/**
 * Other replicas as places to load from.
 *
 * @module
 */
import type { ReplicaSpec, ServingSpec } from "../../engine/serving_spec.ts";

/** A place to load from, and the links from there to the reader. */
export interface Source {
  readonly name: string;
  readonly links: readonly number[];
}

/** Peers that a replica may read from: of its island (if any), and others over NICs, nearest first. */
export function peerPaths(
  { replicas, peers }: ServingSpec,
  reader: ReplicaSpec,
): { readonly mates: readonly Source[]; readonly others: readonly Source[] } {
  if (peers === "none") return { mates: [], others: [] };
  const isMate = ({ island, linkPeer }: ReplicaSpec) =>
    island !== undefined && island === reader.island && linkPeer !== undefined;
  const overNvlink = replicas.find((peer) => peer !== reader && isMate(peer));
  const overNics = peers === "island" ? [] : replicas.filter((peer) => !isMate(peer));
  const near = overNics.find((peer) => peer !== reader && peer.rack === reader.rack);
  const far = peers === "cluster" ? overNics.find((peer) => peer.rack !== reader.rack) : undefined;
  const path = (name: string, ...links: (number | undefined)[]): Source => ({
    name,
    links: links.filter((link) => link !== undefined),
  });
  return {
    mates: overNvlink === undefined ? [] : [path("peer HBM (NVLink)", overNvlink.linkPeer)],
    others: [
      ...(near === undefined ? [] : [path("peer HBM (NIC)", near.linkOut, reader.linkIn)]),
      ...(far === undefined
        ? []
        : [path("peer HBM (rack)", far.linkOut, far.linkUp, reader.linkDown, reader.linkIn)]),
    ],
  };
}
