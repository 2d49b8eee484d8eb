/**
 * What every place (a replica's HBM, a store) keeps: a table of its blocks, and an order of those
 * that nobody uses at the moment (`orders/`).
 *
 * An entry is its address; `orders/order.ts` shows it. Each place has buckets and entries of its
 * own, close together, and neighbouring blocks have neighbouring buckets: what one request touches
 * lies in few cache lines, however many places there are.
 *
 * A block that was never filled, or whose content has no name, is idle as well until it is taken:
 * it is in the order only, as NONE, or just counted.
 *
 * A block with users is pinned. One without may be evicted; requests give their blocks back last
 * block first.
 *
 * Cost: O(1) for each operation besides the order's; 24 bytes per resident block besides the
 * order's, and 4 to 8 for buckets.
 */
import { NONE } from "../abi_serving";
import { take } from "../arena";
import { header as trace } from "../columns/trace";
import { CHAIN, Order, PLACE, USERS } from "./orders/order";

/** Entries are made in slabs, so that a small run takes little. */
const SLAB_ENTRIES: u32 = 64;
const BUCKETS_FIRST: u32 = 64;

@unmanaged class Place {
  buckets: u32;
  mask: u32;
  /** Blocks in the table. */
  named: u32;
  /** Blocks that nobody uses; those among them that are just counted. */
  idle: u32;
  nameless: u32;
  /** Address of its `Order`. */
  order: u32;
  /** Entries to use again, and those of the newest slab that were never used. */
  free: u32;
  fresh: u32;
  freshLeft: u32;
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

  /** @param order Of all places that are not given another. */
  constructor(private readonly count: u32, order: Order) {
    this.places = take(<usize>count * offsetof<Place>());
    for (let place: u32 = 0; place < count; place++) this.orderBy(place, order);
  }

  /** Gives an empty place another order. */
  orderBy(place: u32, order: Order): void {
    this.place(place).order = <u32>changetype<usize>(order);
  }

  @inline private orderOf(table: Place): Order {
    return changetype<Order>(table.order);
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

  /** Whether blocks of a place may stay behind the prefix that they hang on. */
  @inline strands(place: u32): bool {
    return this.orderOf(this.place(place)).strands;
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
    this.orderOf(table).onAdd(entry);
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
        table.fresh = <u32>take(this.orderOf(table).entryBytes * SLAB_ENTRIES);
        table.freshLeft = SLAB_ENTRIES;
      }
      entry = table.fresh;
      table.fresh += this.orderOf(table).entryBytes;
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
    const table = this.place(load<u32>(entry, PLACE));
    if (users == 0) {
      this.orderOf(table).leave(entry);
      table.idle--;
    }
    store<u32>(entry, users + 1, USERS);
    this.orderOf(table).onUse(entry);
  }

  /** One user less; without any, the block may be evicted. */
  release(entry: u32): void {
    const users = load<u32>(entry, USERS) - 1;
    store<u32>(entry, users, USERS);
    if (users > 0) return;
    const table = this.place(load<u32>(entry, PLACE));
    this.orderOf(table).enter(entry);
    table.idle++;
  }

  /** Evicts the idle block of the place whose turn it is, and gives it (or NONE). */
  evict(place: u32): u32 {
    const table = this.place(place);
    assert(table.idle > 0, "nothing to evict");
    if (table.nameless > 0) {
      table.nameless--;
      table.idle--;
      return NONE;
    }
    return this.remove(table, this.orderOf(table).victim(place));
  }

  /** Evicts an idle block that is not the one whose turn it is. */
  drop(entry: u32): void {
    const table = this.place(load<u32>(entry, PLACE));
    this.orderOf(table).leave(entry);
    this.remove(table, entry);
  }

  /** Frees an entry that is out of the order; gives its block. */
  private remove(table: Place, entry: u32): u32 {
    assert(load<u32>(entry, USERS) == 0, "a block in use was dropped");
    table.idle--;
    const block = load<u32>(entry);
    if (block != NONE) {
      this.orderOf(table).onDrop(entry);
      this.unchain(table, entry, block);
    }
    store<u32>(entry, table.free, CHAIN);
    table.free = entry;
    if (this.isHeard(block)) {
      this.heard--;
      this.listener!.onDrop(load<u32>(entry, PLACE), block);
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
    const table = this.place(place);
    if (this.orderOf(table).queuesNameless) return this.release(this.entry(table, place, NONE));
    table.nameless++;
    table.idle++;
  }

  /** Makes a block idle at once: for places that nobody computes in. */
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

  /** Forgets all idle blocks of a place, and what its order remembers of others. */
  clear(place: u32): void {
    while (this.idleIn(place) > 0) this.evict(place);
    this.orderOf(this.place(place)).forget(place);
  }
}
