/**
 * Furthest next use: the block that the rest of the trace asks for last goes; of those that it
 * never asks for again, the one that has been in the tier longest.
 *
 * It sees the future, so nobody can run it. In one tier of equal blocks, root-first, it is MIN on
 * demand (`optimal-demand`). In several tiers, with unequal blocks, or where prefetches and
 * requests overlap it is a rule of thumb that looks ahead: no bound, and never called optimal.
 *
 * Source: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
 * Journal 1966, applied tier by tier.
 * Cost: O(log n) per touch; 24 bytes per slot, 4 per block, and the next-use column.
 */
import { take } from "../arena";
import { Heap } from "../columns/heap";
import { NEVER } from "../columns/trace";
import { Env } from "./policy";
import { Shared } from "./shared";
import { Sharing } from "./sharing";

/** The next use of each block, one for all tiers. */
@final export class NextUses extends Shared {
  /** u32[blocks]: position of the next use after the last one; 0 when never used. */
  private readonly next: usize;
  /** Address of u32[accesses]: the next use after each. */
  private readonly column: usize;
  /** The policies of the tiers, whose order changes with every use. */
  readonly tiers: FurthestNextUse[] = [];

  constructor(env: Env) {
    super();
    this.column = env.nextUse;
    this.next = take(<usize>env.blocks << 2);
  }

  /** Rises as the next use comes nearer. */
  @inline nearness(block: u32): u64 {
    return <u64>(NEVER - load<u32>(this.next + (block << 2)));
  }

  onAccess(block: u32, _step: f64, position: u32): void {
    const at = this.next + (block << 2);
    // Requests that overlap may touch in another order than they came.
    const next = max(load<u32>(this.column + (<usize>position << 2)), load<u32>(at));
    store<u32>(at, next);
    const tiers = this.tiers;
    for (let t = 0; t < tiers.length; t++) tiers[t].moved(block);
  }
}

@final export class FurthestNextUse extends Sharing {
  private readonly heap: Heap;
  /** u32[slots]: when the slot's block entered, in entries. */
  private readonly entered: usize;
  private entries: u32 = 0;

  constructor(env: Env, private readonly uses: NextUses) {
    super(env, uses);
    this.heap = new Heap(env.slots);
    this.entered = take(<usize>env.slots << 2);
    uses.tiers.push(this);
  }

  /** A block has another next use; it may be in this tier. */
  moved(block: u32): void {
    if (!this.env.holds(block)) return;
    const slot = this.env.slotIn(block);
    this.heap.update(slot, this.uses.nearness(block), load<u32>(this.entered + (slot << 2)));
  }

  hit(_slot: u32, _block: u32): void {}

  victim(): u32 {
    return this.heap.least();
  }

  leave(slot: u32, _block: u32): void {
    this.heap.remove(slot);
  }

  enter(slot: u32, block: u32): void {
    const entry = this.entries++;
    store<u32>(this.entered + (slot << 2), entry);
    this.heap.insert(slot, this.uses.nearness(block), entry);
  }
}

export function furthestNextUse(env: Env): FurthestNextUse {
  const shared = env.shared;
  const uses = shared == null ? new NextUses(env) : changetype<NextUses>(shared);
  return new FurthestNextUse(env, uses);
}
