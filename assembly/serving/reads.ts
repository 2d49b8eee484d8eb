/**
 * Blocks on their way to requests: for each transfer the request, the source and the blocks. A
 * source is a replica, or a store: numbered behind the replicas.
 *
 * Cost: O(1), but for `drop`, which walks the reads of one request; 28 bytes per read under way.
 */
import { take } from "../arena";

const SLAB_BITS: u32 = 8;
const SLABS_MAX: u32 = 1 << 14;

@unmanaged export class Read {
  request: u32;
  source: u32;
  /** A run of the request's blocks; those of stores need not be neighbours. */
  from: u32;
  count: u32;
  /** The next read of the request, or 0. */
  next: u32;
  /** Neighbours among the reads of the source, or 0. */
  before: u32;
  after: u32;
}

@final export class Reads {
  private readonly slabs: usize = take(<usize>SLABS_MAX << 2);
  private made: u32 = 1;
  private spare: u32 = 0;
  /** u32[requests], and u32[sources]: the first read of each, or 0. */
  private readonly ofRequest: usize;
  private readonly ofSource: usize;

  constructor(requests: u32, sources: u32) {
    this.ofRequest = take(<usize>requests << 2);
    this.ofSource = take(<usize>sources << 2);
  }

  @inline at(id: u32): Read {
    const slab = load<u32>(this.slabs + ((id >> SLAB_BITS) << 2));
    const row = <usize>(id & ((1 << SLAB_BITS) - 1)) * offsetof<Read>();
    return changetype<Read>(<usize>slab + row);
  }

  /** A read of the request that is under way, or 0. */
  @inline first(request: u32): u32 {
    return load<u32>(this.ofRequest + (request << 2));
  }

  /** A read from the source that is under way, or 0. */
  @inline firstFrom(source: u32): u32 {
    return load<u32>(this.ofSource + (source << 2));
  }

  make(request: u32, source: u32, from: u32, count: u32): u32 {
    const id = this.number();
    const read = this.at(id);
    read.request = request;
    read.source = source;
    read.from = from;
    read.count = count;
    read.next = this.first(request);
    store<u32>(this.ofRequest + (request << 2), id);
    const after = this.firstFrom(source);
    read.before = 0;
    read.after = after;
    if (after != 0) this.at(after).before = id;
    store<u32>(this.ofSource + (source << 2), id);
    return id;
  }

  private number(): u32 {
    if (this.spare != 0) {
      const id = this.spare;
      this.spare = this.at(id).next;
      return id;
    }
    const id = this.made++;
    const slab = this.slabs + ((id >> SLAB_BITS) << 2);
    assert(id >> SLAB_BITS < SLABS_MAX, "more reads than slabs");
    if (load<u32>(slab) == 0) store<u32>(slab, <u32>take(offsetof<Read>() << SLAB_BITS));
    return id;
  }

  drop(id: u32): void {
    const read = this.at(id);
    let link = this.ofRequest + (read.request << 2);
    while (load<u32>(link) != id) {
      link = changetype<usize>(this.at(load<u32>(link))) + offsetof<Read>("next");
    }
    store<u32>(link, read.next);
    if (read.before != 0) this.at(read.before).after = read.after;
    else store<u32>(this.ofSource + (read.source << 2), read.after);
    if (read.after != 0) this.at(read.after).before = read.before;
    read.next = this.spare;
    this.spare = id;
  }
}
