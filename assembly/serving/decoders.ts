/** Which decoder takes a request: the one with the least work that has room, and a way to it. */
import { Handover, NONE } from "../abi_serving";
import { Blocks } from "./blocks";
import { DecoderRanks, NOBODY } from "./decoder_ranks";
import { ReplicaRecord, ServingHeader } from "./layout";
import { Paths } from "./paths";
import { Replicas } from "./replicas";
import { Phase, Requests } from "./requests";

/** Added to the cost of a decoder where others would lose what is kept for them. */
const REVOKING: u64 = 0x10000000000;

@final export class Decoders {
  /** Most blocks that any decoder holds; no limit without decoders. */
  readonly mostBlocks: u32;
  private readonly ranks: DecoderRanks;
  /** Of the choice in progress. */
  private request: u32 = 0;
  private from: u32 = 0;
  private needed: u32 = 0;
  /** Places in the rack and in the island of the replica that sends. */
  private rackFirst: u32 = 0;
  private rackEnd: u32 = 0;
  private islandFirst: u32 = 0;
  private islandEnd: u32 = 0;
  private best: u32 = 0;
  private bestCost: u64 = 0;

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    readonly paths: Paths,
  ) {
    this.ranks = replicas.ranks;
    let most: u32 = this.ranks.count > 0 ? 0 : u32.MAX_VALUE;
    for (let place: u32 = 0; place < this.ranks.count; place++) {
      most = max(most, replicas.record(this.ranks.decoder(place)).blocks);
    }
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
    this.begin(request, replica);
    const record = this.replicas.record(replica);
    this.rackFirst = this.ranks.firstOf(record.rack, 0);
    this.rackEnd = this.ranks.endOf(record.rack, NONE);
    const isAlone = record.island == NONE;
    this.islandFirst = isAlone ? 0 : this.ranks.firstOf(record.rack, record.island);
    this.islandEnd = isAlone ? 0 : this.ranks.endOf(record.rack, record.island);
    this.search(1, 0, this.ranks.size);
    const best = this.best;
    if (this.header.checkBooks != 0) {
      this.begin(request, replica);
      for (let i: u32 = 0; i < this.ranks.count; i++) this.consider(this.ranks.decoder(i));
      assert(this.best == best, "a search of all decoders finds another");
    }
    return best;
  }

  private begin(request: u32, replica: u32): void {
    this.request = request;
    this.from = replica;
    this.needed = this.need(request);
    this.best = NONE;
    this.bestCost = u64.MAX_VALUE;
  }

  /** Searches the places of a node, unless none can be better than what was found. */
  private search(node: u32, first: u32, end: u32): void {
    const least = this.ranks.least(node);
    if (least == NOBODY || !this.isBetter(this.bound(least, first, end), <u32>least)) return;
    if (end - first == 1) return this.consider(<u32>least);
    const middle = (first + end) >> 1;
    const left = node << 1;
    if (this.bound(this.ranks.least(left), first, middle) <=
      this.bound(this.ranks.least(left + 1), middle, end)) {
      this.search(left, first, middle);
      this.search(left + 1, middle, end);
    } else {
      this.search(left + 1, middle, end);
      this.search(left, first, middle);
    }
  }

  /** What the cheapest of some places costs at least. */
  @inline private bound(least: u64, first: u32, end: u32): u64 {
    return ((least >> 32) << 2) + this.nearest(first, end);
  }

  /** The least distance of some places. */
  private nearest(first: u32, end: u32): u64 {
    if (first < this.islandEnd && end > this.islandFirst) return 0;
    if (this.ranks.islandsCross) return 0;
    return first < this.rackEnd && end > this.rackFirst ? 1 : 2;
  }

  @inline private isBetter(cost: u64, decoder: u32): bool {
    return cost < this.bestCost || (cost == this.bestCost && decoder < this.best);
  }

  private consider(decoder: u32): void {
    const request = this.request;
    const from = this.from;
    const needed = this.needed;
    const near = distance(this.replicas.record(from), this.replicas.record(decoder));
    const fits = this.blocks.canTake(decoder, needed);
    const work = fits ? this.replicas.work(decoder) : this.workComputed(decoder);
    // Rather where nobody has to go.
    const cost = (<u64>work << 2) + near + (fits ? 0 : REVOKING);
    if (!this.isBetter(cost, decoder) || !this.hasRoom(request, decoder, needed)) return;
    if (!this.canReach(request, from, decoder)) return;
    this.bestCost = cost;
    this.best = decoder;
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
    return this.header.handover != Handover.PullOnDemand ||
      this.replicas.work(decoder) < this.replicas.record(decoder).maxSequences;
  }

  /**
   * Work without the prompts that are not computed yet. Where promises have to be taken back, they
   * do not count: else a decoder that has lost some looks free, and loses the next ones, too.
   */
  private workComputed(decoder: u32): u32 {
    let work = this.replicas.work(decoder);
    for (let r = this.replicas.state(decoder).promisedFirst; r != NONE;) {
      const entry = this.requests.state(r);
      if (entry.phase != Phase.Sending) work--;
      r = entry.promisedAfter;
    }
    return work;
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
