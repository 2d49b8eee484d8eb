/**
 * Heavy hitter: the block with the fewest touches goes, where a touch counts half after `halfLife`
 * touches of others, a quarter after twice that, and counts outlive evictions. `halfLife` is in
 * capacities of the fastest tier that has the policy.
 *
 * Source: Lee et al., "LRFU: a spectrum of policies that subsumes the least recently used and least
 * frequently used policies", IEEE Transactions on Computers 2001; the heavy_hitter of
 * kv-hierarchy-lab, whose counts never age and are overtaken by its steps once those exceed 10,000.
 * Where LRFU forgets a block that left, this remembers it, as what is heavy is heavy anywhere.
 * Cost: O(log n) per touch; 20 bytes per slot, 8 per block.
 *
 * All counts fade alike, so the order of two blocks changes only when one is touched. What is kept
 * is the logarithm of a count that grows instead of one that fades, and never overflows.
 */
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { Env } from "./policy";
import { Shared } from "./shared";
import { Sharing } from "./sharing";

/** The counts, one of each block for all tiers. */
@final export class FadingCounts extends Shared {
  /** f64[blocks]: log₂ of the sum of 2^(time of touch ÷ half-life); 0 when never touched. */
  private readonly logs: usize;
  private readonly halfLife: f64;
  private time: f64 = 0;

  constructor(env: Env) {
    super();
    this.logs = take(<usize>env.blocks << 3);
    this.halfLife = env.parameter(0) * <f64>env.capacity;
  }

  /** In the order of the counts. */
  @inline rank(block: u32): u64 {
    return reinterpret<u64>(load<f64>(this.logs + (block << 3)));
  }

  onAccess(block: u32, _step: f64, _position: u32): void {
    const at = this.logs + (block << 3);
    const before = load<f64>(at);
    const now = ++this.time / this.halfLife;
    store<f64>(at, before == 0 ? now : now + Math.log2(1 + Math.pow(2, before - now)));
  }
}

@final export class HeavyHitter extends Sharing {
  private readonly heap: Heap;

  constructor(env: Env, private readonly counts: FadingCounts) {
    super(env, counts);
    this.heap = new Heap(env.slots);
  }

  hit(slot: u32, block: u32): void {
    this.heap.update(slot, this.counts.rank(block), this.env.now);
  }

  victim(): u32 {
    return this.heap.least();
  }

  leave(slot: u32, _block: u32): void {
    this.heap.remove(slot);
  }

  enter(slot: u32, block: u32): void {
    this.heap.insert(slot, this.counts.rank(block), this.env.now);
  }
}

export function heavyHitter(env: Env): HeavyHitter {
  const shared = env.shared;
  const counts = shared == null ? new FadingCounts(env) : changetype<FadingCounts>(shared);
  return new HeavyHitter(env, counts);
}
