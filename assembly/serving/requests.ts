/**
 * Where every request stands: what the scheduler needs here, what the host reads in `ServedRecord`.
 */
import { SERVED_BYTES } from "../abi_served";
import { NONE } from "../abi_serving";
import { take } from "../arena";
import { header as trace } from "../columns/trace";
import { ServingHeader } from "./layout";
import { ServedRecord } from "./layout_found";

/** A time that has not come yet. */
export const NOT_YET: u64 = u64.MAX_VALUE;

export enum Phase {
  Coming = 0, // not arrived, or waiting for the turn before it
  Waiting = 1, // in the queue of a replica
  Loading = 2, // its stored KV comes in
  Running = 3,
  Sending = 4, // its KV goes to the decoder
  Done = 5,
}

@unmanaged export class RequestState {
  replica: u32;
  /** Neighbours in the list that it stands in. */
  before: u32;
  after: u32;
  /** Tokens whose KV is in HBM. */
  computed: u32;
  /** Tokens that the step under way computes. */
  chunk: u32;
  generated: u32;
  /** Leading blocks that it shares in the table of residents. */
  shared: u32;
  /** Blocks of its own, not in the table (yet). */
  own: u32;
  phase: u32;
  /** The turn that waits for this one to end, or NONE. */
  follower: u32;
  /** Replica that is to decode, or NONE; the blocks that it keeps ahead, shared ones apart. */
  decoder: u32;
  ahead: u32;
  sharedAhead: u32;
  /** Transfers of its KV that are under way to its decoder. */
  parts: u32;
  /** Neighbours in the list of promises that it stands in. */
  promisedBefore: u32;
  promisedAfter: u32;
  /** Whole blocks of its prompt that the trace names. */
  named: u32;
  /** Number of its first block that no prompt names. */
  firstOwn: u32;
  lastTokenNs: u64;
  /** Of its KV, what has left for its decoder. */
  sentBytes: u64;
}

@final export class Requests {
  readonly count: u32 = trace.requests;
  readonly blockTokens: u32;
  readonly warmupNs: u64;
  private readonly states: usize = take(<usize>trace.requests * offsetof<RequestState>());

  constructor(private readonly header: ServingHeader) {
    this.blockTokens = header.blockTokens;
    this.warmupNs = header.warmupNs;
    forgetPath();
    let own = <u64>trace.blocks;
    for (let r: u32 = 0; r < this.count; r++) {
      const state = this.state(r);
      state.before = NONE;
      state.after = NONE;
      state.follower = NONE;
      state.decoder = NONE;
      state.named = min(this.promptTokens(r) / this.blockTokens, pathBlocks(r));
      state.firstOwn = <u32>own;
      own += this.mostBlocks(r) - state.named;
      const served = this.served(r);
      served.promptTokens = this.promptTokens(r);
      served.arrivalNs = this.arrivalNs(r);
      served.loadStartNs = NOT_YET;
      served.loadEndNs = NOT_YET;
      served.scheduledNs = NOT_YET;
      served.firstTokenNs = NOT_YET;
      served.decodeStartNs = NOT_YET;
      served.finishNs = NOT_YET;
      served.replica = NONE;
      served.decoder = NONE;
    }
  }

  @inline state(request: u32): RequestState {
    return changetype<RequestState>(this.states + <usize>request * offsetof<RequestState>());
  }

  @inline served(request: u32): ServedRecord {
    return changetype<ServedRecord>(this.header.results + <usize>request * SERVED_BYTES);
  }

  /** Whether it arrived behind the warm-up. */
  @inline isCounted(request: u32): bool {
    return this.served(request).arrivalNs >= this.warmupNs;
  }

  /** 1 or more: something has to be computed. */
  @inline promptTokens(request: u32): u32 {
    return max<u32>(1, load<u32>(trace.inputTokens + (request << 2)));
  }

  @inline outputTokens(request: u32): u32 {
    return load<u32>(this.header.outputTokens + (request << 2));
  }

  /** When the trace says that it arrives. */
  @inline arrivalNs(request: u32): u64 {
    return <u64>load<f64>(this.header.arrivalNs + (request << 3));
  }

  @inline previous(request: u32): u32 {
    return this.header.previous == 0 ? NONE : load<u32>(this.header.previous + (request << 2));
  }

  @inline thinkNs(request: u32): u64 {
    return this.header.thinkNs == 0 ? 0 : <u64>load<f64>(this.header.thinkNs + (request << 3));
  }

  /** Tokens that need KV before the next one can be generated. */
  @inline known(request: u32): u32 {
    return this.promptTokens(request) + this.state(request).generated;
  }

  /** What a request had loaded is gone: until it is scheduled, the next load is the one to tell. */
  forgetLoad(request: u32): void {
    const served = this.served(request);
    if (served.scheduledNs != NOT_YET) return;
    served.loadedTokens = 0;
    served.peerTokens = 0;
  }

  @inline blocksFor(tokens: u32): u32 {
    return (tokens + this.blockTokens - 1) / this.blockTokens;
  }

  /** Blocks that a request holds in HBM at the most: its last token needs no KV. */
  @inline mostBlocks(request: u32): u32 {
    return this.blocksFor(this.promptTokens(request) + this.outputTokens(request) - 1);
  }

  /** The request whose prompt names the blocks of this one behind its own prompt. */
  @inline private continuation(request: u32): u32 {
    const column = this.header.continuation;
    return column == 0 ? NONE : load<u32>(column + (request << 2));
  }

  /**
   * The name of a whole block of the request: that of its prompt; or that of the turn after it,
   * where that turn repeats the answer; or one that no other request asks for.
   */
  blockAt(request: u32, index: u32): u32 {
    const state = this.state(request);
    if (index < state.named) return pathBlock(request, index);
    const next = this.continuation(request);
    if (next != NONE && index < this.state(next).named) return pathBlock(next, index);
    return state.firstOwn + index - state.named;
  }
}

/** Blocks of a request in the trace. */
export function pathBlocks(request: u32): u32 {
  let blocks: u32 = 0;
  const end = load<u32>(trace.firstExtent + ((request + 1) << 2));
  for (let e = load<u32>(trace.firstExtent + (request << 2)); e < end; e++) {
    blocks += load<u32>(trace.blockCount + (e << 2));
  }
  return blocks;
}

/** The extent that was looked at last: its request, its place in that path, its first block. */
let seenRequest: u32 = NONE;
let seenStart: u32 = 0;
let seenCount: u32 = 0;
let seenBlock: u32 = 0;

/** Another trace may be open now. */
function forgetPath(): void {
  seenRequest = NONE;
}

/** Block `index` of a request in the trace; neighbours are asked for one after the other. */
export function pathBlock(request: u32, index: u32): u32 {
  if (request != seenRequest || index - seenStart >= seenCount) findExtent(request, index);
  return seenBlock + index - seenStart;
}

function findExtent(request: u32, index: u32): void {
  let e = load<u32>(trace.firstExtent + (request << 2));
  let start: u32 = 0;
  while (true) {
    const count = load<u32>(trace.blockCount + (e << 2));
    if (index - start < count) {
      seenRequest = request;
      seenStart = start;
      seenCount = count;
      seenBlock = load<u32>(trace.firstBlock + (e << 2));
      return;
    }
    start += count;
    e++;
  }
}
