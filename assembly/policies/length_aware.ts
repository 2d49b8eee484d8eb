/**
 * Length-aware: LFU for prefix caches. Of the blocks touched least often, the one that stands
 * deepest in its request goes first (a deep block serves only the requests that share everything
 * above it), and of those the one touched longest ago.
 *
 * Source: Qin et al., "Mooncake: a KVCache-centric disaggregated architecture for LLM serving",
 * arXiv 2407.00079, which names LengthAwareCache, "similar to LFU" but preferring to evict blocks
 * that occur later in requests, and says no more. We read it as an order by (touches, depth,
 * age), and not as a product of them, because a product would need a weight that the paper does
 * not give.
 * Depth is the block's place in the request that touched it last; touches are forgotten with the
 * block.
 * Cost: O(log n) per touch; 20 bytes per slot.
 */
import { Heap } from "../columns/heap";
import { Env, Policy } from "./policy";

@final export class LengthAware extends Policy {
  private readonly heap: Heap;

  constructor(env: Env) {
    super(env);
    this.heap = new Heap(env.slots);
  }

  /** Fewest touches first, then the deepest. */
  @inline private key(touches: u64): u64 {
    return (touches << 32) | <u64>(~this.env.depth);
  }

  onHit(slot: u32, _block: u32): void {
    const touches = (this.heap.high(slot) >> 32) + 1;
    this.heap.update(slot, this.key(touches), this.env.now);
  }

  victim(): u32 {
    return this.heap.least();
  }

  onRemove(slot: u32, _block: u32): void {
    this.heap.remove(slot);
  }

  onInsert(slot: u32, _block: u32): void {
    this.heap.insert(slot, this.key(1), this.env.now);
  }
}
