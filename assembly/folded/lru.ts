/**
 * LRU at one capacity, slot by slot, with a record of what was evicted, and when.
 *
 * A run is touched in the order in which it was touched last, so all its blocks have one stack
 * distance at their touch and hit or miss together: they hit when their slot is still whole. Of a
 * slot that is not, every block that is left goes before its turn comes, because each miss takes
 * the oldest block. A missing run is let in, and its victims removed, before the next run is
 * looked up; blocks of the same extent are the newest, and are taken last.
 *
 * Tail-first, hits are counted at the request's arrival: of a slot the blocks nearest to the root
 * were touched last, and stay longest.
 *
 * Cost: O(1) per run and slot; 8 bytes per slot, 12 per row of the record.
 */
import { TouchOrder } from "../abi";
import { header } from "../columns/trace";
import { FoldedResult } from "./layout";
import { get, Pass, put, words } from "./pass";
import { NONE, Runs } from "./runs";
import { Slots } from "./slots";

@final export class FoldedLru extends Pass {
  /** u32[slots]: blocks still held of each slot. */
  private readonly held: usize;
  /** u32[slots]: the request that filled it. */
  private readonly filledBy: usize;
  /** Blocks held in all, the oldest slot that may hold some, and the slots filled so far. */
  private used: u64 = 0;
  private oldest: u32 = 0;
  private filled: u32 = 0;
  /** Whether every block of the request so far was a hit. */
  private leads: bool = true;

  constructor(
    private readonly runs: Runs,
    private readonly slots: Slots,
    private readonly touch: TouchOrder,
    private readonly capacity: u32,
    private readonly result: FoldedResult,
  ) {
    super(header.requests);
    this.held = slots.blocks;
    this.filledBy = words(slots.most);
    // A row ends with its slot, or with the request: another request takes the rest.
    const rows = slots.most + header.requests;
    result.evictedBlocks = <u32>words(rows);
    result.touchedRequest = <u32>words(rows);
    result.evictedRequest = <u32>words(rows);
  }

  run(from: u32, to: u32): void {
    for (let r = from; r < to; r++) {
      const first = get(header.firstExtent, r);
      const end = get(header.firstExtent, r + 1);
      this.leads = true;
      if (this.touch == TouchOrder.RootFirst) {
        for (let e = first; e < end; e++) this.touchUpwards(e, r);
      } else {
        this.lookUp(get(this.runs.first, first), get(this.runs.first, end));
        for (let e = end; e-- > first;) this.touchDownwards(e, r);
      }
    }
  }

  /** Counts what the request finds at its arrival. */
  private lookUp(from: u32, to: u32): void {
    for (let run = from; run < to; run++) {
      const blocks = get(this.runs.blockCount, run);
      this.count(this.heldOf(run), blocks);
    }
  }

  /** Counts hits of the first `hits` blocks of a run. */
  @inline private count(hits: u32, blocks: u32): void {
    this.result.hits += hits;
    if (this.leads) this.result.prefixHits += hits;
    if (hits < blocks) this.leads = false;
  }

  @inline private heldOf(run: u32): u32 {
    if (get(this.runs.source, run) == NONE) return 0;
    return get(this.held, get(this.slots.left, run));
  }

  private touchUpwards(e: u32, r: u32): void {
    let touched: u32 = 0;
    const end = get(this.runs.first, e + 1);
    for (let run = get(this.runs.first, e); run < end; run++) {
      const blocks = get(this.runs.blockCount, run);
      this.count(this.move(run, blocks, touched, r) ? blocks : 0, blocks);
      touched += blocks;
    }
    this.fill(e, touched, r);
  }

  private touchDownwards(e: u32, r: u32): void {
    let touched: u32 = 0;
    const first = get(this.runs.first, e);
    for (let run = get(this.runs.first, e + 1); run-- > first;) {
      const blocks = get(this.runs.blockCount, run);
      this.move(run, blocks, touched, r);
      touched += blocks;
    }
    this.fill(e, touched, r);
  }

  /** Takes the run out of its slot, or lets it in; `true` when all of it hits. */
  @inline private move(run: u32, blocks: u32, touched: u32, r: u32): bool {
    if (this.heldOf(run) == blocks) {
      put(this.held, get(this.slots.left, run), 0);
      this.used -= blocks;
      return true;
    }
    const needed = this.used + touched + blocks;
    if (needed > this.capacity) this.evict(<u32>min(needed - this.capacity, this.used), r);
    assert(this.heldOf(run) == 0);
    return false;
  }

  /** Fills the slots of an extent; a longer one than the capacity loses what it touched first. */
  @inline private fill(e: u32, touched: u32, r: u32): void {
    const end = get(this.slots.end, e);
    while (this.filled < end) put(this.filledBy, this.filled++, r);
    this.used += touched;
    if (this.used > this.capacity) this.evict(<u32>(this.used - this.capacity), r);
  }

  /** Evicts the oldest `blocks` blocks. */
  private evict(blocks: u32, r: u32): void {
    this.used -= blocks;
    while (blocks > 0) {
      const held = get(this.held, this.oldest);
      const gone = min(held, blocks);
      if (gone > 0) this.write(gone, get(this.filledBy, this.oldest), r);
      put(this.held, this.oldest, held - gone);
      blocks -= gone;
      if (gone == held) this.oldest++;
    }
  }

  private write(blocks: u32, touched: u32, r: u32): void {
    const result = this.result;
    const last = result.evictedRows - 1;
    const continues = result.evictedRows > 0 && get(result.evictedRequest, last) == r &&
      get(result.touchedRequest, last) == touched;
    if (continues) {
      put(result.evictedBlocks, last, get(result.evictedBlocks, last) + blocks);
      return;
    }
    put(result.evictedBlocks, last + 1, blocks);
    put(result.touchedRequest, last + 1, touched);
    put(result.evictedRequest, last + 1, r);
    result.evictedRows++;
  }
}
