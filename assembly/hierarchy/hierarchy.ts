/**
 * Several tiers, and the moves between them: start reading at `touch`.
 *
 * - A hit in the fastest tier tells its policy. A hit below moves the block up (promotion), or
 *   serves it where it is when the rule says so or when the fastest tier will not have it.
 * - A promoted block leaves its source first; then room is made; then it takes its place. So its
 *   victim may have its old place, and it is never in two tiers. With `Exchange.Copy` it leaves the
 *   source's order first, but its bytes only after room was made.
 * - A newly computed block enters as an evicted one would (`descent.ts`): the first tier that
 *   accepts it has it.
 * - Bytes move for a cause, and so does whatever has to make room for them.
 */
import { Demotion, Exchange, WriteRule } from "../abi_hierarchy";
import { NONE } from "../columns/list";
import { Descent } from "./descent";
import { Level } from "./level";
import { MARKS, PINNED, SEEN, TIERS_MASK } from "./states";

@final export class Hierarchy extends Descent {
  /** The request in progress uses a block, which is in `tier`, as `find` says. */
  touch(block: u32, tier: u32): void {
    const clock = this.level(0).env;
    if (this.states.places != 0) this.states.setPlace(block, clock.depth, clock.requestBlocks);
    if (this.watched) this.tellTouched(block);
    if (tier == 0) {
      if (this.special) this.hitSpecial(block);
      else this.hitAt(this.level(0), 0, block);
    } else if (tier < this.count) {
      this.hitBelow(block, tier);
    } else {
      this.enterNew(block);
    }
  }

  /**
   * Touches the blocks of a request in turn, where all is plain.
   *
   * @param at Address of the first to be touched; that order is the one of the access column.
   * @param now Touches before the first.
   * @param depth Its place in the request; the others follow at `step`.
   */
  touchAll(at: usize, now: u32, depth: u32, step: i32): void {
    const front = this.front;
    const states = this.states.base;
    const isPlaced = this.states.places != 0;
    const env = this.level(0).env;
    const blocks = env.requestBlocks;
    const last = now + blocks;
    for (; now < last; now++, depth += step, at += 4) {
      const block = load<u32>(at);
      const state = load<u32>(states + (<usize>block << 2));
      if ((state & TIERS_MASK) == 0) {
        if (isPlaced) this.states.setPlace(block, depth, blocks);
        store<u32>(states + (<usize>block << 2), (state & MARKS) | SEEN | 1);
        front.push(block, now);
        continue;
      }
      if (!front.isEmpty) front.settle();
      if (isPlaced) this.states.setPlace(block, depth, blocks);
      env.now = now;
      env.depth = depth;
      env.requestBlocks = blocks;
      this.computed = depth >= this.cut;
      this.touchHeld(block);
    }
    front.settle();
  }

  /** Touches a block that was held before all that waited entered. */
  private touchHeld(block: u32): void {
    const tier = this.tierOf(block);
    if (tier == 0) this.hitAt(this.level(0), 0, block);
    else if (tier < this.count) this.hitBelow(block, tier);
    else this.enterNew(block);
  }

  /** A hit in the fastest tier where blocks may be pinned, or written after some hits. */
  hitSpecial(block: u32): void {
    if (this.states.has(block, PINNED)) return;
    const level = this.level(0);
    if (this.mayPin(block)) {
      level.hold(block);
      this.states.set(block, PINNED);
      return;
    }
    this.hitAt(level, 0, block);
    if (this.header.write != WriteRule.Selective) return;
    if (this.states.countHit(block) + 1 >= this.header.writeHits) this.writeCopy(block);
  }

  /** The policy of the tier that serves a block hears of it, and may shrink a part of itself. */
  @inline hitAt(level: Level, tier: u32, block: u32): void {
    const policy = level.policy;
    policy.onHit(level.slotIn(block), block);
    for (; policy.surplus > 0; policy.surplus--) this.evict(tier);
  }

