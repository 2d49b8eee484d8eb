/**
 * Newcomers pass a queue where uses do not count; only a block that comes again while its name is
 * remembered is let in to the main one, which goes by last use.
 *
 * As `../../policies/two_queue.ts`. Blocks in use are counted among the newcomers, and never leave.
 * Roots that are shared are older than the tails of newcomers, leave before them, and strand them.
 * Cost: O(log n); 8 bytes, 8 per place, and the names of `ghosts.ts`.
 *
 * ```
 * key: | when it came, or was given back u63 | main u1 |
 * ```
 */
import { Ghosts } from "./ghosts";
import { insertKey, popKey } from "./keys";
import { OrderInput } from "./order";
import { SECOND, TwoQueues } from "./two_queues";


/** Newcomers count, against how many of them are left alone. */
@final export class TwoQueue extends TwoQueues {
  private readonly ghosts: Ghosts;

  constructor(input: OrderInput) {
    super(input.places);
    this.strands = true;
    this.ghosts = new Ghosts(input, input.parameter(1));
    for (let i: u32 = 0; i < input.places; i++) {
      const share = <u32>(<f64>input.capacity(i) * input.parameter(0));
      this.setLimit(i, max<u32>(1, share));
    }
  }

  onAdd(entry: u32): void {
    const returns = this.ghosts.recall(this.placeOf(entry), load<u32>(entry));
    this.setKey(entry, <u64>returns);
  }

  enter(entry: u32): void {
    const key = this.key(entry);
    if (key == 0) this.count(this.placeOf(entry), 1);
    if (key == 0 || (key & SECOND) != 0) this.setKey(entry, (this.tick() << 1) | (key & SECOND));
    insertKey(this.queueOf(entry), entry);
  }

  victim(place: u32): u32 {
    const newcomer = !this.isEmpty(place, 0) && (this.isOver(place) || this.isEmpty(place, 1));
    return popKey(this.queue(place, newcomer ? 0 : 1));
  }

  onDrop(entry: u32): void {
    if (this.isSecond(entry)) return;
    this.count(this.placeOf(entry), -1);
    this.ghosts.remember(this.placeOf(entry), load<u32>(entry));
  }

  forget(place: u32): void {
    this.ghosts.forget(place);
  }
}
