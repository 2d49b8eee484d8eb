/**
 * Links of small fleets, made one by one, as replicas name them.
 *
 * @module
 */
import type { LinkSpec, ReplicaSpec } from "../../engine/serving_spec.ts";

/** What a link can do. */
export type Speed = Omit<LinkSpec, "name">;

/** Those links of a replica that it need not share. */
export type OwnLinks = Pick<ReplicaSpec, "linkOut" | "linkIn" | "linkHostOut" | "linkHostIn">;

/** Links as they are laid. */
export class Wiring {
  readonly links: LinkSpec[] = [];

  constructor(private readonly speed: Speed) {}

  /** Lays a link; gives its index. */
  add(name: string, speed: Partial<Speed> = {}): number {
    return this.links.push({ name, ...this.speed, ...speed }) - 1;
  }

  /** The links of a rack one way, one to each spine; gives the first. */
  toSpines(name: string, spines: number, speed: Partial<Speed> = {}): number {
    const made = Array.from(
      { length: spines },
      (_, spine) => this.add(`${name} spine ${spine}`, speed),
    );
    return made[0];
  }

  /** Both ways of a rack. */
  rack(rack: number, spines: number, speed: Partial<Speed> = {}) {
    return {
      rack,
      linkUp: this.toSpines(`up ${rack}`, spines, speed),
      linkDown: this.toSpines(`down ${rack}`, spines, speed),
    };
  }

  /** Both ways of a PCIe switch. */
  pcieSwitch(index: number, speed: Partial<Speed> = {}) {
    return {
      linkSwitchOut: this.add(`switch out ${index}`, speed),
      linkSwitchIn: this.add(`switch in ${index}`, speed),
    };
  }

  /** The ports of one replica, and its PCIe. */
  ports(index: number): OwnLinks {
    return {
      linkOut: this.add(`out ${index}`),
      linkIn: this.add(`in ${index}`),
      linkHostOut: this.add(`host out ${index}`),
      linkHostIn: this.add(`host in ${index}`),
    };
  }

  /** A replica's way to its island, of so many in a row. */
  nvlink(index: number, replicas: number): Pick<ReplicaSpec, "island" | "linkPeer"> {
    return { island: Math.floor(index / replicas), linkPeer: this.add(`nvlink ${index}`) };
  }
}
