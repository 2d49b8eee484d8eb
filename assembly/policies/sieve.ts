/**
 * SIEVE: one queue in order of insertion and a hand that walks from its oldest to its newest
 * block. A hit only marks; the hand spares a marked block once and takes the first unmarked one.
 *
 * Source: Zhang et al., "SIEVE is simpler than LRU", NSDI 2024, algorithm 1.
 * Cost: O(1) amortised per touch; 9 bytes per slot.
 */
import { take } from "../arena";
import { List, Nodes, NONE } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class Sieve extends Policy {
  private readonly queue: List;
  /** u8[slots]: touched since the hand last passed. */
  private readonly marked: usize;
  /** Where the next search begins; `NONE` is the tail of the queue as it will then be. */
  private hand: u32 = NONE;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.quiet = true;
    this.queue = new Nodes(env.slots, 1).list(0);
    this.marked = take(env.slots);
  }

  onHit(slot: u32, _block: u32): void {
    store<u8>(this.marked + slot, 1);
  }

  @inline victim(): u32 {
    let slot = this.hand;
    if (slot == NONE) slot = this.queue.tail();
    while (load<u8>(this.marked + slot) != 0) {
      store<u8>(this.marked + slot, 0);
      slot = this.queue.newer(slot);
      if (slot == NONE) slot = this.queue.tail();
    }
    this.hand = slot;
    return slot;
  }

  @inline onRemove(slot: u32, _block: u32): void {
    if (this.hand == slot) this.hand = this.queue.newer(slot);
    this.queue.remove(slot);
  }

  @inline onInsert(slot: u32, _block: u32): void {
    store<u8>(this.marked + slot, 0);
    this.queue.pushHead(slot);
  }
}
