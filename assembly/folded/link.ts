/**
 * Finds the runs of a trace and links each to its source, in three passes.
 *
 * Touching an extent leaves one piece whose value is the extent. Request by request, extent by
 * extent, so a block that comes twice in a request finds itself there. Where none does, extents of
 * a request share no block, and looking them all up first would find the same runs.
 */
import { header } from "../columns/trace";
import { Cuts } from "./cuts";
import { get, Pass, put, words } from "./pass";
import { Pieces } from "./pieces";
import { NONE, Runs } from "./runs";

/** Writes the runs, and collects those that begin at one cut in a list. */
@final export class LinkRuns extends Pass {
  /** u32[cuts]: a run that begins there, plus one. */
  readonly atCut: usize;
  /** u32[…]: the run before it in that list, plus one. */
  readonly alsoAtCut: usize;
  private readonly pieces: Pieces;
  private count: u32 = 0;

  constructor(private readonly cuts: Cuts, private readonly runs: Runs) {
    super(header.requests);
    this.pieces = new Pieces(cuts, NONE);
    this.atCut = words(cuts.count);
    this.alsoAtCut = words(<u32>min(<u64>header.extents * 3, <u64>header.accesses));
  }

  run(from: u32, to: u32): void {
    const runs = this.runs;
    for (let r = from; r < to; r++) {
      const firstExtent = get(header.firstExtent, r);
      const end = get(header.firstExtent, r + 1);
      for (let e = firstExtent; e < end; e++) {
        put(runs.request, e, r);
        put(runs.first, e, this.count);
        this.touch(e, firstExtent, r);
      }
      put(runs.first, end, this.count);
    }
  }

  private touch(e: u32, firstExtent: u32, r: u32): void {
    const pieces = this.pieces;
    const first = get(header.firstBlock, e);
    const low = this.cuts.of(first);
    const high = this.cuts.of(first + get(header.blockCount, e));
    const containing = pieces.find(low);
    if (containing != low) pieces.split(containing, low, pieces.value(containing));
    for (let piece = low; piece != high; piece = pieces.end(low)) {
      const source = pieces.value(piece);
      if (pieces.end(piece) > high) pieces.split(piece, high, source);
      this.write(piece, source);
      if (source != NONE && source >= firstExtent) this.refuseLater(r, piece);
      if (piece != low) pieces.join(low, piece);
    }
    pieces.setValue(low, e);
  }

  @inline private write(piece: u32, source: u32): void {
    const runs = this.runs;
    const run = this.count++;
    put(runs.firstBlock, run, get(this.cuts.block, piece));
    put(runs.blockCount, run, this.cuts.blocks(piece, this.pieces.end(piece)));
    put(runs.source, run, source);
    if (source == NONE) return;
    put(this.alsoAtCut, run, get(this.atCut, piece));
    put(this.atCut, piece, run + 1);
    put(runs.firstNext, source + 2, get(runs.firstNext, source + 2) + 1);
  }

  /** Root-first this is a trace like any other. */
  private refuseLater(r: u32, piece: u32): void {
    if (this.runs.repeatRequest != NONE) return;
    this.runs.repeatRequest = r;
    this.runs.repeatBlock = get(this.cuts.block, piece);
  }
}

/**
 * Turns the number of runs from each source into where they begin. Counts stand two places up and
 * beginnings one, so that after `SortRuns` has moved each to its end, all stand where they belong.
 */
@final export class PlaceRuns extends Pass {
  private next: u32 = 0;

  constructor(private readonly runs: Runs) {
    super(header.extents);
  }

  run(from: u32, to: u32): void {
    for (let e = from; e < to; e++) {
      const count = get(this.runs.firstNext, e + 2);
      put(this.runs.firstNext, e + 1, this.next);
      this.next += count;
    }
  }
}

/**
 * Writes the runs from each source, by block: cut after cut. Runs that begin at one cut have
 * different sources, since an extent is the last toucher of a block once.
 */
@final export class SortRuns extends Pass {
  constructor(cuts: Cuts, private readonly runs: Runs, private readonly link: LinkRuns) {
    super(cuts.count);
  }

  run(from: u32, to: u32): void {
    const runs = this.runs;
    for (let cut = from; cut < to; cut++) {
      let run = get(this.link.atCut, cut);
      for (; run != 0; run = get(this.link.alsoAtCut, run - 1)) {
        const source = get(runs.source, run - 1);
        const place = get(runs.firstNext, source + 1);
        put(runs.next, place, run - 1);
        put(runs.firstNext, source + 1, place + 1);
      }
    }
  }
}
