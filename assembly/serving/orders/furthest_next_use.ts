/**
 * The block leaves first that the rest of the trace asks for last: the oracle. Of those that one
 * request asks for next, and of those that none does, the one given back longest ago.
 *
 * It knows in which order requests come, not where they will be routed, or how long they take. So
 * it is no bound, and never called optimal: another rule may serve sooner.
 * As `../../policies/furthest_next_use.ts`, with requests for positions in the trace.
 *
 * A prefix is asked for no later than its tail and given back after it, so nothing is stranded.
 * Cost: O(log n), and as much again for each place that holds a block when a request for it is let
 * in; 16 bytes, 4 per block of the trace, and those of `upcoming.ts`.
 *
 * ```
 * key: | nearness u26 | when it was given back u38 |
 * ```
 */
import { NONE } from "../../abi_serving";
import { take } from "../../arena";
import { header as trace } from "../../columns/trace";
import { insertKey, KEYED_BYTES, Keyed, popKey, removeKey } from "./keys";
import { OrderInput, USERS } from "./order";
import { Foresight, Upcoming } from "./upcoming";

/** Neighbours among the copies of a block in all places. */
const BEFORE: usize = KEYED_BYTES;
const AFTER: usize = BEFORE + 4;
const NEARNESS: u64 = 38;
const GIVEN_BACK: u64 = (1 << NEARNESS) - 1;
/** More requests than fit in memory. */
const NEVER: u64 = (1 << 26) - 1;

@final export class FurthestNextUse extends Keyed implements Foresight {
  /** u32[blocks of the trace]: the first copy. */
  private readonly copies: usize;

  constructor(input: OrderInput, private readonly upcoming: Upcoming) {
    super(input.places, 1, KEYED_BYTES + 8);
    this.copies = take(<usize>trace.blocks << 2);
    upcoming.orders.push(this);
  }

  @inline private nearness(block: u32): u64 {
    const next = this.upcoming.next(block);
    return next == NONE ? 0 : (NEVER - <u64>next) << NEARNESS;
  }

  onAdd(entry: u32): void {
    const block = load<u32>(entry);
    if (block >= trace.blocks) return;
    const head = this.copies + (<usize>block << 2);
    const after = load<u32>(head);
    store<u32>(entry, 0, BEFORE);
    store<u32>(entry, after, AFTER);
    if (after != 0) store<u32>(after, entry, BEFORE);
    store<u32>(head, entry);
  }

  onDrop(entry: u32): void {
    const block = load<u32>(entry);
    if (block >= trace.blocks) return;
    const before = load<u32>(entry, BEFORE);
    const after = load<u32>(entry, AFTER);
    if (before != 0) store<u32>(before, after, AFTER);
    else store<u32>(this.copies + (<usize>block << 2), after);
    if (after != 0) store<u32>(after, before, BEFORE);
  }

  enter(entry: u32): void {
    this.setKey(entry, this.nearness(load<u32>(entry)) | this.tick());
    insertKey(this.queue(this.placeOf(entry)), entry);
  }

  leave(entry: u32): void {
    removeKey(this.queue(this.placeOf(entry)), entry);
  }

  victim(place: u32): u32 {
    return popKey(this.queue(place));
  }

  moved(block: u32): void {
    let entry = load<u32>(this.copies + (<usize>block << 2));
    for (; entry != 0; entry = load<u32>(entry, AFTER)) {
      if (load<u32>(entry, USERS) > 0) continue;
      this.leave(entry);
      this.setKey(entry, this.nearness(block) | (this.key(entry) & GIVEN_BACK));
      insertKey(this.queue(this.placeOf(entry)), entry);
    }
  }
}
