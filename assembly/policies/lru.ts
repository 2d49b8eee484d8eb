/**
 * LRU: one queue in order of last touch; the least recently touched block goes.
 *
 * Source: Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems J. 1970.
 * Cost: O(1) per touch; 8 bytes per slot.
 */
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class Lru extends Policy {
  private readonly queue: List;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.quiet = true;
    this.fused = true;
    this.queue = new Nodes(env.slots, 1).list(0);
  }

  onHit(slot: u32, _block: u32): void {
    this.queue.moveToHead(slot);
  }

  @inline victim(): u32 {
    return this.queue.tail();
  }

  @inline replace(block: u32): u32 {
    return this.env.handOver(this.queue.turn(), block);
  }

  @inline onRemove(slot: u32, _block: u32): void {
    this.queue.remove(slot);
  }

  @inline onInsert(slot: u32, _block: u32): void {
    this.queue.pushHead(slot);
  }
}
