/**
 * A queue in order of coming with a small counter per block: a use counts, and the block whose turn
 * it is pays one count for another round, or leaves when it has none.
 *
 * As `../../policies/clock.ts`. A block in use keeps its place in the queue, and is passed over.
 * Cost: O(log n) amortised; 8 bytes.
 *
 * ```
 * key: | turn u56 | rounds u8 |
 * ```
 */
import { insertKey, Keyed, popKey, removeKey } from "./keys";
import { OrderInput } from "./order";

const TURN: u64 = 8;
const ROUNDS: u64 = 0xff;

@final export class Clock extends Keyed {
  private readonly roundsMost: u64;

  constructor(input: OrderInput) {
    super(input.places);
    this.strands = true;
    this.roundsMost = (<u64>1 << <u64>input.parameter(0)) - 1;
  }

  onUse(entry: u32): void {
    const key = this.key(entry);
    if ((key & ROUNDS) < this.roundsMost) this.setKey(entry, key + 1);
  }

  enter(entry: u32): void {
    const key = this.key(entry);
    if (key >> TURN == 0) this.setKey(entry, (this.tick() << TURN) | key);
    insertKey(this.queue(this.placeOf(entry)), entry);
  }

  leave(entry: u32): void {
    removeKey(this.queue(this.placeOf(entry)), entry);
  }

  victim(place: u32): u32 {
    const queue = this.queue(place);
    let entry = popKey(queue);
    while ((this.key(entry) & ROUNDS) != 0) {
      this.setKey(entry, (this.tick() << TURN) | ((this.key(entry) & ROUNDS) - 1));
      insertKey(queue, entry);
      entry = popKey(queue);
    }
    return entry;
  }
}
