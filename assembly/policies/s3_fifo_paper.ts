/**
 * S3-FIFO as its paper has it: promoting a block into a full main queue evicts from the main
 * queue at once, so one newcomer may cost several blocks; and the small queue holds at least one
 * block, so that the rule works in a tier of any size.
 *
 * Source: Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023, algorithm 1.
 * Cost: O(1) amortised per touch; 9 bytes per slot, 8 bytes per block (ghosts).
 */
import { take } from "../arena";
import { GhostNodes, Ghosts } from "../columns/ghost";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

const IN_MAIN: u8 = 0x80;
const TOUCHES: u8 = 0x7f;
const TOUCHES_MAX: u8 = 3;
/** Touches after which a block of the small queue is worth the main queue: "more than once". */
const PROMOTED: u8 = 2;

@final export class S3FifoPaper extends Policy {
  private readonly small: List;
  private readonly main: List;
  private readonly ghosts: Ghosts;
  /** u8[slots] */
  private readonly state: usize;
  private readonly smallLimit: u32;
  private readonly mainLimit: u32;
  private cameBack: bool = false;
  /** The small queue is being searched: it goes on until a block of that queue leaves. */
  private searching: bool = false;

  constructor(env: Env) {
    super(env);
    const nodes = new Nodes(env.slots, 2);
    this.small = nodes.list(0);
    this.main = nodes.list(1);
    this.state = take(env.slots);
    const small = max<u32>(1, <u32>(<f64>env.capacity * env.parameter(0)));
    this.smallLimit = small;
    this.mainLimit = env.capacity - small;
    // The paper remembers as many blocks as the main queue holds.
    this.ghosts = new GhostNodes(env.blocks).list(env.capacity - small);
  }

  onHit(slot: u32, _block: u32): void {
    const state = load<u8>(this.state + slot);
    if ((state & TOUCHES) < TOUCHES_MAX) store<u8>(this.state + slot, state + 1);
  }

  onMiss(block: u32): bool {
    this.cameBack = this.ghosts.forget(block);
    return true;
  }

  wantsRoom(): bool {
    return this.searching && !this.small.isEmpty();
  }

  victim(): u32 {
    const spares = !this.searching && this.small.length < this.smallLimit;
    // A tier of pinned or unequal blocks may be full while the main queue is empty.
    if (spares && !this.main.isEmpty()) return this.mainVictim();
    this.searching = true;
    while (!this.small.isEmpty()) {
      if (this.main.length > this.mainLimit) return this.mainVictim();
      const slot = this.small.tail();
      if (load<u8>(this.state + slot) < PROMOTED) return slot;
      this.small.remove(slot);
      this.main.pushHead(slot);
      store<u8>(this.state + slot, IN_MAIN);
    }
    this.searching = false;
    return this.mainVictim();
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
    if ((load<u8>(this.state + slot) & IN_MAIN) != 0) {
      this.main.remove(slot);
    } else {
      this.small.remove(slot);
      this.ghosts.add(block);
      this.searching = false;
    }
  }

  onInsert(slot: u32, _block: u32): void {
    if (this.cameBack) this.main.pushHead(slot);
    else this.small.pushHead(slot);
    store<u8>(this.state + slot, this.cameBack ? IN_MAIN : 0);
  }
}
