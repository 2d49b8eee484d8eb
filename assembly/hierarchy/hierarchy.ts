/**
 * Several tiers, and the moves between them: start reading at `touch`.
 *
 * Rules, in the order in which they apply:
 *
 * - A hit in the fastest tier tells its policy. A hit below moves the block up (promotion), or
 *   serves it where it is when the rule says so or when the fastest tier will not have it.
 * - A promoted block leaves its source first; then room is made; then it takes its place. So its
 *   victim may have its old place, and it is never in two tiers. With `Exchange.Copy` it leaves the
 *   source's order first, but its bytes only after room was made.
 * - A block that leaves to make room goes to the next tier below that accepts it, or away. Inclusive
 *   tiers keep the copies that they have: a block that leaves while any other tier holds it is
 *   dropped there and nowhere else. So a copy above is not invalidated when the one below it goes;
 *   it has to be written again when it leaves in its turn. A block is immutable, hence dirty exactly
 *   when no tier below holds it.
 * - A newly computed block enters as an evicted one would: the first tier that accepts it has it.
 * - Bytes move for a cause, and so does whatever has to make room for them.
 */
import { Cause, Containment, Demotion, Exchange, Movement, WriteRule } from "../abi";
import { NONE } from "../columns/list";
import { Shared } from "../policies/shared";
import { HierarchyFound, HierarchyHeader } from "./layout";
import { Level } from "./level";
import { PENDING, PINNED, SEEN, STATE_BITS, States, TIERS_MASK } from "./states";
import { Traffic } from "./traffic";

/** What happens when blocks move, for a clock that someone else keeps. */
export abstract class Mover {
  /** A block is copied from tier to tier because it was evicted or is written through. */
  abstract copies(block: u32, source: u32, target: u32): void;
}

/** Whether nothing can refuse, pin, copy or delay a block that is on its way down. */
function isPlain(header: HierarchyHeader, levels: StaticArray<Level>, sharing: bool): bool {
  for (let t = 0; t < levels.length; t++) {
    if (levels[t].filters || levels[t].record.blockSizes != 0) return false;
  }
  return !sharing && header.containment == Containment.Exclusive && header.pinnedDepth == 0 &&
    header.movement == Movement.Synchronous && header.demotion == Demotion.Cascade &&
    header.exchange == Exchange.Detach && header.blockReadNs == 0 && header.checkBooks == 0;
}

@final export class Hierarchy {
  readonly count: u32;
  /** The GPU's place in the traffic. */
  readonly gpu: u32;
  cause: Cause = Cause.Demand;
  /** The trace's own time, for what policies share between tiers. */
  step: f64 = 0;
  /** Prefetched blocks whose worth is not known yet. */
  pending: u32 = 0;
  /** Loads were booked when they began; a promotion only changes places. */
  prepaid: bool = false;
  /** The block now touched was computed and not loaded, wherever it is. */
  computed: bool = false;
  mover: Mover | null = null;
  private readonly inclusive: bool;
  /** Whether any admission counts touches, or any policies share a state; the latter alone. */
  private readonly watched: bool;
  readonly sharing: bool;
  /** Whether hits in the fastest tier have more to do than to tell the policy. */
  private readonly special: bool;
  /** Whether `cascade` applies; never while the books are checked, so that tests hold it against the long way. */
  private readonly plain: bool;
  /** Whether blocks differ in bytes. */
  readonly unequal: bool;
  private readonly base: usize;
  private readonly pinnableBytes: u64;
  private readonly readNs: usize;

  constructor(
    readonly header: HierarchyHeader,
    readonly levels: StaticArray<Level>,
    readonly shareds: StaticArray<Shared>,
    readonly states: States,
    readonly traffic: Traffic,
    readonly found: HierarchyFound,
  ) {
    this.count = levels.length;
    this.gpu = levels.length;
    this.inclusive = header.containment == Containment.Inclusive;
    this.readNs = header.blockReadNs;
    let watched = shareds.length > 0;
    for (let t = 0; t < levels.length; t++) watched = watched || levels[t].filters;
    this.watched = watched;
    this.special = header.pinnedDepth > 0 || header.write == WriteRule.Selective;
    this.sharing = shareds.length > 0;
    this.base = states.base;
    this.unequal = levels[0].record.blockSizes != 0;
    this.plain = isPlain(header, levels, shareds.length > 0);
    const fastest = levels[0].capacityBytes;
    this.pinnableBytes = fastest - min(header.floorBytes, fastest);
  }

