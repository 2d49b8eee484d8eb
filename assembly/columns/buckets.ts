/**
 * Slots in rising order of a key, first come first served within a key: one list, cut into buckets.
 *
 * ```
 * list:     tail (lowest, oldest) … head (highest, newest)
 * bucket:   | key u64 | newest slot u32 | slots u32 |
 * ```
 *
 * Keys move in small steps, so a slot's new place is found by walking up from its old one.
 */
import { take } from "../arena";
import { List, Nodes, NONE } from "./list";

const BUCKET_BITS: u32 = 4;
const NEWEST: usize = 8;
const COUNT: usize = 12;

@final export class Buckets {
  private readonly list: List;
  /** u32[slots]: address of the bucket of a slot. */
  private readonly bucketOf: usize;
  /** u32[]: addresses of buckets given back, a stack. */
  private readonly free: usize;
  private freed: u32 = 0;
  private untouched: u32;

  /** @param buckets Different keys that may be present at a time. */
  constructor(slots: u32, buckets: u32) {
    this.list = new Nodes(slots, 1).list(0);
    this.bucketOf = take(<usize>slots << 2);
    this.untouched = <u32>take(<usize>buckets << BUCKET_BITS);
    this.free = take(<usize>buckets << 2);
  }

  @inline isEmpty(): bool {
    return this.list.isEmpty();
  }

  /** The slot that has waited longest under the lowest key. There must be one. */
  @inline lowest(): u32 {
    return this.list.tail();
  }

  @inline private bucket(slot: u32): u32 {
    return load<u32>(this.bucketOf + (slot << 2));
  }

  @inline keyOf(slot: u32): u64 {
    return load<u64>(this.bucket(slot));
  }

  /** The slot that has waited longest under the next higher key than that of `slot`, or `NONE`. */
  @inline private above(slot: u32): u32 {
    return this.list.newer(load<u32>(this.bucket(slot), NEWEST));
  }

  /** Adds a slot, as the newest under its key; keys near the lowest are found soonest. */
  insert(slot: u32, key: u64): void {
    const lowest = this.list.isEmpty() ? NONE : this.list.tail();
    this.place(slot, key, NONE, lowest);
  }

  /** Moves a slot to a key that is not below its own, as the newest there. */
  raise(slot: u32, key: u64): void {
    const above = this.above(slot);
    const bucket = this.bucket(slot);
    if (load<u64>(bucket) == key) {
      // The newest of its bucket is where it belongs already.
      const newest = load<u32>(bucket, NEWEST);
      if (newest == slot) return;
      this.list.remove(slot);
      this.list.insertNewer(slot, newest);
      store<u32>(bucket, slot, NEWEST);
      return;
    }
    this.remove(slot);
    const below = above == NONE
      ? (this.list.isEmpty() ? NONE : this.list.head())
      : this.list.older(above);
    this.place(slot, key, below, above);
  }

  /** Gives the slot that has waited longest under the lowest key another key; gives the slot. */
  restart(key: u64): u32 {
    const slot = this.list.tail();
    const bucket = this.bucket(slot);
    const newest = load<u32>(bucket, NEWEST);
    if (load<u64>(bucket) != key) {
      this.remove(slot);
      this.insert(slot, key);
    } else if (newest != slot) {
      this.list.remove(slot);
      this.list.insertNewer(slot, newest);
      store<u32>(bucket, slot, NEWEST);
    }
    return slot;
  }

  remove(slot: u32): void {
    const bucket = this.bucket(slot);
    const count = load<u32>(bucket, COUNT) - 1;
    if (count == 0) {
      store<u32>(this.free + (this.freed << 2), bucket);
      this.freed++;
    } else {
      store<u32>(bucket, count, COUNT);
      if (load<u32>(bucket, NEWEST) == slot) store<u32>(bucket, this.list.older(slot), NEWEST);
    }
    this.list.remove(slot);
  }

  /** Puts a slot under `key`, searching up from `above`, whose elder neighbour is `below`. */
  private place(slot: u32, key: u64, below: u32, above: u32): void {
    let elder = below;
    let next = above;
    while (next != NONE) {
      const bucket = this.bucket(next);
      if (load<u64>(bucket) > key) break;
      elder = load<u32>(bucket, NEWEST);
      next = this.list.newer(elder);
    }
    if (elder == NONE) this.list.pushTail(slot);
    else this.list.insertNewer(slot, elder);
    const joins = elder != NONE && this.keyOf(elder) == key;
    const bucket = joins ? this.bucket(elder) : this.open(key);
    store<u32>(bucket, slot, NEWEST);
    store<u32>(bucket, load<u32>(bucket, COUNT) + 1, COUNT);
    store<u32>(this.bucketOf + (slot << 2), bucket);
  }

  /** A new empty bucket. */
  private open(key: u64): u32 {
    let bucket = this.untouched;
    if (this.freed > 0) bucket = load<u32>(this.free + (--this.freed << 2));
    else this.untouched += 1 << BUCKET_BITS;
    store<u64>(bucket, key);
    store<u32>(bucket, 0, COUNT);
    return bucket;
  }
}
