/**
 * FIFO: one queue in order of insertion; a hit changes nothing.
 *
 * Cost: O(1) per touch; 8 bytes per slot.
 */
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class Fifo extends Policy {
  private readonly queue: List;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.quiet = true;
    this.fused = true;
    this.queue = new Nodes(env.slots, 1).list(0);
  }

  onHit(_slot: u32, _block: u32): void {}

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
