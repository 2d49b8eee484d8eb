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
import { take } from "../../arena";
import { Ghosts } from "./ghosts";
import { insertKey, Keyed, popKey, removeKey } from "./keys";
import { OrderInput } from "./order";

const MAIN: u64 = 1;

@final export class TwoQueue extends Keyed {
  private readonly ghosts: Ghosts;
  /** u32[places] each: newcomers, those in use among them; and how many are left alone. */
  private readonly newcomers: usize;
  private readonly spared: usize;

  constructor(input: OrderInput) {
    super(input.places, 2);
    this.strands = true;
    this.ghosts = new Ghosts(input, input.parameter(1));
    this.newcomers = take(<usize>input.places << 2);
    this.spared = take(<usize>input.places << 2);
    for (let i: u32 = 0; i < input.places; i++) {
      const share = <u32>(<f64>input.capacity(i) * input.parameter(0));
      store<u32>(this.spared + (i << 2), max<u32>(1, share));
    }
  }

  @inline private addNewcomers(place: u32, more: i32): void {
    const at = this.newcomers + (place << 2);
    store<u32>(at, load<u32>(at) + more);
  }

  @inline private queueOf(entry: u32): usize {
    return this.queue(this.placeOf(entry), <u32>(this.key(entry) & MAIN));
  }

  onAdd(entry: u32): void {
    const returns = this.ghosts.recall(this.placeOf(entry), load<u32>(entry));
    this.setKey(entry, <u64>returns);
  }

  enter(entry: u32): void {
    const key = this.key(entry);
    if (key == 0) this.addNewcomers(this.placeOf(entry), 1);
    if (key == 0 || (key & MAIN) != 0) this.setKey(entry, (this.tick() << 1) | (key & MAIN));
    insertKey(this.queueOf(entry), entry);
  }

  leave(entry: u32): void {
    removeKey(this.queueOf(entry), entry);
  }

  victim(place: u32): u32 {
    const tooMany = load<u32>(this.newcomers + (place << 2)) >
      load<u32>(this.spared + (place << 2));
    const newcomer = !this.isEmpty(place, 0) && (tooMany || this.isEmpty(place, 1));
    return popKey(this.queue(place, newcomer ? 0 : 1));
  }

  onDrop(entry: u32): void {
    if ((this.key(entry) & MAIN) != 0) return;
    this.addNewcomers(this.placeOf(entry), -1);
    this.ghosts.remember(this.placeOf(entry), load<u32>(entry));
  }

  forget(place: u32): void {
    this.ghosts.forget(place);
  }
}
