/**
 * GDSF for blocks of one size: priority = clock + frequency, the clock being the priority of the
 * last victim; among equals the block touched longest ago goes. Unit sizes make priorities
 * integers, and the keys (priority, last touch) of blocks touched once only ever rise with time.
 * So these stand in a ring, already sorted, and the others in a lazy heap as in `lfu.ts`; the
 * victim is the lesser head.
 *
 * Cost: O(1) per touch, O(log slots) amortised per eviction that looks into the heap; 16 bytes per
 * block, 12 to 16 bytes per slot.
 */
import { take } from "../arena";
import { KeyHeap } from "../columns/key_heap";
import { Engine } from "../engine";
import { KernelInput } from "./kernel";
import { ringSlots } from "./ring";

@final export class GdsfKernel extends Engine {
  private readonly block: usize;
  private readonly capacity: u32;
  /**
   * ```
   * state: | frequency u32, 0 when not resident | unused | last touch u32 | priority u32 |
   * ```
   */
  private readonly state: usize;
  /** u32: positions of insertions, in order; stale when the block was touched or evicted since. */
  private readonly ring: usize;
  private readonly mask: u32;
  private head: u32 = 0;
  private tail: u32 = 0;
  /** Resident blocks of frequency 1. */
  private once: u32 = 0;
  private readonly heap: KeyHeap;
  private clock: u32 = 0;

  constructor(input: KernelInput) {
    super();
    const env = input.env;
    this.block = input.accesses.block;
    this.capacity = env.capacity;
    this.state = take(<usize>env.blocks << 4);
    // While the oldest entry waits, victims come from blocks touched before it, so that fewer
    // newcomers than the tier has slots can follow it.
    const slots = ringSlots(env.slots);
    this.mask = slots - 1;
    this.ring = take(<usize>slots << 2);
    this.heap = new KeyHeap(env.slots);
  }

  lookup(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      store<u8>(out + i, <u8>(load<u32>(this.entry(i)) != 0));
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      const state = this.entry(i);
      const frequency = load<u32>(state);
      store<u8>(out + i, <u8>(frequency != 0));
      if (frequency != 0) {
        const key = this.key(frequency + 1, i);
        store<u32>(state, frequency + 1);
        store<u64>(state, key, 8);
        if (frequency == 1) {
          this.once--;
          this.heap.push(key);
        }
        continue;
      }
      if (this.resident() == this.capacity) this.evict();
      const key = this.key(1, i);
      store<u32>(state, 1);
      store<u64>(state, key, 8);
      assert(this.head - this.tail <= this.mask || this.once == 0, "the ring is full");
      store<u32>(this.ring + ((this.head++ & this.mask) << 2), i);
      this.once++;
      this.insertions++;
    }
  }

  resident(): u32 {
    return this.once + this.heap.length;
  }

  /** State of the block at a position. */
  @inline private entry(position: u32): usize {
    return this.state + (load<u32>(this.block + (position << 2)) << 4);
  }

  @inline private key(frequency: u32, position: u32): u64 {
    return (<u64>(this.clock + frequency) << 32) | position;
  }

  /** Evicts the lesser of the ring's head and the heap's top. */
  private evict(): void {
    let limit = u64.MAX_VALUE;
    let oldest: usize = 0;
    if (this.once > 0) {
      oldest = this.oldest();
      limit = load<u64>(oldest, 8);
    } else {
      this.tail = this.head;
    }
    while (this.heap.length > 0 && this.heap.least() < limit) {
      const key = this.heap.least();
      const state = this.entry(<u32>key);
      const now = load<u64>(state, 8);
      if (now == key) {
        this.heap.dropLeast();
        this.leave(state);
        return;
      }
      this.heap.raiseLeast(now);
    }
    this.tail++;
    this.once--;
    this.leave(oldest);
  }

  /** State of the oldest block of frequency 1; stale entries before it are dropped. */
  @inline private oldest(): usize {
    while (true) {
      const position = load<u32>(this.ring + ((this.tail & this.mask) << 2));
      const state = this.entry(position);
      if (load<u32>(state) == 1 && load<u32>(state, 8) == position) return state;
      this.tail++;
    }
  }

  @inline private leave(state: usize): void {
    this.clock = load<u32>(state, 12);
    this.evictions++;
    store<u32>(state, 0);
  }
}
