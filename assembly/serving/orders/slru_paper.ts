/**
 * Blocks on probation and protected ones, each by last use. A block that is used again is protected
 * until others need its place there; then it is on probation once more, as if just used.
 *
 * As `../../policies/slru_paper.ts`. Blocks in use are counted among the protected and never
 * cooled, so that there may be too many of them for a while. A tail is protected or cooled no later
 * than its prefix, so nothing is stranded. Cost: O(log n) amortised; 8 bytes, and 8 per place.
 *
 * ```
 * key: | when it was given back u63 | protected u1 |
 * ```
 */
import { insertKey, popKey } from "./keys";
import { OrderInput } from "./order";
import { SECOND, TwoQueues } from "./two_queues";


/** Protected blocks count, against how many there may be. */
@final export class SlruPaper extends TwoQueues {
  constructor(input: OrderInput) {
    super(input.places);
    for (let i: u32 = 0; i < input.places; i++) {
      this.setLimit(i, <u32>(<f64>input.capacity(i) * input.parameter(0)));
    }
  }

  onUse(entry: u32): void {
    if (this.isSecond(entry)) return;
    this.setKey(entry, SECOND);
    this.count(this.placeOf(entry), 1);
  }

  enter(entry: u32): void {
    const place = this.placeOf(entry);
    this.setKey(entry, (this.tick() << 1) | (this.key(entry) & SECOND));
    insertKey(this.queueOf(entry), entry);
    while (this.isOver(place) && !this.isEmpty(place, 1)) {
      const cooled = popKey(this.queue(place, 1));
      this.count(place, -1);
      this.setKey(cooled, this.tick() << 1);
      insertKey(this.queue(place), cooled);
    }
  }

  victim(place: u32): u32 {
    return popKey(this.queue(place, <u32>this.isEmpty(place, 0)));
  }

  onDrop(entry: u32): void {
    if (this.isSecond(entry)) this.count(this.placeOf(entry), -1);
  }
}
