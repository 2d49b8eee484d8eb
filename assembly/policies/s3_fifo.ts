/**
 * S3-FIFO: a small queue in which most blocks die young, a main queue for those that were touched
 * while in it, and ghosts that send a block which comes back soon straight to the main queue.
 *
 * Source: Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023.
 * Cost: O(1) amortised per touch; 9 bytes per slot, 8 bytes per block (ghosts).
 * libCacheSim departs from the paper: a promotion out of the small queue never evicts from the main
 * queue there and then, and nothing at all is kept while the small queue has room for one block or
 * none (below 20 blocks by default). `s3-fifo-paper` follows the paper.
 */
import { take } from "../arena";
import { GhostNodes, Ghosts } from "../columns/ghost";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

/** In the state byte of a slot: it stands in the main queue. The other bits count touches. */
const IN_MAIN: u8 = 0x80;
const TOUCHES: u8 = 0x7f;
/** Two bits of touches: more of them are not told apart. */
const TOUCHES_MAX: u8 = 3;

@final export class S3Fifo extends Policy {
  private readonly small: List;
  private readonly main: List;
  private readonly ghosts: Ghosts;
  /** u8[slots] */
  private readonly state: usize;
  private readonly smallLimit: u32;
  private readonly mainLimit: u32;
  private readonly threshold: u8;
  private cameBack: bool = false;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.fused = true;
    const nodes = new Nodes(env.slots, 2);
    this.small = nodes.list(0);
    this.main = nodes.list(1);
    this.state = take(env.slots);
    const small = <u32>(<f64>env.capacity * env.parameter(0));
    this.smallLimit = small;
    this.willing = small > 1;
    this.mainLimit = env.capacity - small;
    this.ghosts = new GhostNodes(env.blocks).list(<u32>(<f64>env.capacity * env.parameter(1)));
    this.threshold = <u8>env.parameter(2);
  }

  onHit(slot: u32, _block: u32): void {
    const state = load<u8>(this.state + slot);
    if ((state & TOUCHES) < TOUCHES_MAX) store<u8>(this.state + slot, state + 1);
  }

  @inline onMiss(block: u32): bool {
    if (this.smallLimit <= 1) return false;
    this.cameBack = this.ghosts.forget(block);
    return true;
  }

  @inline replace(block: u32): u32 {
    const slot = this.victim();
    const small = (load<u8>(this.state + slot) & IN_MAIN) == 0;
    const back = this.cameBack;
    // The victim is the tail of its queue.
    if (small == back) {
      (small ? this.small : this.main).popTail();
      (back ? this.main : this.small).pushHead(slot);
    } else {
      (small ? this.small : this.main).turn();
    }
    store<u8>(this.state + slot, back ? IN_MAIN : 0);
    const victim = this.env.handOver(slot, block);
    if (small) this.ghosts.add(victim);
    return victim;
  }

  @inline victim(): u32 {
    if (this.main.length > this.mainLimit) return this.mainVictim();
    while (!this.small.isEmpty()) {
      const slot = this.small.tail();
      if (load<u8>(this.state + slot) < this.threshold) return slot;
      this.small.remove(slot);
      this.main.pushHead(slot);
      store<u8>(this.state + slot, IN_MAIN);
    }
    return this.mainVictim();
  }

  /** Clock with two bits: a touched block goes round again, one touch poorer. */
  private mainVictim(): u32 {
    let slot = this.main.tail();
    while ((load<u8>(this.state + slot) & TOUCHES) != 0) {
      store<u8>(this.state + slot, load<u8>(this.state + slot) - 1);
      this.main.moveToHead(slot);
      slot = this.main.tail();
    }
    return slot;
  }

  @inline onRemove(slot: u32, block: u32): void {
    if ((load<u8>(this.state + slot) & IN_MAIN) != 0) {
      this.main.remove(slot);
    } else {
      this.small.remove(slot);
      this.ghosts.add(block);
    }
  }

  @inline onInsert(slot: u32, _block: u32): void {
    if (this.cameBack) this.main.pushHead(slot);
    else this.small.pushHead(slot);
    store<u8>(this.state + slot, this.cameBack ? IN_MAIN : 0);
  }
}
