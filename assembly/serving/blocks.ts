/** KV blocks of requests in their replica: taken, shared, given back. */
import { NONE, ReplicaFlag } from "../abi_serving";
import { Replicas } from "./replicas";
import { Phase, Requests } from "./requests";
import { Residents } from "./residents";
import { Stores } from "./hooks";

/** Where the KV of a request's blocks comes from. */
export enum Origin {
  Computed = 0,
  Loaded = 1, // from stores
  Sent = 2, // by another replica, which told the stores
}

@final export class Blocks {
  evictions: u64 = 0;
  strandedTokens: u64 = 0;
  stores: Stores = new Stores();

  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly residents: Residents,
  ) {}

  /** Leading whole blocks of the request in HBM; at least one token is left to compute. */
  cachedBlocks(request: u32, replica: u32): u32 {
    if ((this.replicas.record(replica).flags & ReplicaFlag.PrefixCache) == 0) return 0;
    const requests = this.requests;
    const most = (requests.known(request) - 1) / requests.blockTokens;
    let found: u32 = 0;
    while (found < most && this.residents.find(replica, requests.blockAt(request, found)) != 0) {
      found++;
    }
    return found;
  }

  /** Counts what is in HBM of a prompt behind the first block that is not, of no use to it. */
  countStranded(request: u32, replica: u32, tokens: u32): void {
    if (!this.residents.strands(replica) || !this.requests.isCounted(request)) return;
    const requests = this.requests;
    const most = (requests.known(request) - 1) / requests.blockTokens;
    for (let i = tokens / requests.blockTokens + 1; i < most; i++) {
      if (this.residents.find(replica, requests.blockAt(request, i)) == 0) continue;
      this.strandedTokens += requests.blockTokens;
    }
  }

  /** Blocks among the leading `count` that nobody uses now: using them takes room, too. */
  idleAmong(request: u32, replica: u32, count: u32): u32 {
    let idle: u32 = 0;
    for (let i: u32 = 0; i < count; i++) {
      const entry = this.residents.find(replica, this.requests.blockAt(request, i));
      if (this.residents.users(entry) == 0) idle++;
    }
    return idle;
  }

  /** Uses the leading `count` blocks, which are resident. */
  share(request: u32, replica: u32, count: u32): void {
    const state = this.replicas.state(replica);
    const entry = this.requests.state(request);
    for (; entry.shared < count; entry.shared++) {
      const block = this.residents.find(replica, this.requests.blockAt(request, entry.shared));
      if (this.residents.users(block) == 0) state.held++;
      this.residents.use(block);
    }
  }

  /** Blocks of a replica that may be evicted. */
  @inline idleIn(replica: u32): u32 {
    return this.residents.idleIn(replica);
  }

  /** Blocks that can be had: free or idle, and not needed by the stretch under way. */
  @inline room(replica: u32): u32 {
    const record = this.replicas.record(replica);
    const state = this.replicas.state(replica);
    return record.blocks - state.held - state.lag;
  }

  /** Whether so many blocks can be had. */
  @inline canTake(replica: u32, count: u32): bool {
    return this.room(replica) >= count;
  }

  /** Takes blocks for a request, evicting idle ones; `false`, and nothing taken, without room. */
  take(request: u32, replica: u32, count: u32, nowNs: u64): bool {
    if (!this.canTake(replica, count)) return false;
    this.makeRoom(replica, count, nowNs);
    this.replicas.state(replica).held += count;
    this.requests.state(request).own += count;
    return true;
  }

  private makeRoom(replica: u32, count: u32, nowNs: u64): void {
    assert(this.room(replica) >= count, "more blocks than room");
    while (this.replicas.freeBlocks(replica) < count) {
      const block = this.residents.evict(replica);
      if (block == NONE) continue;
      this.evictions++;
      this.replicas.result(replica).evictions++;
      this.stores.onEvicted(replica, block, nowNs);
    }
  }

  /** Takes what the request lacks to hold the KV of `tokens`. */
  grow(request: u32, replica: u32, tokens: u32, nowNs: u64): bool {
    const entry = this.requests.state(request);
    const need = this.requests.blocksFor(tokens);
    const have = entry.shared + entry.own;
    return need <= have || this.take(request, replica, need - have, nowNs);
  }

  /** Names the blocks that were filled; a block that is there already is shared instead. */
  publish(request: u32, replica: u32, nowNs: u64, origin: Origin): void {
    if ((this.replicas.record(replica).flags & ReplicaFlag.PrefixCache) == 0) return;
    const entry = this.requests.state(request);
    const state = this.replicas.state(replica);
    const whole = entry.computed / this.requests.blockTokens;
    const from = entry.shared;
    for (; entry.shared < whole; entry.shared++) {
      const block = this.requests.blockAt(request, entry.shared);
      const there = this.residents.find(replica, block);
      entry.own--;
      if (there == 0) {
        this.residents.add(replica, block);
        continue;
      }
      if (this.residents.users(there) > 0) state.held--;
      this.residents.use(there);
    }
    if (entry.shared == from) return;
    if (origin == Origin.Computed) {
      this.stores.onComputed(request, replica, from, entry.shared, nowNs);
    } else if (origin == Origin.Loaded) {
      this.stores.onLoaded(request, replica, from, entry.shared, nowNs);
    }
  }

  /** Gives all blocks of the request back, the last first. */
  release(request: u32, replica: u32): void {
    const entry = this.requests.state(request);
    const state = this.replicas.state(replica);
    const caches = (this.replicas.record(replica).flags & ReplicaFlag.PrefixCache) != 0;
    state.held -= entry.own;
    for (; entry.own > 0; entry.own--) {
      if (caches) this.residents.keepNameless(replica);
    }
    while (entry.shared > 0) {
      const block = this.requests.blockAt(request, --entry.shared);
      const there = this.residents.find(replica, block);
      assert(there != 0, "a block in use is not resident");
      this.residents.release(there);
      if (this.residents.users(there) == 0) state.held--;
    }
    entry.computed = 0;
    entry.chunk = 0;
  }

  /** Keeps so many blocks in a decoder, its leading `cached` ones shared. There must be room. */
  keepAhead(request: u32, decoder: u32, cached: u32, blocks: u32, nowNs: u64): void {
    const state = this.replicas.state(decoder);
    const entry = this.requests.state(request);
    this.replicas.tally(decoder, nowNs);
    for (let i: u32 = 0; i < cached; i++) {
      const block = this.residents.find(decoder, this.requests.blockAt(request, i));
      if (this.residents.users(block) == 0) state.held++;
      this.residents.use(block);
    }
    entry.ahead = blocks - cached;
    entry.sharedAhead = cached;
    this.makeRoom(decoder, entry.ahead, nowNs);
    state.held += entry.ahead;
    if (entry.phase != Phase.Sending) state.revocable += entry.ahead;
    this.replicas.promise(decoder, request);
  }

  /** Gives up what was kept ahead. */
  dropAhead(request: u32, decoder: u32, nowNs: u64): void {
    const state = this.replicas.state(decoder);
    const entry = this.requests.state(request);
    this.replicas.tally(decoder, nowNs);
    state.held -= entry.ahead;
    if (entry.phase != Phase.Sending) state.revocable -= entry.ahead;
    for (let i = entry.sharedAhead; i-- > 0;) {
      const block = this.residents.find(decoder, this.requests.blockAt(request, i));
      this.residents.release(block);
      if (this.residents.users(block) == 0) state.held--;
    }
    entry.ahead = 0;
    entry.sharedAhead = 0;
    this.replicas.unpromise(decoder, request);
  }

  /** The request's KV is in its decoder, from where it was computed: it holds what was kept ahead. */
  moveIn(request: u32, decoder: u32, computed: u32, nowNs: u64, from: u32): void {
    const entry = this.requests.state(request);
    this.replicas.tally(from, nowNs);
    this.replicas.comeBack(from, request);
    this.release(request, from);
    this.replicas.tally(decoder, nowNs);
    entry.shared = entry.sharedAhead;
    entry.own = entry.ahead;
    entry.computed = computed;
    entry.ahead = 0;
    entry.sharedAhead = 0;
    this.replicas.unpromise(decoder, request);
  }
}
