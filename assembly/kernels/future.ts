/**
 * The resident set of an oracle: a block is stood for by the position of its next use, so the bit
 * at the present says whether the touch hits, and the highest bit is the victim of MIN.
 *
 * Bits of the past are left behind: they are below every bit that matters.
 */
import { take } from "../arena";
import { TimeBits } from "../columns/time_bits";
import { header } from "../columns/trace";
import { KernelInput } from "./kernel";

@final export class Future {
  readonly uses: TimeBits;
  readonly capacity: u32;
  /** Resident blocks, `dead` included. */
  used: u32 = 0;
  /** Resident blocks whose last use has passed: room, whenever room is asked for. */
  dead: u32 = 0;
  /** The furthest next use of a resident block, or a position of the past. */
  furthest: u32 = 0;
  /** u32[slots]: which blocks are dead; 0 when no admission filter asks. */
  private readonly deadBlocks: usize;

  constructor(input: KernelInput, private readonly filtered: bool) {
    this.capacity = input.env.capacity;
    this.uses = new TimeBits(header.accesses);
    this.deadBlocks = filtered ? take(<usize>input.env.slots << 2) : 0;
  }

  @inline isFull(): bool {
    return this.used == this.capacity;
  }

  /** A block is used next at `position`. */
  @inline expect(position: u32): void {
    this.uses.add(position);
    if (position > this.furthest) this.furthest = position;
  }

  /** A resident block will not be used again. */
  @inline bury(block: u32): void {
    if (this.filtered) store<u32>(this.deadBlocks + (this.dead << 2), block);
    this.dead++;
  }

  /** The block that gives way next. The set must not be empty. */
  victim(block: usize): u32 {
    if (this.dead > 0) return load<u32>(this.deadBlocks + ((this.dead - 1) << 2));
    return load<u32>(block + (this.furthest << 2));
  }

  /** Takes back a use, where bits of the present request could pass for the furthest. */
  @inline forget(position: u32): void {
    this.uses.remove(position);
    if (position == this.furthest) this.furthest = this.uses.highestBelow(position);
  }

  /** Drops the furthest use. */
  @inline dropFurthest(): void {
    this.uses.remove(this.furthest);
    this.furthest = this.uses.highestBelow(this.furthest);
  }
}
