/**
 * LFU as a ring and a lazy heap. Blocks touched once stand in a ring in order of arrival, and
 * that is where nearly all victims come from; the rest are in a heap by (frequency, arrival)
 * whose keys are brought up to date only when they reach the top. Keys never fall, so a current
 * top is the least.
 *
 * Among equal frequencies the block that reached its frequency first goes, as in libCacheSim.
 *
 * Cost: O(1) per touch while once-touched blocks are resident, else O(log slots) amortised; 8 bytes
 * per block, 12 to 16 bytes per slot.
 */
import { take } from "../arena";
import { KeyHeap } from "../columns/key_heap";
import { Engine } from "../engine";
import { KernelInput } from "./kernel";
import { ringSlots } from "./ring";

@final export class LfuKernel extends Engine {
  private readonly block: usize;
  private readonly capacity: u32;
  /**
   * ```
   * state: | frequency u32 | arrival u32 |   0 when not resident
   * ```
   * Arrival: place in the ring at frequency 1, else the position of the last touch.
   */
  private readonly state: usize;
  /** u32: blocks in order of insertion; stale when the block's state says otherwise. */
  private readonly ring: usize;
  private readonly mask: u32;
  private head: u32 = 0;
  private tail: u32 = 0;
  /** Resident blocks of frequency 1. */
  private once: u32 = 0;
  /** Keys (frequency, position) of all others; the position names the block. */
  private readonly heap: KeyHeap;

  constructor(input: KernelInput) {
    super();
    const env = input.env;
    this.block = input.accesses.block;
    this.capacity = env.capacity;
    this.state = take(<usize>env.blocks << 3);
    const slots = ringSlots(env.slots);
    this.mask = slots - 1;
    this.ring = take(<usize>slots << 2);
    this.heap = new KeyHeap(env.slots);
  }

  lookup(from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      const state = this.state + (load<u32>(this.block + (i << 2)) << 3);
      store<u8>(out + i, <u8>(load<u32>(state) != 0));
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    const block = this.block;
    const states = this.state;
    for (let i = from; i < to; i++) {
      const newcomer = load<u32>(block + (i << 2));
      const state = states + (newcomer << 3);
      const frequency = load<u32>(state);
      store<u8>(out + i, <u8>(frequency != 0));
      if (frequency > 1) {
        store<u32>(state, frequency + 1);
        store<u32>(state, i, 4);
      } else if (frequency == 1) {
        store<u32>(state, 2);
        store<u32>(state, i, 4);
        this.once--;
        this.heap.push((<u64>2 << 32) | i);
      } else {
        if (this.resident() == this.capacity) this.evict();
        const place = this.head++;
        store<u32>(this.ring + ((place & this.mask) << 2), newcomer);
        store<u32>(state, 1);
        store<u32>(state, place, 4);
        this.once++;
        this.insertions++;
      }
    }
  }

  resident(): u32 {
    return this.once + this.heap.length;
  }

  private evict(): void {
    this.evictions++;
    if (this.once == 0) {
      this.tail = this.head;
      this.evictFrequent();
      return;
    }
    while (true) {
      const place = this.tail++;
      const state = this.state + (load<u32>(this.ring + ((place & this.mask) << 2)) << 3);
      if (load<u64>(state) != (<u64>place << 32 | 1)) continue;
      store<u64>(state, 0);
      this.once--;
      return;
    }
  }

  private evictFrequent(): void {
    while (true) {
      const key = this.heap.least();
      const state = this.state + (load<u32>(this.block + (<u32>key << 2)) << 3);
      const now = (<u64>load<u32>(state) << 32) | load<u32>(state, 4);
      if (now == key) {
        store<u64>(state, 0);
        this.heap.dropLeast();
        return;
      }
      this.heap.raiseLeast(now);
    }
  }
}
