/**
 * Windowed recency: the block touched least often within the last `window` touches goes; of
 * equals, the one touched longest ago. `window` is in capacities of the fastest tier that has the
 * policy.
 *
 * Source: the windowed_recency of kv-hierarchy-lab, which looked at the last 32 accesses and
 * counted them anew for every candidate; here counts slide along with the window. With a window so
 * short that it holds few blocks twice it is LRU, with an endless one LFU that never forgets.
 * Cost: O(log n) per touch; 20 bytes per slot, 8 per block and 4 per touch in the window.
 */
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { Env } from "./policy";
import { Shared } from "./shared";
import { Sharing } from "./sharing";

/** The window, one for all tiers. */
@final export class Window extends Shared {
  readonly members: WindowedRecency[] = [];
  /** u32[length]: the last blocks touched, a ring. */
  private readonly ring: usize;
  private readonly length: u32;
  private next: u32 = 0;
  private isFull: bool = false;
  /** { touches within the window u32, time of the last one u32 }[blocks]. */
  private readonly records: usize;
  private time: u32 = 0;

  constructor(env: Env) {
    super();
    this.length = <u32>Math.ceil(env.parameter(0) * <f64>env.slots);
    this.ring = take(<usize>this.length << 2);
    this.records = take(<usize>env.blocks << 3);
  }

  @inline touchesOf(block: u32): u32 {
    return load<u32>(this.records + (block << 3));
  }

  @inline lastOf(block: u32): u32 {
    return load<u32>(this.records + (block << 3), 4);
  }

  onAccess(block: u32, _step: f64, _position: u32): void {
    const entry = this.ring + (this.next << 2);
    const before = load<u32>(entry);
    store<u32>(entry, block);
    store<u32>(this.records + (block << 3), this.touchesOf(block) + 1);
    store<u32>(this.records + (block << 3), this.time++, 4);
    if (this.isFull) {
      store<u32>(this.records + (before << 3), this.touchesOf(before) - 1);
      for (let i = 0; i < this.members.length; i++) this.members[i].fade(before);
    }
    if (++this.next == this.length) {
      this.next = 0;
      this.isFull = true;
    }
  }
}

@final export class WindowedRecency extends Sharing {
  private readonly heap: Heap;

  constructor(env: Env, private readonly window: Window) {
    super(env, window);
    this.heap = new Heap(env.slots);
    window.members.push(this);
  }

  /** A touch has left the window. */
  fade(block: u32): void {
    if (this.env.holds(block)) this.hit(this.env.slotIn(block), block);
  }

  hit(slot: u32, block: u32): void {
    this.heap.update(slot, this.window.touchesOf(block), this.window.lastOf(block));
  }

  victim(): u32 {
    return this.heap.least();
  }

  leave(slot: u32, _block: u32): void {
    this.heap.remove(slot);
  }

  enter(slot: u32, block: u32): void {
    this.heap.insert(slot, this.window.touchesOf(block), this.window.lastOf(block));
  }
}

export function windowedRecency(env: Env): WindowedRecency {
  const shared = env.shared;
  return new WindowedRecency(env, shared == null ? new Window(env) : changetype<Window>(shared));
}
