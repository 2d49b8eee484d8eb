/**
 * SLRU: equal LRU segments, one above the other. A hit lifts a block by one segment; what overflows
 * a segment cools into the one below, and the tail of the lowest segment goes.
 *
 * ```
 * segment:   0 (lowest)        1         2         3
 *            ← evicted   ← cools   ← cools   ← cools
 *            hit →       hit →     hit →     moves to its head
 * ```
 *
 * Source: Huang et al., "An analysis of Facebook photo caching", SOSP 2013 (as S4LRU).
 * Cost: O(1) per touch; 9 bytes per slot.
 * With libCacheSim a newcomer enters the lowest segment that has room, so the upper ones fill with
 * whatever comes first; in the paper it always enters segment 0. Blocks that do not divide evenly
 * make segment 0 too long, and a hit there may evict one. A tier of fewer blocks than segments gets
 * one segment per block (libCacheSim would keep nothing).
 */
import { take } from "../arena";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class Slru extends Policy {
  private readonly segments: StaticArray<List>;
  /** Blocks that a segment may hold. */
  private readonly segmentCapacity: u32;
  /** u8[slots]: the segment of a slot. */
  private readonly segmentOf: usize;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.quiet = true;
    const count = min(<u32>env.parameter(0), env.capacity);
    this.segmentCapacity = env.capacity / count;
    this.segmentOf = take(env.slots);
    const nodes = new Nodes(env.slots, count);
    this.segments = new StaticArray<List>(count);
    for (let i: u32 = 0; i < count; i++) this.segments[i] = nodes.list(i);
  }

  @inline private segment(index: u32): List {
    return unchecked(this.segments[index]);
  }

  onHit(slot: u32, _block: u32): void {
    const from = <u32>load<u8>(this.segmentOf + slot);
    const lower = this.segment(from);
    if (from == <u32>this.segments.length - 1) {
      lower.moveToHead(slot);
      return;
    }
    const upper = this.segment(from + 1);
    lower.remove(slot);
    upper.pushHead(slot);
    store<u8>(this.segmentOf + slot, <u8>(from + 1));
    if (upper.length <= this.segmentCapacity) return;
    const cooled = upper.tail();
    upper.remove(cooled);
    lower.pushHead(cooled);
    store<u8>(this.segmentOf + cooled, <u8>from);
    if (lower.length > this.segmentCapacity) this.surplus = lower.length - this.segmentCapacity;
  }

  @inline victim(): u32 {
    let index: u32 = 0;
    while (this.segment(index).isEmpty()) index++;
    return this.segment(index).tail();
  }

  @inline onRemove(slot: u32, _block: u32): void {
    this.segment(load<u8>(this.segmentOf + slot)).remove(slot);
  }

  @inline onInsert(slot: u32, _block: u32): void {
    let index: u32 = 0;
    const count = <u32>this.segments.length;
    while (index < count && this.segment(index).length >= this.segmentCapacity) index++;
    if (index == count) index = 0;
    this.segment(index).pushHead(slot);
    store<u8>(this.segmentOf + slot, <u8>index);
  }
}
