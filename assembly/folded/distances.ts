/**
 * The LRU stack distance of every run: distinct other blocks touched since its last touch.
 *
 * Slots in use stand in a Fenwick tree over their numbers. Root-first, block `i` of a run of `k`
 * that lies `q` blocks into its extent has above it: the newer slots, the `k - 1 - i` blocks of its
 * own slot that were touched after it, and the `q + i` blocks of this extent that are touched
 * before it now. The sum does not depend on `i`. Tail-first, look-ups happen at the request's
 * arrival and slots were filled last block first, so block `i` has the newer slots and `i` blocks.
 *
 * Source: Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal
 * 1970; Bennett and Kruskal, "LRU stack processing", IBM Journal of R&D 1975. Runs are ours.
 *
 * Cost: O(log slots) per run; 4 bytes per slot.
 */
import { TouchOrder } from "../abi";
import { header } from "../columns/trace";
import { FoldedResult } from "./layout";
import { get, Pass, put, words } from "./pass";
import { NONE, Runs } from "./runs";
import { Slots } from "./slots";

@final export class Distances extends Pass {
  /** u32[slots + 1]: blocks of the slots in use, each entry the sum of those below it. */
  private readonly tree: usize;
  /** Slots taken so far, and the blocks of those in use. */
  private taken: u32 = 0;
  private used: u32 = 0;
  /** u32[runs], as `ReuseRuns` has them. */
  private readonly request: usize;
  private readonly extent: usize;
  private readonly previousRequest: usize;
  private readonly distance: usize;
  private readonly peak: usize;

  constructor(
    private readonly runs: Runs,
    private readonly slots: Slots,
    private readonly touch: TouchOrder,
    result: FoldedResult,
  ) {
    super(header.requests);
    const count = runs.count;
    this.tree = words(slots.most + 1);
    this.request = words(count);
    this.extent = words(count);
    this.previousRequest = words(count);
    this.distance = words(count);
    this.peak = words(count);
    result.runs = count;
    result.request = <u32>this.request;
    result.extent = <u32>this.extent;
    result.firstBlock = <u32>runs.firstBlock;
    result.blockCount = <u32>runs.blockCount;
    result.previousRequest = <u32>this.previousRequest;
    result.distance = <u32>this.distance;
    result.peak = <u32>this.peak;
  }

  run(from: u32, to: u32): void {
    for (let r = from; r < to; r++) {
      if (this.touch == TouchOrder.RootFirst) this.inTurn(r);
      else this.atArrival(r);
    }
  }

  private inTurn(r: u32): void {
    let peak: u32 = 0;
    const end = get(header.firstExtent, r + 1);
    for (let e = get(header.firstExtent, r); e < end; e++) {
      let touched: u32 = 0;
      const last = get(this.runs.first, e + 1);
      for (let run = get(this.runs.first, e); run < last; run++) {
        const blocks = get(this.runs.blockCount, run);
        let distance = this.newer(run);
        if (distance != NONE) {
          this.leave(run, blocks);
          distance += touched + blocks - 1;
        }
        this.write(run, r, e, distance, peak);
        peak = max(peak, distance);
        touched += blocks;
      }
      this.take(get(this.slots.end, e));
    }
  }

  private atArrival(r: u32): void {
    const runs = this.runs;
    let peak: u32 = 0;
    const firstExtent = get(header.firstExtent, r);
    const end = get(header.firstExtent, r + 1);
    for (let e = firstExtent; e < end; e++) {
      const last = get(runs.first, e + 1);
      for (let run = get(runs.first, e); run < last; run++) {
        const distance = this.newer(run);
        this.write(run, r, e, distance, peak);
        const deepest = distance + get(runs.blockCount, run) - 1;
        peak = max(peak, distance == NONE ? NONE : deepest);
      }
    }
    const last = get(runs.first, end);
    for (let run = get(runs.first, firstExtent); run < last; run++) {
      if (get(runs.source, run) != NONE) this.leave(run, get(runs.blockCount, run));
    }
    this.take(get(this.slots.first, r + 1));
  }

  @inline private write(run: u32, r: u32, e: u32, distance: u32, peak: u32): void {
    const source = get(this.runs.source, run);
    put(this.request, run, r);
    put(this.extent, run, e);
    put(this.previousRequest, run, source == NONE ? NONE : get(this.runs.request, source));
    put(this.distance, run, distance);
    put(this.peak, run, peak);
  }

  /** Blocks of the slots that are newer than the one that the run leaves; `NONE` without one. */
  @inline private newer(run: u32): u32 {
    if (get(this.runs.source, run) == NONE) return NONE;
    let sum: u32 = 0;
    for (let i = get(this.slots.left, run) + 1; i > 0; i &= i - 1) sum += get(this.tree, i);
    return this.used - sum;
  }

  /** Empties the slot of the run. */
  @inline private leave(run: u32, blocks: u32): void {
    for (let i = get(this.slots.left, run) + 1; i <= this.taken; i += i & (0 - i)) {
      put(this.tree, i, get(this.tree, i) - blocks);
    }
    this.used -= blocks;
  }

  /** Puts the slots before `end` to use: an entry is the sum of those that were made before it. */
  private take(end: u32): void {
    while (this.taken < end) {
      let sum = get(this.slots.blocks, this.taken);
      this.used += sum;
      const i = ++this.taken;
      const low = i & (i - 1);
      for (let j = i - 1; j > low; j &= j - 1) sum += get(this.tree, j);
      put(this.tree, i, sum);
    }
  }
}
