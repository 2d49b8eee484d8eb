/**
 * Blocks that replicas lend each other. A lent block is in use while it is read: nothing evicts it,
 * and it takes room where it is. What sequences use there is lent at no cost; of what nobody uses,
 * a replica lends no more than it has room for, and nothing while somebody waits there for room.
 *
 * A loan ends with its transfer, which waits for nobody: so no two replicas wait for each other.
 */
import { Role } from "../abi_serving";
import { Events } from "../hierarchy/events";
import { Blocks } from "./blocks";
import { Promises } from "./hooks";
import { Replicas } from "./replicas";
import { Requests } from "./requests";
import { Residents } from "./residents";
import { ServingEvent } from "./serving_event";

@final export class Loans {
  promises: Promises = new Promises();
  private readonly residents: Residents;

  constructor(
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly events: Events,
  ) {
    this.residents = replicas.residents;
  }

  /** Blocks without users that a replica would lend now. */
  room(peer: u32): u32 {
    if (this.replicas.state(peer).short != 0) return 0;
    const decodes = this.replicas.record(peer).role == Role.Decode;
    return decodes && this.promises.isAwaited() ? 0 : this.blocks.room(peer);
  }

  /** Leading blocks of the request's `from` to `end` that a replica has and would lend. */
  length(peer: u32, request: u32, from: u32, end: u32): u32 {
    let room = this.room(peer);
    for (let i = from; i < end; i++) {
      const block = this.residents.find(peer, this.requests.blockAt(request, i));
      if (block == 0) return i - from;
      if (this.residents.users(block) > 0) continue;
      if (room == 0) return i - from;
      room--;
    }
    return end - from;
  }

  lend(peer: u32, request: u32, from: u32, count: u32, nowNs: u64): void {
    const state = this.replicas.state(peer);
    this.replicas.tally(peer, nowNs);
    for (let i = from; i < from + count; i++) {
      const block = this.residents.find(peer, this.requests.blockAt(request, i));
      assert(block != 0, "a lent block is not there");
      if (this.residents.users(block) == 0) state.held++;
      this.residents.use(block);
    }
    assert(state.held + state.lag <= this.replicas.record(peer).blocks, "lent more than room");
    state.loans++;
    this.replicas.result(peer).lent += count;
  }

  /** The last block first, as everywhere: tails leave before what they hang on. */
  giveBack(peer: u32, request: u32, from: u32, count: u32, nowNs: u64): void {
    const state = this.replicas.state(peer);
    this.replicas.tally(peer, nowNs);
    for (let i = from + count; i-- > from;) {
      const block = this.residents.find(peer, this.requests.blockAt(request, i));
      assert(block != 0, "a lent block was evicted");
      this.residents.release(block);
      if (this.residents.users(block) == 0) state.held--;
    }
    state.loans--;
    const waits = state.short != 0 || state.stepping == 0;
    if (!waits && this.replicas.record(peer).role != Role.Decode) return;
    // Whoever waits for room there looks again, once all else of this instant is done.
    this.events.add(nowNs, ServingEvent.Room, peer, 0);
  }
}
