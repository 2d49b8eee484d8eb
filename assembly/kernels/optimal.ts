/**
 * MIN with bypass: of all resident blocks and the newcomer, the one used furthest in the future
 * goes. Equal blocks in one tier have no better schedule, online or not.
 *
 * Source: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
 * Journal 1966; with bypass, e.g. McFarling, "Cache replacement with dynamic exclusion", ISCA 1992.
 *
 * Root-first, every touch decides for itself. Tail-first, a request is one instant: it hits what
 * is resident at its arrival, then all its blocks enter, then the furthest leave until the rest
 * fit; at equal distance the deeper block, whose position is higher. Both keep the leading run of
 * a path. With a block twice in one request, tail-first look-ups count it twice and MIN is no
 * longer a bound.
 *
 * A missing block that is never used again, or that is dropped in the instant of its insertion,
 * is a bypass. A block whose last use has passed stays until room is needed, and is evicted
 * first.
 *
 * Cost: O(1) per touch in practice, O(log accesses) at worst; 1.02 bits per access, and the `next`
 * (tail-first also `previous`) column of the trace.
 */
import { TouchOrder } from "../abi";
import { Admitter } from "../admission/admitter";
import { NEVER } from "../columns/trace";
import { Engine } from "../engine";
import { Env } from "../policies/policy";
import { Future } from "./future";
import { KernelInput } from "./kernel";

@final export class OptimalKernel extends Engine {
  private readonly block: usize;
  private readonly previous: usize;
  private readonly next: usize;
  private readonly env: Env;
  private readonly admitter: Admitter;
  private readonly filtered: bool;
  private readonly instants: bool;
  private readonly future: Future;

  constructor(input: KernelInput) {
    super();
    this.block = input.accesses.block;
    this.previous = input.accesses.previous;
    this.next = input.accesses.next;
    this.env = input.env;
    this.admitter = input.admitter;
    this.filtered = input.admitter.filters();
    this.instants = input.touch == TouchOrder.TailFirst;
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
    if (this.instants) this.touchAtOnce(from, to, out);
    else if (this.filtered) this.touchFiltered(from, to, out);
    else this.touchInTurn(from, to, out);
  }

  private touchInTurn(from: u32, to: u32, out: usize): void {
    const future = this.future;
    const next = this.next;
    let bypassed: u32 = 0;
    let missed: u32 = 0;
    for (let i = from; i < to; i++) {
      const use = load<u32>(next + (i << 2));
      const hit = future.uses.has(i);
      store<u8>(out + i, <u8>hit);
      if (hit) {
        if (use != NEVER) future.expect(use);
        else future.dead++;
        continue;
      }
      missed++;
      if (use == NEVER) {
        bypassed++;
      } else if (future.used < future.capacity) {
        future.used++;
        future.expect(use);
      } else if (future.dead > 0) {
        future.dead--;
        future.expect(use);
      } else if (use < future.furthest) {
        future.uses.add(use);
        future.dropFurthest();
      } else {
        bypassed++;
      }
    }
    this.insertions += missed - bypassed;
    this.bypasses += bypassed;
    this.evictions = this.insertions - future.used;
  }

  private touchFiltered(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      this.tell(i, i - from);
      const hit = this.future.uses.has(i);
      store<u8>(out + i, <u8>hit);
      const use = load<u32>(this.next + (i << 2));
      if (hit) this.keep(i, use);
      else this.enter(i, use, from, out);
    }
  }

  /**
   * Touches a request in one instant. Hits first: then every resident block stands at its use after
   * this request, and taking the newcomers one by one leaves the same set as all at once.
   */
  private touchAtOnce(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      const hit = this.future.uses.has(i);
      store<u8>(out + i, <u8>hit);
      if (hit) this.keep(i, load<u32>(this.next + (i << 2)));
    }
    for (let i = to; i-- > from;) {
      if (this.filtered) this.tell(from + to - 1 - i, i - from, i);
      // A block twice in one request is decided at its first place.
      if (load<u8>(out + i) != 0 || load<u32>(this.previous + (i << 2)) > from) continue;
      let use = load<u32>(this.next + (i << 2));
      while (use < to) use = load<u32>(this.next + (use << 2));
      const entered = this.enter(i, use, from, out);
      use = load<u32>(this.next + (i << 2));
      for (; use < to; use = load<u32>(this.next + (use << 2))) {
        store<u8>(out + use, <u8>entered);
        if (!entered) this.bypasses++;
      }
    }
  }

  /** Lets an admission filter know of the touch. */
  @inline private tell(now: u32, depth: u32, position: u32 = now): void {
    this.env.now = now;
    this.env.depth = depth;
    this.admitter.onTouch(load<u32>(this.block + (position << 2)));
  }

  @inline private keep(position: u32, use: u32): void {
    if (use != NEVER) this.future.expect(use);
    else this.future.bury(load<u32>(this.block + (position << 2)));
  }

  /** Decides on a missing block; `true` when it stays. */
  private enter(position: u32, use: u32, from: u32, out: usize): bool {
    const stays = this.finds(position, use, from, out);
    if (stays) {
      this.insertions++;
      this.future.expect(use);
    } else {
      this.bypasses++;
    }
    return stays;
  }

  /** Finds room for the block, if it is worth it. */
  private finds(position: u32, use: u32, from: u32, out: usize): bool {
    const future = this.future;
    const newcomer = load<u32>(this.block + (position << 2));
    if (this.filtered && !this.admitter.admits(newcomer)) return false;
    if (use == NEVER) return false;
    if (!future.isFull()) {
      future.used++;
      return true;
    }
    if (future.dead == 0 && use > future.furthest) return false;
    if (this.filtered && !this.admitter.prefers(newcomer, future.victim(this.block))) return false;
    if (future.dead > 0) {
      future.dead--;
      this.evictions++;
      return true;
    }
    if (this.instants && this.enteredNow(future.furthest, from, out)) {
      this.insertions--;
      this.bypasses++;
    } else {
      this.evictions++;
    }
    future.dropFurthest();
    return true;
  }

  /** Whether the block that is used at `use` came in with the request that began at `from`. */
  private enteredNow(use: u32, from: u32, out: usize): bool {
    let position = load<u32>(this.previous + (use << 2)) - 1;
    if (position < from) return false;
    while (load<u32>(this.previous + (position << 2)) > from) {
      position = load<u32>(this.previous + (position << 2)) - 1;
    }
    return load<u8>(out + position) == 0;
  }

  resident(): u32 {
    return this.future.used;
  }
}
