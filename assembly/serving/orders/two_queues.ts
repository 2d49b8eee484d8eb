/**
 * What rules with two queues share: the least bit of a key says which of the two a block belongs
 * to, and the blocks of one of them, those in use among them, are counted against a limit.
 */
import { take } from "../../arena";
import { Keyed, removeKey } from "./keys";

/** Of a key: the block belongs to the second queue. */
export const SECOND: u64 = 1;

export abstract class TwoQueues extends Keyed {
  /** u32[places] each: blocks that count, and how many there may be. */
  private readonly counts: usize;
  private readonly limits: usize;

  constructor(places: u32) {
    super(places, 2);
    this.counts = take(<usize>places << 2);
    this.limits = take(<usize>places << 2);
  }

  @inline protected setLimit(place: u32, limit: u32): void {
    store<u32>(this.limits + (place << 2), limit);
  }

  @inline protected count(place: u32, more: i32): void {
    const at = this.counts + (place << 2);
    store<u32>(at, load<u32>(at) + more);
  }

  /** Whether more blocks count than there may be. */
  @inline protected isOver(place: u32): bool {
    return load<u32>(this.counts + (place << 2)) > load<u32>(this.limits + (place << 2));
  }

  @inline protected isSecond(entry: u32): bool {
    return (this.key(entry) & SECOND) != 0;
  }

  @inline protected queueOf(entry: u32): usize {
    return this.queue(this.placeOf(entry), <u32>(this.key(entry) & SECOND));
  }

  leave(entry: u32): void {
    removeKey(this.queueOf(entry), entry);
  }
}
