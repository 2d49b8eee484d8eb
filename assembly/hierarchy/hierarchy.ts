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
import { Cause, Containment, Demotion, Exchange, WriteRule } from "../abi";
import { Shared } from "../policies/shared";
import { HierarchyFound, HierarchyHeader } from "./layout";
import { Level } from "./level";
import { PENDING, PINNED, SEEN, States } from "./states";
import { Traffic } from "./traffic";

/** What happens when blocks move, for a clock that someone else keeps. */
export abstract class Mover {
  /** A block is copied from tier to tier because it was evicted or is written through. */
  abstract copies(block: u32, source: u32, target: u32): void;
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
  private readonly filters: bool;
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
    let filters = false;
    for (let t = 0; t < levels.length; t++) filters = filters || levels[t].admitter.filters();
    this.filters = filters;
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
    if (this.filters) {
      for (let t: u32 = 0; t < this.count; t++) this.level(t).admitter.onTouch(block);
    }
    for (let i = 0; i < this.shareds.length; i++) {
      unchecked(this.shareds[i]).onAccess(block, this.step);
    }
    const tier = this.tierOf(block);
    if (tier == 0) this.hitFastest(block);
    else if (tier < this.count) this.hitBelow(block, tier);
    else this.enterNew(block);
    return tier;
  }

  private hitFastest(block: u32): void {
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
  private hitAt(level: Level, tier: u32, block: u32): void {
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
    top.found.promotedIn++;
    for (let i = 0; i < this.shareds.length; i++) unchecked(this.shareds[i]).onInsert(block, 0);
    if (!this.prepaid) this.book(block, source, 0);
    else if (this.computed) this.book(block, this.gpu, 0);
    if (this.header.write == WriteRule.Through) this.writeCopy(block);
    return true;
  }

  /** A block that no tier holds was computed. */
  enterNew(block: u32): void {
    const first = this.header.entry;
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

  private insertAt(block: u32, tier: u32): void {
    this.states.enter(block, SEEN | (1 << tier));
    this.level(tier).found.insertedIn++;
    this.book(block, this.gpu, tier);
    for (let i = 0; i < this.shareds.length; i++) unchecked(this.shareds[i]).onInsert(block, tier);
  }

  /** A look-up found a block that was prefetched: it was worth it. */
  @inline noticePrefetched(block: u32): void {
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
    if ((!pinned && !level.accepts(block)) || !this.makeRoom(tier, block)) {
      level.found.bypasses++;
      return false;
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
  private mayPin(block: u32): bool {
    if (this.states.depth(block) >= this.header.pinnedDepth) return false;
    const level = this.level(0);
    return level.heldBytes + level.bytesOf(block) <= this.pinnableBytes;
  }

  /** Evicts until the newcomer fits; `false` when it cannot, or admission prefers the victim. */
  private makeRoom(tier: u32, newcomer: u32): bool {
    const level = this.level(tier);
    const bytes = level.bytesOf(newcomer);
    const policy = level.policy;
    while (level.ordered > 0 && (!level.fits(bytes) || policy.wantsRoom())) {
      const victim = level.env.blockIn(policy.victim());
      if (!level.admitter.prefers(newcomer, victim)) return false;
      this.evictBlock(tier, victim);
    }
    return level.fits(bytes);
  }

  private evict(tier: u32): void {
    const level = this.level(tier);
    if (level.ordered == 0) return;
    this.evictBlock(tier, level.env.blockIn(level.policy.victim()));
  }

  private evictBlock(tier: u32, victim: u32): void {
    const level = this.level(tier);
    assert(level.env.holds(victim), "victim is not resident");
    level.found.evictions++;
    level.detach(victim);
    this.states.clear(victim, <u32>1 << tier);
    for (let i = 0; i < this.shareds.length; i++) unchecked(this.shareds[i]).onEvict(victim, tier);
    if (tier == 0 && this.states.has(victim, PENDING)) {
      this.states.clear(victim, PENDING);
      this.pending--;
      this.found.prefetchWasted++;
    }
    if (this.states.tiers(victim) == 0) this.sendDown(victim, tier, tier + 1);
  }

  /** Gives a block that left `source` to the first tier from `first` on that accepts it. */
  private sendDown(block: u32, source: u32, first: u32): void {
    const end = this.header.demotion == Demotion.Cascade ? this.count : source + 1;
    for (let tier = first; tier < end; tier++) {
      if (!this.enterAt(block, tier)) continue;
      this.states.enter(block, 1 << tier);
      this.level(tier).found.demotedIn++;
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
      this.level(tier).found.demotedIn++;
      this.book(block, 0, tier);
      if (this.mover != null) this.mover!.copies(block, 0, tier);
      break;
    }
    this.cause = cause;
  }

  /** Bytes of a block in its narrower and wider form, and what reading it costs besides. */
  private book(block: u32, source: u32, target: u32): void {
    const to = this.level(target).bytesOf(block);
    const from = source == this.gpu ? to : this.level(source).bytesOf(block);
    this.traffic.add(this.cause, source, target, min(from, to), max(from, to));
    if (source != this.gpu) this.addReadNs(block);
  }

  private bookDown(block: u32, source: u32, target: u32): void {
    this.book(block, source, target);
    const narrow = min(this.level(source).bytesOf(block), this.level(target).bytesOf(block));
    this.traffic.addDemoted(this.cause, narrow);
    if (this.mover != null) this.mover!.copies(block, source, target);
  }

  /** The GPU reads a block in a tier below the fastest. */
  bookRead(block: u32, source: u32): void {
    const bytes = this.level(source).bytesOf(block);
    const wide = max(bytes, this.level(0).bytesOf(block));
    this.traffic.add(this.cause, source, this.gpu, bytes, wide);
    this.addReadNs(block);
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
