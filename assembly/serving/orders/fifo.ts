/**
 * The block that came first leaves first; uses change nothing. A block comes when it is first given
 * back, so that the tail of a request stands before its root; but a root that later requests share
 * is older than their tails, leaves before them, and strands them.
 *
 * As `../../policies/fifo.ts`. Cost: O(log n), since a block that was used takes its old place
 * again; 8 bytes.
 */
import { insertKey, Keyed, popKey, removeKey } from "./keys";
import { OrderInput } from "./order";

@final export class Fifo extends Keyed {
  constructor(input: OrderInput) {
    super(input.places);
    this.strands = true;
  }

  enter(entry: u32): void {
    if (this.key(entry) == 0) this.setKey(entry, this.tick());
    insertKey(this.queue(this.placeOf(entry)), entry);
  }

  leave(entry: u32): void {
    removeKey(this.queue(this.placeOf(entry)), entry);
  }

  victim(place: u32): u32 {
    return popKey(this.queue(place));
  }
}
