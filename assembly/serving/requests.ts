/**
 * Where every request stands: what the scheduler needs here, what the host reads in `ServedRecord`.
 */
import { NONE, SERVED_BYTES } from "../abi_serving";
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
  unused: u32;
  lastTokenNs: u64;
}

@final export class Requests {
  readonly count: u32 = trace.requests;
  readonly blockTokens: u32;
  private readonly states: usize = take(<usize>trace.requests * offsetof<RequestState>());

  constructor(private readonly header: ServingHeader) {
    this.blockTokens = header.blockTokens;
    for (let r: u32 = 0; r < this.count; r++) {
      const state = this.state(r);
      state.before = NONE;
      state.after = NONE;
      state.follower = NONE;
      state.decoder = NONE;
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

  @inline promptTokens(request: u32): u32 {
    return load<u32>(trace.inputTokens + (request << 2));
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

  @inline blocksFor(tokens: u32): u32 {
    return (tokens + this.blockTokens - 1) / this.blockTokens;
  }

  /** Blocks that a request holds in HBM at the most: its last token needs no KV. */
  @inline mostBlocks(request: u32): u32 {
    return this.blocksFor(this.promptTokens(request) + this.outputTokens(request) - 1);
  }

  /** The request whose path names the blocks of this one from its last whole prompt block on. */
  @inline private continuation(request: u32): u32 {
    const column = this.header.continuation;
    return column == 0 ? NONE : load<u32>(column + (request << 2));
  }

  /** Blocks of the request that have a name once `tokens` of its KV are computed. */
  namedBlocks(request: u32, tokens: u32): u32 {
    const whole = tokens / this.blockTokens;
    const prompt = min(this.promptTokens(request) / this.blockTokens, pathBlocks(request));
    const next = this.continuation(request);
    if (next == NONE || whole <= prompt) return min(whole, prompt);
    return min(whole, pathBlocks(next));
  }

  /** The name of block `index` of the request; `index` is below `namedBlocks`. */
  blockAt(request: u32, index: u32): u32 {
    if (index < min(this.promptTokens(request) / this.blockTokens, pathBlocks(request))) {
      return pathBlock(request, index);
    }
    return pathBlock(this.continuation(request), index);
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

/** Block `index` of a request in the trace. */
export function pathBlock(request: u32, index: u32): u32 {
  let e = load<u32>(trace.firstExtent + (request << 2));
  let left = index;
  while (true) {
    const count = load<u32>(trace.blockCount + (e << 2));
    if (left < count) return load<u32>(trace.firstBlock + (e << 2)) + left;
    left -= count;
    e++;
  }
}
