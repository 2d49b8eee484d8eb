/**
 * Regret-aware: a block that was asked for soon after the fastest tier gave it up is worth more
 * from then on. The least worth goes:
 *
 * ```
 * worth  = recency × worth of the last victim + frequency × touches + weight × regret
 * regret = min(1, what is left of it + (horizon - gap + 1) ÷ (horizon + 1))   at a return in time
 * ```
 *
 * `gap` counts the touches from eviction to return; `horizon` is in capacities of the fastest tier
 * that has the policy. Of regret, `decay` is left after a horizon, and nothing after 1 ÷ (1 -
 * `decay`) of them. Touches are counted anew when a block was away for longer than the horizon.
 *
 * Source: the regret_aware of kv-hierarchy-lab (`lab-regret-aware`), with GreedyDual's ageing
 * (Cherkasova, HP Labs 1998). There regret has no bound and fades only when its block is touched,
 * a demotion between slow tiers starts the gap anew, and neither frequency nor regret ever age.
 * With a weight of 0 in one tier this is gdsf that remembers counts over a horizon.
 * Cost: O(log n) per touch; 20 bytes per slot, 24 per block.
 */
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { NONE } from "../columns/list";
import { Env } from "./policy";
import { Shared } from "./shared";
import { Sharing } from "./sharing";

/** Record: { regret f64, touches u32, touched u32, evicted u32, unused }; times count from 1. */
const NODE_BYTES: usize = 24;
const TOUCHES: usize = 8;
const TOUCHED: usize = 12;
const EVICTED: usize = 16;

/** What is known of each block in all tiers. */
@final export class Regrets extends Shared {
  private readonly nodes: usize;
  private time: u32 = 0;
  private readonly horizon: f64;
  private readonly weight: f64;
  private readonly frequency: f64;
  private readonly decay: f64;

  constructor(env: Env) {
    super();
    this.nodes = take(<usize>env.blocks * NODE_BYTES);
    this.horizon = Math.ceil(env.parameter(0) * <f64>env.capacity);
    this.weight = env.parameter(1);
    this.frequency = env.parameter(2);
    this.decay = env.parameter(4);
  }

  @inline private node(block: u32): usize {
    return this.nodes + <usize>block * NODE_BYTES;
  }

  onAccess(block: u32, _step: f64, _position: u32): void {
    const node = this.node(block);
    const now = ++this.time;
    const elapsed = <f64>(now - load<u32>(node, TOUCHED));
    let regret = load<f64>(node) * max<f64>(0, 1 - (1 - this.decay) * elapsed / this.horizon);
    let touches = load<u32>(node, TOUCHES) + 1;
    const evicted = load<u32>(node, EVICTED);
    if (evicted != 0) {
      const gap = <f64>(now - evicted);
      if (gap > this.horizon) touches = 1;
      else regret = min<f64>(1, regret + (this.horizon - gap + 1) / (this.horizon + 1));
    }
    store<f64>(node, regret);
    store<u32>(node, touches, TOUCHES);
    store<u32>(node, now, TOUCHED);
    store<u32>(node, 0, EVICTED);
  }

  onEvict(block: u32, tier: u32): void {
    if (tier == 0) store<u32>(this.node(block), this.time, EVICTED);
  }

  /** The part of a block's worth that is its own. */
  merit(block: u32): f64 {
    const node = this.node(block);
    return this.frequency * <f64>load<u32>(node, TOUCHES) + this.weight * load<f64>(node);
  }
}

@final export class RegretAware extends Sharing {
  private readonly heap: Heap;
  private inflation: f64 = 0;
  private chosen: u32 = NONE;

  constructor(env: Env, private readonly regrets: Regrets) {
    super(env, regrets);
    this.heap = new Heap(env.slots);
  }

  private worth(block: u32): u64 {
    return reinterpret<u64>(this.inflation + this.regrets.merit(block));
  }

  hit(slot: u32, block: u32): void {
    this.heap.update(slot, this.worth(block), this.env.now);
  }

  victim(): u32 {
    return this.chosen = this.heap.least();
  }

  leave(slot: u32, _block: u32): void {
    // What is promoted or released says nothing of what a place is worth.
    if (slot == this.chosen) {
      this.inflation = this.env.parameter(3) * reinterpret<f64>(this.heap.high(slot));
    }
    this.chosen = NONE;
    this.heap.remove(slot);
  }

  enter(slot: u32, block: u32): void {
    this.heap.insert(slot, this.worth(block), this.env.now);
  }
}

export function regretAware(env: Env): RegretAware {
  const shared = env.shared;
  return new RegretAware(env, shared == null ? new Regrets(env) : changetype<Regrets>(shared));
}
