/** Replicas that decode: which of them is best for a request, and the way there. */
import { Handover, NONE, Role } from "../abi_serving";
import { Blocks } from "./blocks";
import { ServingHeader } from "./layout";
import { Links } from "./links";
import { Replicas } from "./replicas";
import { Phase, Requests, RequestState } from "./requests";

/** Added to the cost of a decoder where others would lose what is kept for them. */
const REVOKING: u64 = 0x10000000000;

@final export class Decoders {
  /** Most blocks that any of them holds; no limit without decoders. */
  readonly mostBlocks: u32;
  private readonly all: StaticArray<u32>;

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly links: Links,
  ) {
    let count = 0;
    for (let i: u32 = 0; i < replicas.count; i++) {
      if (replicas.record(i).role == Role.Decode) count++;
    }
    const decoders = new StaticArray<u32>(count);
    let most: u32 = count > 0 ? 0 : u32.MAX_VALUE;
    count = 0;
    for (let i: u32 = 0; i < replicas.count; i++) {
      if (replicas.record(i).role != Role.Decode) continue;
      unchecked(decoders[count++] = i);
      most = max(most, replicas.record(i).blocks);
    }
    this.all = decoders;
    this.mostBlocks = most;
  }

  /** Blocks for the prompt and the token after it. */
  need(request: u32, entry: RequestState): u32 {
    const tokens = entry.phase == Phase.Sending ? entry.computed : this.requests.known(request);
    return min(this.requests.blocksFor(tokens + 1), this.requests.mostBlocks(request));
  }

  /** The decoder with the least work that has room; ties to the nearest, then the first. */
  choose(request: u32, replica: u32): u32 {
    const from = this.replicas.record(replica);
    const entry = this.requests.state(request);
    const need = this.need(request, entry);
    let best: u32 = NONE;
    let bestCost: u64 = u64.MAX_VALUE;
    for (let i = 0; i < this.all.length; i++) {
      const decoder = unchecked(this.all[i]);
      const record = this.replicas.record(decoder);
      const state = this.replicas.state(decoder);
      const far: u64 = record.island == from.island && from.island != NONE
        ? 0
        : record.rack == from.rack
        ? 1
        : 2;
      let cost = ((<u64>state.running + state.waiting + state.expected) << 2) + far;
      // Rather where nobody has to go.
      if (!this.blocks.canTake(decoder, need)) cost += REVOKING;
      if (cost >= bestCost || !this.hasRoom(decoder, need, entry)) continue;
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
    return this.requests.mostBlocks(request) <= largest && this.path(replica, decoder).isWhole();
  }

  /** Those whose prompt is computed go before those whose prompt is not. */
  hasRoom(decoder: u32, need: u32, entry: RequestState): bool {
    const state = this.replicas.state(decoder);
    const record = this.replicas.record(decoder);
    const revocable = entry.phase == Phase.Sending ? state.revocable : 0;
    if (state.down != 0 || this.blocks.room(decoder) + revocable < need) return false;
    const there = state.running + state.waiting + state.expected;
    return this.header.handover != Handover.PullOnDemand || there < record.maxSequences;
  }

  /** The way of KV between two replicas. */
  path(from: u32, to: u32): Links {
    const source = this.replicas.record(from);
    const target = this.replicas.record(to);
    const path = this.links.clear();
    if (source.island == target.island && source.island != NONE && source.linkPeer != NONE) {
      return path.over(source.linkPeer);
    }
    path.over(source.linkOut);
    if (source.rack != target.rack) path.over(source.linkUp).over(target.linkUp);
    return path.over(target.linkIn);
  }
}
