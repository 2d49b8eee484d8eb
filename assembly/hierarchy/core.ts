/**
 * What all of a hierarchy shares: its tiers, the state of its blocks, the books of its traffic, and
 * who is told of what.
 */
import { Cause, Containment, Demotion, Exchange, WriteRule } from "../abi_hierarchy";
import { NONE } from "../columns/list";
import { Shared } from "../policies/shared";
import { HierarchyFound } from "./found";
import { HierarchyHeader } from "./layout";
import { Level } from "./level";
import { PENDING, States, TIERS_MASK } from "./states";
import { Traffic } from "./traffic";

/** What happens when blocks move, for a clock that someone else keeps. */
export abstract class Mover {
  /**
   * Blocks are copied from tier to tier because they were evicted or are written through.
   *
   * @param at Address of the first of the entries that name them; see `stage.ts`.
   */
  abstract copies(at: usize, end: usize, source: u32, target: u32): void;

  /** A block leaves the hierarchy: whatever was still being written of it is worth nothing. */
  abstract drops(block: u32): void;
}

/** Whether only policies can refuse a block on its way down, and nothing pins or resizes it. */
function isPlain(header: HierarchyHeader, levels: StaticArray<Level>): bool {
  for (let t = 0; t < levels.length; t++) {
    if (levels[t].filters || levels[t].record.blockSizes != 0) return false;
  }
  return header.write == WriteRule.Back && header.pinnedDepth == 0 &&
    header.demotion == Demotion.Cascade && header.exchange == Exchange.Detach &&
    header.blockReadNs == 0 && header.checkBooks == 0;
}

export class Core {
  readonly count: u32;
  /** The GPU's place in the traffic. */
  readonly gpu: u32;
  cause: Cause = Cause.Demand;
  /** The trace's own time, for what policies share between tiers. */
  step: f64 = 0;
  /** Place of the touch in the trace, in the order of touching; told when policies share. */
  position: u32 = 0;
  /** Prefetched blocks whose worth is not known yet. */
  pending: u32 = 0;
  /** Loads were booked when they began; a promotion only changes places. */
  prepaid: bool = false;
  /** Blocks of the request from this depth on were computed and not loaded, wherever they are. */
  cut: u32 = NONE;
  /** Whether the block now touched is one of them. */
  computed: bool = false;
  mover: Mover | null = null;
  readonly inclusive: bool;
  /** Whether any admission counts touches, or any policies share a state; the latter alone. */
  readonly watched: bool;
  readonly sharing: bool;
  /** Whether hits in the fastest tier have more to do than to tell the policy. */
  readonly special: bool;
  /**
   * Whether blocks go down by stages (`stage.ts`); never while the books are checked, so that tests
   * hold them against the long way.
   */
  readonly plain: bool;
  /** Whether blocks differ in bytes. */
  readonly unequal: bool;
  readonly pinnableBytes: u64;
  readonly readNs: usize;

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
    this.unequal = levels[0].record.blockSizes != 0;
    this.plain = shareds.length == 0 && isPlain(header, levels);
    const fastest = levels[0].capacityBytes;
    this.pinnableBytes = fastest - min(header.floorBytes, fastest);
  }

  @inline level(tier: u32): Level {
    return unchecked(this.levels[tier]);
  }

  /** The fastest tier that holds the block; `count` when none does. */
  @inline tierOf(block: u32): u32 {
    return this.tierIn(this.states.of(block));
  }

  @inline tierIn(state: u32): u32 {
    const tiers = state & TIERS_MASK;
    return tiers == 0 ? this.count : <u32>ctz(tiers);
  }

  tellTouched(block: u32): void {
    for (let t: u32 = 0; t < this.count; t++) this.level(t).admitter.onTouch(block);
    if (this.sharing) this.tellAccess(block);
  }

  tellAccess(block: u32): void {
    const shareds = this.shareds;
    for (let i = 0; i < shareds.length; i++) shareds[i].onAccess(block, this.step, this.position);
  }

  tellInserted(block: u32, tier: u32): void {
    const shareds = this.shareds;
    for (let i = 0; i < shareds.length; i++) shareds[i].onInsert(block, tier);
  }

  tellEvicted(block: u32, tier: u32): void {
    const shareds = this.shareds;
    for (let i = 0; i < shareds.length; i++) shareds[i].onEvict(block, tier);
  }

  /** Whether a block moves up at its `hits`th hit in a tier. */
  @inline promotes(hits: u32): bool {
    const rule = this.header.promotion;
    return rule != 0 && hits >= rule;
  }

  /** A look-up hit the fastest tier: a read, and if the block was prefetched, worth it. */
  @inline noticeFastHit(block: u32): void {
    if (this.readNs != 0) this.addReadNs(block);
    if (!this.states.has(block, PENDING)) return;
    this.states.clear(block, PENDING);
    this.pending--;
    this.found.prefetchUseful++;
  }

  wastePrefetched(block: u32): void {
    this.states.clear(block, PENDING);
    this.pending--;
    this.found.prefetchWasted++;
  }

  /** Whether the block now touched belongs to the pinned depth, and the pins leave the floor. */
  @inline mayPin(block: u32): bool {
    return this.states.depth(block) < this.header.pinnedDepth && this.mayPinBytes(block);
  }

  mayPinBytes(block: u32): bool {
    const level = this.level(0);
    return level.heldBytes + level.bytesOf(block) <= this.pinnableBytes;
  }

  /** Counts a move; bytes only where blocks differ, else they follow from the count. */
  @inline book(block: u32, source: u32, target: u32): void {
    this.traffic.add(this.cause, source, target);
    if (this.unequal) this.bookBytes(block, source, target);
    if (this.readNs != 0 && source != this.gpu) this.addReadNs(block);
  }

  /** Bytes of a block in its narrower and wider form. */
  bookBytes(block: u32, source: u32, target: u32): void {
    const here = source == this.gpu ? target : source;
    const from = this.level(here).bytesOf(block);
    const to = this.level(target == this.gpu ? 0 : target).bytesOf(block);
    this.traffic.addBytes(this.cause, source, target, min(from, to), max(from, to));
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
