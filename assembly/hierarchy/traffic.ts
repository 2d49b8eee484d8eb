/**
 * What moved between tiers, by cause: counts and bytes, no times. The place after the last tier is
 * the GPU, which computes blocks and may read them where they are.
 *
 * Where all blocks have the same bytes only moves are counted, and `fill` multiplies in the end.
 *
 * A block has other bytes in another scheme. What crosses a link is the narrower form; the wider
 * one is counted beside it, because that is what quantising handles.
 */
import { Cause, CAUSES_COUNT } from "../abi_hierarchy";
import { take } from "../arena";

@final export class Traffic {
  readonly places: u32;
  /** u64[causes][places][places] each. */
  readonly moves: usize;
  readonly bytes: usize;
  readonly wideBytes: usize;
  private readonly span: usize;

  constructor(tiers: u32) {
    this.places = tiers + 1;
    this.span = (<usize>this.places * this.places * <u32>CAUSES_COUNT) << 3;
    this.moves = take(this.span);
    this.bytes = take(this.span);
    this.wideBytes = take(this.span);
  }

  @inline private cell(cause: Cause, source: u32, target: u32): usize {
    return <usize>((<u32>cause * this.places + source) * this.places + target) << 3;
  }

  @inline add(cause: Cause, source: u32, target: u32): void {
    this.addMany(cause, source, target, 1);
  }

  @inline addMany(cause: Cause, source: u32, target: u32, blocks: u32): void {
    const at = this.moves + this.cell(cause, source, target);
    store<u64>(at, load<u64>(at) + blocks);
  }

  addBytes(cause: Cause, source: u32, target: u32, narrow: u64, wide: u64): void {
    const cell = this.cell(cause, source, target);
    store<u64>(this.bytes + cell, load<u64>(this.bytes + cell) + narrow);
    store<u64>(this.wideBytes + cell, load<u64>(this.wideBytes + cell) + wide);
  }

  /** Bytes of all moves between two places, where every block has these. */
  fill(source: u32, target: u32, narrow: u64, wide: u64): void {
    for (let cause = 0; cause < CAUSES_COUNT; cause++) {
      const cell = this.cell(cause, source, target);
      const moves = load<u64>(this.moves + cell);
      store<u64>(this.bytes + cell, moves * narrow);
      store<u64>(this.wideBytes + cell, moves * wide);
    }
  }

  /** Counting begins anew. */
  clear(): void {
    memory.fill(this.moves, 0, this.span);
    memory.fill(this.bytes, 0, this.span);
    memory.fill(this.wideBytes, 0, this.span);
  }
}
