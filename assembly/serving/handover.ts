/**
 * From prefill to decode: which decoder, when its room is kept, and when KV crosses the network.
 *
 * ```
 * push            room is kept when the request is placed; KV leaves when the prompt is computed
 * push-layerwise  as push, but while a step computes a chunk, what is there leaves: earlier chunks,
 *                 and all layers of this one but the last
 * pull            room is kept when the prompt is computed and there is some; KV leaves then,
 *                 after one more latency for asking
 * pull-on-demand  as pull, but only when the decoder also has a place in its next step
 * ```
 *
 * Room is kept for the prompt and the next token; a decoder that runs full preempts. Room that is
 * kept for a prompt not computed yet goes to one that is, or to a sequence that is there, when
 * there is no other. The prefill
 * replica holds the blocks until they have arrived. A request whose answer is a single token ends
 * where its prompt was computed.
 */
import { Handover, NONE, Role } from "../abi_serving";
import { take } from "../arena";
import { Blocks } from "./blocks";
import { Decoders } from "./decoders";
import { Promises } from "./hooks";
import { ServingHeader } from "./layout";
import { Links } from "./links";
import { Replicas } from "./replicas";
import { Pair } from "./request_lists";
import { Phase, Requests, RequestState } from "./requests";
import { Scheduler } from "./scheduler";
import { Cargo } from "./transfers";

@final export class Handovers extends Promises {
  /** Of handovers that ended well. */
  transferBytes: u64 = 0;
  /** Ends of the list of requests whose prompt is computed and that wait for room, in order. */
  private readonly queue: usize = take(8);

  constructor(
    private readonly header: ServingHeader,
    private readonly requests: Requests,
    private readonly replicas: Replicas,
    private readonly blocks: Blocks,
    private readonly links: Links,
    private readonly scheduler: Scheduler,
    private readonly decoders: Decoders,
  ) {
    super();
    store<u32>(this.queue, NONE);
    store<u32>(this.queue, NONE, 4);
    scheduler.tellsChunks = header.handover == Handover.PushLayerwise;
  }

  @inline private get early(): bool {
    return this.header.handover <= <u32>Handover.PushLayerwise;
  }

  /** A request was placed in a prefill replica: pushing keeps room for it ahead. */
  onPlaced(request: u32, replica: u32, nowNs: u64): void {
    if (this.early && load<u32>(this.queue) == NONE) this.reserve(request, replica, nowNs);
  }

  /** Keeps room in the decoder that is best for the request; `false` when none has any. */
  private reserve(request: u32, replica: u32, nowNs: u64): bool {
    const decoder = this.decoders.choose(request, replica);
    if (decoder == NONE || !this.makeRoom(request, decoder, nowNs)) return false;
    this.keep(request, decoder, nowNs);
    return true;
  }

  /**
   * Takes back what is kept for others until the request fits; `false` when that does not suffice:
   * blocks that they share with sequences that run there stay.
   */
  private makeRoom(request: u32, decoder: u32, nowNs: u64): bool {
    const need = this.decoders.need(request);
    while (!this.blocks.canTake(decoder, need)) {
      if (!this.revoke(decoder, nowNs)) return false;
    }
    return true;
  }

  private keep(request: u32, decoder: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    const need = this.decoders.need(request);
    const cached = this.header.deltaTransfer != 0 ? this.blocks.cachedBlocks(request, decoder) : 0;
    this.blocks.keepAhead(request, decoder, cached, need, nowNs);
    entry.decoder = decoder;
    entry.sentBytes = 0;
  }

  /** The last promise to a request whose prompt is not computed yet. */
  revoke(decoder: u32, nowNs: u64): bool {
    let request = this.replicas.state(decoder).promisedLast;
    while (request != NONE && this.requests.state(request).phase == Phase.Sending) {
      request = this.requests.state(request).promisedBefore;
    }
    if (request == NONE) return false;
    this.withdraw(request, nowNs);
    return true;
  }

  isAwaited(): bool {
    return load<u32>(this.queue) != NONE;
  }

  /** A step begins that computes a chunk of a prompt: what is there by its last layer leaves. */
  onChunk(request: u32, replica: u32, nowNs: u64, stepNs: u64): void {
    const entry = this.requests.state(request);
    if (entry.decoder == NONE) return;
    const path = this.decoders.paths.between(replica, entry.decoder);
    if (!path.isWhole()) return;
    const layers = <u64>this.header.layers;
    const end = entry.computed + entry.chunk;
    const there = this.bytesOf(entry.computed / this.requests.blockTokens, entry);
    // A block that later chunks fill up goes with the last of them.
    const after = end < this.requests.known(request)
      ? this.bytesOf(end / this.requests.blockTokens, entry)
      : this.bytesFor(end, entry);
    const bytes = there + (after - there) / layers * (layers - 1);
    // Its first layer has to be there before anything can leave.
    this.send(path, request, entry, bytes, nowNs, stepNs / layers);
  }

  /** Bytes of so many tokens, or blocks, that the decoder lacks. */
  private bytesFor(tokens: u32, entry: RequestState): u64 {
    return this.bytesOf(this.requests.blocksFor(tokens), entry);
  }

  private bytesOf(blocks: u32, entry: RequestState): u64 {
    const lacks = blocks > entry.sharedAhead ? blocks - entry.sharedAhead : 0;
    return <u64>lacks * this.header.blockBytes;
  }

