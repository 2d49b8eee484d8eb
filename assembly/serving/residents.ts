/**
 * What every place (a replica's HBM, a store) keeps: a table of its blocks, and the list of those
 * that nobody uses at the moment, oldest first.
 *
 * ```
 * entry: | block u32 | place u32 | users u32 | older u32 | newer u32 | chain u32 |
 * ```
 *
 * An entry is its address. Each place has buckets and entries of its own, close together, and
 * neighbouring blocks have neighbouring buckets: what one request touches lies in few cache lines,
 * however many places there are.
 *
 * A block that was never filled, or whose content has no name, is idle as well until it is taken:
 * it is in the list only, as NONE.
 *
 * A block with users is pinned. One without may be evicted; requests give their blocks back last
 * block first, so that tails are older than the prefixes they hang on, and leave before them.
 *
 * Cost: O(1) for each operation; 24 bytes per resident block and 4 to 8 for buckets.
 */
import { NONE } from "../abi_serving";
import { take } from "../arena";
import { header as trace } from "../columns/trace";

const PLACE: usize = 4;
const USERS: usize = 8;
const OLDER: usize = 12;
const NEWER: usize = 16;
const CHAIN: usize = 20;
const ENTRY_BYTES: usize = 24;
/** Entries are made in slabs, so that a small run takes little. */
const SLAB_ENTRIES: u32 = 64;
const BUCKETS_FIRST: u32 = 64;

@unmanaged class Place {
  buckets: u32;
  mask: u32;
  /** Blocks in the table. */
  named: u32;
  /** Ends of the idle list, and its length. */
  oldest: u32;
  newest: u32;
  idle: u32;
  /** Entries to use again, and those of the newest slab that were never used. */
  free: u32;
  fresh: u32;
  freshLeft: u32;
  unused: u32;
}

/** Told of the trace's blocks that come and go, for views that lag behind. */
export abstract class ResidentsListener {
  abstract onAdd(replica: u32, block: u32): void;
  abstract onDrop(replica: u32, block: u32): void;
}

@final export class Residents {
  listener: ResidentsListener | null = null;
  /** Blocks that the listener was told of and that are there. */
  heard: u32 = 0;
  private readonly places: usize;

  constructor(private readonly count: u32) {
    this.places = take(<usize>count * offsetof<Place>());
  }

  @inline private place(place: u32): Place {
    return changetype<Place>(this.places + <usize>place * offsetof<Place>());
  }

  /** Runs of blocks stay together; numbers that are a power of two apart do not meet. */
  @inline private bucket(table: Place, block: u32): usize {
    const hash = block + (block >> 12) * 0x9e37 + (block >> 20) * 0x85eb;
    return <usize>table.buckets + ((hash & table.mask) << 2);
  }

  /** The entry of a block in a place, or 0. */
  find(place: u32, block: u32): u32 {
    const table = this.place(place);
    if (table.named == 0) return 0;
    let entry = load<u32>(this.bucket(table, block));
    while (entry != 0 && load<u32>(entry) != block) entry = load<u32>(entry, CHAIN);
    return entry;
  }

  /** Blocks of a place that nobody uses. */
  @inline idleIn(place: u32): u32 {
    return this.place(place).idle;
  }

  @inline users(entry: u32): u32 {
    return load<u32>(entry, USERS);
  }

  /** Makes a block resident, with one user; gives its entry. It must not be there yet. */
  add(place: u32, block: u32): u32 {
    assert(this.find(place, block) == 0, "resident twice");
    const table = this.place(place);
    if (table.buckets == 0 || table.named > table.mask) this.widen(table);
    const entry = this.entry(table, place, block);
    const bucket = this.bucket(table, block);
    store<u32>(entry, load<u32>(bucket), CHAIN);
    store<u32>(bucket, entry);
    table.named++;
    if (this.isHeard(block)) {
      this.heard++;
      this.listener!.onAdd(place, block);
    }
    return entry;
  }

  /** A new entry with one user. */
  private entry(table: Place, place: u32, block: u32): u32 {
    let entry = table.free;
    if (entry != 0) {
      table.free = load<u32>(entry, CHAIN);
    } else {
      if (table.freshLeft == 0) {
        table.fresh = <u32>take(ENTRY_BYTES * SLAB_ENTRIES);
        table.freshLeft = SLAB_ENTRIES;
      }
      entry = table.fresh;
      table.fresh += <u32>ENTRY_BYTES;
      table.freshLeft--;
    }
    store<u32>(entry, block);
    store<u32>(entry, place, PLACE);
    store<u32>(entry, 1, USERS);
    return entry;
  }

