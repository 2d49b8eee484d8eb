/**
 * The resident slots as a dense array, for policies that sample: any of them is drawn in one load.
 *
 * Cost: O(1) per change; 8 bytes per slot.
 */
import { take } from "../arena";
import { Random } from "../random";

@final export class Residents {
  length: u32 = 0;
  /** u32[slots]: resident slots, in no order. */
  private readonly slots: usize;
  /** u32[slots]: where a slot stands in `slots`. */
  private readonly position: usize;

  constructor(slots: u32) {
    this.slots = take(<usize>slots << 2);
    this.position = take(<usize>slots << 2);
  }

  insert(slot: u32): void {
    store<u32>(this.slots + (this.length << 2), slot);
    store<u32>(this.position + (slot << 2), this.length);
    this.length++;
  }

  remove(slot: u32): void {
    const hole = load<u32>(this.position + (slot << 2));
    const last = load<u32>(this.slots + (--this.length << 2));
    store<u32>(this.slots + (hole << 2), last);
    store<u32>(this.position + (last << 2), hole);
  }

  /** One of them, each with the same chance. There must be one. */
  @inline draw(random: Random): u32 {
    return load<u32>(this.slots + (random.below(this.length) << 2));
  }
}
