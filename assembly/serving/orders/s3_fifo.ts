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
import { take } from "../../arena";
import { Ghosts } from "./ghosts";
import { insertKey, Keyed, popKey, removeKey } from "./keys";
import { OrderInput } from "./order";

const MAIN: u64 = 1;
const ONE_USE: u64 = 2;
const USES: u64 = 6;
const CAME: u64 = 3;

@final export class S3Fifo extends Keyed {
  private readonly ghosts: Ghosts;
  private readonly threshold: u64;
  /** u32[places] each: blocks of the main queue, those in use among them; and its own room. */
  private readonly inMain: usize;
  private readonly mainRoom: usize;

  constructor(input: OrderInput) {
    super(input.places, 2);
    this.strands = true;
    this.ghosts = new Ghosts(input, input.parameter(1));
    this.threshold = <u64>input.parameter(2) * ONE_USE;
    this.inMain = take(<usize>input.places << 2);
    this.mainRoom = take(<usize>input.places << 2);
    for (let i: u32 = 0; i < input.places; i++) {
      const capacity = input.capacity(i);
      const small = <u32>(<f64>capacity * input.parameter(0));
      store<u32>(this.mainRoom + (i << 2), capacity - small);
    }
  }

  @inline private addMain(place: u32, more: i32): void {
    const at = this.inMain + (place << 2);
    store<u32>(at, load<u32>(at) + more);
  }

  @inline private queueOf(entry: u32): usize {
    return this.queue(this.placeOf(entry), <u32>(this.key(entry) & MAIN));
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
      if ((key & MAIN) != 0) this.addMain(this.placeOf(entry), 1);
    }
    insertKey(this.queueOf(entry), entry);
  }

  leave(entry: u32): void {
    removeKey(this.queueOf(entry), entry);
  }

  victim(place: u32): u32 {
    const main = this.queue(place, 1);
    const tooMany = load<u32>(this.inMain + (place << 2)) >
      load<u32>(this.mainRoom + (place << 2));
    if (!tooMany || this.isEmpty(place, 1)) {
      while (!this.isEmpty(place, 0)) {
        const entry = popKey(this.queue(place));
        if ((this.key(entry) & USES) < this.threshold) return entry;
        this.setKey(entry, (this.tick() << CAME) | MAIN);
        this.addMain(place, 1);
        insertKey(main, entry);
      }
    }
    let entry = popKey(main);
    while ((this.key(entry) & USES) != 0) {
      const uses = (this.key(entry) & USES) - ONE_USE;
      this.setKey(entry, (this.tick() << CAME) | uses | MAIN);
      insertKey(main, entry);
      entry = popKey(main);
    }
    return entry;
  }

  onDrop(entry: u32): void {
    const place = this.placeOf(entry);
    if ((this.key(entry) & MAIN) != 0) this.addMain(place, -1);
    else this.ghosts.remember(place, load<u32>(entry));
  }

  forget(place: u32): void {
    this.ghosts.forget(place);
  }
}
