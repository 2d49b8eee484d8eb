/**
 * From prefill to decode: which decoder, when its room is kept, and when KV crosses the network.
 *
 * ```
 * push            room is kept when the request is placed; KV leaves when the prompt is computed
 * push-layerwise  as push, but each layer left while the next was computed: what could not cross
 *                 meanwhile is sent then (the last layer at least)
 * pull            room is kept when the prompt is computed and there is some; KV leaves then,
 *                 after one more latency for asking
 * pull-on-demand  as pull, but only when the decoder also has a place in its next step
 * ```
 *
 * Computed prompts go first: while one waits for room, none is kept ahead, and a decoder that has
 * nothing to do but keep room ahead gives it up for one.
 *
 * The prefill replica holds the blocks until they have arrived. A request whose answer is a single
 * token ends where its prompt was computed.
 */
import { Handover, NONE, Role } from "../abi_serving";
import { take } from "../arena";
import { Blocks } from "./blocks";
import { ServingHeader } from "./layout";
import { Links } from "./links";
import { Replicas } from "./replicas";
import { Phase, Requests } from "./requests";
import { Scheduler } from "./scheduler";
import { Cargo } from "./transfers";

@final export class Handovers {
  transferBytes: u64 = 0;
  /** Most blocks that any decoder holds; no limit without decoders. */
  readonly mostBlocks: u32;
  private readonly decoders: StaticArray<u32>;
  /** Requests whose prompt is computed and that wait for room, in order: a ring of all requests. */
  private readonly queue: usize;
  private head: u32 = 0;
  private tail: u32 = 0;

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly links: Links,
    private readonly scheduler: Scheduler,
  ) {
    let count = 0;
    for (let i: u32 = 0; i < replicas.count; i++) {
      if (replicas.record(i).role == Role.Decode) count++;
    }
    const decoders = new StaticArray<u32>(count);
    count = 0;
    for (let i: u32 = 0; i < replicas.count; i++) {
      if (replicas.record(i).role == Role.Decode) unchecked(decoders[count++] = i);
    }
    this.decoders = decoders;
    let most: u32 = count > 0 ? 0 : u32.MAX_VALUE;
    for (let i = 0; i < count; i++) {
      most = max(most, replicas.record(unchecked(decoders[i])).blocks);
    }
    this.mostBlocks = most;
    this.queue = count > 0 ? take(<usize>requests.count << 2) : 0;
  }

  @inline private get early(): bool {
    return this.header.handover <= <u32>Handover.PushLayerwise;
  }

  /** A request was placed in a prefill replica: pushing keeps room for it ahead. */
  onPlaced(request: u32, replica: u32, nowNs: u64): void {
    if (this.early && !this.isWaiting) this.reserve(request, replica, nowNs);
  }

  /** Keeps room in the decoder that is best for the request; `false` when none has any. */
  private reserve(request: u32, replica: u32, nowNs: u64): bool {
    const decoder = this.choose(request, replica, nowNs);
    if (decoder == NONE) return false;
    const entry = this.requests.state(request);
    const cached = this.header.deltaTransfer != 0 ? this.blocks.cachedBlocks(request, decoder) : 0;
    const kept = this.blocks.keepAhead(request, decoder, cached, nowNs);
    assert(kept, "a decoder without room was chosen");
    entry.decoder = decoder;
    return true;
  }

  /** The decoder with the least work that has room; ties to the nearest, then the first. */
  private choose(request: u32, replica: u32, _nowNs: u64): u32 {
    const from = this.replicas.record(replica);
    let best: u32 = NONE;
    let bestCost: u64 = u64.MAX_VALUE;
    for (let i = 0; i < this.decoders.length; i++) {
      const decoder = unchecked(this.decoders[i]);
      const state = this.replicas.state(decoder);
      if (state.down != 0) continue;
      const record = this.replicas.record(decoder);
      if (!this.blocks.canTake(decoder, this.requests.mostBlocks(request))) continue;
      if (this.header.handover == Handover.PullOnDemand && state.running >= record.maxSequences) {
        continue;
      }
      const island = record.island == from.island && from.island != NONE;
      const far: u64 = island ? 0 : record.rack == from.rack ? 1 : 2;
      const cost = ((<u64>state.running + state.expected) << 2) + far;
      if (cost < bestCost) {
        bestCost = cost;
        best = decoder;
      }
    }
    return best;
  }

  /** The prompt is computed: its KV leaves, or waits for room. */
  onPrompt(request: u32, replica: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    if (entry.decoder == NONE && !this.reserveNow(request, replica, nowNs)) {
      this.enqueue(request);
      return;
    }
    this.send(request, replica, nowNs);
  }

  /** As `reserve`, for a prompt that is computed. */
  private reserveNow(request: u32, replica: u32, nowNs: u64): bool {
    while (!this.reserve(request, replica, nowNs)) {
      if (!this.early || !this.giveUpAhead()) return false;
    }
    return true;
  }

  /** An idle decoder gives up the room that it keeps for a prompt to come; `false` without any. */
  private giveUpAhead(): bool {
    for (let i = 0; i < this.decoders.length; i++) {
      const decoder = unchecked(this.decoders[i]);
      const state = this.replicas.state(decoder);
      if (state.down != 0 || state.running + state.waiting > 0 || state.expected == 0) continue;
      for (let p: u32 = 0; p < this.replicas.count; p++) {
        const prefill = this.replicas.state(p);
        if (this.giveUpFor(prefill.waitingLast, decoder)) return true;
        if (this.giveUpFor(prefill.runningLast, decoder)) return true;
      }
    }
    return false;
  }

  /** Looks for one to give up from the last request of a list on. */
  private giveUpFor(last: u32, decoder: u32): bool {
    for (let r = last; r != NONE; r = this.requests.state(r).before) {
      const entry = this.requests.state(r);
      if (entry.decoder != decoder || entry.ahead + entry.sharedAhead == 0) continue;
      this.blocks.dropAhead(r, decoder);
      entry.decoder = NONE;
      return true;
    }
    return false;
  }

  private enqueue(request: u32): void {
    store<u32>(this.queue + ((this.tail % this.requests.count) << 2), request);
    this.tail++;
  }

  /** A decoder may have room now: those that wait are tried in order, up to the first that fails. */
  retry(nowNs: u64): void {
    while (this.head != this.tail) {
      const request = load<u32>(this.queue + ((this.head % this.requests.count) << 2));
      const entry = this.requests.state(request);
      if (entry.phase == Phase.Sending && entry.decoder == NONE) {
        if (!this.reserveNow(request, entry.replica, nowNs)) return;
        this.head++;
        this.send(request, entry.replica, nowNs);
      } else {
        this.head++;
      }
    }
  }

  private send(request: u32, replica: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    const served = this.requests.served(request);
    const blocks = this.requests.blocksFor(entry.computed) - entry.sharedAhead;
    const path = this.path(replica, entry.decoder);
    if (!path.isWhole()) {
      this.blocks.dropAhead(request, entry.decoder);
      entry.decoder = NONE;
      this.enqueue(request);
      return;
    }
    let bytes = <u64>blocks * this.header.blockBytes;
    served.transferBlocks += blocks;
    this.transferBytes += bytes;
    if (this.header.handover == Handover.PushLayerwise) {
      const tookNs = nowNs - this.replicas.state(replica).startNs;
      bytes = layerwiseRest(bytes, path, tookNs, this.header.layers, nowNs);
    }
    path.send(Cargo.Handover, request, bytes, nowNs, this.askingNs(path));
  }

  /** Pulling asks first: one more way over the path. */
  private askingNs(path: Links): u64 {
    return this.early ? 0 : path.latencyNs();
  }

  private path(from: u32, to: u32): Links {
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

  /** KV has arrived: the sequence goes on in its decoder. */
  arrived(request: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    const from = entry.replica;
    const decoder = entry.decoder;
    const computed = entry.computed;
    this.scheduler.leave(request, from, nowNs);
    this.blocks.moveIn(request, decoder, computed, nowNs);
    const served = this.requests.served(request);
    served.decodeStartNs = nowNs;
    served.decoder = decoder;
    this.scheduler.adopt(request, decoder, nowNs);
  }

  /** A link broke under the KV of a request: it waits for another way. */
  lost(request: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    this.blocks.dropAhead(request, entry.decoder);
    entry.decoder = NONE;
    this.enqueue(request);
    this.retry(nowNs);
  }

  /** Whether anybody waits for room or a way. */
  @inline get isWaiting(): bool {
    return this.head != this.tail;
  }
}

/** Bytes that could not cross while the prompt was computed: the last layer's at least. */
function layerwiseRest(bytes: u64, path: Links, tookNs: u64, layers: u32, nowNs: u64): u64 {
  const last = bytes / layers;
  const wholeNs = path.expectNs(bytes, nowNs);
  if (wholeNs <= tookNs) return last;
  return max(last, <u64>(<f64>bytes * (1 - <f64>tookNs / <f64>wholeNs)));
}
