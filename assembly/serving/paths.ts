/** Which links KV crosses: between replicas, and to and from stores. */
import { NONE, StoreFlag } from "../abi_serving";
import { StoreRecord } from "./layout_links";
import { Links } from "./links";
import { Replicas } from "./replicas";

@final export class Paths {
  constructor(private readonly replicas: Replicas, private readonly links: Links) {}

  /** From the HBM of one replica to that of another. */
  between(from: u32, to: u32): Links {
    const source = this.replicas.record(from);
    const target = this.replicas.record(to);
    const path = this.links.clear();
    if (source.island == target.island && source.island != NONE && source.linkPeer != NONE) {
      return path.over(source.linkPeer);
    }
    path.over(source.linkOut);
    if (source.rack != target.rack) path.over(source.linkUp).over(target.linkUp);
    return path.over(target.linkIn);
  }

  /** From a store to a replica. */
  read(replica: u32, from: StoreRecord): Links {
    const record = this.replicas.record(replica);
    const path = this.links.clear().over(from.linkRead);
    if ((from.flags & StoreFlag.Local) != 0) return path.over(record.linkHostIn);
    if ((from.flags & StoreFlag.Far) != 0) path.over(record.linkUp);
    return path.over(record.linkIn);
  }

  /** From a replica to a store. */
  write(replica: u32, to: StoreRecord): Links {
    const record = this.replicas.record(replica);
    const path = this.links.clear();
    if ((to.flags & StoreFlag.Local) != 0) {
      path.over(record.linkHostOut);
    } else {
      path.over(record.linkOut);
      if ((to.flags & StoreFlag.Far) != 0) path.over(record.linkUp);
    }
    return path.over(to.linkWrite);
  }

  /** From the store above to this one. */
  sink(to: StoreRecord): Links {
    return this.links.clear().over(to.linkWrite);
  }
}
