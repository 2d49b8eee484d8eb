/**
 * Learned: a model of gradient-boosted trees says how long each block will not be asked for, and
 * the block with the longest wait goes. Every eviction compares every resident block: the only
 * feature that changes between touches is the age, in buckets, so a block is scored again whenever
 * it grows into the next bucket and the order of the heap is the order of fresh scores.
 *
 * Source: the idea of learning Belady's decision from features known at run time is that of Song,
 * Berger, Li and Lloyd, "Learning relaxed Belady for content distribution network caching", NSDI
 * 2020, who sample 64 candidates; here none is left out.
 * Cost: O(trees) per touch and per bucket outgrown (at most 48 between touches), unless the row was
 * scored lately, and O(log n) for the heaps; 40 bytes per slot, 32 bytes per block.
 *
 * The tiers of a hierarchy share one history, told of every touch wherever the block is, and each
 * goes by a model of its own. Equal scores go in order of last touch. Without a model, or with one
 * of no trees, blocks go in the order of this tier's own hits and arrivals: LRU to the block.
 */
import { FEATURE_ROW_BYTES } from "../abi";
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { AGE_BUCKETS, ageBucket, bucketStart, History } from "../features";
import { mix } from "../random";
import { Model, modelOf, record, recordRow } from "../trees";
import { Env } from "./policy";
import { Shared } from "./shared";
import { Sharing } from "./sharing";

/** Entries of the table of scores, each { row u64[2], score f64 }. */
const MEMO_BITS: u32 = 12;
const MEMO_BYTES: usize = 24;
/** Tiers up to this size check each victim against a fresh look at all blocks, when asserting. */
const CHECKED_SLOTS: u32 = 64;

/** The touches of all blocks, one history for all tiers. */
@final export class Touches extends Shared {
  readonly members: Learned[] = [];
  readonly history: History;
  private wanted: bool = false;

  constructor(env: Env) {
    super();
    const clock = env.clock;
    this.history = new History(clock == null ? env : clock);
  }

  join(member: Learned): void {
    this.members.push(member);
    this.wanted = this.wanted || member.informed;
  }

  onAccess(block: u32, _step: f64, _position: u32): void {
    if (!this.wanted) return;
    this.history.observe(block);
    for (let i = 0; i < this.members.length; i++) this.members[i].touched(block);
  }
}

@final export class Learned extends Sharing {
  /** Whether there is anything to tell blocks apart by, or somebody wants the rows. */
  readonly informed: bool;
  private readonly history: History;
  private readonly clock: Env;
  private readonly model: Model;
  private readonly heap: Heap;
  /** When each slot outgrows its bucket of age. */
  private readonly due: Heap;
  /** The row that is scored now. */
  private readonly row: usize;
  private readonly memo: usize;
  /** Hits and arrivals so far: the order of blocks that nothing else tells apart. */
  private events: u32 = 0;

  constructor(env: Env, touches: Touches) {
    super(env, touches);
    this.history = touches.history;
    this.clock = touches.history.clock;
    const model = modelOf(env.tier);
    const informed = model.trees > 0 || record.room != 0;
    this.model = model;
    this.informed = informed;
    this.heap = new Heap(env.slots);
    this.due = new Heap(informed ? env.slots : 0);
    this.row = take(FEATURE_ROW_BYTES);
    this.memo = take(informed ? MEMO_BYTES << MEMO_BITS : 0);
    if (record.room != 0) {
      record.rows = 0;
      record.offered = 0;
    }
    touches.join(this);
  }

  /** The block was touched, in this tier or in another. */
  touched(block: u32): void {
    if (!this.informed || !this.env.holds(block)) return;
    const slot = this.env.slotIn(block);
    const last = this.history.lastTouch(block);
    this.heap.update(slot, this.key(block, 0), last);
    this.due.update(slot, <u64>last + bucketStart(1), last);
    this.keepFresh();
  }

  hit(slot: u32, _block: u32): void {
    if (!this.informed) this.heap.update(slot, 0, this.events++);
  }

  enter(slot: u32, block: u32): void {
    if (!this.informed) {
      this.heap.insert(slot, 0, this.events++);
      return;
    }
    const last = this.history.lastTouch(block);
    const bucket = ageBucket(this.clock.now - last);
    this.heap.insert(slot, this.key(block, bucket), last);
    this.due.insert(slot, dueAfter(bucket, last), last);
    this.keepFresh();
  }

  leave(slot: u32, _block: u32): void {
    this.heap.remove(slot);
    if (this.informed) this.due.remove(slot);
  }

  victim(): u32 {
    this.refresh();
    const slot = this.heap.least();
    assert(this.env.slots > CHECKED_SLOTS || this.isFresh(), "a block has an old score");
    return slot;
  }

  /** Recording wants every row at its moment, not only when there is something to evict. */
  @inline private keepFresh(): void {
    if (record.room != 0) this.refresh();
  }

  /** Scores the blocks again that outgrew their bucket. */
  private refresh(): void {
    const now = this.clock.now;
    const due = this.due;
    while (due.length > 0) {
      const slot = due.least();
      if (due.high(slot) > now) return;
      const block = this.env.blockIn(slot);
      const last = this.history.lastTouch(block);
      const bucket = ageBucket(now - last);
      this.heap.update(slot, this.key(block, bucket), last);
      due.update(slot, dueAfter(bucket, last), last);
    }
  }

  /** First part of the heap's key: the longest wait is the least. */
  private key(block: u32, bucket: u32): u64 {
    const score = this.score(block, bucket);
    if (record.room != 0) recordRow(this.row, block, this.clock.now, score);
    return descending(score);
  }

  private score(block: u32, bucket: u32): f64 {
    const row = this.history.row(block);
    const low = load<u64>(row) | bucket;
    const high = load<u64>(row, 8);
    store<u64>(this.row, low);
    store<u64>(this.row, high, 8);
    const at = this.memo + <usize>(mix(low ^ mix(high)) >> (64 - MEMO_BITS)) * MEMO_BYTES;
    // A row of zeros is what an empty entry looks like; 1 makes it another.
    if (load<u64>(at) == low + 1 && load<u64>(at, 8) == high) return load<f64>(at, 16);
    const score = this.model.score(this.row);
    store<u64>(at, low + 1);
    store<u64>(at, high, 8);
    store<f64>(at, score, 16);
    return score;
  }

  /** Whether every block stands where a fresh look at it would put it. For assertions. */
  private isFresh(): bool {
    if (!this.informed) return true;
    for (let slot: u32 = 0; slot < this.env.slots; slot++) {
      if (!this.heap.has(slot)) continue;
      const block = this.env.blockIn(slot);
      const bucket = ageBucket(this.clock.now - this.history.lastTouch(block));
      if (this.heap.high(slot) != descending(this.score(block, bucket))) return false;
    }
    return true;
  }
}

export function learned(env: Env): Learned {
  const shared = env.shared;
  return new Learned(env, shared == null ? new Touches(env) : changetype<Touches>(shared));
}

/** The access at which a block of this bucket grows into the next one. */
@inline function dueAfter(bucket: u32, last: u32): u64 {
  return bucket + 1 < AGE_BUCKETS ? <u64>last + bucketStart(bucket + 1) : u64.MAX_VALUE;
}

/** Unsigned integers in the opposite order of the numbers; 0 and -0 are one. */
@inline function descending(score: f64): u64 {
  const bits = reinterpret<u64>(score + 0.0);
  return (bits >> 63) != 0 ? bits : ~(bits | 0x8000000000000000);
}
