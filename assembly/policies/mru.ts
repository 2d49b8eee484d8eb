/**
 * MRU: one queue in order of last touch; the most recently touched block goes. The oldest blocks
 * stay for ever, which is right for a loop that is longer than the tier and wrong for most else.
 *
 * Source: Chou and DeWitt, "An evaluation of buffer management strategies for relational database
 * systems", VLDB 1985.
 * Cost: O(1) per touch; 8 bytes per slot.
 */
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class Mru extends Policy {
  private readonly queue: List;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.quiet = true;
    this.queue = new Nodes(env.slots, 1).list(0);
  }

  onHit(slot: u32, _block: u32): void {
    this.queue.moveToHead(slot);
  }

  @inline victim(): u32 {
    return this.queue.head();
  }

  @inline onRemove(slot: u32, _block: u32): void {
    this.queue.remove(slot);
  }

  @inline onInsert(slot: u32, _block: u32): void {
    this.queue.pushHead(slot);
  }
}
