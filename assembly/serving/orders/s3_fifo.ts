/**
 * A small queue in which most blocks die young, a main queue for those that are used while in it,
 * and names that send a block which comes again straight to the main queue.
 *
 * As `../../policies/s3_fifo.ts`, but that it declines nothing: an engine has computed the block
 * and must hold it. Blocks in use are counted in the main queue, and never leave.
 * Cost: O(log n) amortised; 8 bytes, 8 per place, and the names of `ghosts.ts`.
 *
 * ```
 * key: | when it came into its queue u61 | uses u2 | main u1 |
 * ```
 */
import { Ghosts } from "./ghosts";
import { insertKey, popKey } from "./keys";
import { OrderInput } from "./order";
import { SECOND, TwoQueues } from "./two_queues";

const ONE_USE: u64 = 2;
const USES: u64 = 6;
const CAME: u64 = 3;

/** Blocks of the main queue count, against its own room. */
@final export class S3Fifo extends TwoQueues {
  private readonly ghosts: Ghosts;
  private readonly threshold: u64;

  constructor(input: OrderInput) {
    super(input.places);
    this.strands = true;
    this.ghosts = new Ghosts(input, input.parameter(1));
    this.threshold = <u64>input.parameter(2) * ONE_USE;
    for (let i: u32 = 0; i < input.places; i++) {
      const capacity = input.capacity(i);
      const small = <u32>(<f64>capacity * input.parameter(0));
      this.setLimit(i, capacity - small);
    }
  }

  onAdd(entry: u32): void {
    const returns = this.ghosts.recall(this.placeOf(entry), load<u32>(entry));
    this.setKey(entry, <u64>returns);
  }

  onUse(entry: u32): void {
    const key = this.key(entry);
    if ((key & USES) != USES) this.setKey(entry, key + ONE_USE);
  }

  enter(entry: u32): void {
    const key = this.key(entry);
    if (key >> CAME == 0) {
      this.setKey(entry, (this.tick() << CAME) | key);
      if ((key & SECOND) != 0) this.count(this.placeOf(entry), 1);
    }
    insertKey(this.queueOf(entry), entry);
  }

  victim(place: u32): u32 {
    const main = this.queue(place, 1);
    if (!this.isOver(place) || this.isEmpty(place, 1)) {
      while (!this.isEmpty(place, 0)) {
        const entry = popKey(this.queue(place));
        if ((this.key(entry) & USES) < this.threshold) return entry;
        this.setKey(entry, (this.tick() << CAME) | SECOND);
        this.count(place, 1);
        insertKey(main, entry);
      }
    }
    let entry = popKey(main);
    while ((this.key(entry) & USES) != 0) {
      const uses = (this.key(entry) & USES) - ONE_USE;
      this.setKey(entry, (this.tick() << CAME) | uses | SECOND);
      insertKey(main, entry);
      entry = popKey(main);
    }
    return entry;
  }

  onDrop(entry: u32): void {
    const place = this.placeOf(entry);
    if (this.isSecond(entry)) this.count(place, -1);
    else this.ghosts.remember(place, load<u32>(entry));
  }

  forget(place: u32): void {
    this.ghosts.forget(place);
  }
}
