/**
 * Cacheus: LeCaR with two better experts and a learning rate of its own making. SR-LRU keeps
 * blocks that were used again apart from newcomers, so that a scan passes through the newcomers'
 * part only; CR-LFU gives up the newest of the least frequent blocks, so that churn does not
 * touch the others.
 *
 * Source: Rodriguez et al., "Learning cache replacement with Cacheus", FAST 2021.
 * Cost: O(log n) per touch; 29 bytes per slot, 21 bytes per block (three histories).
 * libCacheSim departs from the paper in effect, and so does `cacheus`: newcomers never fill more
 * than half of the tier even if the rest is empty; the experts are asked only when all of an even
 * capacity is in use; the halves never move, because the marks that would move them are lost on
 * the way; and the learning rate stays what was drawn at the start, because its changes are
 * rounded to zero. `cacheus-paper` moves the halves, fills the tier and adapts the rate.
 */
import { take } from "../arena";
import { GhostNodes, Ghosts } from "../columns/ghost";
import { Heap } from "../columns/heap";
import { List, Nodes } from "../columns/list";
import { Random } from "../random";
import { Env, Policy } from "./policy";

/** Marks of a slot: it stands among the used-again; it has been demoted from there; it is new. */
const REUSED: u8 = 1;
const DEMOTED: u8 = 2;
const NEW: u8 = 4;

/** Marks of a ghost: which expert alone gave it up; whether it left without a second use. */
const BY_LRU: u8 = 1;
const BY_LFU: u8 = 2;
const GHOST_NEW: u8 = 4;

const RATE_MIN: f64 = 0.001;
/** Periods without progress after which the learning rate is drawn afresh. */
const PATIENCE: u32 = 10;

@final export class Cacheus extends Policy {
  /** Newcomers and demoted blocks (SR), and blocks used again (R), each in order of last touch. */
  private readonly newcomers: List;
  private readonly reused: List;
  /** u8[slots] */
  private readonly marks: usize;
  private readonly frequency: Heap;
  /** The last blocks to leave, with their frequency. */
  private readonly history: Ghosts;
  /** u32[blocks]: touches of a ghost in `history`. */
  private readonly touches: usize;
  /** What each expert alone gave up. */
  private readonly lruHistory: Ghosts;
  private readonly lfuHistory: Ghosts;
  /** u8[blocks] */
  private readonly ghostMarks: usize;
  private readonly random: Random;

  private newcomersLimit: u32;
  private reusedLimit: u32;
  private demoted: u32 = 0;
  private newGhosts: u32 = 0;
  private lruWeight: f64 = 0.5;
  private rate: f64;
  private rateBefore: f64 = 0;
  private ratioBefore: f64 = 0;
  private hits: u32 = 0;
  private untilPeriod: u32;
  private fruitless: u32 = 0;
  private cameBack: bool = false;
  /** Which expert alone chose the victim: BY_LRU, BY_LFU, or 0 for both (or none). */
  private chooser: u8 = 0;

  constructor(env: Env, private readonly paper: bool) {
    super(env);
    const nodes = new Nodes(env.slots, 2);
    this.newcomers = nodes.list(0);
    this.reused = nodes.list(1);
    this.marks = take(env.slots);
    this.frequency = new Heap(env.slots);
    // The history is cut when it is as long as the tier, not when it is longer.
    this.history = new GhostNodes(env.blocks).list(env.capacity - 1);
    this.touches = take(<usize>env.blocks << 2);
    const experts = new GhostNodes(env.blocks);
    this.lruHistory = experts.list(env.capacity >> 1);
    this.lfuHistory = experts.list(env.capacity >> 1);
    this.ghostMarks = take(env.blocks);
    this.random = env.random("policy/cacheus");
    this.newcomersLimit = env.capacity >> 1;
    this.reusedLimit = env.capacity >> 1;
    this.rate = env.parameter(0) > 0 ? env.parameter(0) : this.drawRate();
    this.untilPeriod = env.capacity;
  }

  private drawRate(): f64 {
    return RATE_MIN + (1.0 - RATE_MIN) * this.random.unit();
  }

  /** Least frequent first; of equals, the one that came to its count last. */
  @inline private setFrequency(slot: u32, touches: u64): void {
    this.frequency.update(slot, touches << 32, ~this.env.now);
  }

  onHit(slot: u32, _block: u32): void {
    this.setFrequency(slot, (this.frequency.high(slot) >> 32) + 1);
    this.hits++;
    const marks = load<u8>(this.marks + slot);
    if ((marks & REUSED) != 0) {
      this.reused.moveToHead(slot);
    } else {
      this.newcomers.remove(slot);
      if (this.paper && (marks & DEMOTED) != 0) {
        // It was demoted and is wanted: the used-again have too little room.
        this.demoted--;
        this.grow(-<i64>max<u32>(1, this.newGhosts / (this.demoted + 1)));
      }
      this.enterReused(slot);
    }
    this.tick();
  }

  /** Moves the border between the parts in favour of the newcomers, or against them. */
  private grow(blocks: i64): void {
    const most = max<i64>(1, <i64>this.env.capacity - 1);
    this.newcomersLimit = <u32>min<i64>(most, max<i64>(1, <i64>this.newcomersLimit + blocks));
    this.reusedLimit = this.env.capacity - this.newcomersLimit;
  }

