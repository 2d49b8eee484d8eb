/**
 * GDSF, greedy dual size frequency: a block is worth its touches plus the worth of the last victim
 * when it was last touched, so that frequency counts for as long as the tier's own time has not
 * passed it by. The least worth goes; of equals, the one touched longest ago.
 *
 * Source: Cherkasova, "Improving WWW proxies performance with greedy-dual-size-frequency caching
 * policy", HP Labs 1998. With blocks of one size and one cost the worth is an integer, and GDSF is
 * LFU with dynamic ageing (Arlitt et al. 2000).
 * Cost: O(log n) per touch; 24 bytes per slot.
 */
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { Env, Policy } from "./policy";

@final export class Gdsf extends Policy {
  private readonly heap: Heap;
  /** u32[slots] */
  private readonly touches: usize;
  /** The worth of the last victim: the tier's clock. */
  private inflation: u64 = 0;

  constructor(env: Env) {
    super(env);
    this.heap = new Heap(env.slots);
    this.touches = take(<usize>env.slots << 2);
  }

  onHit(slot: u32, _block: u32): void {
    const touches = load<u32>(this.touches + (slot << 2)) + 1;
    store<u32>(this.touches + (slot << 2), touches);
    this.heap.update(slot, this.inflation + touches, this.env.now);
  }

  victim(): u32 {
    return this.heap.least();
  }

  onRemove(slot: u32, _block: u32): void {
    this.inflation = this.heap.high(slot);
    this.heap.remove(slot);
  }

  onInsert(slot: u32, _block: u32): void {
    store<u32>(this.touches + (slot << 2), 1);
    this.heap.insert(slot, this.inflation + 1, this.env.now);
  }
}
