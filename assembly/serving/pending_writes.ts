/**
 * Blocks on their way to a store. A write is a chain of pieces of twelve blocks each.
 *
 * ```
 * piece: | store u32 | count u32 (of the whole write) | next u32 | last u32 | block u32 × 12 |
 * ```
 */
import { take } from "../arena";

const PIECE_BITS: usize = 6;
const COUNT: usize = 4;
const NEXT: usize = 8;
const LAST: usize = 12;
const BLOCKS: usize = 16;
const BLOCKS_EACH: u32 = 12;
const SLAB_BITS: u32 = 12;
const SLABS_MAX: u32 = 1 << 14;

@final export class PendingWrites {
  private readonly slabs: usize = take(<usize>SLABS_MAX << 2);
  private made: u32 = 1;
  private spare: u32 = 0;

  @inline private at(piece: u32): usize {
    const slab = load<u32>(this.slabs + ((piece >> SLAB_BITS) << 2));
    return <usize>slab + (<usize>(piece & ((1 << SLAB_BITS) - 1)) << PIECE_BITS);
  }

  /** Begins a write without blocks. */
  make(store: u32): u32 {
    const piece = this.piece();
    const at = this.at(piece);
    storeWord(at, store);
    storeWord(at + LAST, piece);
    return piece;
  }

  private piece(): u32 {
    let piece = this.spare;
    if (piece != 0) {
      this.spare = load<u32>(this.at(piece), NEXT);
    } else {
      piece = this.made++;
      const slab = piece >> SLAB_BITS;
      assert(slab < SLABS_MAX, "more pieces than slabs");
      if (load<u32>(this.slabs + (slab << 2)) == 0) {
        storeWord(this.slabs + (slab << 2), <u32>take(1 << (PIECE_BITS + <usize>SLAB_BITS)));
      }
    }
    memory.fill(this.at(piece), 0, 1 << PIECE_BITS);
    return piece;
  }

  @inline store(write: u32): u32 {
    return load<u32>(this.at(write));
  }

  @inline count(write: u32): u32 {
    return load<u32>(this.at(write), COUNT);
  }

  add(write: u32, block: u32): void {
    const at = this.at(write);
    const count = load<u32>(at, COUNT);
    if (count > 0 && count % BLOCKS_EACH == 0) {
      const piece = this.piece();
      storeWord(this.at(load<u32>(at, LAST)) + NEXT, piece);
      storeWord(at + LAST, piece);
    }
    const last = this.at(load<u32>(at, LAST));
    storeWord(last + BLOCKS + ((count % BLOCKS_EACH) << 2), block);
    storeWord(at + COUNT, count + 1);
  }

  /** Block `index` of a write; cheapest in rising order for short writes. */
  block(write: u32, index: u32): u32 {
    let piece = write;
    for (let left = index / BLOCKS_EACH; left > 0; left--) piece = load<u32>(this.at(piece), NEXT);
    return load<u32>(this.at(piece) + BLOCKS + ((index % BLOCKS_EACH) << 2));
  }

  drop(write: u32): void {
    const last = load<u32>(this.at(write), LAST);
    storeWord(this.at(last) + NEXT, this.spare);
    this.spare = write;
  }
}

/** The built-in has the name of a field here. */
@inline function storeWord(at: usize, value: u32): void {
  store<u32>(at, value);
}
