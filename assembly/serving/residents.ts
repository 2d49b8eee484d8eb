/**
 * What every replica keeps in HBM: one table over (replica, block), and for each replica the list
 * of blocks that nobody uses at the moment, oldest first.
 *
 * ```
 * entry: | block u32 | replica u32 | users u32 | older u32 | newer u32 | chain u32 |
 * ```
 *
 * A block that was never filled, or whose content has no name, is idle as well until it is taken:
 * it is in the list only, as NONE.
 *
 * A block with users is pinned. One without may be evicted; requests give their blocks back last
 * block first, so that tails are older than the prefixes they hang on, and leave before them.
 *
 * Cost: O(1) for each operation; 24 bytes per resident block and 4 per bucket.
 */
import { NONE } from "../abi_serving";
import { take } from "../arena";
import { header as trace } from "../columns/trace";
import { mix } from "../random";

const ENTRY_BYTES: usize = 24;
const REPLICA: usize = 4;
const USERS: usize = 8;
const OLDER: usize = 12;
const NEWER: usize = 16;
const CHAIN: usize = 20;
/** Entries are made in slabs, so that a small run takes little. */
const SLAB_BITS: u32 = 14;
const SLABS_MAX: u32 = 1 << 16;

/** Told of the trace's blocks that come and go, for views that lag behind. */
export abstract class ResidentsListener {
  abstract onAdd(replica: u32, block: u32): void;
  abstract onDrop(replica: u32, block: u32): void;
}

@final export class Residents {
  listener: ResidentsListener | null = null;
  /** Resident blocks over all replicas. */
  count: u32 = 0;

  private buckets: usize = take(<usize>4096 << 2);
  private mask: u32 = 4095;
  private readonly slabs: usize = take(<usize>SLABS_MAX << 2);
  /** Entries ever made; number 0 is nothing. */
  private made: u32 = 1;
  private free: u32 = 0;
  /** u32[replicas] each: the ends of the idle lists, and their lengths. */
  private readonly oldest: usize;
  private readonly newest: usize;
  private readonly idle: usize;

  constructor(replicas: u32) {
    this.oldest = take(<usize>replicas << 2);
    this.newest = take(<usize>replicas << 2);
    this.idle = take(<usize>replicas << 2);
  }

  @inline private at(entry: u32): usize {
    const slab = load<u32>(this.slabs + ((entry >> SLAB_BITS) << 2));
    return <usize>slab + <usize>(entry & ((1 << SLAB_BITS) - 1)) * ENTRY_BYTES;
  }

  @inline private bucket(replica: u32, block: u32): usize {
    const hash = <u32>mix((<u64>replica << 32) | block);
    return this.buckets + ((hash & this.mask) << 2);
  }

  /** The entry of a block in a replica, or 0. */
  find(replica: u32, block: u32): u32 {
    let entry = load<u32>(this.bucket(replica, block));
    while (entry != 0) {
      const at = this.at(entry);
      if (load<u32>(at) == block && load<u32>(at, REPLICA) == replica) return entry;
      entry = load<u32>(at, CHAIN);
    }
    return 0;
  }

  /** Blocks of a replica that nobody uses. */
  @inline idleIn(replica: u32): u32 {
    return load<u32>(this.idle + (replica << 2));
  }

  @inline users(entry: u32): u32 {
    return load<u32>(this.at(entry), USERS);
  }

  /** Makes a block resident, with one user; gives its entry. It must not be there yet. */
  add(replica: u32, block: u32): u32 {
    assert(this.find(replica, block) == 0, "resident twice");
    if (this.count > this.mask) this.rehash();
    const entry = this.entry(replica, block);
    const bucket = this.bucket(replica, block);
    store<u32>(this.at(entry), load<u32>(bucket), CHAIN);
    store<u32>(bucket, entry);
    this.count++;
    if (this.isHeard(block)) this.listener!.onAdd(replica, block);
    return entry;
  }

  /** A new entry with one user. */
  private entry(replica: u32, block: u32): u32 {
    let entry = this.free;
    if (entry != 0) this.free = load<u32>(this.at(entry), CHAIN);
    else entry = this.make();
    const at = this.at(entry);
    store<u32>(at, block);
    store<u32>(at, replica, REPLICA);
    store<u32>(at, 1, USERS);
    return entry;
  }

  /** Nobody asks for blocks of answers that no prompt repeats. */
  @inline private isHeard(block: u32): bool {
    return this.listener != null && block < trace.blocks;
  }

