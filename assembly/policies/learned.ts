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
 * scored lately, and O(log n) for the heap; 44 bytes per slot, 16 bytes per block.
 *
 * Without a model, or with one of no trees, all scores are equal, ties go to the block touched
 * longest ago, and the policy is LRU to the block.
 */
import { FEATURE_ROW_BYTES } from "../abi";
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { List, Nodes } from "../columns/list";
import { AGE_BUCKETS, ageBucket, bucketStart, History } from "../features";
import { mix } from "../random";
import { hasTrees, record, recordRow, scoreRow } from "../trees";
import { Env, Policy } from "./policy";

const ROW_BITS: u32 = 4;
/** Entries of the table of scores, each { row u64[2], score f64 }. */
const MEMO_BITS: u32 = 12;
const MEMO_BYTES: usize = 24;
/** Tiers up to this size check each victim against a fresh look at all blocks, when asserting. */
const CHECKED_SLOTS: u32 = 64;

@final export class Learned extends Policy {
  private readonly history: History;
  private readonly heap: Heap;
  /** List k holds the slots whose age is in bucket k, youngest at the head. */
  private readonly ages: StaticArray<List>;
  /** u8[16][slots]: the row of each slot, its age as of the last refresh. */
  private readonly rows: usize;
  /** Row of the block that misses now, and that block plus one. */
  private readonly missing: usize;
  private missingBlock: u32 = 0;
  private readonly memo: usize;
  /** No slot outgrows its bucket before this access. */
  private due: u32 = u32.MAX_VALUE;

  constructor(env: Env) {
    super(env);
    this.history = new History(env);
    this.heap = new Heap(env.slots);
    const nodes = new Nodes(env.slots, AGE_BUCKETS);
    this.ages = new StaticArray<List>(AGE_BUCKETS);
    for (let k: u32 = 0; k < AGE_BUCKETS; k++) this.ages[k] = nodes.list(k);
    this.rows = take(<usize>env.slots << ROW_BITS);
    this.missing = take(FEATURE_ROW_BYTES);
    this.memo = take(MEMO_BYTES << MEMO_BITS);
    if (record.room != 0) {
      record.rows = 0;
      record.offered = 0;
    }
  }

  @inline private row(slot: u32): usize {
    return this.rows + (<usize>slot << ROW_BITS);
  }

  onHit(slot: u32, block: u32): void {
    this.ages[load<u8>(this.row(slot))].remove(slot);
    this.history.observe(block, this.row(slot));
    this.heap.update(slot, this.key(slot, block), this.env.now);
    this.enterYoungest(slot);
  }

  onMiss(block: u32): bool {
    this.history.observe(block, this.missing);
    this.missingBlock = block + 1;
    return true;
  }

  onInsert(slot: u32, block: u32): void {
    // A block that moves in from another tier was not missed here.
    if (this.missingBlock != block + 1) this.history.observe(block, this.missing);
    this.missingBlock = 0;
    memory.copy(this.row(slot), this.missing, FEATURE_ROW_BYTES);
    this.heap.insert(slot, this.key(slot, block), this.env.now);
    this.enterYoungest(slot);
  }

  onRemove(slot: u32, _block: u32): void {
    this.ages[load<u8>(this.row(slot))].remove(slot);
    this.heap.remove(slot);
  }

  victim(): u32 {
    if (this.env.now >= this.due) this.refresh();
    const slot = this.heap.least();
    assert(this.env.slots > CHECKED_SLOTS || this.isWorst(slot), "a worse block stays");
    return slot;
  }

  private enterYoungest(slot: u32): void {
    unchecked(this.ages[0]).pushHead(slot);
    this.due = min(this.due, this.env.now + bucketStart(1));
    // Recording wants every row at its moment, not only when there is something to evict.
    if (record.room != 0 && this.env.now >= this.due) this.refresh();
  }

  /** Scores the blocks again that outgrew their bucket; oldest first, so that lists stay in order. */
  private refresh(): void {
    const now = this.env.now;
    let due: u32 = u32.MAX_VALUE;
    for (let k = AGE_BUCKETS - 1; k-- > 0;) {
      const list = unchecked(this.ages[k]);
      while (!list.isEmpty()) {
        const slot = list.tail();
        const block = this.env.blockIn(slot);
        const last = this.history.lastTouch(block);
        const bucket = ageBucket(now - last);
        if (bucket == k) {
          due = min(due, last + bucketStart(k + 1));
          break;
        }
        list.remove(slot);
        unchecked(this.ages[bucket]).pushHead(slot);
        store<u8>(this.row(slot), <u8>bucket);
        if (bucket + 1 < AGE_BUCKETS) due = min(due, last + bucketStart(bucket + 1));
        if (hasTrees() || record.room != 0) this.heap.update(slot, this.key(slot, block), last);
      }
    }
    this.due = due;
  }

  /** First part of the heap's key: the longest wait is the least. */
  private key(slot: u32, block: u32): u64 {
    const row = this.row(slot);
    const score = this.score(row);
    if (record.room != 0) recordRow(row, block, this.env.now, score);
    return descending(score);
  }

  private score(row: usize): f64 {
    if (!hasTrees()) return 0;
    const low = load<u64>(row);
    const high = load<u64>(row, 8);
    const at = this.memo + <usize>(mix(low ^ mix(high)) >> (64 - MEMO_BITS)) * MEMO_BYTES;
    if (load<u64>(at) == low && load<u64>(at, 8) == high) return load<f64>(at, 16);
    const score = scoreRow(row);
    store<u64>(at, low);
    store<u64>(at, high, 8);
    store<f64>(at, score, 16);
    return score;
  }

  /** Whether no resident block, looked at afresh, should go before this one. For assertions. */
  private isWorst(victim: u32): bool {
    const key = this.freshKey(victim);
    const last = this.history.lastTouch(this.env.blockIn(victim));
    for (let k: u32 = 0; k < AGE_BUCKETS; k++) {
      let slot = this.ages[k].isEmpty() ? u32.MAX_VALUE : this.ages[k].tail();
      for (; slot != u32.MAX_VALUE; slot = this.ages[k].newer(slot)) {
        const other = this.freshKey(slot);
        const touched = this.history.lastTouch(this.env.blockIn(slot));
        if (other < key || (other == key && touched < last)) return false;
      }
    }
    return true;
  }

  private freshKey(slot: u32): u64 {
    const age = ageBucket(this.env.now - this.history.lastTouch(this.env.blockIn(slot)));
    assert(age == <u32>load<u8>(this.row(slot)), "a block outgrew its bucket unseen");
    return descending(scoreRow(this.row(slot)));
  }
}

/** Unsigned integers in the opposite order of the numbers; 0 and -0 are one. */
@inline function descending(score: f64): u64 {
  const bits = reinterpret<u64>(score + 0.0);
  return (bits >> 63) != 0 ? bits : ~(bits | 0x8000000000000000);
}
