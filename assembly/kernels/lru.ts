/**
 * LRU as two monotone pointers: the cache is the set of blocks whose last touch is at or after
 * `tail`. No list, no table: a hit is one comparison, an eviction a forward scan.
 *
 * Sixteen touches are decided at once. The next few live positions are found ahead of time, so that
 * the tail after any number of evictions is one load; a touch of a block between the tail and the
 * `horizon` of that search could change them, and sends its sixteen through the plain loop:
 *
 * ```
 * … gone | tail … waiting to go … | horizon … safe for sixteen touches … | now
 *   miss |      one by one        |                 hit                  |
 * ```
 *
 * Memory: the `previous` and `next` columns of the trace; nothing per block.
 */
import { take } from "../arena";
import { Engine } from "../engine";
import { KernelInput } from "./kernel";

/** Touches decided at once. */
const WIDTH: u32 = 16;
/** Live positions found ahead: a few widths. */
const AHEAD: u32 = 48;
/** From so many residents on, what is ahead of the tail is always behind the present. */
const WIDE_FROM: u32 = 128;
/** Touches that go one by one after one that was between. */
const NARROW_TOUCHES: u32 = 64;

/** For each set of live lanes of four, the byte shuffle that moves them to the front. */
// deno-fmt-ignore
const PACK: usize = memory.data<u32>([
  0, 0, 0, 0,                                    0x03020100, 0, 0, 0,
  0x07060504, 0, 0, 0,                           0x03020100, 0x07060504, 0, 0,
  0x0b0a0908, 0, 0, 0,                           0x03020100, 0x0b0a0908, 0, 0,
  0x07060504, 0x0b0a0908, 0, 0,                  0x03020100, 0x07060504, 0x0b0a0908, 0,
  0x0f0e0d0c, 0, 0, 0,                           0x03020100, 0x0f0e0d0c, 0, 0,
  0x07060504, 0x0f0e0d0c, 0, 0,                  0x03020100, 0x07060504, 0x0f0e0d0c, 0,
  0x0b0a0908, 0x0f0e0d0c, 0, 0,                  0x03020100, 0x0b0a0908, 0x0f0e0d0c, 0,
  0x07060504, 0x0b0a0908, 0x0f0e0d0c, 0,         0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c,
]);

@final export class LruKernel extends Engine {
  private readonly previous: usize;
  private readonly next: usize;
  private readonly capacity: u32;
  private tail: u32 = 0;
  private used: u32 = 0;
  /** u32[…]: live positions from the tail on, in order; `first` is the next to go. */
  private readonly ahead: usize;
  private first: u32 = 0;
  private end: u32 = 0;
  /** Where the search for live positions stands. */
  private horizon: u32 = 0;

  constructor(input: KernelInput) {
    super();
    this.previous = input.accesses.previous;
    this.next = input.accesses.next;
    this.capacity = input.env.capacity;
    this.ahead = take((AHEAD + WIDTH) << 2);
  }

  lookup(from: u32, to: u32, out: usize): void {
    const low = i32x4.splat(this.tail);
    const start = i32x4.splat(from);
    for (let i = from; i < to; i += WIDTH) {
      const at = this.previous + (i << 2);
      const a = v128.load(at);
      const b = v128.load(at, 16);
      const c = v128.load(at, 32);
      const d = v128.load(at, 48);
      const hits = narrow(
        i32x4.gt_s(a, low),
        i32x4.gt_s(b, low),
        i32x4.gt_s(c, low),
        i32x4.gt_s(d, low),
      );
      v128.store(out + i, v128.and(hits, i8x16.splat(1)));
      const again = narrow(
        i32x4.gt_s(a, start),
        i32x4.gt_s(b, start),
        i32x4.gt_s(c, start),
        i32x4.gt_s(d, start),
      );
      if (v128.any_true(again)) this.lookupAgain(from, i, min(i + WIDTH, to), out);
    }
  }

  /** A block twice in the request that began at `start`: both look-ups happened at arrival. */
  private lookupAgain(start: u32, from: u32, to: u32, out: usize): void {
    for (let i = from; i < to; i++) {
      const before = load<u32>(this.previous + (i << 2));
      if (before > start) store<u8>(out + i, load<u8>(out + before - 1));
    }
  }

