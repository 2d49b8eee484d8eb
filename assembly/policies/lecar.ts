/**
 * LeCaR: two experts, LRU and LFU, one of which is drawn to choose each victim. A block that misses
 * soon after an expert gave it up costs that expert weight: regret, discounted by age.
 *
 * Source: Vietri et al., "Driving cache replacement with ML-based LeCaR", HotStorage 2018.
 * Cost: O(log n) per touch; 28 bytes per slot, 13 bytes per block (ghosts).
 * As in libCacheSim, the two experts share one history of as many blocks as the tier holds, and a
 * block's frequency is forgotten when it leaves.
 */
import { take } from "../arena";
import { GhostNodes, Ghosts } from "../columns/ghost";
import { Heap } from "../columns/heap";
import { List, Nodes } from "../columns/list";
import { Random } from "../random";
import { Env, Policy } from "./policy";

/** Keeps a weight from reaching zero, whence it could not return. */
const WEIGHT_MIN: f64 = 1e-10;

@final export class Lecar extends Policy {
  private readonly recency: List;
  private readonly frequency: Heap;
  private readonly ghosts: Ghosts;
  /** u32[blocks]: when the ghost left. */
  private readonly left: usize;
  /** u8[blocks]: whether LFU gave the ghost up. */
  private readonly byLfu: usize;
  private readonly random: Random;
  private readonly rate: f64;
  private readonly discount: f64;
  private lruWeight: f64 = 0.5;
  private lfuWeight: f64 = 0.5;
  private lfuChose: bool = false;

  constructor(env: Env) {
    super(env);
    this.recency = new Nodes(env.slots, 1).list(0);
    this.frequency = new Heap(env.slots);
    this.ghosts = new GhostNodes(env.blocks).list(env.capacity);
    this.left = take(<usize>env.blocks << 2);
    this.byLfu = take(env.blocks);
    this.random = env.random("policy/lecar");
    this.rate = env.parameter(0);
    this.discount = Math.pow(env.parameter(1), 1.0 / <f64>env.capacity);
  }

  /** Least frequent first; of equals, the one that has had its count for longest. */
  @inline private key(touches: u64): u64 {
    return touches << 32;
  }

  onHit(slot: u32, _block: u32): void {
    this.recency.moveToHead(slot);
    const touches = (this.frequency.high(slot) >> 32) + 1;
    this.frequency.update(slot, this.key(touches), this.env.now);
  }

  onMiss(block: u32): bool {
    if (!this.ghosts.forget(block)) return true;
    const age = this.env.now - load<u32>(this.left + (block << 2));
    const factor = Math.exp(-this.rate * Math.pow(this.discount, <f64>age));
    if (load<u8>(this.byLfu + block) != 0) this.lfuWeight *= factor;
    else this.lruWeight *= factor;
    const sum = this.lruWeight + this.lfuWeight + 2.0 * WEIGHT_MIN;
    this.lruWeight = (this.lruWeight + WEIGHT_MIN) / sum;
    this.lfuWeight = (this.lfuWeight + WEIGHT_MIN) / sum;
    return true;
  }

  victim(): u32 {
    this.lfuChose = this.random.unit() >= this.lruWeight;
    return this.lfuChose ? this.frequency.least() : this.recency.tail();
  }

  onRemove(slot: u32, block: u32): void {
    this.recency.remove(slot);
    this.frequency.remove(slot);
    store<u32>(this.left + (block << 2), this.env.now);
    store<u8>(this.byLfu + block, <u8>this.lfuChose);
    this.ghosts.add(block);
  }

  onInsert(slot: u32, _block: u32): void {
    this.recency.pushHead(slot);
    this.frequency.insert(slot, this.key(1), this.env.now);
  }
}
