/**
 * One tier of equal blocks: which block is in which slot. It moves blocks; its policy orders them.
 */
import { Admitter } from "./admission/admitter";
import { take } from "./arena";
import { Env, Policy } from "./policies/policy";

@final export class Tier {
  used: u32 = 0;
  insertions: u64 = 0;
  evictions: u64 = 0;
  bypasses: u64 = 0;

  /** u32[blocks]: slot of a block, plus one; 0 when it is not here. */
  private readonly slotOf: usize;
  private readonly blockOf: usize;
  /** u32[slots]: slots given back, a stack. */
  private readonly free: usize;
  private freed: u32 = 0;
  private untouched: u32 = 0;

  constructor(
    private readonly env: Env,
    private readonly policy: Policy,
    private readonly admitter: Admitter,
  ) {
    this.slotOf = take(<usize>env.blocks << 2);
    this.free = take(<usize>env.slots << 2);
    this.blockOf = env.blockOf;
    env.slotOf = this.slotOf;
  }

  @inline holds(block: u32): bool {
    return load<u32>(this.slotOf + (block << 2)) != 0;
  }

  /** Touches a block and tells whether it was here; a missing one enters if it may. */
  touch(block: u32): bool {
    this.admitter.onTouch(block);
    const slot = load<u32>(this.slotOf + (block << 2));
    if (slot != 0) {
      this.policy.onHit(slot - 1, block);
      for (; this.policy.surplus > 0; this.policy.surplus--) this.evict(this.policy.victim());
      return true;
    }
    if (this.admitter.admits(block) && this.policy.onMiss(block) && this.makeRoom(block)) {
      this.insert(block);
    } else {
      this.bypasses++;
    }
    return false;
  }

  /** Evicts until the newcomer fits; `false` when admission prefers the victim. */
  private makeRoom(block: u32): bool {
    while (this.used > 0 && (this.used >= this.env.capacity || this.policy.wantsRoom())) {
      const slot = this.policy.victim();
      if (!this.admitter.prefers(block, this.env.blockIn(slot))) return false;
      this.evict(slot);
    }
    return true;
  }

  private evict(slot: u32): void {
    const victim = this.env.blockIn(slot);
    assert(load<u32>(this.slotOf + (victim << 2)) == slot + 1, "victim is not resident");
    this.policy.onRemove(slot, victim);
    store<u32>(this.slotOf + (victim << 2), 0);
    store<u32>(this.free + (this.freed << 2), slot);
    this.freed++;
    this.used--;
    this.evictions++;
  }

  private insert(block: u32): void {
    let slot = this.untouched;
    if (this.freed > 0) slot = load<u32>(this.free + (--this.freed << 2));
    else this.untouched++;
    assert(slot < this.env.slots, "no free slot");
    store<u32>(this.slotOf + (block << 2), slot + 1);
    store<u32>(this.blockOf + (slot << 2), block);
    this.used++;
    this.insertions++;
    this.policy.onInsert(slot, block);
  }
}
