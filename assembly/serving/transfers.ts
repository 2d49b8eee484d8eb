/** Transfers under way: records in slabs, and the list of those that are not over. */
import { take } from "../arena";

/** Most links of a path. */
export const PATH_MOST: u32 = 4;
const SLAB_BITS: u32 = 10;
const SLABS_MAX: u32 = 1 << 14;

/** Who is told that a transfer is over. */
export enum Cargo {
  Load = 0, // subject: a read; see `reads.ts`
  Write = 1, // subject: a pending write of the stores
  Handover = 2, // subject: request
}

export enum Stage {
  Over = 0,
  Waiting = 1, // in line for a link
  Draining = 2, // bytes are under way
  Landing = 3, // only the latency is left
  Stopped = 4, // a link of it broke; who waits for it is not told yet
}

@unmanaged export class Transfer {
  path0: u32;
  path1: u32;
  path2: u32;
  path3: u32;
  /**
   * Neighbours on each link of the path, as hops; see `hopOf`. First come, first served keeps u64s
   * here instead: when each link begins with it.
   */
  next0: u32;
  next1: u32;
  next2: u32;
  next3: u32;
  prior0: u32;
  prior1: u32;
  prior2: u32;
  prior3: u32;
  hops: u32;
  cargo: u32;
  subject: u32;
  /** An event of another version is out of date. */
  version: u32;
  /** Neighbours among all transfers that are not over. */
  before: u32;
  after: u32;
  /** The next in line, and the link of the line. */
  behind: u32;
  line: u32;
  stage: u32;
  unused: u32;
  bytes: u64;
  latencyNs: u64;
  startedNs: u64;
  /** Fair share: when `left` was counted, when it drains at its share, when its event comes. */
  countedNs: u64;
  endNs: u64;
  eventNs: u64;
  left: f64;
  /** Jitter: its bytes count so many times. */
  factor: f64;
  bytesPerNs: f64;
  /** What its path would give it by itself. */
  aloneBytesPerNs: f64;
}

/** The link at a place of a transfer's path. */
@inline export function linkOf(transfer: Transfer, place: u32): u32 {
  return load<u32>(changetype<usize>(transfer) + (place << 2));
}

export function crosses(transfer: Transfer, link: u32): bool {
  for (let i: u32 = 0; i < transfer.hops; i++) {
    if (linkOf(transfer, i) == link) return true;
  }
  return false;
}

@final export class Transfers {
  /** The oldest and the newest transfer that are not over, or 0. */
  first: u32 = 0;
  last: u32 = 0;
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
    transfer.bytesPerNs = 0;
    transfer.after = 0;
    transfer.before = this.last;
    if (this.last != 0) this.at(this.last).after = id;
    else this.first = id;
    this.last = id;
    return id;
  }

  drop(id: u32, transfer: Transfer): void {
    if (transfer.before != 0) this.at(transfer.before).after = transfer.after;
    else this.first = transfer.after;
    if (transfer.after != 0) this.at(transfer.after).before = transfer.before;
    else this.last = transfer.before;
    transfer.stage = Stage.Over;
    transfer.version++;
    transfer.after = this.spare;
    this.spare = id;
  }
}