  touch(from: u32, to: u32, out: usize): void {
    let i = from;
    while (i < to) {
      if (this.used >= WIDE_FROM) i = this.touchWide(i, to, out);
      const end = min(to, i + NARROW_TOUCHES);
      this.touchNarrow(i, end, out);
      i = end;
    }
    this.evictions = this.insertions - this.used;
  }

  /** One by one; what was found ahead is forgotten. */
  private touchNarrow(from: u32, to: u32, out: usize): void {
    if (from == to) return;
    const previous = this.previous;
    const next = this.next;
    let tail = this.tail;
    let room = this.capacity - this.used;
    let missed: u32 = 0;
    for (let i = from; i < to; i++) {
      const hit = load<u32>(previous + (i << 2)) > tail;
      store<u8>(out + i, <u8>hit);
      if (hit) continue;
      missed++;
      if (room > 0) {
        room--;
      } else {
        // Touches that were followed by a later one hold nothing any more.
        while (load<u32>(next + (tail << 2)) < i) tail++;
        tail++;
      }
    }
    this.insertions += missed;
    this.used = this.capacity - room;
    this.tail = tail;
    this.horizon = tail;
    this.first = 0;
    this.end = 0;
  }

  /** Sixteen by sixteen, until the end or a touch between tail and horizon; gives the place. */
  private touchWide(from: u32, to: u32, out: usize): u32 {
    let tail = this.tail;
    let room = this.capacity - this.used;
    let missed: u32 = 0;
    let i = from;
    while (i < to) {
      if (this.end - this.first < WIDTH) this.lookAhead(i);
      const low = i32x4.splat(tail);
      const high = i32x4.splat(this.horizon);
      const at = this.previous + (i << 2);
      const a = v128.load(at);
      const b = v128.load(at, 16);
      const c = v128.load(at, 32);
      const d = v128.load(at, 48);
      const hits = narrow(
        i32x4.gt_s(a, high),
        i32x4.gt_s(b, high),
        i32x4.gt_s(c, high),
        i32x4.gt_s(d, high),
      );
      const maybe = narrow(
        i32x4.gt_s(a, low),
        i32x4.gt_s(b, low),
        i32x4.gt_s(c, low),
        i32x4.gt_s(d, low),
      );
      const valid: u32 = i + WIDTH <= to ? 0xffff : (<u32>1 << (to - i)) - 1;
      const hit: u32 = i8x16.bitmask(hits);
      if (((<u32>i8x16.bitmask(maybe) ^ hit) & valid) != 0) break;
      // Bytes past the end are written again by the next call.
      v128.store(out + i, v128.and(hits, i8x16.splat(1)));
      const misses = <u32>popcnt(~hit & valid);
      missed += misses;
      i += WIDTH;
      const roomy = min(room, misses);
      room -= roomy;
      if (misses == roomy) continue;
      this.first += misses - roomy;
      tail = load<u32>(this.ahead + (this.first << 2) - 4) + 1;
    }
    this.insertions += missed;
    this.used = this.capacity - room;
    this.tail = tail;
    return min(i, to);
  }

  /** Finds live positions until there are enough for some widths of misses. */
  private lookAhead(now: u32): void {
    const ahead = this.ahead;
    const from = ahead + (this.first << 2);
    let to = ahead + ((this.end - this.first) << 2);
    for (let k: usize = 0; k < 64; k += 16) v128.store(ahead + k, v128.load(from + k));
    const present = i32x4.splat(now);
    let horizon = this.horizon;
    const enough = ahead + ((AHEAD - 4) << 2);
    while (to <= enough) {
      const live = i32x4.ge_u(v128.load(this.next + (horizon << 2)), present);
      const lanes: u32 = i32x4.bitmask(live);
      const positions = i32x4.add(i32x4.splat(horizon), i32x4(0, 1, 2, 3));
      v128.store(to, i8x16.swizzle(positions, v128.load(PACK + (lanes << 4))));
      to += <usize>popcnt(lanes) << 2;
      horizon += 4;
    }
    this.horizon = horizon;
    this.first = 0;
    this.end = <u32>(to - ahead) >> 2;
  }

  resident(): u32 {
    return this.used;
  }
}

/** Sixteen comparisons as one vector of bytes. */
@inline function narrow(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}
