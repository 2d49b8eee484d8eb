/**
 * All blocks as a row of pieces that are split on demand, each with a value of its own.
 *
 * A piece is known by the cut where it begins. It knows its end, so that walking needs no search;
 * only the piece that contains a given cut is searched for.
 *
 * Cost: 8.1 bytes per cut.
 */
import { TimeBits } from "../columns/time_bits";
import { Cuts } from "./cuts";
import { get, put, words } from "./pass";

@final export class Pieces {
  private readonly starts: TimeBits;
  /** u32[cuts], at the first cut of a piece: the cut after its last block. */
  private readonly ends: usize;
  private readonly values: usize;

  /** One piece over everything. */
  constructor(cuts: Cuts, value: u32) {
    this.starts = new TimeBits(cuts.count);
    this.ends = words(cuts.count);
    this.values = words(cuts.count);
    this.starts.add(0);
    put(this.ends, 0, cuts.count - 1);
    put(this.values, 0, value);
  }

  /** The piece that contains the block at a cut. */
  @inline find(cut: u32): u32 {
    return this.starts.lastUpTo(cut);
  }

  @inline end(piece: u32): u32 {
    return get(this.ends, piece);
  }

  @inline value(piece: u32): u32 {
    return get(this.values, piece);
  }

  @inline setValue(piece: u32, value: u32): void {
    put(this.values, piece, value);
  }

  /** Ends a piece at `cut`; the rest of it is a piece with this value. */
  @inline split(piece: u32, cut: u32, value: u32): void {
    this.starts.add(cut);
    put(this.ends, cut, get(this.ends, piece));
    put(this.values, cut, value);
    put(this.ends, piece, cut);
  }

  /** Makes one piece of a piece and the next one, with the value of the first. */
  @inline join(piece: u32, next: u32): void {
    assert(get(this.ends, piece) == next);
    put(this.ends, piece, get(this.ends, next));
    this.starts.remove(next);
  }
}
