/**
 * The links of a fleet, each with its name.
 *
 * @module
 */
import type { LinkSpec, ReplicaSpec } from "../../engine/serving_spec.ts";
import type { Seat } from "./layout.ts";
import type { ClusterScenario } from "./scenario.ts";

/** Links as they are made. */
export class LinkTable {
  readonly links: LinkSpec[] = [];
  readonly #byName = new Map<string, number>();

  /** The link of a name, made if there is none yet; `undefined` without bandwidth. */
  add(name: string, bytesPerSecond: number, latencyNs: number): number | undefined {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (bytesPerSecond < 1) return undefined;
    this.#byName.set(name, this.links.length);
    return this.links.push({ name, latencyNs, bytesPerSecond: Math.floor(bytesPerSecond) }) - 1;
  }

  find(name: string): number | undefined {
    return this.#byName.get(name);
  }
}

/** Links of a replica, by what the engine calls them. */
export type ReplicaLinks = Pick<
  ReplicaSpec,
  "linkOut" | "linkIn" | "linkUp" | "linkPeer" | "linkHostIn" | "linkHostOut"
>;

/** Makes the links of one replica; only those that something can cross. */
export function replicaLinks(
  table: LinkTable,
  scenario: ClusterScenario,
  seat: Seat,
  index: number,
): ReplicaLinks {
  const { network, tensorParallel: t, stores, disaggregation, peers, racks } = scenario;
  const inUse = stores.filter(({ capacityBytes }) => capacityBytes > 0);
  const used = (scope: string) => inUse.some((store) => store.scope === scope);
  const isSplit = disaggregation !== undefined;
  const far = used("cluster") || (racks > 1 && (isSplit || peers === "cluster"));
  const links: { -readonly [key in keyof ReplicaLinks]: ReplicaLinks[key] } = {};
  if (used("node")) {
    const { pcieBytesPerSecond, pcieLatencyNs } = network;
    const make = (way: string) =>
      table.add(`replica ${index} host ${way}`, pcieBytesPerSecond * t, pcieLatencyNs);
    links.linkHostIn = make("in");
    links.linkHostOut = make("out");
  }
  const overNics = isSplit || peers === "rack" || peers === "cluster";
  if (overNics || used("rack") || used("cluster")) {
    const { nicBytesPerSecond, nicLatencyNs, nicPer } = network;
    const [owner, ports] = nicPer === "gpu"
      ? [`replica ${index}`, t]
      : [`node ${seat.node}`, Math.max(1, t / scenario.gpusPerNode)];
    const make = (way: string) =>
      table.add(`${owner} ${way}`, nicBytesPerSecond * ports, nicLatencyNs);
    links.linkIn = make("in");
    links.linkOut = make("out");
  }
  if (far) {
    const ports = scenario.nodesPerRack * (network.nicPer === "gpu" ? scenario.gpusPerNode : 1);
    const rate = network.nicBytesPerSecond * ports / network.oversubscription;
    links.linkUp = table.add(`rack ${seat.rack} uplink`, rate, network.uplinkLatencyNs);
  }
  if ((isSplit || peers !== "none") && network.islandGpus > t) {
    const { nvlinkBytesPerSecond, nvlinkLatencyNs } = network;
    links.linkPeer = table.add(
      `replica ${index} nvlink`,
      nvlinkBytesPerSecond * t,
      nvlinkLatencyNs,
    );
  }
  return links;
}