  private make(): u32 {
    const entry = this.made++;
    const slab = entry >> SLAB_BITS;
    assert(slab < SLABS_MAX, "more entries than slabs");
    if (load<u32>(this.slabs + (slab << 2)) == 0) {
      store<u32>(this.slabs + (slab << 2), <u32>take(ENTRY_BYTES << SLAB_BITS));
    }
    return entry;
  }

  private rehash(): void {
    const before = this.buckets;
    const length = this.mask + 1;
    this.mask = (length << 1) - 1;
    this.buckets = take(<usize>length << 3);
    for (let i: u32 = 0; i < length; i++) {
      let entry = load<u32>(before + (i << 2));
      while (entry != 0) {
        const at = this.at(entry);
        const next = load<u32>(at, CHAIN);
        const bucket = this.bucket(load<u32>(at, REPLICA), load<u32>(at));
        store<u32>(at, load<u32>(bucket), CHAIN);
        store<u32>(bucket, entry);
        entry = next;
      }
    }
  }

  /** One user more. */
  use(entry: u32): void {
    const at = this.at(entry);
    const users = load<u32>(at, USERS);
    if (users == 0) this.unlink(at);
    store<u32>(at, users + 1, USERS);
  }

  /** One user less; without any, the block is the newest of the idle ones. */
  release(entry: u32): void {
    const at = this.at(entry);
    const users = load<u32>(at, USERS) - 1;
    store<u32>(at, users, USERS);
    if (users > 0) return;
    const replica = load<u32>(at, REPLICA);
    const newest = load<u32>(this.newest + (replica << 2));
    store<u32>(at, newest, OLDER);
    store<u32>(at, 0, NEWER);
    if (newest != 0) store<u32>(this.at(newest), entry, NEWER);
    else store<u32>(this.oldest + (replica << 2), entry);
    store<u32>(this.newest + (replica << 2), entry);
    store<u32>(this.idle + (replica << 2), this.idleIn(replica) + 1);
  }

  private unlink(at: usize): void {
    const replica = load<u32>(at, REPLICA);
    const older = load<u32>(at, OLDER);
    const newer = load<u32>(at, NEWER);
    if (older != 0) store<u32>(this.at(older), newer, NEWER);
    else store<u32>(this.oldest + (replica << 2), newer);
    if (newer != 0) store<u32>(this.at(newer), older, OLDER);
    else store<u32>(this.newest + (replica << 2), older);
    store<u32>(this.idle + (replica << 2), this.idleIn(replica) - 1);
  }

  /** Evicts the block of the replica that was idle longest, and gives it (or NONE). */
  evictOldest(replica: u32): u32 {
    const entry = load<u32>(this.oldest + (replica << 2));
    assert(entry != 0, "nothing to evict");
    return this.drop(entry);
  }

  /** Forgets an idle block, and gives it. */
  private drop(entry: u32): u32 {
    const at = this.at(entry);
    assert(load<u32>(at, USERS) == 0, "a block in use was dropped");
    this.unlink(at);
    const block = load<u32>(at);
    const replica = load<u32>(at, REPLICA);
    if (block != NONE) this.unchain(entry, at, replica, block);
    store<u32>(at, this.free, CHAIN);
    this.free = entry;
    if (this.isHeard(block)) this.listener!.onDrop(replica, block);
    return block;
  }

  private unchain(entry: u32, at: usize, replica: u32, block: u32): void {
    let link = this.bucket(replica, block);
    while (load<u32>(link) != entry) link = this.at(load<u32>(link)) + CHAIN;
    store<u32>(link, load<u32>(at, CHAIN));
    this.count--;
  }

  /** Makes a block without a name idle. */
  keepNameless(replica: u32): void {
    const entry = this.entry(replica, NONE);
    this.release(entry);
  }

  /** Makes a block idle at once, as the newest: for places that nobody computes in. */
  keep(replica: u32, block: u32): void {
    this.release(this.add(replica, block));
  }

  /** Adds up users of all blocks, and blocks with users: u32[replicas] each. */
  survey(users: usize, used: usize): void {
    for (let i: u32 = 0; i <= this.mask; i++) {
      for (let entry = load<u32>(this.buckets + (i << 2)); entry != 0;) {
        const at = this.at(entry);
        const place = load<u32>(at, REPLICA) << 2;
        const count = load<u32>(at, USERS);
        store<u32>(users + place, load<u32>(users + place) + count);
        if (count > 0) store<u32>(used + place, load<u32>(used + place) + 1);
        entry = load<u32>(at, CHAIN);
      }
    }
  }

  /** Forgets all idle blocks of a replica. */
  clear(replica: u32): void {
    while (this.idleIn(replica) > 0) this.evictOldest(replica);
  }
}