  hitBelow(block: u32, tier: u32): void {
    const hits = this.states.countHit(block);
    if (this.promotes(hits) && this.promote(block, tier)) return;
    if (!this.prepaid) this.bookRead(block, tier);
    // A promotion that failed may have moved the block.
    const now = this.tierOf(block);
    if (now == this.count) return;
    const level = this.level(now);
    if (this.states.has(block, PINNED)) return;
    level.tell(this.states, block);
    this.hitAt(level, now, block);
  }

  /** Moves a block up into the fastest tier; `false` when that will not have it. */
  promote(block: u32, source: u32): bool {
    if (this.plain) return this.promotePlain(block, source);
    const top = this.level(0);
    const pinned = this.mayPin(block);
    top.tell(this.states, block);
    if (!pinned && !top.accepts(block)) {
      top.found.bypasses++;
      return false;
    }
    const copies = this.header.exchange == Exchange.Copy;
    let slot: u32 = 0;
    if (!this.inclusive) {
      this.level(source).tell(this.states, block);
      slot = this.level(source).hold(block);
      if (!copies) this.release(block, source, slot);
    } else {
      // Whatever making room does to the copy below, the block is not lost with it.
      this.states.set(block, 1);
    }
    const room = this.makeRoom(0, block);
    if (!this.inclusive && copies) this.release(block, source, slot);
    if (!room) {
      top.found.bypasses++;
      this.states.clear(block, 1);
      if (this.states.tiers(block) == 0) this.sendDown(block, source, source);
      return false;
    }
    top.attach(block, pinned);
    this.states.enter(block, pinned ? PINNED | 1 : 1);
    this.bookPromotion(block, source);
    if (this.sharing) this.tellInserted(block, 0);
    if (this.header.write == WriteRule.Through) this.writeCopy(block);
    return true;
  }

  private bookPromotion(block: u32, source: u32): void {
    this.level(0).found.promotedIn++;
    if (!this.prepaid) this.book(block, source, 0);
    else if (this.computed) this.book(block, this.gpu, 0);
  }

  /** What `promote` does, where all is plain; nobody waits to enter a tier. */
  private promotePlain(block: u32, source: u32): bool {
    const top = this.level(0);
    top.tell(this.states, block);
    if (!top.policy.onMiss(block)) {
      top.found.bypasses++;
      return false;
    }
    if (!this.inclusive) {
      const level = this.level(source);
      level.tell(this.states, block);
      this.release(block, source, level.hold(block));
    }
    this.states.enter(block, 1);
    this.front.enter((<u64>top.env.now << 32) | block, NONE, true);
    this.bookPromotion(block, source);
    return true;
  }

  /** A block that no tier holds was computed. */
  enterNew(block: u32): void {
    const first = this.header.entry;
    if (this.plain && first == 0) {
      this.states.enter(block, SEEN | 1);
      this.front.push(block, this.level(0).env.now);
      return;
    }
    const last = this.header.demotion == Demotion.Cascade ? this.count : first + 1;
    for (let tier = first; tier < last; tier++) {
      if (!this.enterAt(block, tier)) continue;
      this.insertAt(block, tier);
      if (tier == 0) this.written(block);
      // A slowest tier that blocks enter is where they come from: they move up as after a hit.
      else if (tier == first && this.header.promotion == 1) this.promote(block, tier);
      return;
    }
  }

  /** A prefetch asks the tier that blocks come from for one that no tier holds. */
  enterSource(block: u32): bool {
    const tier = this.header.entry;
    if (!this.enterAt(block, tier)) return false;
    this.insertAt(block, tier);
    return true;
  }

  insertAt(block: u32, tier: u32): void {
    this.states.enter(block, SEEN | (1 << tier));
    this.level(tier).found.insertedIn++;
    this.book(block, this.gpu, tier);
    if (this.sharing) this.tellInserted(block, tier);
  }

  written(block: u32): void {
    const rule = this.header.write;
    const first = rule == WriteRule.Selective && this.header.writeHits <= 1;
    if (rule == WriteRule.Through || first) this.writeCopy(block);
  }
}
