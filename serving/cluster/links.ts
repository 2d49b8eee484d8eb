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

  /**
   * The link of a name, made if there is none yet; `undefined` without bandwidth.
   *
   * @param kind What reports call all such links; follows from the name when absent.
   */
  add(
    name: string,
    bytesPerSecond: number,
    latencyNs: number,
    kind?: string,
  ): number | undefined {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (bytesPerSecond <= 0) return undefined;
    this.#byName.set(name, this.links.length);
    // A share below a byte per second is slow; without a link it would be free.
    const rate = Math.max(1, Math.floor(bytesPerSecond));
    const link = { name, latencyNs, bytesPerSecond: rate };
    return this.links.push(kind === undefined ? link : { ...link, kind }) - 1;
  }

  find(name: string): number | undefined {
    return this.#byName.get(name);
  }
}

/** Links of a replica, by what the engine calls them. */
export type ReplicaLinks = Pick<
  ReplicaSpec,
  | "linkOut"
  | "linkIn"
  | "linkUp"
  | "linkDown"
  | "linkPeer"
  | "linkHostIn"
  | "linkHostOut"
  | "linkSwitchIn"
  | "linkSwitchOut"
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
  const crossesRacks = used("cluster") || (racks > 1 && (isSplit || peers === "cluster"));
  const isLent = peers === "rack" || peers === "cluster";
  const links: { -readonly [key in keyof ReplicaLinks]: ReplicaLinks[key] } = {};
  if (used("node")) Object.assign(links, hostLinks(table, scenario, seat, index));
  if (isSplit || isLent || used("rack") || used("cluster")) {
    const { nicBytesPerSecond, nicLatencyNs, nicPer } = network;
    const [owner, ports] = nicPer === "gpu"
      ? [`replica ${index}`, t]
      : [`node ${seat.node}`, Math.max(1, t / scenario.gpusPerNode)];
    const make = (way: string) =>
      table.add(`${owner} ${way}`, nicBytesPerSecond * ports, nicLatencyNs, `port ${way}`);
    links.linkIn = make("in");
    links.linkOut = make("out");
  }
  if (crossesRacks) {
    links.linkUp = spineLinks(table, scenario, seat.rack, "out");
    links.linkDown = spineLinks(table, scenario, seat.rack, "in");
  }
  if ((isSplit || peers !== "none") && network.islandGpus > t) {
    const { nvlinkBytesPerSecond, nvlinkLatencyNs } = network;
    links.linkPeer = table.add(
      `replica ${index} nvlink`,
      nvlinkBytesPerSecond * t,
      nvlinkLatencyNs,
      "NVLink",
    );
  }
  return links;
}

/**
 * PCIe of a replica's devices, and of the switches above them. A switch holds whole replicas, which
 * share it, or a replica holds whole switches and stripes over them: then they are one link.
 */
function hostLinks(
  table: LinkTable,
  { network, tensorParallel: t, gpusPerNode }: ClusterScenario,
  { node }: Seat,
  index: number,
): ReplicaLinks {
  const { pcieBytesPerSecond, pcieLatencyNs, pcieSwitchBytesPerSecond } = network;
  const group = network.pcieSwitchGpus;
  const device = (way: string) =>
    table.add(
      `replica ${index} host ${way}`,
      pcieBytesPerSecond * t,
      pcieLatencyNs,
      `PCIe ${way}`,
    );
  const owner = t > group
    ? `replica ${index} switches`
    : `node ${node} switch ${Math.floor(index * t % gpusPerNode / group)}`;
  // Its time to pass bytes on is in the latency of the whole way.
  const above = (way: string) =>
    group === 1 ? undefined : table.add(
      `${owner} ${way}`,
      pcieSwitchBytesPerSecond * Math.max(1, t / group),
      0,
      `PCIe switch ${way}`,
    );
  return {
    linkHostIn: device("in"),
    linkHostOut: device("out"),
    linkSwitchIn: above("in"),
    linkSwitchOut: above("out"),
  };
}

/** A rack's links one way, one to each spine, made if there are none yet; gives the first. */
function spineLinks(
  table: LinkTable,
  { network, nodesPerRack, gpusPerNode }: ClusterScenario,
  rack: number,
  way: "out" | "in",
): number | undefined {
  const { nicPer, nicBytesPerSecond, oversubscription, spines, uplinkLatencyNs } = network;
  const ports = nodesPerRack * (nicPer === "gpu" ? gpusPerNode : 1);
  const rate = nicBytesPerSecond * ports / oversubscription / spines;
  const nameOf = (spine: number) =>
    spines === 1 ? `rack ${rack} ${way}` : `rack ${rack} spine ${spine} ${way}`;
  const known = table.find(nameOf(0));
  if (known !== undefined) return known;
  const made = Array.from(
    { length: spines },
    (_, spine) => table.add(nameOf(spine), rate, uplinkLatencyNs),
  );
  return made[0];
}
