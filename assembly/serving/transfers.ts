/** Transfers under way: records in slabs, and the list of those that are active. */
import { take } from "../arena";

/** Most links of a path. */
export const PATH_MOST: u32 = 4;
const SLAB_BITS: u32 = 10;
const SLABS_MAX: u32 = 1 << 14;

/** Who is told that a transfer is over. */
export enum Cargo {
  Load = 0, // subject: request
  Write = 1, // subject: a pending write of the stores
  Handover = 2, // subject: request
}

@unmanaged export class Transfer {
  path0: u32;
  path1: u32;
  path2: u32;
  path3: u32;
  hops: u32;
  cargo: u32;
  subject: u32;
  /** An event of another version is out of date. */
  version: u32;
  /** Neighbours among the transfers under way. */
  before: u32;
  after: u32;
  /** 1 while bytes are under way, 0 while only the latency is left. */
  draining: u32;
  active: u32;
  bytes: u64;
  latencyNs: u64;
  startedNs: u64;
  /** Fair share only. */
  countedNs: u64;
  left: f64;
  bytesPerNs: f64;
}


@final export class Transfers {
  /** The newest transfer under way, or 0. */
  first: u32 = 0;
  private readonly slabs: usize = take(<usize>SLABS_MAX << 2);
  private made: u32 = 1;
  private spare: u32 = 0;

  @inline at(id: u32): Transfer {
    const slab = load<u32>(this.slabs + ((id >> SLAB_BITS) << 2));
    const row = <usize>(id & ((1 << SLAB_BITS) - 1)) * offsetof<Transfer>();
    return changetype<Transfer>(<usize>slab + row);
  }

  make(): u32 {
    let id = this.spare;
    if (id != 0) {
      this.spare = this.at(id).after;
    } else {
      id = this.made++;
      const slab = id >> SLAB_BITS;
      assert(slab < SLABS_MAX, "more transfers than slabs");
      if (load<u32>(this.slabs + (slab << 2)) == 0) {
        const bytes = <usize>offsetof<Transfer>() << SLAB_BITS;
        store<u32>(this.slabs + (slab << 2), <u32>take(bytes));
      }
    }
    const transfer = this.at(id);
    transfer.version++;
    transfer.active = 1;
    transfer.bytesPerNs = 0;
    transfer.before = 0;
    transfer.after = this.first;
    if (this.first != 0) this.at(this.first).before = id;
    this.first = id;
    return id;
  }

  drop(id: u32, transfer: Transfer): void {
    if (transfer.before != 0) this.at(transfer.before).after = transfer.after;
    else this.first = transfer.after;
    if (transfer.after != 0) this.at(transfer.after).before = transfer.before;
    transfer.active = 0;
    transfer.version++;
    transfer.draining = 0;
    transfer.after = this.spare;
    this.spare = id;
  }
}

export function crosses(transfer: Transfer, link: u32): bool {
  for (let i: u32 = 0; i < transfer.hops; i++) {
    if (load<u32>(changetype<usize>(transfer) + (i << 2)) == link) return true;
  }
  return false;
}
