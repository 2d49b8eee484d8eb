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
import { take } from "../../arena";
import { insertKey, Keyed, popKey, removeKey } from "./keys";
import { OrderInput } from "./order";

const PROTECTED: u64 = 1;

@final export class SlruPaper extends Keyed {
  /** u32[places] each: protected blocks, those in use among them; and how many there may be. */
  private readonly guarded: usize;
  private readonly most: usize;

  constructor(input: OrderInput) {
    super(input.places, 2);
    this.guarded = take(<usize>input.places << 2);
    this.most = take(<usize>input.places << 2);
    for (let i: u32 = 0; i < input.places; i++) {
      store<u32>(this.most + (i << 2), <u32>(<f64>input.capacity(i) * input.parameter(0)));
    }
  }

  @inline private addGuarded(place: u32, more: i32): void {
    const at = this.guarded + (place << 2);
    store<u32>(at, load<u32>(at) + more);
  }

  @inline private queueOf(entry: u32): usize {
    return this.queue(this.placeOf(entry), <u32>(this.key(entry) & PROTECTED));
  }

  onUse(entry: u32): void {
    if ((this.key(entry) & PROTECTED) != 0) return;
    this.setKey(entry, PROTECTED);
    this.addGuarded(this.placeOf(entry), 1);
  }

  enter(entry: u32): void {
    const place = this.placeOf(entry);
    this.setKey(entry, (this.tick() << 1) | (this.key(entry) & PROTECTED));
    insertKey(this.queueOf(entry), entry);
    const most = load<u32>(this.most + (place << 2));
    while (load<u32>(this.guarded + (place << 2)) > most && !this.isEmpty(place, 1)) {
      const cooled = popKey(this.queue(place, 1));
      this.addGuarded(place, -1);
      this.setKey(cooled, this.tick() << 1);
      insertKey(this.queue(place), cooled);
    }
  }

  leave(entry: u32): void {
    removeKey(this.queueOf(entry), entry);
  }

  victim(place: u32): u32 {
    return popKey(this.queue(place, <u32>this.isEmpty(place, 0)));
  }

  onDrop(entry: u32): void {
    if ((this.key(entry) & PROTECTED) != 0) this.addGuarded(this.placeOf(entry), -1);
  }
}
