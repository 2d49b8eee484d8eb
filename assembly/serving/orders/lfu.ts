/**
 * The block with the fewest uses since it came leaves first, of equals the one given back longest
 * ago. Counts do not age: a block that is popular once stays until all else has as many uses.
 *
 * As `../../policies/lfu.ts`. A prefix has at least the uses of its tail and is given back after
 * it, so nothing is stranded. Cost: O(log n); 8 bytes.
 *
 * ```
 * key: | uses u24 (no more are told apart) | when it was given back u40 |
 * ```
 */
import { insertKey, Keyed, popKey, removeKey } from "./keys";
import { OrderInput } from "./order";

const USES: u64 = 40;
const ONE_USE: u64 = 1 << USES;
const USES_MOST: u64 = 0xffffff << USES;

@final export class Lfu extends Keyed {
  constructor(input: OrderInput) {
    super(input.places);
  }

  onAdd(entry: u32): void {
    this.setKey(entry, ONE_USE);
  }

  onUse(entry: u32): void {
    const key = this.key(entry);
    if (key < USES_MOST) this.setKey(entry, key + ONE_USE);
  }

  enter(entry: u32): void {
    this.setKey(entry, (this.key(entry) & USES_MOST) | this.tick());
    insertKey(this.queue(this.placeOf(entry)), entry);
  }

  leave(entry: u32): void {
    removeKey(this.queue(this.placeOf(entry)), entry);
  }

  victim(place: u32): u32 {
    return popKey(this.queue(place));
  }
}
