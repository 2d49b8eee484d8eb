/**
 * MIN with bypass at one capacity, root-first: every touch decides for itself, see
 * `kernels/optimal.ts`.
 *
 * An extent is walked in parts: those that lie in one run, that are all resident or all missing,
 * and that go on to one next run or to none. Of a missing part as many blocks are let in as there
 * is room, and as blocks are used later than the part's next run; the others pass by, because in
 * their own run only blocks before them are resident. No block of the extent in progress makes way
 * for another one: what is let in is used after the extent.
 *
 * Cost: O(1) per part in practice; see `segments.ts`.
 */
import { header } from "../columns/trace";
import { Cuts } from "./cuts";
import { FoldedResult } from "./layout";
import { get, Pass } from "./pass";
import { NONE, Runs } from "./runs";
import { Segments } from "./segments";

@final export class FoldedOptimal extends Pass {
  private readonly segments: Segments;
  /** Places that are free, or hold a block that will not be used again. */
  private room: u32;
  private leads: bool = true;
  /** Where we are among the runs that follow the extent in progress, and the part's next run. */
  private next: u32 = 0;
  private nextEnd: u32 = 0;
  private following: u32 = NONE;

  constructor(
    cuts: Cuts,
    private readonly runs: Runs,
    capacity: u32,
    private readonly result: FoldedResult,
  ) {
    super(header.requests);
    this.segments = new Segments(cuts, runs);
    this.room = capacity;
  }

  run(from: u32, to: u32): void {
    for (let r = from; r < to; r++) {
      this.leads = true;
      const end = get(header.firstExtent, r + 1);
      for (let e = get(header.firstExtent, r); e < end; e++) this.touch(e);
    }
  }

  private touch(e: u32): void {
    const runs = this.runs;
    this.next = get(runs.firstNext, e);
    this.nextEnd = get(runs.firstNext, e + 1);
    const end = get(runs.first, e + 1);
    for (let run = get(runs.first, e); run < end; run++) {
      const first = get(runs.firstBlock, run);
      this.touchRun(run, first, first + get(runs.blockCount, run));
    }
  }

  private touchRun(run: u32, first: u32, end: u32): void {
    const segments = this.segments;
    let at = first;
    let segment = segments.first(run);
    while (segment != 0) {
      // What follows is read before a new segment may take the place of this one.
      const start = segments.start(segment);
      const stop = segments.end(segment);
      segment = segments.next(segment, run);
      this.pass(at, start, false);
      this.pass(start, stop, true);
      at = stop;
    }
    this.pass(at, end, false);
  }

  /** Goes through blocks of one past, part by part. */
  private pass(from: u32, to: u32, hit: bool): void {
    while (from < to) {
      const stop = min(to, this.follow(from));
      if (hit) this.hit(from, stop - from);
      else this.miss(from, stop - from);
      from = stop;
    }
  }

  /** Finds the run that touches the block next; gives the block up to which that is so. */
  @inline private follow(block: u32): u32 {
    const runs = this.runs;
    for (; this.next < this.nextEnd; this.next++) {
      const run = get(runs.next, this.next);
      const first = get(runs.firstBlock, run);
      const end = first + get(runs.blockCount, run);
      if (end <= block) continue;
      this.following = first <= block ? run : NONE;
      return first <= block ? end : first;
    }
    this.following = NONE;
    return u32.MAX_VALUE;
  }

  @inline private hit(block: u32, blocks: u32): void {
    this.result.hits += blocks;
    if (this.leads) this.result.prefixHits += blocks;
    if (this.following == NONE) this.room += blocks;
    else this.segments.append(this.following, block, blocks);
  }

  @inline private miss(block: u32, blocks: u32): void {
    this.leads = false;
    if (this.following == NONE) return;
    const roomy = min(this.room, blocks);
    this.room -= roomy;
    const entered = roomy + this.segments.trim(blocks - roomy, this.following);
    if (entered > 0) this.segments.append(this.following, block, entered);
  }
}
