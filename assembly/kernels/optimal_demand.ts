/**
 * MIN on demand: every missing block must enter, and of the others the one used furthest in the
 * future goes. The classic optimum of caches that cannot bypass; libCacheSim's "Belady".
 *
 * Source: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
 * Journal 1966.
 *
 * Exact in root-first order. In tail-first order the same rule runs touch by touch, with look-ups
 * at arrival: a schedule that a demand cache could follow, not proved the best of them.
 *
 * Cost: as `optimal.ts`.
 */
import { TouchOrder } from "../abi";
import { Admitter } from "../admission/admitter";
import { NEVER } from "../columns/trace";
import { Engine } from "../engine";
import { Env } from "../policies/policy";
import { Future } from "./future";
import { KernelInput } from "./kernel";

@final export class OptimalDemandKernel extends Engine {
  private readonly block: usize;
  private readonly previous: usize;
  private readonly next: usize;
  private readonly env: Env;
  private readonly admitter: Admitter;
  private readonly filtered: bool;
  private readonly tailFirst: bool;
  private readonly future: Future;

  constructor(input: KernelInput) {
    super();
    this.block = input.accesses.block;
    this.previous = input.accesses.previous;
    this.next = input.accesses.next;
    this.env = input.env;
    this.admitter = input.admitter;
    this.filtered = input.admitter.filters();
    this.tailFirst = input.touch == TouchOrder.TailFirst;
    this.future = new Future(input, input.admitter.filters());
  }

  perRequest(): bool {
    return this.filtered;
  }

  lookup(from: u32, to: u32, out: usize): void {
    const uses = this.future.uses;
    for (let i = from; i < to; i++) {
      const before = load<u32>(this.previous + (i << 2));
      // A block twice in one request: both look-ups happened at arrival.
      const again = before > from;
      store<u8>(out + i, again ? load<u8>(out + before - 1) : <u8>uses.has(i));
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    if (this.tailFirst) {
      this.touchBackwards(from, to, out);
    } else {
      for (let i = from; i < to; i++) {
        if (this.filtered) this.tell(i, i - from, i);
        const hit = this.future.uses.has(i);
        store<u8>(out + i, <u8>hit);
        if (hit || this.makeRoom(i)) this.keep(i, load<u32>(this.next + (i << 2)));
      }
    }
    this.evictions = this.insertions - this.future.used;
  }

  /**
   * Last block first. Until a block's first place in the request is touched, its next use is there,
   * although later places were touched already.
   */
  private touchBackwards(from: u32, to: u32, out: usize): void {
    const uses = this.future.uses;
    for (let i = to; i-- > from;) {
      if (this.filtered) this.tell(from + to - 1 - i, i - from, i);
      let first = i;
      while (load<u32>(this.previous + (first << 2)) > from) {
        first = load<u32>(this.previous + (first << 2)) - 1;
      }
      const hit = uses.has(first);
      store<u8>(out + i, <u8>hit);
      if (hit && first != i) continue;
      if (hit) this.future.forget(i);
      else if (!this.makeRoom(i)) continue;
      let use = first;
      if (first == i) {
        use = load<u32>(this.next + (i << 2));
        while (use < to) use = load<u32>(this.next + (use << 2));
      }
      this.keep(i, use);
    }
  }

  /** Lets an admission filter know of the touch. */
  @inline private tell(now: u32, depth: u32, position: u32): void {
    this.env.now = now;
    this.env.depth = depth;
    this.admitter.onTouch(load<u32>(this.block + (position << 2)));
  }

  @inline private keep(position: u32, use: u32): void {
    if (use != NEVER) this.future.expect(use);
    else this.future.bury(load<u32>(this.block + (position << 2)));
  }

  /** Makes room for a missing block; `false` when an admission filter is against it. */
  @inline private makeRoom(position: u32): bool {
    const future = this.future;
    if (this.filtered && !this.admitted(position)) {
      this.bypasses++;
      return false;
    }
    this.insertions++;
    if (!future.isFull()) future.used++;
    else if (future.dead > 0) future.dead--;
    else future.dropFurthest();
    return true;
  }

  private admitted(position: u32): bool {
    const newcomer = load<u32>(this.block + (position << 2));
    if (!this.admitter.admits(newcomer)) return false;
    if (!this.future.isFull()) return true;
    return this.admitter.prefers(newcomer, this.future.victim(this.block));
  }

  resident(): u32 {
    return this.future.used;
  }
}
