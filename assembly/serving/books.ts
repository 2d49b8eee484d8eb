/** Everything about a cluster's requests and blocks, counted from scratch. */
import { ErrorCode } from "../abi";
import { NONE, Role } from "../abi_serving";
import { take } from "../arena";
import { refuse } from "../failure";
import { Events } from "../hierarchy/events";
import { ServingHeader } from "./layout";
import { ClusterLoads } from "./loads";
import { Replicas } from "./replicas";
import { Phase, Requests } from "./requests";
import { Residents } from "./residents";
import { View } from "./view";

@final export class Books {
  /** u32[replicas] each: users of blocks, and blocks with users. */
  private readonly users: usize;
  private readonly used: usize;
  /** What the requests of one replica hold, by its lists. */
  private shared: u32 = 0;
  private own: u32 = 0;
  private revocable: u32 = 0;
  private readonly residents: Residents;

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly loads: ClusterLoads,
    private readonly view: View,
    private readonly events: Events,
  ) {
    this.residents = replicas.residents;
    this.users = take(<usize>replicas.count << 2);
    this.used = take(<usize>replicas.count << 2);
  }

  /** Refuses when requests or blocks do not add up. */
  check(): ErrorCode {
    const count = this.replicas.count;
    memory.fill(this.users, 0, <usize>count << 2);
    memory.fill(this.used, 0, <usize>count << 2);
    this.residents.survey(this.users, this.used);
    for (let i: u32 = 0; i < count; i++) {
      const code = this.checkReplica(i);
      if (code != ErrorCode.None) return code;
    }
    if (this.loads.peers.uncounted != 0) return differ(0, 32, this.loads.peers.uncounted, 0);
    const code = this.checkStores();
    return code == ErrorCode.None ? this.checkView() : code;
  }

  /** Without delay, the router sees what there is; at the end it expects nothing more. */
  private checkView(): ErrorCode {
    const blocks = this.view.blocks;
    if (blocks == null || this.view.stalenessNs > 0) return ErrorCode.None;
    const index = blocks.index;
    if (this.events.length == 0 && index.expected != 0) return differ(0, 30, index.expected, 0);
    for (let i: u32 = 0; i < this.replicas.count; i++) {
      // Decoders are not shown.
      if (this.replicas.record(i).role == Role.Decode) return ErrorCode.None;
    }
    const seen = index.held - index.expected;
    const there = this.residents.heard;
    return seen == there ? ErrorCode.None : differ(0, 31, seen, there);
  }

  private checkReplica(replica: u32): ErrorCode {
    const state = this.replicas.state(replica);
    const capacity = this.replicas.record(replica).blocks;
    const kept = state.held + this.residents.idleIn(replica);
    if (kept > capacity) return differ(replica, 10, kept, capacity);
    const promised = state.held + state.lag;
    if (promised > capacity) return differ(replica, 11, promised, capacity);
    this.shared = 0;
    this.own = 0;
    this.revocable = 0;
    const running = this.count(state.runningFirst, Phase.Running);
    if (running != state.running) return differ(replica, 12, running, state.running);
    const waiting = this.count(state.waitingFirst, Phase.Waiting);
    if (waiting != state.waiting) return differ(replica, 13, waiting, state.waiting);
    const loading = this.count(state.awayFirst, Phase.Loading);
    if (loading != state.loading) return differ(replica, 14, loading, state.loading);
    const expected = this.countPromised(replica, state.promisedFirst);
    if (expected != state.expected) return differ(replica, 15, expected, state.expected);
    if (this.revocable != state.revocable) {
      return differ(replica, 18, this.revocable, state.revocable);
    }
    const loans = this.countLoans(replica);
    if (loans != state.loans) return differ(replica, 19, loans, state.loans);
    const users = load<u32>(this.users + (replica << 2));
    if (this.shared != users) return differ(replica, 16, this.shared, users);
    const held = this.own + load<u32>(this.used + (replica << 2));
    return held == state.held ? ErrorCode.None : differ(replica, 17, held, state.held);
  }

  /** Counts those of a list in a phase; adds up what all of the list hold. */
  private count(first: u32, phase: Phase): u32 {
    let count: u32 = 0;
    for (let r = first; r != NONE; r = this.requests.state(r).after) {
      const entry = this.requests.state(r);
      this.shared += entry.shared;
      this.own += entry.own;
      if (entry.phase == <u32>phase) count++;
    }
    return count;
  }

  private countPromised(decoder: u32, first: u32): u32 {
    let count: u32 = 0;
    for (let r = first; r != NONE; r = this.requests.state(r).promisedAfter) {
      const entry = this.requests.state(r);
      this.shared += entry.sharedAhead;
      this.own += entry.ahead;
      if (entry.phase != Phase.Sending) this.revocable += entry.ahead;
      if (entry.decoder == decoder) count++;
    }
    return count;
  }

  /** Whoever borrows blocks waits for them; adds up what is lent. */
  private countLoans(replica: u32): u32 {
    const reads = this.loads.reads;
    let count: u32 = 0;
    for (let id = reads.firstFrom(replica); id != 0; id = reads.at(id).after) {
      const read = reads.at(id);
      const borrower = this.requests.state(read.request);
      this.shared += read.count;
      if (borrower.phase == Phase.Loading && borrower.replica != replica) count++;
    }
    return count;
  }

  private checkStores(): ErrorCode {
    for (let store: u32 = 0; store < this.header.stores; store++) {
      const kept = this.loads.stores.held.idleIn(store);
      const record = this.loads.stores.record(store);
      if (<u64>kept != record.resident) return differ(store, 20, kept, <u32>record.resident);
      if (kept > record.blocks) return differ(store, 21, kept, record.blocks);
    }
    return ErrorCode.None;
  }
}

/** The index is the check that failed, times 100,000, plus where. */
function differ(place: u32, check: u32, counted: u32, booked: u32): ErrorCode {
  const index = place + check * 100000;
  return refuse(ErrorCode.BooksDoNotBalance, index, <f64>counted, <f64>booked);
}