  @inline level(tier: u32): Level {
    return unchecked(this.levels[tier]);
  }

  /** The fastest tier that holds the block; `count` when none does. */
  @inline tierOf(block: u32): u32 {
    const tiers = this.states.tiers(block);
    return tiers == 0 ? this.count : <u32>ctz(tiers);
  }

  /** The request in progress uses a block; gives the tier that held it, `count` for none. */
  touch(block: u32): u32 {
    const clock = this.level(0).env;
    this.states.setPlace(block, clock.depth, clock.requestBlocks);
    if (this.watched) this.tellTouched(block);
    const tier = this.tierOf(block);
    if (tier == 0) {
      if (this.special) this.hitSpecial(block);
      else this.hitAt(this.level(0), 0, block);
    } else if (tier < this.count) {
      this.hitBelow(block, tier);
    } else {
      this.enterNew(block);
    }
    return tier;
  }

  private tellTouched(block: u32): void {
    for (let t: u32 = 0; t < this.count; t++) this.level(t).admitter.onTouch(block);
    if (this.sharing) this.tellAccess(block);
  }

  private tellAccess(block: u32): void {
    const shareds = this.shareds;
    for (let i = 0; i < shareds.length; i++) shareds[i].onAccess(block, this.step);
  }

  private tellInserted(block: u32, tier: u32): void {
    const shareds = this.shareds;
    for (let i = 0; i < shareds.length; i++) shareds[i].onInsert(block, tier);
  }

  private tellEvicted(block: u32, tier: u32): void {
    const shareds = this.shareds;
    for (let i = 0; i < shareds.length; i++) shareds[i].onEvict(block, tier);
  }