  /** Sends what is missing of the first so many bytes. */
  private send(
    path: Links,
    request: u32,
    entry: RequestState,
    upTo: u64,
    nowNs: u64,
    moreNs: u64,
  ): void {
    if (upTo <= entry.sentBytes) return;
    const bytes = upTo - entry.sentBytes;
    entry.sentBytes = upTo;
    entry.parts++;
    path.send(Cargo.Handover, request, bytes, nowNs, moreNs);
  }

  /** The prompt is computed: its KV leaves, or waits for room. */
  onPrompt(request: u32, replica: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    if (entry.decoder != NONE) {
      this.replicas.state(entry.decoder).revocable -= entry.ahead;
      const isWhole = this.decoders.paths.between(replica, entry.decoder).isWhole();
      if (!isWhole) this.release(request, nowNs);
    }
    if (entry.decoder == NONE && !this.reserve(request, replica, nowNs)) {
      this.replicas.lists.append(this.queue, request, Pair.Promise);
      return;
    }
    this.sendAll(request, replica, nowNs);
  }

  /**
   * A decoder may have room now: those that wait are tried in order, up to the first that finds
   * none. Those that could never go there are passed over.
   */
  onRoom(decoder: u32, nowNs: u64): void {
    if (this.replicas.record(decoder).role != Role.Decode) return;
    for (let request = load<u32>(this.queue); request != NONE;) {
      const entry = this.requests.state(request);
      const next = entry.promisedAfter;
      if (this.decoders.canReach(request, entry.replica, decoder)) {
        if (!this.decoders.hasRoom(request, decoder, this.decoders.need(request))) return;
        this.goOn(request, decoder, nowNs);
      }
      request = next;
    }
  }

  /** Something was mended: any decoder may do. */
  retry(nowNs: u64): void {
    for (let request = load<u32>(this.queue); request != NONE;) {
      const entry = this.requests.state(request);
      const next = entry.promisedAfter;
      const decoder = this.decoders.choose(request, entry.replica);
      if (decoder != NONE) this.goOn(request, decoder, nowNs);
      request = next;
    }
  }

  /** A request waits no longer. */
  private goOn(request: u32, decoder: u32, nowNs: u64): void {
    if (!this.makeRoom(request, decoder, nowNs)) return;
    this.replicas.lists.remove(this.queue, request, Pair.Promise);
    this.keep(request, decoder, nowNs);
    this.sendAll(request, this.requests.state(request).replica, nowNs);
  }

  private sendAll(request: u32, replica: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    const path = this.decoders.paths.between(replica, entry.decoder);
    // Pulling asks first: one more way over the path.
    const askingNs = this.early ? 0 : path.latencyNs();
    const bytes = this.bytesFor(entry.computed, entry);
    if (bytes > entry.sentBytes) this.send(path, request, entry, bytes, nowNs, askingNs);
    else if (entry.parts == 0) {
      // Nothing is missing there: only the word that it may begin.
      entry.parts++;
      path.send(Cargo.Handover, request, 0, nowNs, askingNs);
    }
  }

  /** A part of its KV has arrived: with the last, the sequence goes on in its decoder. */
  arrived(request: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    entry.parts--;
    if (entry.parts > 0 || entry.phase != Phase.Sending) return;
    const from = entry.replica;
    const decoder = entry.decoder;
    const served = this.requests.served(request);
    served.transferBlocks += <u32>(entry.sentBytes / this.header.blockBytes);
    this.transferBytes += entry.sentBytes;
    this.blocks.moveIn(request, decoder, entry.computed, nowNs, from);
    entry.decoder = NONE;
    served.decodeStartNs = nowNs;
    served.decoder = decoder;
    this.scheduler.wake(from, nowNs);
    this.scheduler.adopt(request, decoder, nowNs);
  }

  /** A link broke under KV of a request: its decoder has to be chosen anew. */
  lost(request: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    entry.parts--;
    this.release(request, nowNs);
    if (entry.phase == Phase.Sending) this.onPrompt(request, entry.replica, nowNs);
  }

  /** A request needs its decoder no more, or does not wait for one any longer. */
  release(request: u32, nowNs: u64): void {
    const decoder = this.requests.state(request).decoder;
    if (decoder != NONE) {
      this.withdraw(request, nowNs);
      this.onRoom(decoder, nowNs);
      this.scheduler.wake(decoder, nowNs);
    } else if (this.requests.state(request).phase == Phase.Sending) {
      this.replicas.lists.remove(this.queue, request, Pair.Promise);
    }
  }

  /** A decoder keeps nothing for a request any longer. */
  private withdraw(request: u32, nowNs: u64): void {
    const entry = this.requests.state(request);
    if (entry.parts > 0) this.links.callOff(Cargo.Handover, request, nowNs);
    entry.parts = 0;
    this.blocks.dropAhead(request, entry.decoder, nowNs);
    entry.decoder = NONE;
  }

  /** A decoder broke: those that it kept room for go elsewhere. */
  onBroken(decoder: u32, nowNs: u64): void {
    const state = this.replicas.state(decoder);
    while (state.promisedFirst != NONE) {
      const request = state.promisedFirst;
      const entry = this.requests.state(request);
      this.release(request, nowNs);
      if (entry.phase == Phase.Sending) this.onPrompt(request, entry.replica, nowNs);
    }
  }
}
