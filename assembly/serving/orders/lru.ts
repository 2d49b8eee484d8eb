/**
 * The block that nobody uses for longest leaves first: vLLM's queue of free blocks, nameless ones
 * among them. Tails are given back before what they hang on, and leave before it.
 *
 * Cost: O(1); no bytes beyond the entry.
 */
import { take } from "../../arena";
import { ENTRY_BYTES, NEWER, OLDER, Order, PLACE } from "./order";

/** Of the two ends of a place's list, the second. */
const NEWEST: usize = 4;

@final export class Lru extends Order {
  /** | oldest u32 | newest u32 | per place; 0 for none. */
  private readonly ends: usize;

  constructor(places: u32) {
    super(ENTRY_BYTES);
    this.queuesNameless = true;
    this.ends = take(<usize>places << 3);
  }

  @inline private endsOf(place: u32): usize {
    return this.ends + (<usize>place << 3);
  }

  enter(entry: u32): void {
    const ends = this.endsOf(load<u32>(entry, PLACE));
    const newest = load<u32>(ends, NEWEST);
    store<u32>(entry, newest, OLDER);
    store<u32>(entry, 0, NEWER);
    if (newest != 0) store<u32>(newest, entry, NEWER);
    else store<u32>(ends, entry);
    store<u32>(ends, entry, NEWEST);
  }

  leave(entry: u32): void {
    const ends = this.endsOf(load<u32>(entry, PLACE));
    const older = load<u32>(entry, OLDER);
    const newer = load<u32>(entry, NEWER);
    if (older != 0) store<u32>(older, newer, NEWER);
    else store<u32>(ends, newer);
    if (newer != 0) store<u32>(newer, older, OLDER);
    else store<u32>(ends, older, NEWEST);
  }

  victim(place: u32): u32 {
    const entry = load<u32>(this.endsOf(place));
    this.leave(entry);
    return entry;
  }
}
