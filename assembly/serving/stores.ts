/**
 * Places below HBM: host DRAM, a rack's pool, an SSD, a remote store. Each evicts by a rule of its
 * own (`orders/`), to which a request is one use of each of its blocks, the last block first. A
 * block can be read from the moment that its write has arrived, never before.
 *
 * A request that is about to be scheduled loads the blocks that follow its cached ones, each from
 * the fastest store that has it, as far as they go without a gap. With `LoadChoice.Cheaper`, it
 * stops where computing is expected to be sooner: the link's queue and bytes against the time of
 * the steps. Loads from several stores run side by side.
 */
import { LoadChoice, STORE_BYTES, StoreFlag } from "../abi_serving";
import { take } from "../arena";
import { Blocks } from "./blocks";
import { promptNs } from "./estimate";
import { Stores } from "./hooks";
import { ServingHeader } from "./layout";
import { StoreRecord } from "./layout_links";
import { Links } from "./links";
import { Paths } from "./paths";
import { Replicas } from "./replicas";
import { Requests } from "./requests";
import { Residents } from "./residents";
import { StepTime } from "./step";
import { Cargo } from "./transfers";
import { PendingWrites } from "./pending_writes";

/** Most stores that a replica reads from. */
const STORES_MOST: u32 = 8;

@final export class ClusterStores extends Stores {
  private readonly resident: usize;
  private readonly writes: PendingWrites;
  /** u8[requests]: loads that a request still waits for. */
  private readonly awaited: usize;
  /** Blocks to load from each store of a replica's path. */
  private readonly share: usize = take(STORES_MOST << 2);

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly links: Links,
    private readonly paths: Paths,
    private readonly times: StaticArray<StepTime>,
    /** What the stores hold, as (store, block). */
    readonly held: Residents,
  ) {
    super();
    this.resident = take(<usize>header.stores << 2);
    this.writes = new PendingWrites();
    this.awaited = take(requests.count);
  }

  @inline record(store: u32): StoreRecord {
    return changetype<StoreRecord>(this.header.storeRecords + <usize>store * STORE_BYTES);
  }

  /** Store `index` of a replica's path, the fastest first. */
  @inline private storeOf(replica: u32, index: u32): u32 {
    return load<u32>(this.replicas.record(replica).storePath + (index << 2));
  }

  /** Position in the replica's path of the first store that has a block, or the path's length. */
  private place(replica: u32, block: u32): u32 {
    const count = this.replicas.record(replica).stores;
    for (let i: u32 = 0; i < count; i++) {
      const store = this.storeOf(replica, i);
      if (this.held.find(store, block) != 0 && this.isReachable(replica, store)) return i;
    }
    return count;
  }

  private isReachable(replica: u32, store: u32): bool {
    return this.paths.read(replica, this.record(store)).isWhole();
  }

  load(request: u32, replica: u32, cached: u32, room: u32, nowNs: u64): u32 {
    const stores = this.replicas.record(replica).stores;
    if (stores == 0 || this.header.recompute == LoadChoice.Recompute) return 0;
    const most = (this.requests.known(request) - 1) / this.requests.blockTokens;
    const end = <u32>min(<u64>most, <u64>cached + room);
    memory.fill(this.share, 0, STORES_MOST << 2);
    let count: u32 = 0;
    let bestCount: u32 = 0;
    let bestNs: u64 = this.header.recompute == LoadChoice.Load
      ? u64.MAX_VALUE
      : this.computeNs(request, replica, cached);
    let before = stores;
    for (let i = cached; i < end; i++) {
      const place = this.place(replica, this.requests.blockAt(request, i));
      // A stretch of one store ends: a point to weigh.
      if (place != before && count > 0) {
        const ns = this.planNs(request, replica, cached + count, nowNs);
        if (ns < bestNs || this.header.recompute == LoadChoice.Load) {
          bestNs = ns;
          bestCount = count;
        }
      }
      if (place == stores) break;
      store<u32>(this.share + (place << 2), load<u32>(this.share + (place << 2)) + 1);
      before = place;
      count++;
    }
    if (count > bestCount) {
      const ns = this.planNs(request, replica, cached + count, nowNs);
      if (ns < bestNs || this.header.recompute == LoadChoice.Load) bestCount = count;
    }
    if (bestCount > 0) this.begin(request, replica, cached, bestCount, nowNs);
    return bestCount;
  }

  /** Nanoseconds to load the shares of now, and to compute what follows block `from`. */
  private planNs(request: u32, replica: u32, from: u32, nowNs: u64): u64 {
    let ns: u64 = 0;
    for (let i: u32 = 0; i < this.replicas.record(replica).stores; i++) {
      const blocks = load<u32>(this.share + (i << 2));
      if (blocks == 0) continue;
      const bytes = <u64>blocks * this.header.blockBytes;
      const path = this.paths.read(replica, this.record(this.storeOf(replica, i)));
      ns = max(ns, path.expectNs(bytes, nowNs));
    }
    return ns + this.computeNs(request, replica, from);
  }

  /** Nanoseconds of steps of their own for the tokens behind block `from`. */
  private computeNs(request: u32, replica: u32, from: u32): u64 {
    const record = this.replicas.record(replica);
    const time = unchecked(this.times[record.stepModel]);
    const known = this.requests.known(request);
    const cached = from * this.requests.blockTokens;
    const tokens = known - min(known, cached);
    return <u64>promptNs(time, record.tokenBudget, cached, tokens);
  }

  /** Sends the blocks from `cached` on, a transfer from each store. */
  private begin(request: u32, replica: u32, cached: u32, count: u32, nowNs: u64): void {
    memory.fill(this.share, 0, STORES_MOST << 2);
    for (let i = cached + count; i-- > cached;) {
      const block = this.requests.blockAt(request, i);
      const place = this.place(replica, block);
      this.touchFrom(replica, place, block);
      this.record(this.storeOf(replica, place)).hits++;
      increment(this.share + (place << 2));
    }
    for (let i: u32 = 0; i < this.replicas.record(replica).stores; i++) {
      const blocks = load<u32>(this.share + (i << 2));
      if (blocks == 0) continue;
      store<u8>(this.awaited + request, load<u8>(this.awaited + request) + 1);
      this.paths.read(replica, this.record(this.storeOf(replica, i)))
        .send(Cargo.Load, request, <u64>blocks * this.header.blockBytes, nowNs);
    }
  }

  /** A block is read from a store: that is a use of its copies in those below, too. */
  private touchFrom(replica: u32, place: u32, block: u32): void {
    this.touch(this.storeOf(replica, place), block);
    for (let i = place + 1; i < this.replicas.record(replica).stores; i++) {
      const store = this.storeOf(replica, i);
      if ((this.record(store).flags & StoreFlag.WriteThrough) == 0) continue;
      if (this.held.find(store, block) != 0) this.touch(store, block);
    }
  }

  private touch(store: u32, block: u32): void {
    const entry = this.held.find(store, block);
    this.held.use(entry);
    this.held.release(entry);
  }

  /** A load of the request is there; `true` when it was the last. */
  arrived(request: u32): bool {
    const left = load<u8>(this.awaited + request) - 1;
    store<u8>(this.awaited + request, left);
    return left == 0;
  }

  /** A load of the request is lost: the others are called off. */
  lost(request: u32, nowNs: u64): void {
    this.links.callOff(Cargo.Load, request, nowNs);
    store<u8>(this.awaited + request, 0);
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
      const store = this.storeOf(replica, i);
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
      const store = this.storeOf(replica, i);
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
}

@inline function increment(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}