  private enterReused(slot: u32): void {
    while (this.reused.length >= this.reusedLimit && !this.reused.isEmpty()) {
      const cooled = this.reused.tail();
      this.reused.remove(cooled);
      this.newcomers.pushHead(cooled);
      store<u8>(this.marks + cooled, DEMOTED);
      this.demoted++;
    }
    this.reused.pushHead(slot);
    store<u8>(this.marks + slot, REUSED);
  }

  onMiss(block: u32): bool {
    this.tick();
    this.regret(block);
    this.cameBack = this.history.has(block);
    const limit = this.cameBack ? this.reusedLimit : this.newcomersLimit;
    return this.paper || limit > 0;
  }

  /** A block that one expert alone gave up costs that expert weight. */
  private regret(block: u32): void {
    const by = load<u8>(this.ghostMarks + block) & (BY_LRU | BY_LFU);
    if (by == 0 || !this.lruHistory.has(block)) return;
    const factor = Math.exp(-this.rate);
    let lru = this.lruWeight;
    let lfu = 1.0 - lru;
    if (by == BY_LRU) {
      this.lruHistory.remove(block);
      lru *= factor;
    } else {
      this.lfuHistory.remove(block);
      lfu *= factor;
    }
    this.lruWeight = lru / (lru + lfu);
  }

  /** libCacheSim's newcomers are held to their half even while the tier has room. */
  wantsRoom(): bool {
    if (this.paper) return false;
    const demotes = this.cameBack && this.reused.length >= this.reusedLimit;
    if (this.cameBack && !demotes) return false;
    return this.newcomers.length >= this.newcomersLimit && !this.newcomers.isEmpty();
  }

  victim(): u32 {
    this.chooser = 0;
    const scanned = this.newcomers.isEmpty() ? this.reused.tail() : this.newcomers.tail();
    if (this.frequency.length < this.env.capacity) return scanned;
    const churned = this.frequency.least();
    if (scanned == churned) return scanned;
    const lru = this.random.unit() < this.lruWeight;
    this.chooser = lru ? BY_LRU : BY_LFU;
    return lru ? scanned : churned;
  }

  onRemove(slot: u32, block: u32): void {
    const marks = load<u8>(this.marks + slot);
    if ((marks & REUSED) != 0) this.reused.remove(slot);
    else this.newcomers.remove(slot);
    if ((marks & DEMOTED) != 0) this.demoted--;
    store<u32>(this.touches + (block << 2), <u32>(this.frequency.high(slot) >> 32));
    this.frequency.remove(slot);
    if ((marks & NEW) != 0) this.newGhosts++;
    store<u8>(this.ghostMarks + block, this.chooser | ((marks & NEW) != 0 ? GHOST_NEW : 0));
    if (this.history.limit > 0) {
      if (this.history.length >= this.history.limit) this.forgetOldest();
      this.history.add(block);
    }
    if (this.chooser == BY_LRU) this.lruHistory.add(block);
    else if (this.chooser == BY_LFU) this.lfuHistory.add(block);
  }

  private forgetOldest(): void {
    this.leaveHistory(this.history.oldestBlock());
  }

  /** Tells whether the ghost left as a newcomer that was never used again. */
  private leaveHistory(block: u32): bool {
    this.history.remove(block);
    const marks = load<u8>(this.ghostMarks + block);
    if ((marks & GHOST_NEW) == 0) return false;
    store<u8>(this.ghostMarks + block, marks & ~GHOST_NEW);
    this.newGhosts--;
    return true;
  }

  onInsert(slot: u32, block: u32): void {
    let touches: u64 = 1;
    if (this.cameBack && this.history.has(block)) {
      touches = load<u32>(this.touches + (block << 2)) + 1;
      // One that left before its second use: the newcomers have too little room.
      if (this.leaveHistory(block) && this.paper) {
        this.grow(max<u32>(1, this.demoted / (this.newGhosts + 1)));
      }
      this.enterReused(slot);
    } else {
      this.newcomers.pushHead(slot);
      store<u8>(this.marks + slot, NEW);
    }
    this.frequency.insert(slot, touches << 32, ~this.env.now);
  }

  private tick(): void {
    if (--this.untilPeriod > 0) return;
    this.untilPeriod = this.env.capacity;
    if (this.paper) this.adaptRate();
    this.hits = 0;
  }

  /** Goes on in the direction that raised the hit ratio, and back if it fell. */
  private adaptRate(): void {
    const ratio = <f64>this.hits / <f64>this.env.capacity;
    const gain = ratio - this.ratioBefore;
    const step = this.rate - this.rateBefore;
    this.ratioBefore = ratio;
    this.rateBefore = this.rate;
    if (step != 0) {
      const change = Math.abs(this.rate * step);
      const rate = this.rate + (gain / step > 0 ? change : -change);
      this.rate = min(1.0, max(RATE_MIN, rate));
      this.fruitless = 0;
    } else if (ratio > 0 && gain > 0) {
      this.fruitless = 0;
    } else if (++this.fruitless >= PATIENCE) {
      this.fruitless = 0;
      this.rate = this.drawRate();
    }
  }
}
