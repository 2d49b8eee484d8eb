/**
 * The resident blocks of an optimum, each with the run that will touch it next: per run a row of
 * segments, appended at its deep end and trimmed there.
 *
 * A segment is known by the cut where it begins. It always begins at one: a run does, and inside a
 * run blocks go missing only up to its end or up to the next segment, because a missing part is let
 * in from its first block on and runs are trimmed from their last. So no block begins two segments,
 * and memory is bounded by the cuts.
 *
 * Cost: 12 bytes per cut, 8.1 per run.
 */
import { TimeBits } from "../columns/time_bits";
import { Cuts } from "./cuts";
import { get, put, words } from "./pass";
import { Runs } from "./runs";

@final export class Segments {
  /** Runs that hold blocks; those of the past are left behind, below every one that matters. */
  private readonly holding: TimeBits;
  /** The last run that holds blocks: the one of the furthest next use. */
  furthest: u32 = 0;
  /** u32[runs]: cut of its first and its last segment, plus one; 0 when it holds none. */
  private readonly firstOf: usize;
  private readonly lastOf: usize;
  /** u32[cuts], where segments begin: blocks, and the cuts of the neighbours in the run. */
  private readonly blocks: usize;
  private readonly before: usize;
  private readonly after: usize;

  constructor(private readonly cuts: Cuts, runs: Runs) {
    this.holding = new TimeBits(runs.count);
    this.firstOf = words(runs.count);
    this.lastOf = words(runs.count);
    this.blocks = words(cuts.count);
    this.before = words(cuts.count);
    this.after = words(cuts.count);
  }

  /** The first segment of a run, plus one, or 0. */
  @inline first(run: u32): u32 {
    return get(this.lastOf, run) == 0 ? 0 : get(this.firstOf, run);
  }

  /** The segment after this one in its run, plus one, or 0. Both are given plus one. */
  @inline next(segment: u32, run: u32): u32 {
    return segment == get(this.lastOf, run) ? 0 : get(this.after, segment - 1);
  }

  /** First block of a segment that is given plus one. */
  @inline start(segment: u32): u32 {
    return get(this.cuts.block, segment - 1);
  }

  /** The block after its last. */
  @inline end(segment: u32): u32 {
    return this.start(segment) + get(this.blocks, segment - 1);
  }

  /** Adds blocks behind all that the run holds. */
  @inline append(run: u32, block: u32, count: u32): void {
    const last = get(this.lastOf, run);
    if (last != 0 && this.end(last) == block) {
      put(this.blocks, last - 1, get(this.blocks, last - 1) + count);
      return;
    }
    const cut = this.cuts.of(block);
    put(this.blocks, cut, count);
    put(this.before, cut, last);
    put(this.lastOf, run, cut + 1);
    if (last != 0) {
      put(this.after, last - 1, cut + 1);
      return;
    }
    put(this.firstOf, run, cut + 1);
    this.holding.add(run);
    if (run > this.furthest) this.furthest = run;
  }

  /** Drops the furthest `count` blocks, or fewer, of runs after `run`; gives how many. */
  trim(count: u32, run: u32): u32 {
    let left = count;
    while (left > 0 && this.furthest > run) {
      const far = this.furthest;
      const last = get(this.lastOf, far);
      const held = get(this.blocks, last - 1);
      if (held > left) {
        put(this.blocks, last - 1, held - left);
        return count;
      }
      left -= held;
      const before = get(this.before, last - 1);
      put(this.lastOf, far, before);
      if (before != 0) continue;
      this.holding.remove(far);
      this.furthest = this.holding.highestBelow(far);
    }
    return count - left;
  }
}
