/**
 * Places below HBM: host DRAM, a rack's pool, an SSD, a remote store. Each evicts by a rule of its
 * own (`orders/`), to which a request that reads or computes blocks is one use of each, the last
 * block first. A block can be read from the moment that its write has arrived, never before. What
 * requests read is in `loads.ts`.
 */
import { STORE_BYTES, StoreFlag } from "../abi_serving";
import { take } from "../arena";
import { Stores } from "./hooks";
import { ServingHeader } from "./layout";
import { StoreRecord } from "./layout_links";
import { Links } from "./links";
import { Paths } from "./paths";
import { PendingWrites } from "./pending_writes";
import { Replicas } from "./replicas";
import { Requests } from "./requests";
import { Residents } from "./residents";
import { Cargo } from "./transfers";

@final export class ClusterStores extends Stores {
  private readonly resident: usize;
  private readonly writes: PendingWrites;

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly links: Links,
    private readonly paths: Paths,
    /** What the stores hold, as (store, block). */
    readonly held: Residents,
  ) {
    super();
    this.resident = take(<usize>header.stores << 2);
    this.writes = new PendingWrites();
  }

  @inline record(store: u32): StoreRecord {
    return changetype<StoreRecord>(this.header.storeRecords + <usize>store * STORE_BYTES);
  }

  /** Store `index` of a replica's path, the fastest first. */
  @inline of(replica: u32, index: u32): u32 {
    return load<u32>(this.replicas.record(replica).storePath + (index << 2));
  }

  /** A request reads a block from a store of its path: a use of copies in those below, too. */
  read(replica: u32, place: u32, block: u32): void {
    this.touch(this.of(replica, place), block);
    this.record(this.of(replica, place)).hits++;
    for (let i = place + 1; i < this.replicas.record(replica).stores; i++) {
      const store = this.of(replica, i);
      if ((this.record(store).flags & StoreFlag.WriteThrough) == 0) continue;
      if (this.held.find(store, block) != 0) this.touch(store, block);
    }
  }

  private touch(store: u32, block: u32): void {
    const entry = this.held.find(store, block);
    this.held.use(entry);
    this.held.release(entry);
  }

  onComputed(request: u32, replica: u32, from: u32, to: u32, nowNs: u64): void {
    this.copy(request, replica, from, to, nowNs, true);
  }

  onLoaded(request: u32, replica: u32, from: u32, to: u32, nowNs: u64): void {
    this.copy(request, replica, from, to, nowNs, false);
  }

  /** Writes blocks to the stores that lack them. */
  private copy(
    request: u32,
    replica: u32,
    from: u32,
    to: u32,
    nowNs: u64,
    touches: bool,
  ): void {
    const stores = this.replicas.record(replica).stores;
    for (let i: u32 = 0; i < stores; i++) {
      const store = this.of(replica, i);
      if ((this.record(store).flags & StoreFlag.WriteThrough) == 0) continue;
      const pending = this.writes.make(store);
      for (let k = to; k-- > from;) {
        const block = this.requests.blockAt(request, k);
        if (this.held.find(store, block) == 0) this.writes.add(pending, block);
        else if (touches) this.touch(store, block);
      }
      this.write(pending, replica, nowNs);
    }
  }

  onEvicted(replica: u32, block: u32, nowNs: u64): void {
    const stores = this.replicas.record(replica).stores;
    for (let i: u32 = 0; i < stores; i++) {
      const store = this.of(replica, i);
      if ((this.record(store).flags & StoreFlag.WriteBack) == 0) continue;
      if (this.held.find(store, block) != 0) continue;
      const pending = this.writes.make(store);
      this.writes.add(pending, block);
      this.write(pending, replica, nowNs);
    }
  }

  private write(pending: u32, replica: u32, nowNs: u64): void {
    const blocks = this.writes.count(pending);
    const store = this.writes.store(pending);
    if (blocks == 0) return this.writes.drop(pending);
    this.sendWrite(this.paths.write(replica, this.record(store)), pending, store, blocks, nowNs);
  }

  /** A write that would wait for too long is dropped: nobody lends the memory that it waits in. */
  private sendWrite(path: Links, pending: u32, store: u32, blocks: u32, nowNs: u64): void {
    const bytes = <u64>blocks * this.header.blockBytes;
    if (path.isWhole() && path.delayNs(bytes, nowNs) <= this.header.writeDelayNs) {
      return path.send(Cargo.Write, pending, bytes, nowNs);
    }
    this.record(store).dropped += blocks;
    this.writes.drop(pending);
  }

  /** The blocks of a write can be read from now on. */
  stored(pending: u32, nowNs: u64): void {
    const store = this.writes.store(pending);
    for (let i: u32 = 0; i < this.writes.count(pending); i++) {
      this.keep(store, this.writes.block(pending, i), nowNs);
    }
    this.writes.drop(pending);
  }

  /** A link broke under a write. */
  dropWrite(pending: u32): void {
    this.record(this.writes.store(pending)).dropped += this.writes.count(pending);
    this.writes.drop(pending);
  }

  private keep(store: u32, block: u32, nowNs: u64): void {
    const record = this.record(store);
    if (record.blocks == 0 || this.held.find(store, block) != 0) return;
    const at = this.resident + (store << 2);
    if (load<u32>(at) == record.blocks) {
      const victim = this.held.evict(store);
      record.evictions++;
      this.sink(record.below, victim, nowNs);
    } else {
      increment(at);
    }
    this.held.keep(store, block);
    record.writes++;
    record.resident = load<u32>(at);
    record.peak = max(record.peak, record.resident);
  }

  /** What a store evicts goes to the one below, if there is one. */
  private sink(below: u32, block: u32, nowNs: u64): void {
    if (below >= this.header.stores || this.held.find(below, block) != 0) return;
    const pending = this.writes.make(below);
    this.writes.add(pending, block);
    const path = this.paths.sink(this.record(below));
    this.sendWrite(path, pending, below, 1, nowNs);
  }

  /** A store breaks: what it holds is lost, and what is on its way there. */
  lose(store: u32, nowNs: u64): void {
    let id = this.links.next(Cargo.Write, 0);
    while (id != 0) {
      const pending = this.links.subject(id);
      id = this.links.next(Cargo.Write, id);
      if (this.writes.store(pending) != store) continue;
      this.links.callOff(Cargo.Write, pending, nowNs);
      this.dropWrite(pending);
    }
    const record = this.record(store);
    record.lost += record.resident;
    record.resident = 0;
    clearWord(this.resident + (store << 2));
    this.held.clear(store);
  }
}

@inline function increment(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}

@inline function clearWord(at: usize): void {
  store<u32>(at, 0);
}
