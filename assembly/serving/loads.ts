/**
 * A request that is about to be scheduled loads the blocks that follow its cached ones, run by run,
 * as far as they go without a gap. A run comes from the fastest store that has it (in the order of
 * the replica's path), or from the HBM of a peer, whichever is expected to bring its first block
 * sooner; a peer is asked for the longest run that it has, once for each request.
 *
 * With `LoadChoice.Cheaper`, the request stops after the run where computing the rest is expected
 * to be sooner: the links' queues and bytes against the time of the steps. Loads from several
 * sources run side by side, a transfer for each.
 */
import { LoadChoice } from "../abi_serving";
import { take } from "../arena";
import { Events } from "../hierarchy/events";
import { Blocks } from "./blocks";
import { promptNs } from "./estimate";
import { Loads } from "./hooks";
import { ServingHeader } from "./layout";
import { Links } from "./links";
import { Loans } from "./loans";
import { Paths } from "./paths";
import { Peers } from "./peers";
import { Reads } from "./reads";
import { Replicas } from "./replicas";
import { NOT_YET, Requests } from "./requests";
import { StepTime } from "./step";
import { ClusterStores } from "./stores";
import { Cargo } from "./transfers";

/** Most stores that a replica reads from, and most peers that a request reads from. */
const STORES_MOST: u32 = 8;
const PEERS_MOST: u32 = 16;

