/**
 * Which links KV crosses: between replicas, and to and from stores.
 *
 * ```
 * within an island   NVLink of the sender
 * within a rack      port out, port in
 * between racks      port out, its rack's link to a spine, the other rack's link from it, port in
 * host memory        device, PCIe switch, store
 * pool of the rack   port, store
 * store for all      port, the rack's link to or from a spine, store
 * ```
 *
 * Ports are below the PCIe switch, beside the devices: what they carry does not cross it.
 */
import { NONE, StoreFlag } from "../abi_serving";
import { mix, Random } from "../random";
import { ServingHeader } from "./layout";
import { StoreRecord } from "./layout_links";
import { Links } from "./links";
import { Replicas } from "./replicas";

@final export class Paths {
  private readonly spines: u32;
  private readonly seed: u64;

  constructor(
    header: ServingHeader,
    private readonly replicas: Replicas,
    private readonly links: Links,
  ) {
    this.spines = header.spines;
    this.seed = new Random(header.seed, "spines").next();
  }

  /** From the HBM of one replica to that of another. */
  between(from: u32, to: u32): Links {
    const source = this.replicas.record(from);
    const target = this.replicas.record(to);
    if (source.island == target.island && source.island != NONE && source.linkPeer != NONE) {
      return this.links.clear().over(source.linkPeer);
    }
    let up = NONE;
    let down = NONE;
    if (source.rack != target.rack) {
      const spine = this.spine(from, to, source.linkUp, target.linkDown);
      up = linkOf(source.linkUp, spine);
      down = linkOf(target.linkDown, spine);
    }
    return this.links.clear().over(source.linkOut).over(up).over(down).over(target.linkIn);
  }

  /** From a store to a replica. */
  read(replica: u32, from: StoreRecord): Links {
    const record = this.replicas.record(replica);
    if ((from.flags & StoreFlag.Local) != 0) {
      return this.links.clear().over(from.linkRead).over(record.linkSwitchIn)
        .over(record.linkHostIn);
    }
    let down = NONE;
    if ((from.flags & StoreFlag.Far) != 0) {
      const spine = this.spine(this.end(from.linkRead), replica, NONE, record.linkDown);
      down = linkOf(record.linkDown, spine);
    }
    return this.links.clear().over(from.linkRead).over(down).over(record.linkIn);
  }

  /** From a replica to a store. */
  write(replica: u32, to: StoreRecord): Links {
    const record = this.replicas.record(replica);
    if ((to.flags & StoreFlag.Local) != 0) {
      return this.links.clear().over(record.linkHostOut).over(record.linkSwitchOut)
        .over(to.linkWrite);
    }
    let up = NONE;
    if ((to.flags & StoreFlag.Far) != 0) {
      const spine = this.spine(replica, this.end(to.linkWrite), record.linkUp, NONE);
      up = linkOf(record.linkUp, spine);
    }
    return this.links.clear().over(record.linkOut).over(up).over(to.linkWrite);
  }

  /** From the store above to this one. */
  sink(to: StoreRecord): Links {
    return this.links.clear().over(to.linkWrite);
  }

  /** A store as an end of paths: a number of its own behind those of replicas. */
  @inline private end(port: u32): u32 {
    return this.replicas.count + port;
  }

  /**
   * The spine that carries everything between two ends: a hash of them, as switches choose among
   * paths of equal cost. A spine that one of them cannot reach gives its pairs to the others; the
   * pairs of those stay where they are.
   */
  private spine(from: u32, to: u32, up: u32, down: u32): u32 {
    if (this.spines == 1) return 0;
    const hash = mix(mix(this.seed + from) + to);
    const first = <u32>(hash % this.spines);
    if (this.isWhole(first, up, down)) return first;
    let whole: u32 = 0;
    for (let i: u32 = 0; i < this.spines; i++) whole += <u32>this.isWhole(i, up, down);
    if (whole == 0) return first;
    let left = <u32>(mix(hash) % whole);
    let spine: u32 = 0;
    while (!this.isWhole(spine, up, down) || left-- > 0) spine++;
    return spine;
  }

  private isWhole(spine: u32, up: u32, down: u32): bool {
    return this.links.clear().over(linkOf(up, spine)).over(linkOf(down, spine)).isWhole();
  }
}

/** The link of a spine, where the first spine's is given. */
@inline function linkOf(first: u32, spine: u32): u32 {
  return first == NONE ? NONE : first + spine;
}
