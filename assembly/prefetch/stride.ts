/**
 * Stride: when the last look-ups went on by the same step, the next ones will. Blocks are numbered
 * in order of first touch, so a prompt that was seen before is a run of consecutive blocks, and a
 * step of 1 (of -1, where the last block is touched first) follows it.
 *
 * Source: Chen and Baer, "Effective hardware-based data prefetching for high-performance
 * processors", IEEE Transactions on Computers 1995, with one stream for the whole trace.
 * Cost: O(lookahead) per look-up; no memory. Only blocks that were looked up before are named:
 * those beyond the highest number seen exist nowhere yet.
 */
import { Env } from "../policies/policy";
import { Prefetcher } from "./prefetcher";

@final export class Stride extends Prefetcher {
  private last: i64 = -1;
  private stride: i64 = 0;
  /** Steps in a row that were `stride`. */
  private steps: u32 = 0;
  /** Blocks below this were looked up. */
  private seen: i64 = 0;
  private readonly confidence: u32;
  private readonly lookahead: u32;

  constructor(env: Env, parameters: usize) {
    super(env, parameters);
    this.confidence = <u32>this.parameter(0);
    this.lookahead = <u32>this.parameter(1);
  }

  onLookup(block: u32): void {
    const at = <i64>block;
    if (this.last >= 0) {
      const stride = at - this.last;
      this.steps = stride == this.stride ? this.steps + 1 : 1;
      this.stride = stride;
    }
    this.last = at;
    if (at >= this.seen) this.seen = at + 1;
  }

  candidates(block: u32, out: usize, max: u32): u32 {
    if (this.steps < this.confidence || this.stride == 0) return 0;
    let found: u32 = 0;
    let next = <i64>block + this.stride;
    for (const limit = min(max, this.lookahead); found < limit; found++) {
      if (next < 0 || next >= this.seen) break;
      store<u32>(out + (found << 2), <u32>next);
      next += this.stride;
    }
    return found;
  }
}
