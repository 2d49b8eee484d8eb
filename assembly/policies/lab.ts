/**
 * The six policies of kv-hierarchy-lab as they were published: the same formulas in the same order
 * of operations on doubles, and the first least score in order of entry into the tier. They exist
 * to reproduce published results; the plain names are the rules to use.
 *
 * Source: github.com/manishklach/kv-hierarchy-lab, version of April 2026. With f touches so far, l
 * the step of the last one (-1 for none) and t the step of the access in progress, the score is
 *
 * ```
 * lab-lru               l                                     l also moves when a block enters
 * lab-windowed-recency  1,000,000 × (touches in the last `window` accesses) + l
 * lab-heavy-hitter      10,000 f + l
 * lab-cost-aware        frequency × f + recency × l ÷ max(t, 1) - size × KiB
 * lab-predictive        100 f + l                             with the prefetcher lab-markov
 * lab-regret-aware      frequency × f + recency × l ÷ max(t, 1) + weight × regret
 * ```
 *
 * Cost: O(n) per eviction, O(1) per touch; 8 bytes per slot, 12 to 29 per block for all tiers.
 * Where the lab departs from what the names say: cost-aware knows no cost, recency outweighs
 * frequency once steps are large (heavy-hitter, predictive) or hardly counts (cost-aware, regret),
 * and regret counts evictions from slow tiers too and has no bound.
 */
import { take } from "../arena";
import { List, Nodes, NONE } from "../columns/list";
import { Env, Policy } from "./policy";
import { Shared } from "./shared";
import { Sharing } from "./sharing";

export enum LabRule {
  Lru,
  WindowedRecency,
  HeavyHitter,
  CostAware,
  Predictive,
  RegretAware,
}

/** What the lab's one policy object remembers of every block, resident or not. */
@final export class LabState extends Shared {
  /** The step of the access in progress. */
  step: f64 = 0;
  /** u32[blocks]: touches so far. */
  private readonly touches: usize;
  /** f64[blocks]: step of the last touch, plus one, so that 0 is the lab's -1. */
  private readonly last: usize;
  /** u32[blocks]: touches within the window. */
  private recent: usize = 0;
  /** u32[window]: the last blocks touched, a ring. */
  private ring: usize = 0;
  private accesses: u64 = 0;
  private window: u64 = 0;
  /** f64[blocks] each; the step of the last eviction that was not yet looked back on. */
  private regret: usize = 0;
  private evicted: usize = 0;
  /** u8[blocks]: whether there is one. */
  private isEvicted: usize = 0;

  constructor(private readonly env: Env, private readonly rule: LabRule) {
    super();
    const blocks = <usize>env.blocks;
    this.touches = take(blocks << 2);
    this.last = take(blocks << 3);
    if (rule == LabRule.WindowedRecency) {
      this.window = <u64>env.parameter(0);
      this.ring = take(<usize>this.window << 2);
      this.recent = take(blocks << 2);
    } else if (rule == LabRule.RegretAware) {
      this.regret = take(blocks << 3);
      this.evicted = take(blocks << 3);
      this.isEvicted = take(blocks);
    }
  }

  onAccess(block: u32, step: f64, _position: u32): void {
    this.step = step;
    const touches = this.touches + (block << 2);
    store<u32>(touches, load<u32>(touches) + 1);
    store<f64>(this.last + (block << 3), step + 1);
    if (this.rule == LabRule.WindowedRecency) this.slide(block);
    else if (this.rule == LabRule.RegretAware) this.lookBack(block, step);
  }

  private slide(block: u32): void {
    const entry = this.ring + (<usize>(this.accesses % this.window) << 2);
    if (this.accesses++ >= this.window) this.count(load<u32>(entry), -1);
    store<u32>(entry, block);
    this.count(block, 1);
  }

  @inline private count(block: u32, by: i32): void {
    const recent = this.recent + (block << 2);
    store<u32>(recent, load<u32>(recent) + by);
  }

  /** Regret fades with each access of its block, and grows if the block came back too soon. */
  private lookBack(block: u32, step: f64): void {
    const at = this.regret + (block << 3);
    let regret = load<f64>(at) * this.env.parameter(4);
    if (load<u8>(this.isEvicted + block) != 0) {
      store<u8>(this.isEvicted + block, 0);
      const horizon = this.env.parameter(0);
      const gap = step - load<f64>(this.evicted + (block << 3));
      if (gap <= horizon) regret += (horizon - gap + 1) / horizon;
    }
    store<f64>(at, regret);
  }

  onInsert(block: u32, _tier: u32): void {
    if (this.rule == LabRule.Lru) store<f64>(this.last + (block << 3), this.step + 1);
  }

  onEvict(block: u32, _tier: u32): void {
    if (this.rule != LabRule.RegretAware) return;
    store<f64>(this.evicted + (block << 3), this.step);
    store<u8>(this.isEvicted + block, 1);
  }

  /** The least goes. */
  score(block: u32): f64 {
    const env = this.env;
    const touches = <f64>load<u32>(this.touches + (block << 2));
    const last = load<f64>(this.last + (block << 3)) - 1;
    const now = max<f64>(this.step, 1);
    switch (this.rule) {
      case LabRule.WindowedRecency:
        return <f64>load<u32>(this.recent + (block << 2)) * 1000000 + last;
      case LabRule.HeavyHitter:
        return touches * 10000 + last;
      case LabRule.CostAware:
        return env.parameter(0) * touches + env.parameter(1) * last / now -
          env.parameter(2) * (env.bytesOf(block) / 1024);
      case LabRule.Predictive:
        return touches * 100 + last;
      case LabRule.RegretAware:
        return env.parameter(2) * touches + env.parameter(3) * last / now +
          env.parameter(1) * load<f64>(this.regret + (block << 3));
      default:
        return last;
    }
  }
}

@final export class Lab extends Sharing {
  /** The slots in order of entry: tail first. */
  private readonly entered: List;

  constructor(env: Env, private readonly state: LabState) {
    super(env, state);
    this.entered = new Nodes(env.slots, 1).list(0);
  }

  hit(_slot: u32, _block: u32): void {}

  victim(): u32 {
    const entered = this.entered;
    let least = entered.tail();
    let score = this.state.score(this.env.blockIn(least));
    for (let slot = entered.newer(least); slot != NONE; slot = entered.newer(slot)) {
      const other = this.state.score(this.env.blockIn(slot));
      if (other >= score) continue;
      least = slot;
      score = other;
    }
    return least;
  }

  leave(slot: u32, _block: u32): void {
    this.entered.remove(slot);
  }

  enter(slot: u32, _block: u32): void {
    this.entered.pushHead(slot);
  }
}

/** An instance for a tier: with the state of the hierarchy, or alone with one of its own. */
export function lab(env: Env, rule: LabRule): Policy {
  const shared = env.shared;
  return new Lab(env, shared == null ? new LabState(env, rule) : changetype<LabState>(shared));
}
