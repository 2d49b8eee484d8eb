/**
 * A table that grows: rows of a fixed size by number, zero until written. For what is numbered as
 * it comes, so that nobody need know how many there will be.
 *
 * Cost: O(1) amortised; at most twice the bytes of the highest row, and as many again that growing
 * left behind.
 */
import { take } from "../arena";

const ROOM_FIRST: u32 = 256;

@final export class Rows {
  private base: usize;
  private room: u32 = ROOM_FIRST;

  constructor(private readonly bytes: u32) {
    this.base = take(<usize>ROOM_FIRST * bytes);
  }

  /** Address of a row, until a higher one is asked for. */
  @inline at(index: u32): usize {
    if (index >= this.room) this.grow(index);
    return this.base + <usize>index * this.bytes;
  }

  private grow(index: u32): void {
    const used = <usize>this.room * this.bytes;
    while (this.room <= index) this.room <<= 1;
    const base = take(<usize>this.room * this.bytes);
    memory.copy(base, this.base, used);
    this.base = base;
  }
}
