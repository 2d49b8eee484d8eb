/**
 * LFU: the block with the fewest touches goes, the one that has had that count longest first. A
 * block that leaves is forgotten and starts again at one.
 *
 * Source: Robinson and Devarakonda, "Data cache management using frequency-based replacement",
 * SIGMETRICS 1990, which starts from it.
 * Cost: O(1) per touch; 12 bytes per slot and 20 per different count.
 */
import { Buckets } from "../columns/buckets";
import { Env, Policy } from "./policy";

/** Different counts need 1 + 2 + 3 + … touches, and a trace has fewer than 2³². */
const COUNTS_MAX: u32 = 92682;

@final export class Lfu extends Policy {
  private readonly counts: Buckets;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.quiet = true;
    this.fused = true;
    this.counts = new Buckets(env.slots, min(env.slots, COUNTS_MAX));
  }

  onHit(slot: u32, _block: u32): void {
    this.counts.raise(slot, this.counts.keyOf(slot) + 1);
  }

  @inline replace(block: u32): u32 {
    return this.env.handOver(this.counts.restart(1), block);
  }

  @inline victim(): u32 {
    return this.counts.lowest();
  }

  @inline onRemove(slot: u32, _block: u32): void {
    this.counts.remove(slot);
  }

  @inline onInsert(slot: u32, _block: u32): void {
    this.counts.insert(slot, 1);
  }
}
