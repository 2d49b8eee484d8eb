/**
 * FIFO at one capacity: insertions are numbered, and the newest `capacity` numbers are resident.
 *
 * The blocks of a piece were inserted one after the other, so their numbers follow each other in
 * the order of touch, and a part of it hits or misses as a whole: a miss raises by one the least
 * number that is resident, and the number of the next block is higher by one, too. Hits change
 * nothing, so only insertions split pieces.
 *
 * Tail-first, hits are counted at the request's arrival, where nothing rises: of a piece the
 * blocks nearest to the root were inserted last, and are resident longest.
 *
 * Cost: O(1) per piece met; 8.1 bytes per cut.
 */
import { TouchOrder } from "../abi";
import { header } from "../columns/trace";
import { Cuts } from "./cuts";
import { FoldedResult } from "./layout";
import { get, Pass } from "./pass";
import { Pieces } from "./pieces";

@final export class FoldedFifo extends Pass {
  /** The value of a piece: the number of its first block, from 1; 0 before the first insertion. */
  private readonly pieces: Pieces;
  private inserted: u32 = 0;
  private leads: bool = true;

  constructor(
    private readonly cuts: Cuts,
    private readonly touch: TouchOrder,
    private readonly capacity: u32,
    private readonly result: FoldedResult,
  ) {
    super(header.requests);
    this.pieces = new Pieces(cuts, 0);
  }

  run(from: u32, to: u32): void {
    for (let r = from; r < to; r++) {
      const first = get(header.firstExtent, r);
      const end = get(header.firstExtent, r + 1);
      this.leads = true;
      if (this.touch == TouchOrder.RootFirst) {
        for (let e = first; e < end; e++) this.touchUpwards(this.low(e), this.high(e));
      } else {
        for (let e = first; e < end; e++) this.lookUp(this.low(e), this.high(e));
        for (let e = end; e-- > first;) this.touchDownwards(this.low(e), this.high(e));
      }
    }
  }

  @inline private low(e: u32): u32 {
    return this.cuts.of(get(header.firstBlock, e));
  }

  @inline private high(e: u32): u32 {
    return this.cuts.of(get(header.firstBlock, e) + get(header.blockCount, e));
  }

  /** How many numbers from this one down are resident, itself included. */
  @inline private residentFrom(number: u32): u64 {
    if (number == 0) return 0;
    const end = <u64>number + this.capacity;
    return end > this.inserted ? end - this.inserted : 0;
  }

  /** Counts hits of the first `hits` blocks of a part. */
  @inline private count(hits: u32, blocks: u32): void {
    this.result.hits += hits;
    if (this.leads) this.result.prefixHits += hits;
    if (hits < blocks) this.leads = false;
  }

  private touchUpwards(low: u32, high: u32): void {
    const pieces = this.pieces;
    let piece = pieces.find(low);
    // The last part of this extent that was inserted, while it ends where we are.
    let joins = high;
    for (let at = low; at < high;) {
      const end = pieces.end(piece);
      const stop = min(end, high);
      const blocks = this.cuts.blocks(at, stop);
      const number = pieces.value(piece);
      const here = number == 0 ? 0 : number + this.cuts.blocks(piece, at);
      if (this.residentFrom(here) > 0) {
        this.count(blocks, blocks);
        joins = high;
      } else {
        this.count(0, blocks);
        if (at > piece) pieces.split(piece, at, here);
        if (stop < end) pieces.split(at, stop, number == 0 ? 0 : here + blocks);
        pieces.setValue(at, this.inserted + 1);
        this.inserted += blocks;
        if (joins < high) pieces.join(joins, at);
        else joins = at;
      }
      at = stop;
      piece = stop;
    }
  }

  private lookUp(low: u32, high: u32): void {
    const pieces = this.pieces;
    let piece = pieces.find(low);
    for (let at = low; at < high;) {
      const stop = min(pieces.end(piece), high);
      const blocks = this.cuts.blocks(at, stop);
      const number = pieces.value(piece);
      const here = number == 0 ? 0 : number - this.cuts.blocks(piece, at);
      this.count(<u32>min<u64>(this.residentFrom(here), blocks), blocks);
      at = stop;
      piece = stop;
    }
  }

  private touchDownwards(low: u32, high: u32): void {
    const pieces = this.pieces;
    // The last part of this extent that was inserted, while it begins where we are.
    let joins = low;
    for (let stop = high; stop > low;) {
      const piece = pieces.find(stop - 1);
      const at = max(piece, low);
      const blocks = this.cuts.blocks(at, stop);
      const number = pieces.value(piece);
      const after = number == 0 ? 0 : number - this.cuts.blocks(piece, stop);
      if (number != 0 && this.residentFrom(after + 1) > 0) {
        joins = low;
      } else {
        if (stop < pieces.end(piece)) pieces.split(piece, stop, after);
        if (at > piece) pieces.split(piece, at, 0);
        this.inserted += blocks;
        pieces.setValue(at, this.inserted);
        if (joins > low) pieces.join(at, stop);
        joins = at;
      }
      stop = at;
    }
  }
}