@final export class ClusterLoads extends Loads {
  readonly reads: Reads;
  readonly peers: Peers;
  readonly loans: Loans;
  /** The plan for one request: blocks from each store of the path, and the runs of peers. */
  private readonly share: usize = take(STORES_MOST << 2);
  private runs: u32 = 0;
  private readonly runPeer: StaticArray<u32> = new StaticArray<u32>(PEERS_MOST);
  private readonly runFrom: StaticArray<u32> = new StaticArray<u32>(PEERS_MOST);
  private readonly runCount: StaticArray<u32> = new StaticArray<u32>(PEERS_MOST);
  /** u8[replicas]: 1 for the peers of those runs. */
  private readonly asked: usize;

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    blocks: Blocks,
    events: Events,
    private readonly links: Links,
    private readonly paths: Paths,
    private readonly times: StaticArray<StepTime>,
    readonly stores: ClusterStores,
  ) {
    super();
    const loans = new Loans(requests, replicas, blocks, events);
    this.loans = loans;
    this.peers = new Peers(header, requests, replicas, paths, loans);
    this.reads = new Reads(requests.count, replicas.count + header.stores);
    this.asked = take(replicas.count);
  }

  load(request: u32, replica: u32, cached: u32, room: u32, nowNs: u64): u32 {
    if (this.header.recompute == LoadChoice.Recompute) return 0;
    if (this.replicas.record(replica).stores == 0 && !this.peers.areAsked) return 0;
    const most = (this.requests.known(request) - 1) / this.requests.blockTokens;
    const end = <u32>min(<u64>most, <u64>cached + room);
    const always = this.header.recompute == LoadChoice.Load;
    memory.fill(this.share, 0, STORES_MOST << 2);
    let best = cached;
    let bestNs = always ? 0 : this.computeNs(request, replica, cached);
    let at = cached;
    while (at < end) {
      const count = this.extend(request, replica, at, end, nowNs);
      if (count == 0) break;
      at += count;
      const ns = always ? 0 : this.planNs(request, replica, at, nowNs);
      if (!always && ns >= bestNs) continue;
      bestNs = ns;
      best = at;
    }
    if (best > cached) this.begin(request, replica, cached, best, nowNs);
    for (; this.runs > 0; this.runs--) {
      store<u8>(this.asked + unchecked(this.runPeer[this.runs - 1]), 0);
    }
    return best - cached;
  }

  /** Adds the next run to the plan; 0 where nobody has the next block. */
  private extend(request: u32, replica: u32, from: u32, end: u32, nowNs: u64): u32 {
    const stores = this.replicas.record(replica).stores;
    const place = this.place(replica, this.requests.blockAt(request, from));
    const mayAsk = this.peers.areAsked && this.runs < PEERS_MOST;
    if (mayAsk && this.peers.choose(request, replica, from, end, this.asked, nowNs)) {
      const bytes = this.header.blockBytes;
      const isSooner = place == stores ||
        this.peers.firstNs <= this.pathFrom(replica, place).expectNs(bytes, nowNs);
      if (isSooner) return this.addRun(from);
    }
    if (place == stores) return 0;
    let next = from + 1;
    while (next < end && this.place(replica, this.requests.blockAt(request, next)) == place) next++;
    const share = this.share + (place << 2);
    store<u32>(share, load<u32>(share) + next - from);
    return next - from;
  }

  private addRun(from: u32): u32 {
    const run = this.runs++;
    unchecked(this.runPeer[run] = this.peers.chosen);
    unchecked(this.runFrom[run] = from);
    unchecked(this.runCount[run] = this.peers.length);
    store<u8>(this.asked + this.peers.chosen, 1);
    return this.peers.length;
  }

  /** Position in the replica's path of the first store that has a block, or the path's length. */
  private place(replica: u32, block: u32): u32 {
    const count = this.replicas.record(replica).stores;
    for (let i: u32 = 0; i < count; i++) {
      if (this.stores.held.find(this.stores.of(replica, i), block) == 0) continue;
      if (this.pathFrom(replica, i).isWhole()) return i;
    }
    return count;
  }

  @inline private pathFrom(replica: u32, place: u32): Links {
    return this.paths.read(replica, this.stores.record(this.stores.of(replica, place)));
  }

  /** Nanoseconds to load what is planned, and to compute what follows block `from`. */
  private planNs(request: u32, replica: u32, from: u32, nowNs: u64): u64 {
    let ns: u64 = 0;
    for (let i: u32 = 0; i < this.replicas.record(replica).stores; i++) {
      const bytes = this.bytes(load<u32>(this.share + (i << 2)));
      if (bytes > 0) ns = max(ns, this.pathFrom(replica, i).expectNs(bytes, nowNs));
    }
    for (let i: u32 = 0; i < this.runs; i++) {
      const path = this.paths.between(unchecked(this.runPeer[i]), replica);
      ns = max(ns, path.expectNs(this.bytes(unchecked(this.runCount[i])), nowNs));
    }
    return ns + this.computeNs(request, replica, from);
  }

  @inline private bytes(blocks: u32): u64 {
    return <u64>blocks * this.header.blockBytes;
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

  /** Sends the blocks from `cached` to `end`, a transfer from each source. */
  private begin(request: u32, replica: u32, cached: u32, end: u32, nowNs: u64): void {
    memory.fill(this.share, 0, STORES_MOST << 2);
    let run: u32 = 0;
    let lent: u32 = 0;
    for (let at = cached; at < end;) {
      if (run < this.runs && unchecked(this.runFrom[run]) == at) {
        const count = unchecked(this.runCount[run]);
        this.borrow(request, replica, unchecked(this.runPeer[run]), at, count, nowNs);
        run++;
        lent += count;
        at += count;
        continue;
      }
      const share = this.share + (this.place(replica, this.requests.blockAt(request, at++)) << 2);
      store<u32>(share, load<u32>(share) + 1);
    }
    this.readStores(request, replica, cached, end);
    for (let i: u32 = 0; i < this.replicas.record(replica).stores; i++) {
      const blocks = load<u32>(this.share + (i << 2));
      if (blocks == 0) continue;
      const source = this.replicas.count + this.stores.of(replica, i);
      const read = this.reads.make(request, source, cached, blocks);
      this.pathFrom(replica, i).send(Cargo.Load, read, this.bytes(blocks), nowNs);
    }
    const served = this.requests.served(request);
    if (served.scheduledNs == NOT_YET) served.peerTokens = lent * this.requests.blockTokens;
  }

  /** Tells stores of what is read from them, the last block first. */
  private readStores(request: u32, replica: u32, cached: u32, end: u32): void {
    let run = this.runs;
    for (let at = end; at > cached;) {
      // What was planned behind `end` is not begun.
      while (run > 0 && unchecked(this.runFrom[run - 1]) >= at) run--;
      if (run > 0 && unchecked(this.runFrom[run - 1] + this.runCount[run - 1]) >= at) {
        at = unchecked(this.runFrom[--run]);
        continue;
      }
      const block = this.requests.blockAt(request, --at);
      this.stores.read(replica, this.place(replica, block), block);
    }
  }

  private borrow(
    request: u32,
    replica: u32,
    peer: u32,
    from: u32,
    count: u32,
    nowNs: u64,
  ): void {
    const read = this.reads.make(request, peer, from, count);
    this.loans.lend(peer, request, from, count, nowNs);
    this.paths.between(peer, replica).send(Cargo.Load, read, this.bytes(count), nowNs);
  }

  @inline request(read: u32): u32 {
    return this.reads.at(read).request;
  }

  /** A load of a request is there; `true` when it was the last. */
  arrived(read: u32, nowNs: u64): bool {
    const request = this.request(read);
    this.end(read, nowNs);
    return this.reads.first(request) == 0;
  }

  /** A load of the request is lost: the others are called off. */
  lost(request: u32, nowNs: u64): void {
    while (this.reads.first(request) != 0) {
      const read = this.reads.first(request);
      this.links.callOff(Cargo.Load, read, nowNs);
      this.end(read, nowNs);
    }
  }

  private end(id: u32, nowNs: u64): void {
    const read = this.reads.at(id);
    const peer = read.source;
    if (peer < this.replicas.count) {
      this.loans.giveBack(peer, read.request, read.from, read.count, nowNs);
    }
    this.reads.drop(id);
  }
}
