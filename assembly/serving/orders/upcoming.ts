/**
 * What the trace asks for next: for each block the first request, in the trace's order, that holds
 * it and that no engine has let in yet. Nobody knows that but an oracle.
 *
 * Cost: a request is let in by a step for each of its blocks and each order; 4 bytes per block of
 * each prompt, 8 per block of the trace.
 */
import { NONE } from "../../abi_serving";
import { take } from "../../arena";
import { header as trace } from "../../columns/trace";
import { LetIn } from "../hooks";
import { Prompts } from "../prompts";

/** An order that goes by it. */
export interface Foresight {
  /** Somebody else is next to ask for a block of the trace. */
  moved(block: u32): void;
}

@final export class Upcoming extends LetIn {
  readonly orders: Foresight[] = [];
  /** u32[blocks + 1], u32[uses]: the requests of each block, in order of the trace. */
  private readonly first: usize;
  private readonly uses: usize;
  /** u32[blocks]: uses of each that are over. */
  private readonly over: usize;
  /** u8[requests] */
  private readonly isIn: usize;

  constructor(private readonly prompts: Prompts) {
    super();
    const blocks = trace.blocks;
    this.first = take((<usize>blocks + 1) << 2);
    this.over = take(<usize>blocks << 2);
    this.isIn = take(prompts.count);
    this.count();
    this.uses = take(<usize>load<u32>(this.first + (<usize>blocks << 2)) << 2);
    for (let r: u32 = 0; r < prompts.count; r++) {
      const whole = prompts.wholeBlocks(r);
      for (let i: u32 = 0; i < whole; i++) this.append(prompts.block(r, i), r);
    }
    memory.fill(this.over, 0, <usize>blocks << 2);
  }

  /** Fills `first`. */
  private count(): void {
    for (let r: u32 = 0; r < this.prompts.count; r++) {
      const whole = this.prompts.wholeBlocks(r);
      for (let i: u32 = 0; i < whole; i++) {
        const at = this.first + (<usize>(this.prompts.block(r, i) + 1) << 2);
        store<u32>(at, load<u32>(at) + 1);
      }
    }
    for (let b: u32 = 0; b < trace.blocks; b++) {
      const at = this.first + (<usize>b << 2);
      store<u32>(at + 4, load<u32>(at + 4) + load<u32>(at));
    }
  }

  private append(block: u32, request: u32): void {
    const over = this.over + (<usize>block << 2);
    const use = load<u32>(this.first + (<usize>block << 2)) + load<u32>(over);
    store<u32>(this.uses + (<usize>use << 2), request);
    store<u32>(over, load<u32>(over) + 1);
  }

  /** The request that asks for a block next, or `NONE`. */
  next(block: u32): u32 {
    if (block >= trace.blocks) return NONE;
    const at = this.first + (<usize>block << 2);
    const end = load<u32>(at, 4);
    const over = this.over + (<usize>block << 2);
    let use = load<u32>(at) + load<u32>(over);
    while (use < end && load<u8>(this.isIn + load<u32>(this.uses + (<usize>use << 2))) != 0) use++;
    store<u32>(over, use - load<u32>(at));
    return use == end ? NONE : load<u32>(this.uses + (<usize>use << 2));
  }

  onLetIn(request: u32): void {
    if (load<u8>(this.isIn + request) != 0) return;
    store<u8>(this.isIn + request, 1);
    const whole = this.prompts.wholeBlocks(request);
    for (let i: u32 = 0; i < whole; i++) {
      const block = this.prompts.block(request, i);
      for (let k = 0; k < this.orders.length; k++) unchecked(this.orders[k]).moved(block);
    }
  }
}
