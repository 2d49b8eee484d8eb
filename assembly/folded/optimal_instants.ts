/**
 * MIN with bypass at one capacity, tail-first: a request is one instant, see `kernels/optimal.ts`.
 *
 * The number of a run orders next uses, and a block deeper in its run is used later. At an instant
 * all blocks of the request that are used again are let in, run by run, and the furthest leave
 * until the rest fit; so of every run that is still to come a leading part is resident, and one
 * count says which.
 *
 * Cost: O(1) per run in practice; 4.1 bytes per run.
 */
import { TimeBits } from "../columns/time_bits";
import { header } from "../columns/trace";
import { FoldedResult } from "./layout";
import { get, Pass, put, words } from "./pass";
import { Runs } from "./runs";

@final export class OptimalInstants extends Pass {
  /** u32[runs]: resident blocks of the run, the first ones. */
  private readonly held: usize;
  /** Runs that hold blocks; those of the past are left behind, below every one that matters. */
  private readonly holding: TimeBits;
  private furthest: u32 = 0;
  /** Resident blocks that will be used again; others make way whenever room is asked for. */
  private used: u64 = 0;

  constructor(
    private readonly runs: Runs,
    private readonly capacity: u32,
    private readonly result: FoldedResult,
  ) {
    super(header.requests);
    this.held = words(runs.count);
    this.holding = new TimeBits(runs.count);
  }

  run(from: u32, to: u32): void {
    for (let r = from; r < to; r++) {
      const first = get(header.firstExtent, r);
      const end = get(header.firstExtent, r + 1);
      this.hit(get(this.runs.first, first), get(this.runs.first, end));
      this.letIn(get(this.runs.firstNext, first), get(this.runs.firstNext, end));
      this.makeRoom();
    }
  }

  /** Counts what the request finds at its arrival; it stands for nothing any more. */
  private hit(from: u32, to: u32): void {
    let leads = true;
    for (let run = from; run < to; run++) {
      const held = get(this.held, run);
      this.used -= held;
      this.result.hits += held;
      if (leads) this.result.prefixHits += held;
      if (held < get(this.runs.blockCount, run)) leads = false;
    }
  }

  /** All blocks that are used again enter, hit or missed. */
  private letIn(from: u32, to: u32): void {
    for (let i = from; i < to; i++) {
      const run = get(this.runs.next, i);
      const blocks = get(this.runs.blockCount, run);
      put(this.held, run, blocks);
      this.used += blocks;
      this.holding.add(run);
      if (run > this.furthest) this.furthest = run;
    }
  }

  private makeRoom(): void {
    while (this.used > this.capacity) {
      const held = get(this.held, this.furthest);
      const gone = <u32>min<u64>(held, this.used - this.capacity);
      put(this.held, this.furthest, held - gone);
      this.used -= gone;
      if (gone < held) return;
      this.holding.remove(this.furthest);
      this.furthest = this.holding.highestBelow(this.furthest);
    }
  }
}
