/**
 * The way down: room is made in a tier by giving blocks to the tiers below it.
 *
 * - A block that leaves to make room goes to the next tier below that accepts it, or away.
 * - Inclusive tiers keep the copies that they have: a block that leaves while any other tier holds
 *   it is dropped there and nowhere else. So a copy above is not invalidated when the one below it
 *   goes; it has to be written again when it leaves in its turn. A block is immutable, hence dirty
 *   exactly when no tier below holds it.
 */
import { Cause, Demotion } from "../abi_hierarchy";
import { take } from "../arena";
import { Core } from "./core";
import { Level } from "./level";
import { ENTRY_BYTES, Stage } from "./stage";
import { PENDING, PINNED, TIERS_MASK } from "./states";

export class Descent extends Core {
  /** The tiers with what waits before them; none unless all is plain. */
  stages: StaticArray<Stage> = [];
  /** Room to name one block to the mover. */
  private readonly entry: usize = take(ENTRY_BYTES);

  @inline get front(): Stage {
    return unchecked(this.stages[0]);
  }

  /** All blocks that wait to enter a tier do. */
  @inline settle(): void {
    if (this.plain && !this.front.isEmpty) this.front.settle();
  }

  /** The tier that a block is in now, the fastest of several; `count` for none. */
  @inline find(block: u32): u32 {
    const tier = this.tierOf(block);
    if (tier == this.count || !this.plain || this.front.isEmpty) return tier;
    this.front.settle();
    return this.tierOf(block);
  }

  /** Gives the block a place in one tier, if that accepts it and has or makes room. */
  enterAt(block: u32, tier: u32): bool {
    const level = this.level(tier);
    const pinned = tier == 0 && this.mayPin(block);
    level.tell(this.states, block);
    if ((!pinned && !level.accepts(block)) || !this.makeRoom(tier, block)) {
      level.found.bypasses++;
      return false;
    }
    level.attach(block, pinned);
    if (pinned) this.states.set(block, PINNED);
    return true;
  }

  @inline release(block: u32, tier: u32, slot: u32): void {
    this.level(tier).release(block, slot);
    this.states.clear(block, <u32>1 << tier);
  }

  /** Evicts until the newcomer fits; `false` when it cannot, or admission prefers the victim. */
  makeRoom(tier: u32, newcomer: u32): bool {
    const level = this.level(tier);
    const bytes = level.bytesOf(newcomer);
    const policy = level.policy;
    while (level.ordered > 0 && (!level.fits(bytes) || policy.wantsRoom())) {
      const slot = policy.victim();
      const victim = level.blockIn(slot);
      if (level.filters && !level.admitter.prefers(newcomer, victim)) return false;
      this.evictBlock(level, tier, victim, slot);
    }
    return level.fits(bytes);
  }

  evict(tier: u32): void {
    const level = this.level(tier);
    if (level.ordered == 0) return;
    const slot = level.policy.victim();
    this.evictBlock(level, tier, level.blockIn(slot), slot);
  }

  evictBlock(level: Level, tier: u32, victim: u32, slot: u32): void {
    assert(level.env.holds(victim), "victim is not resident");
    level.evict(victim, slot);
    const state = this.leave(victim, tier);
    if (this.sharing) this.tellEvicted(victim, tier);
    if ((state & TIERS_MASK) == 0) this.sendDown(victim, tier, tier + 1);
  }

  /** An evicted block is in the tier no more; gives its state. */
  @inline leave(block: u32, tier: u32): u32 {
    const at = this.states.at(block);
    const state = load<u32>(at) & ~(<u32>1 << tier);
    store<u32>(at, state);
    if (tier == 0 && (state & PENDING) != 0) this.wastePrefetched(block);
    return state;
  }

  /** Gives a block that left `source` to the first tier from `first` on that accepts it. */
  sendDown(block: u32, source: u32, first: u32): void {
    const end = this.header.demotion == Demotion.Cascade ? this.count : source + 1;
    for (let tier = first; tier < end; tier++) {
      if (!this.enterAt(block, tier)) continue;
      this.states.enter(block, 1 << tier);
      this.level(tier).demotedIn++;
      if (tier != source) this.bookDown(block, source, tier);
      return;
    }
    this.level(source).found.dropped++;
    if (this.mover != null) this.mover!.drops(block);
  }

  bookDown(block: u32, source: u32, target: u32): void {
    this.book(block, source, target);
    this.tellCopied(block, source, target);
  }

  private tellCopied(block: u32, source: u32, target: u32): void {
    if (this.mover == null) return;
    store<u64>(this.entry, block);
    this.mover!.copies(this.entry, this.entry + ENTRY_BYTES, source, target);
  }

  /** Writes a block of the fastest tier to the first tier below that accepts it, if none has it. */
  writeCopy(block: u32): void {
    if ((this.states.tiers(block) >> 1) != 0) return;
    const cause = this.cause;
    this.cause = Cause.WriteBack;
    for (let tier: u32 = 1; tier < this.count; tier++) {
      if (!this.enterAt(block, tier)) continue;
      this.states.set(block, 1 << tier);
      this.level(tier).demotedIn++;
      this.book(block, 0, tier);
      this.tellCopied(block, 0, tier);
      break;
    }
    this.cause = cause;
  }
}
