/** What a router may know of a request when it arrives: its prompt and its session, no more. */
import { NONE } from "../abi_serving";
import { header as trace } from "../columns/trace";
import { ServingHeader } from "./layout";
import { pathBlock, pathBlocks } from "./requests";

@final export class Prompts {
  readonly count: u32 = trace.requests;
  /** Distinct blocks of the trace. */
  readonly blocks: u32 = trace.blocks;
  readonly blockTokens: u32;

  constructor(private readonly header: ServingHeader) {
    this.blockTokens = header.blockTokens;
  }

  @inline tokens(request: u32): u32 {
    return load<u32>(trace.inputTokens + (request << 2));
  }

  /** The session of a request, or `NONE` where the trace names none. */
  @inline session(request: u32): u32 {
    return this.header.session == 0 ? NONE : load<u32>(this.header.session + (request << 2));
  }

  /** Blocks that the prompt fills. */
  wholeBlocks(request: u32): u32 {
    return min(this.tokens(request) / this.blockTokens, pathBlocks(request));
  }

  /** Blocks that can be found in a cache: at least one token is left to compute. */
  usableBlocks(request: u32): u32 {
    return min((this.tokens(request) - 1) / this.blockTokens, pathBlocks(request));
  }

  /** Tokens to compute where the first `depth` blocks are held. */
  missing(request: u32, depth: u32): u32 {
    return this.tokens(request) - min(depth, this.usableBlocks(request)) * this.blockTokens;
  }

  /** The name of block `index` of the prompt. */
  @inline block(request: u32, index: u32): u32 {
    return pathBlock(request, index);
  }
}
