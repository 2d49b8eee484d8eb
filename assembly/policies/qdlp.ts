/**
 * QDLP, quick demotion and lazy promotion: newcomers queue in a small FIFO, from which only
 * touched blocks move on to a main clock; ghosts of the others come back straight into the clock.
 *
 * Source: Yang et al., "FIFO can be better than LRU: the power of lazy promotion and quick
 * demotion", HotOS 2023. Parameters and order of steps are libCacheSim's: the small queue is
 * served first whenever it holds anything, it may outgrow its share while the clock is not full,
 * and nothing is kept while that share is one block or none (below 20 blocks by default).
 * Cost: O(1) amortised per touch; 9 bytes per slot, 8 bytes per block (ghosts).
 */
import { take } from "../arena";
import { GhostNodes, Ghosts } from "../columns/ghost";
import { List, Nodes, NONE } from "../columns/list";
import { Env, Policy } from "./policy";

/** In the state byte of a slot: it stands in the clock. The other bits count touches. */
const IN_MAIN: u8 = 0x80;
const TOUCHES: u8 = 0x7f;

@final export class Qdlp extends Policy {
  private readonly small: List;
  private readonly main: List;
  private readonly ghosts: Ghosts;
  /** u8[slots] */
  private readonly state: usize;
  private readonly smallLimit: u32;
  private readonly mainLimit: u32;
  private readonly threshold: u8;
  /** Touches are counted up to here: the clock's two bits, or what the threshold needs. */
  private readonly touchesMax: u8;
  private cameBack: bool = false;
  /** The block of the small queue that takes the place of the clock's victim. */
  private successor: u32 = NONE;

  constructor(env: Env) {
    super(env);
    const nodes = new Nodes(env.slots, 2);
    this.small = nodes.list(0);
    this.main = nodes.list(1);
    this.state = take(env.slots);
    const small = <u32>(<f64>env.capacity * env.parameter(0));
    this.smallLimit = small;
    this.mainLimit = env.capacity - small;
    this.ghosts = new GhostNodes(env.blocks).list(<u32>(<f64>env.capacity * env.parameter(1)));
    this.threshold = <u8>env.parameter(2);
    this.touchesMax = max<u8>(3, this.threshold);
  }

  onHit(slot: u32, _block: u32): void {
    const state = load<u8>(this.state + slot);
    if ((state & TOUCHES) < this.touchesMax) store<u8>(this.state + slot, state + 1);
  }

  onMiss(block: u32): bool {
    if (this.smallLimit <= 1) return false;
    this.cameBack = this.ghosts.forget(block);
    return true;
  }

  /** A block that came back needs a place in the clock, even if the tier has room. */
  wantsRoom(): bool {
    return this.cameBack && this.main.length >= this.mainLimit && !this.main.isEmpty();
  }

  victim(): u32 {
    this.successor = NONE;
    const isFull = this.small.length + this.main.length >= this.env.capacity;
    if (!isFull && this.wantsRoom()) return this.mainVictim();
    while (!this.small.isEmpty()) {
      const slot = this.small.tail();
      if (load<u8>(this.state + slot) < this.threshold) return slot;
      if (this.main.length >= this.mainLimit) {
        if (this.main.isEmpty()) return slot;
        this.successor = slot;
        break;
      }
      this.promote(slot);
    }
    return this.mainVictim();
  }

  private promote(slot: u32): void {
    this.small.remove(slot);
    this.main.pushHead(slot);
    store<u8>(this.state + slot, IN_MAIN);
  }

  private mainVictim(): u32 {
    let slot = this.main.tail();
    while ((load<u8>(this.state + slot) & TOUCHES) != 0) {
      store<u8>(this.state + slot, load<u8>(this.state + slot) - 1);
      this.main.moveToHead(slot);
      slot = this.main.tail();
    }
    return slot;
  }

  onRemove(slot: u32, block: u32): void {
    if ((load<u8>(this.state + slot) & IN_MAIN) == 0) {
      this.small.remove(slot);
      this.ghosts.add(block);
      if (this.successor == slot) this.successor = NONE;
      return;
    }
    this.main.remove(slot);
    if (this.successor != NONE) this.promote(this.successor);
    this.successor = NONE;
  }

  onInsert(slot: u32, _block: u32): void {
    if (this.cameBack) this.main.pushHead(slot);
    else this.small.pushHead(slot);
    store<u8>(this.state + slot, this.cameBack ? IN_MAIN : 0);
    this.cameBack = false;
  }
}
