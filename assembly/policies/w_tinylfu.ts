/**
 * W-TinyLFU: newcomers pass through a small LRU window; what leaves it must have been counted
 * more often than the victim of a large segmented LRU to take that victim's place.
 *
 * Source: Einziger, Friedman and Manes, "TinyLFU: a highly efficient cache admission policy", ACM
 * Transactions on Storage 2017.
 * Cost: ten counters per estimate, O(1) otherwise; 24 bytes per slot.
 * libCacheSim departs from the paper, and so does this: touches are counted when a block enters,
 * hits the main part or leaves the window, never on a hit in the window or a mere miss; counts
 * are halved after 32 hits in the main part per block of it; the window outgrows its share until
 * the tier is full for the first time; and with a window of less than one block (below 100 blocks
 * by default) nothing is ever kept. `w-tinylfu-paper` follows the paper.
 */
import { take } from "../arena";
import { CountingFilter } from "../columns/counting_filter";
import { List, Nodes, NONE } from "../columns/list";
import { Env, Policy } from "./policy";

/** Where a slot stands. */
enum Part {
  Window = 0,
  Probation = 1,
  Protected = 2,
}

const PROBATION_SHARE: f64 = 0.2;
const PROTECTED_SHARE: f64 = 0.8;
const HITS_PER_HALVING: u64 = 32;

@final export class WTinyLfu extends Policy {
  private readonly window: List;
  private readonly probation: List;
  private readonly guarded: List;
  /** u8[slots]: a Part. */
  private readonly part: usize;
  private readonly counts: CountingFilter;
  private readonly windowLimit: u32;
  private readonly mainLimit: u32;
  private readonly probationLimit: u32;
  private readonly guardedLimit: u32;
  private hits: u64 = 0;
  /** The block of the window that has won against the victim. */
  private successor: u32 = NONE;

  constructor(env: Env) {
    super(env);
    const nodes = new Nodes(env.slots, 3);
    this.window = nodes.list(0);
    this.probation = nodes.list(1);
    this.guarded = nodes.list(2);
    this.part = take(env.slots);
    const window = <u32>(<f64>env.capacity * env.parameter(0));
    const main = env.capacity - window;
    this.windowLimit = window;
    this.mainLimit = main;
    this.probationLimit = <u32>(PROBATION_SHARE * <f64>main);
    this.guardedLimit = <u32>(PROTECTED_SHARE * <f64>main);
    // A tier that holds every block never asks for an estimate.
    this.counts = new CountingFilter(env.capacity < env.blocks ? main : 0);
  }

  @inline private at(slot: u32): Part {
    return <Part>load<u8>(this.part + slot);
  }

  @inline private put(slot: u32, part: Part): void {
    store<u8>(this.part + slot, <u8>part);
  }

  private mainLength(): u32 {
    return this.probation.length + this.guarded.length;
  }

  onHit(slot: u32, block: u32): void {
    const part = this.at(slot);
    if (part == Part.Window) {
      this.window.moveToHead(slot);
      return;
    }
    if (part == Part.Protected) this.guarded.moveToHead(slot);
    else this.promote(slot);
    this.counts.add(block);
    if (++this.hits < HITS_PER_HALVING * this.mainLimit) return;
    this.hits = 0;
    this.counts.halve();
  }

  /** A hit on probation; the segment below takes what no longer fits. */
  private promote(slot: u32): void {
    this.probation.remove(slot);
    this.guarded.pushHead(slot);
    this.put(slot, Part.Protected);
    while (this.guarded.length > this.guardedLimit) {
      const cooled = this.guarded.tail();
      this.guarded.remove(cooled);
      this.probation.pushHead(cooled);
      this.put(cooled, Part.Probation);
    }
    // Rounding may have let in one block more than the segments hold side by side.
    if (this.probation.length > this.probationLimit) this.surplus = 1;
  }

  onMiss(_block: u32): bool {
    return this.windowLimit > 0 && this.probationLimit > 0;
  }

  victim(): u32 {
    this.successor = NONE;
    if (this.surplus > 0) return this.probation.tail();
    while (!this.window.isEmpty()) {
      const candidate = this.window.tail();
      const block = this.env.blockIn(candidate);
      if (this.mainLength() < this.mainLimit) {
        this.enterMain(candidate, block);
        continue;
      }
      const victim = this.mainVictim();
      if (this.counts.estimate(block) <= this.counts.estimate(this.env.blockIn(victim))) {
        return candidate;
      }
      this.successor = candidate;
      return victim;
    }
    return this.mainVictim();
  }

  private mainVictim(): u32 {
    return this.probation.isEmpty() ? this.guarded.tail() : this.probation.tail();
  }

  /** From the window to the lowest segment with room. */
  private enterMain(slot: u32, block: u32): void {
    this.window.remove(slot);
    const full = this.probation.length >= this.probationLimit;
    if (full && this.guarded.length < this.guardedLimit) {
      this.guarded.pushHead(slot);
      this.put(slot, Part.Protected);
    } else {
      this.probation.pushHead(slot);
      this.put(slot, Part.Probation);
    }
    this.counts.add(block);
  }

  onRemove(slot: u32, block: u32): void {
    const part = this.at(slot);
    if (part == Part.Window) {
      this.window.remove(slot);
      this.counts.add(block);
      if (this.successor == slot) this.successor = NONE;
    } else {
      if (part == Part.Probation) this.probation.remove(slot);
      else this.guarded.remove(slot);
      const successor = this.successor;
      if (successor != NONE) this.enterMain(successor, this.env.blockIn(successor));
      this.successor = NONE;
    }
  }

  onInsert(slot: u32, block: u32): void {
    this.put(slot, Part.Window);
    this.window.pushHead(slot);
    this.counts.add(block);
  }
}
