/**
 * LRU as two monotone pointers: the cache is the set of blocks whose last touch is at or after
 * `tail`. No list, no table: a hit is one comparison, an eviction a forward scan.
 *
 * Memory: the `previous` and `next` columns of the trace; nothing per block.
 */
import { Engine } from "../engine";
import { KernelInput } from "./kernel";

@final export class LruKernel extends Engine {
  private readonly previous: usize;
  private readonly next: usize;
  private readonly capacity: u32;
  private tail: u32 = 0;
  private used: u32 = 0;

  constructor(input: KernelInput) {
    super();
    this.previous = input.accesses.previous;
    this.next = input.accesses.next;
    this.capacity = input.env.capacity;
  }

  lookup(from: u32, to: u32, out: usize): void {
    const tail = this.tail;
    for (let i = from; i < to; i++) {
      const before = load<u32>(this.previous + (i << 2));
      // A block twice in one request: both look-ups happened at arrival.
      const again = before > from;
      store<u8>(out + i, again ? load<u8>(out + before - 1) : <u8>(before > tail));
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    const previous = this.previous;
    const next = this.next;
    const capacity = this.capacity;
    let tail = this.tail;
    let used = this.used;
    let hits: u32 = 0;
    for (let i = from; i < to; i++) {
      const hit = load<u32>(previous + (i << 2)) > tail;
      store<u8>(out + i, <u8>hit);
      if (hit) {
        hits++;
      } else if (used < capacity) {
        used++;
      } else {
        // Touches that were followed by a later one hold nothing any more.
        while (load<u32>(next + (tail << 2)) < i) tail++;
        tail++;
      }
    }
    this.insertions += to - from - hits;
    this.evictions = this.insertions - used;
    this.tail = tail;
    this.used = used;
  }

  resident(): u32 {
    return this.used;
  }
}
