/** Which decoder takes a request: the one with the least work that has room, and a way to it. */
import { Handover, NONE, Role } from "../abi_serving";
import { Blocks } from "./blocks";
import { ReplicaRecord, ServingHeader } from "./layout";
import { Paths } from "./paths";
import { Replicas } from "./replicas";
import { Phase, Requests } from "./requests";

/** Added to the cost of a decoder where others would lose what is kept for them. */
const REVOKING: u64 = 0x10000000000;

@final export class Decoders {
  /** Most blocks that any decoder holds; no limit without decoders. */
  readonly mostBlocks: u32;
  private readonly all: StaticArray<u32>;

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    readonly paths: Paths,
  ) {
    let count = 0;
    for (let i: u32 = 0; i < replicas.count; i++) {
      if (replicas.record(i).role == Role.Decode) count++;
    }
    const all = new StaticArray<u32>(count);
    let most: u32 = count > 0 ? 0 : u32.MAX_VALUE;
    count = 0;
    for (let i: u32 = 0; i < replicas.count; i++) {
      if (replicas.record(i).role != Role.Decode) continue;
      unchecked(all[count++] = i);
      most = max(most, replicas.record(i).blocks);
    }
    this.all = all;
    this.mostBlocks = most;
  }

  /** Blocks for the prompt of a request and the token after it. */
  need(request: u32): u32 {
    const entry = this.requests.state(request);
    const tokens = entry.phase == Phase.Sending ? entry.computed : this.requests.known(request);
    return min(this.requests.blocksFor(tokens + 1), this.requests.mostBlocks(request));
  }

  /** The best decoder, or NONE; ties to the nearest, then the first. */
  choose(request: u32, replica: u32): u32 {
    const from = this.replicas.record(replica);
    const need = this.need(request);
    let best: u32 = NONE;
    let bestCost: u64 = u64.MAX_VALUE;
    for (let i = 0; i < this.all.length; i++) {
      const decoder = unchecked(this.all[i]);
      const state = this.replicas.state(decoder);
      const work = <u64>state.running + state.waiting + state.expected;
      let cost = (work << 2) + distance(from, this.replicas.record(decoder));
      // Rather where nobody has to go.
      if (!this.blocks.canTake(decoder, need)) cost += REVOKING;
      if (cost >= bestCost || !this.hasRoom(request, decoder, need)) continue;
      if (this.canReach(request, replica, decoder)) {
        bestCost = cost;
        best = decoder;
      }
    }
    return best;
  }

  /** Whether there is a way, and the decoder is large enough at all. */
  canReach(request: u32, replica: u32, decoder: u32): bool {
    const largest = this.replicas.record(decoder).blocks;
    if (this.requests.mostBlocks(request) > largest) return false;
    return this.paths.between(replica, decoder).isWhole();
  }

  /** Whether there is room for so many blocks; a computed prompt goes before those that are not. */
  hasRoom(request: u32, decoder: u32, need: u32): bool {
    const state = this.replicas.state(decoder);
    const isComputed = this.requests.state(request).phase == Phase.Sending;
    if (state.down != 0) return false;
    let room = this.blocks.room(decoder);
    if (room < need && isComputed) room += this.revocable(decoder);
    if (room < need) return false;
    const there = state.running + state.waiting + state.expected;
    return this.header.handover != Handover.PullOnDemand ||
      there < this.replicas.record(decoder).maxSequences;
  }

  /** Blocks kept for prompts that are not computed yet: at most so many, as some are shared. */
  private revocable(decoder: u32): u32 {
    const state = this.replicas.state(decoder);
    let blocks: u32 = state.revocable;
    for (let r = state.promisedFirst; r != NONE;) {
      const entry = this.requests.state(r);
      if (entry.phase != Phase.Sending) blocks += entry.sharedAhead;
      r = entry.promisedAfter;
    }
    return blocks;
  }
}

/** 0 within an island, 1 within a rack, else 2. */
function distance(a: ReplicaRecord, b: ReplicaRecord): u64 {
  if (a.island == b.island && a.island != NONE) return 0;
  return a.rack == b.rack ? 1 : 2;
}
