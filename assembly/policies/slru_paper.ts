/**
 * SLRU as published: a probationary and a protected LRU segment. A missing block enters on
 * probation, a hit protects it, and what overflows the protected segment gets another probation.
 *
 * Source: Karedla, Love and Wherry, "Caching strategies to improve disk system performance", IEEE
 * Computer 27(3), 1994.
 * Cost: O(1) per touch; 9 bytes per slot.
 */
import { take } from "../arena";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class SlruPaper extends Policy {
  private readonly probationary: List;
  private readonly guarded: List;
  /** Blocks that may be protected. */
  private readonly guardedCapacity: u32;
  /** u8[slots]: 1 for a protected slot. */
  private readonly isGuarded: usize;

  constructor(env: Env) {
    super(env);
    const nodes = new Nodes(env.slots, 2);
    this.probationary = nodes.list(0);
    this.guarded = nodes.list(1);
    this.guardedCapacity = <u32>(<f64>env.capacity * env.parameter(0));
    this.isGuarded = take(env.slots);
  }

  onHit(slot: u32, _block: u32): void {
    if (load<u8>(this.isGuarded + slot) != 0) {
      this.guarded.moveToHead(slot);
      return;
    }
    this.probationary.remove(slot);
    this.guarded.pushHead(slot);
    store<u8>(this.isGuarded + slot, 1);
    if (this.guarded.length <= this.guardedCapacity) return;
    const cooled = this.guarded.tail();
    this.guarded.remove(cooled);
    this.probationary.pushHead(cooled);
    store<u8>(this.isGuarded + cooled, 0);
  }

  victim(): u32 {
    return this.probationary.isEmpty() ? this.guarded.tail() : this.probationary.tail();
  }

  onRemove(slot: u32, _block: u32): void {
    if (load<u8>(this.isGuarded + slot) != 0) this.guarded.remove(slot);
    else this.probationary.remove(slot);
    store<u8>(this.isGuarded + slot, 0);
  }

  onInsert(slot: u32, _block: u32): void {
    this.probationary.pushHead(slot);
  }
}