  /** A hit in the fastest tier where blocks may be pinned, or written after some hits. */
  private hitSpecial(block: u32): void {
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
  @inline private hitAt(level: Level, tier: u32, block: u32): void {
    const policy = level.policy;
    policy.onHit(level.slotIn(block), block);
    for (; policy.surplus > 0; policy.surplus--) this.evict(tier);
  }

  private hitBelow(block: u32, tier: u32): void {
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

  /** Whether a block moves up at its `hits`th hit in a tier. */
  @inline promotes(hits: u32): bool {
    const rule = this.header.promotion;
    return rule != 0 && hits >= rule;
  }

  /** Moves a block up into the fastest tier; `false` when that will not have it. */
  promote(block: u32, source: u32): bool {
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
    if (this.plain) this.cascade(block, 0);
    const room = this.plain || this.makeRoom(0, block);
    if (!this.inclusive && copies) this.release(block, source, slot);
    if (!room) {
      top.found.bypasses++;
      this.states.clear(block, 1);
      if (this.states.tiers(block) == 0) this.sendDown(block, source, source);
      return false;
    }
    if (!this.plain) top.attach(block, pinned);
    this.states.enter(block, pinned ? PINNED | 1 : 1);
    top.found.promotedIn++;
    if (this.sharing) this.tellInserted(block, 0);
    if (!this.prepaid) this.book(block, source, 0);
    else if (this.computed) this.book(block, this.gpu, 0);
    if (this.header.write == WriteRule.Through) this.writeCopy(block);
    return true;
  }

  /** A block that no tier holds was computed. */
  enterNew(block: u32): void {
    const first = this.header.entry;
    let tier = first;
    if (this.plain && first == 0) {
      const top = this.level(0);
      if (top.quiet || top.policy.onMiss(block)) {
        this.cascade(block, 0);
        this.states.enter(block, SEEN | 1);
        top.found.insertedIn++;
        this.traffic.add(this.cause, this.gpu, 0);
        return;
      }
      top.found.bypasses++;
      tier = 1;
    }
    const last = this.header.demotion == Demotion.Cascade ? this.count : first + 1;
    for (; tier < last; tier++) {
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

  private insertAt(block: u32, tier: u32): void {
    this.states.enter(block, SEEN | (1 << tier));
    this.level(tier).found.insertedIn++;
    this.book(block, this.gpu, tier);
    if (this.sharing) this.tellInserted(block, tier);
  }

  /** A look-up hit the fastest tier: a read, and if the block was prefetched, worth it. */
  @inline noticeFastHit(block: u32): void {
    if (this.readNs != 0) this.addReadNs(block);
    if (!this.states.has(block, PENDING)) return;
    this.states.clear(block, PENDING);
    this.pending--;
    this.found.prefetchUseful++;
  }

  private written(block: u32): void {
    const rule = this.header.write;
    const first = rule == WriteRule.Selective && this.header.writeHits <= 1;
    if (rule == WriteRule.Through || first) this.writeCopy(block);
  }

  /** Gives the block a place in one tier, if that accepts it and has or makes room. */
  private enterAt(block: u32, tier: u32): bool {
    const level = this.level(tier);
    const pinned = tier == 0 && this.mayPin(block);
    level.tell(this.states, block);
    if ((!pinned && !level.accepts(block)) || (!this.plain && !this.makeRoom(tier, block))) {
      level.found.bypasses++;
      return false;
    }
    if (this.plain) {
      this.cascade(block, tier);
      return true;
    }
    level.attach(block, pinned);
    if (pinned) this.states.set(block, PINNED);
    return true;
  }

  @inline private release(block: u32, tier: u32, slot: u32): void {
    this.level(tier).release(block, slot);
    this.states.clear(block, <u32>1 << tier);
  }

  /** Whether the block now touched belongs to the pinned depth, and the pins leave the floor. */
  @inline private mayPin(block: u32): bool {
    return this.states.depth(block) < this.header.pinnedDepth && this.mayPinBytes(block);
  }

  private mayPinBytes(block: u32): bool {
    const level = this.level(0);
    return level.heldBytes + level.bytesOf(block) <= this.pinnableBytes;
  }

  /** Evicts until the newcomer fits; `false` when it cannot, or admission prefers the victim. */
  private makeRoom(tier: u32, newcomer: u32): bool {
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

  private evict(tier: u32): void {
    const level = this.level(tier);
    if (level.ordered == 0) return;
    const slot = level.policy.victim();
    this.evictBlock(level, tier, level.blockIn(slot), slot);
  }

  private evictBlock(level: Level, tier: u32, victim: u32, slot: u32): void {
    assert(level.env.holds(victim), "victim is not resident");
    level.evict(victim, slot);
    const state = this.leave(victim, tier);
    if (this.sharing) this.tellEvicted(victim, tier);
    if ((state & TIERS_MASK) == 0) this.sendDown(victim, tier, tier + 1);
  }

  /** An evicted block is in the tier no more; gives its state. */
  @inline private leave(block: u32, tier: u32): u32 {
    const at = this.base + (<usize>block << STATE_BITS);
    const state = load<u32>(at) & ~(<u32>1 << tier);
    store<u32>(at, state);
    if (tier == 0 && (state & PENDING) != 0) this.wastePrefetched(block);
    return state;
  }

  /**
   * What `makeRoom`, `attach` and `sendDown` do, where all is plain: a newcomer that its tier
   * accepted takes the victim's slot, and the victim does the same one tier below.
   */
  private cascade(newcomer: u32, first: u32): void {
    let tier = first;
    let victim = this.take(newcomer, tier);
    while (victim != NONE) {
      const source = tier;
      const moving = victim;
      for (tier++; tier < this.count; tier++) {
        const level = this.level(tier);
        if (level.quiet) break;
        level.tell(this.states, moving);
        if (level.policy.onMiss(moving)) break;
        level.found.bypasses++;
      }
      if (tier == this.count) {
        this.level(source).found.dropped++;
        return;
      }
      victim = this.take(moving, tier);
      this.states.enter(moving, 1 << tier);
      this.level(tier).demotedIn++;
      this.traffic.add(this.cause, source, tier);
    }
  }

  /** Gives a block a slot of a tier; the block that had it is the answer, `NONE` if none had. */
  @inline private take(block: u32, tier: u32): u32 {
    const level = this.level(tier);
    const policy = level.policy;
    if (level.fits(level.blockBytes)) {
      this.makeRoom(tier, block);
      level.attach(block, false);
      return NONE;
    }
    const slot = policy.victim();
    const victim = level.blockIn(slot);
    level.giveUp(victim, slot);
    this.leave(victim, tier);
    if (!level.quiet && policy.wantsRoom()) {
      level.vacate(victim, slot);
      this.sendDown(victim, tier, tier + 1);
      this.makeRoom(tier, block);
      level.attach(block, false);
      return NONE;
    }
    level.swap(block, slot);
    return victim;
  }

  private wastePrefetched(block: u32): void {
    this.states.clear(block, PENDING);
    this.pending--;
    this.found.prefetchWasted++;
  }

  /** Gives a block that left `source` to the first tier from `first` on that accepts it. */
  private sendDown(block: u32, source: u32, first: u32): void {
    const end = this.header.demotion == Demotion.Cascade ? this.count : source + 1;
    for (let tier = first; tier < end; tier++) {
      if (!this.enterAt(block, tier)) continue;
      this.states.enter(block, 1 << tier);
      this.level(tier).demotedIn++;
      if (tier != source) this.bookDown(block, source, tier);
      return;
    }
    this.level(source).found.dropped++;
  }

  /** Writes a block of the fastest tier to the first tier below that accepts it, unless it is there. */
  private writeCopy(block: u32): void {
    if ((this.states.tiers(block) >> 1) != 0) return;
    const cause = this.cause;
    this.cause = Cause.WriteBack;
    for (let tier: u32 = 1; tier < this.count; tier++) {
      if (!this.enterAt(block, tier)) continue;
      this.states.set(block, 1 << tier);
      this.level(tier).demotedIn++;
      this.book(block, 0, tier);
      if (this.mover != null) this.mover!.copies(block, 0, tier);
      break;
    }
    this.cause = cause;
  }

  /** Counts a move; bytes only where blocks differ, else they follow from the count. */
  @inline private book(block: u32, source: u32, target: u32): void {
    this.traffic.add(this.cause, source, target);
    if (this.unequal) this.bookBytes(block, source, target);
    if (this.readNs != 0 && source != this.gpu) this.addReadNs(block);
  }

  /** Bytes of a block in its narrower and wider form. */
  private bookBytes(block: u32, source: u32, target: u32): void {
    const here = source == this.gpu ? target : source;
    const from = this.level(here).bytesOf(block);
    const to = this.level(target == this.gpu ? 0 : target).bytesOf(block);
    this.traffic.addBytes(this.cause, source, target, min(from, to), max(from, to));
  }

  private bookDown(block: u32, source: u32, target: u32): void {
    this.book(block, source, target);
    if (this.mover != null) this.mover!.copies(block, source, target);
  }

  /** The GPU reads a block in a tier below the fastest. */
  bookRead(block: u32, source: u32): void {
    this.book(block, source, this.gpu);
  }

  /** A load that ends in the fastest tier begins. Timed movement. */
  bookLoad(block: u32, source: u32): void {
    this.book(block, source, 0);
  }

  /** Bytes of a block on its way to the fastest tier. */
  @inline narrow(block: u32, source: u32): u64 {
    return min(this.level(source).bytesOf(block), this.level(0).bytesOf(block));
  }

  /** What reading this block costs besides, anywhere. */
  @inline readNsOf(block: u32): u32 {
    return this.readNs == 0 ? 0 : load<u32>(this.readNs + (block << 2));
  }

  @inline addReadNs(block: u32): void {
    if (this.readNs != 0) this.found.blockReadNs += this.readNsOf(block);
  }
}