  /** Nobody asks for blocks of answers that no prompt repeats. */
  @inline private isHeard(block: u32): bool {
    return this.listener != null && block < trace.blocks;
  }

  /** Makes the buckets, or twice as many. */
  private widen(table: Place): void {
    const before = table.buckets;
    const length: u32 = before == 0 ? 0 : table.mask + 1;
    const wide: u32 = before == 0 ? BUCKETS_FIRST : length << 1;
    table.buckets = <u32>take(<usize>wide << 2);
    table.mask = wide - 1;
    for (let i: u32 = 0; i < length; i++) {
      let entry = load<u32>(before + (i << 2));
      while (entry != 0) {
        const next = load<u32>(entry, CHAIN);
        const bucket = this.bucket(table, load<u32>(entry));
        store<u32>(entry, load<u32>(bucket), CHAIN);
        store<u32>(bucket, entry);
        entry = next;
      }
    }
  }

  /** One user more. */
  use(entry: u32): void {
    const users = load<u32>(entry, USERS);
    if (users == 0) this.unlink(entry);
    store<u32>(entry, users + 1, USERS);
  }

  /** One user less; without any, the block is the newest of the idle ones. */
  release(entry: u32): void {
    const users = load<u32>(entry, USERS) - 1;
    store<u32>(entry, users, USERS);
    if (users > 0) return;
    const table = this.place(load<u32>(entry, PLACE));
    const newest = table.newest;
    store<u32>(entry, newest, OLDER);
    store<u32>(entry, 0, NEWER);
    if (newest != 0) store<u32>(newest, entry, NEWER);
    else table.oldest = entry;
    table.newest = entry;
    table.idle++;
  }

  private unlink(entry: u32): void {
    const table = this.place(load<u32>(entry, PLACE));
    const older = load<u32>(entry, OLDER);
    const newer = load<u32>(entry, NEWER);
    if (older != 0) store<u32>(older, newer, NEWER);
    else table.oldest = newer;
    if (newer != 0) store<u32>(newer, older, OLDER);
    else table.newest = older;
    table.idle--;
  }

  /** Evicts the block of the place that was idle longest, and gives it (or NONE). */
  evictOldest(place: u32): u32 {
    const table = this.place(place);
    const entry = table.oldest;
    assert(entry != 0, "nothing to evict");
    assert(load<u32>(entry, USERS) == 0, "a block in use was dropped");
    this.unlink(entry);
    const block = load<u32>(entry);
    if (block != NONE) this.unchain(table, entry, block);
    store<u32>(entry, table.free, CHAIN);
    table.free = entry;
    if (this.isHeard(block)) {
      this.heard--;
      this.listener!.onDrop(place, block);
    }
    return block;
  }

  private unchain(table: Place, entry: u32, block: u32): void {
    let link = this.bucket(table, block);
    while (load<u32>(link) != entry) link = <usize>load<u32>(link) + CHAIN;
    store<u32>(link, load<u32>(entry, CHAIN));
    table.named--;
  }

  /** Makes a block without a name idle. */
  keepNameless(place: u32): void {
    this.release(this.entry(this.place(place), place, NONE));
  }

  /** Makes a block idle at once, as the newest: for places that nobody computes in. */
  keep(place: u32, block: u32): void {
    this.release(this.add(place, block));
  }

  /** Adds up users of all blocks, and blocks with users: u32[places] each. */
  survey(users: usize, used: usize): void {
    for (let place: u32 = 0; place < this.count; place++) {
      const table = this.place(place);
      if (table.buckets == 0) continue;
      for (let i: u32 = 0; i <= table.mask; i++) {
        for (let entry = load<u32>(table.buckets + (i << 2)); entry != 0;) {
          const count = load<u32>(entry, USERS);
          store<u32>(users + (place << 2), load<u32>(users + (place << 2)) + count);
          if (count > 0) store<u32>(used + (place << 2), load<u32>(used + (place << 2)) + 1);
          entry = load<u32>(entry, CHAIN);
        }
      }
    }
  }

  /** Forgets all idle blocks of a place. */
  clear(place: u32): void {
    while (this.idleIn(place) > 0) this.evictOldest(place);
  }
}
