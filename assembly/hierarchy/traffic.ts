/**
 * What moved between tiers, by cause: counts and bytes, no times. The place after the last tier is
 * the GPU, which computes blocks and may read them where they are.
 *
 * A block has other bytes in another scheme. What crosses a link is the narrower form; the wider
 * one is counted beside it, because that is what quantising handles.
 */
import { Cause, CAUSES_COUNT } from "../abi";
import { take } from "../arena";

@final export class Traffic {
  readonly places: u32;
  /** u64[causes][places][places] each. */
  readonly moves: usize;
  readonly bytes: usize;
  readonly wideBytes: usize;
  /** u64[causes]: bytes of demotions among them. */
  readonly demoted: usize;
  private readonly span: usize;

  constructor(tiers: u32) {
    this.places = tiers + 1;
    this.span = (<usize>this.places * this.places * <u32>CAUSES_COUNT) << 3;
    this.moves = take(this.span);
    this.bytes = take(this.span);
    this.wideBytes = take(this.span);
    this.demoted = take(<usize>CAUSES_COUNT << 3);
  }

  @inline add(cause: Cause, source: u32, target: u32, narrow: u64, wide: u64): void {
    const cell = <usize>((<u32>cause * this.places + source) * this.places + target) << 3;
    store<u64>(this.moves + cell, load<u64>(this.moves + cell) + 1);
    store<u64>(this.bytes + cell, load<u64>(this.bytes + cell) + narrow);
    store<u64>(this.wideBytes + cell, load<u64>(this.wideBytes + cell) + wide);
  }

  @inline addDemoted(cause: Cause, bytes: u64): void {
    const cell = this.demoted + (<usize>cause << 3);
    store<u64>(cell, load<u64>(cell) + bytes);
  }

  /** Counting begins anew. */
  clear(): void {
    memory.fill(this.moves, 0, this.span);
    memory.fill(this.bytes, 0, this.span);
    memory.fill(this.wideBytes, 0, this.span);
    memory.fill(this.demoted, 0, <usize>CAUSES_COUNT << 3);
  }
}
