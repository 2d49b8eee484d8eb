/**
 * LFU with dynamic aging: a block's rank grows with its touches, and newcomers start just above the
 * rank at which blocks leave, so that yesterday's favourites are overtaken.
 *
 * Source: Arlitt et al., "Evaluating content management techniques for Web proxy caches", ACM
 * SIGMETRICS Performance Evaluation Review 27(4), 2000.
 * Cost: O(1) per touch when ranks lie close, else a walk over the ranks in between; 32 bytes per
 * slot.
 * With libCacheSim a hit adds the age to the rank, so ranks may double per hit, and hits before the
 * first eviction only refresh the order; in the paper (`lfu-da-paper`) the rank of a hit block is
 * its touches plus the age. Where libCacheSim loses sight of a block (one that was alone in the
 * lowest rank and is hit to a rank below the next) or fails (no rank left), the age here is the
 * lowest rank held.
 */
import { take } from "../arena";
import { Buckets } from "../columns/buckets";
import { Env, Policy } from "./policy";

/** Ranks stop growing here, far from overflow. */
const RANK_MAX: u64 = 0x4000000000000000;

@final export class LfuDa extends Policy {
  private readonly ranks: Buckets;
  /** The lowest rank, once something was evicted. */
  private age: u64 = 0;

  constructor(env: Env) {
    super(env);
    this.ranks = new Buckets(env.slots, env.slots);
  }

  onHit(slot: u32, _block: u32): void {
    const ranks = this.ranks;
    ranks.raise(slot, min(ranks.keyOf(slot) + this.age, RANK_MAX));
    // Before the first eviction nobody has aged.
    if (this.age > 0) this.age = ranks.keyOf(ranks.lowest());
  }

  victim(): u32 {
    return this.ranks.lowest();
  }

  onRemove(slot: u32, _block: u32): void {
    this.age = this.ranks.keyOf(slot);
    this.ranks.remove(slot);
    if (!this.ranks.isEmpty()) this.age = this.ranks.keyOf(this.ranks.lowest());
  }

  onInsert(slot: u32, _block: u32): void {
    this.ranks.insert(slot, min(this.age + 1, RANK_MAX));
  }
}

/** The published rule. */
@final export class LfuDaPaper extends Policy {
  private readonly ranks: Buckets;
  /** u32[slots]: touches since the block came. */
  private readonly touches: usize;
  /** The rank of the last victim. */
  private age: u64 = 0;

  constructor(env: Env) {
    super(env);
    this.ranks = new Buckets(env.slots, env.slots);
    this.touches = take(<usize>env.slots << 2);
  }

  onHit(slot: u32, _block: u32): void {
    const touches = load<u32>(this.touches + (slot << 2)) + 1;
    store<u32>(this.touches + (slot << 2), touches);
    this.ranks.raise(slot, this.age + touches);
  }

  victim(): u32 {
    return this.ranks.lowest();
  }

  onRemove(slot: u32, _block: u32): void {
    this.age = this.ranks.keyOf(slot);
    this.ranks.remove(slot);
  }

  onInsert(slot: u32, _block: u32): void {
    store<u32>(this.touches + (slot << 2), 1);
    this.ranks.insert(slot, this.age + 1);
  }
}
