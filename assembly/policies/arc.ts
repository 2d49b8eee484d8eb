/**
 * ARC: blocks seen once (T1) and more often (T2) share the tier, and the names of those that left
 * either (B1, B2) tell which side was cut too short; the target `recentTarget` moves by each such
 * return.
 *
 * ```
 *            seen once          seen again
 * resident   T1  ── hit ──────► T2 ◄─┐ hit
 *            │ evicted          │    └┘
 * names      B1  ── missing ──► T2 ◄── missing ── B2
 * ```
 *
 * Source: Megiddo and Modha, "ARC: a self-tuning, low overhead replacement cache", FAST 2003,
 * figure 4.
 * Cost: O(1) per touch; 9 bytes per block.
 */
import { take } from "../arena";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

/** Where a block stands. */
enum Place {
  Nowhere = 0,
  T1 = 1,
  T2 = 2,
  B1 = 3,
  B2 = 4,
}

@final export class Arc extends Policy {
  private readonly t1: List;
  private readonly t2: List;
  private readonly b1: List;
  private readonly b2: List;
  /** u8[blocks]: a `Place`. */
  private readonly placeOf: usize;
  /** Blocks that T1 should hold: `p` in the paper. */
  private recentTarget: f64 = 0;
  /** B1 or B2 when the block that misses now was remembered there, else nowhere. */
  private returningFrom: Place = Place.Nowhere;

  constructor(env: Env) {
    super(env);
    const nodes = new Nodes(env.blocks, 4);
    this.t1 = nodes.list(0);
    this.t2 = nodes.list(1);
    this.b1 = nodes.list(2);
    this.b2 = nodes.list(3);
    this.placeOf = take(env.blocks);
  }

  @inline private place(block: u32): Place {
    return <Place>load<u8>(this.placeOf + block);
  }

  private listAt(place: Place): List {
    if (place == Place.T1) return this.t1;
    if (place == Place.T2) return this.t2;
    return place == Place.B1 ? this.b1 : this.b2;
  }

  /** Moves a block to the head of another list (or of none). */
  private move(block: u32, to: Place): void {
    const from = this.place(block);
    if (from != Place.Nowhere) this.listAt(from).remove(block);
    if (to != Place.Nowhere) this.listAt(to).pushHead(block);
    store<u8>(this.placeOf + block, <u8>to);
  }

  onHit(_slot: u32, block: u32): void {
    this.move(block, Place.T2);
  }

  onMiss(block: u32): bool {
    const from = this.place(block);
    this.returningFrom = from;
    if (from == Place.Nowhere) return true;
    const once = <f64>this.b1.length;
    const again = <f64>this.b2.length;
    if (from == Place.B1) {
      const raised = this.recentTarget + max(again / once, 1);
      this.recentTarget = min(raised, <f64>this.env.capacity);
    } else {
      this.recentTarget = max(this.recentTarget - max(once / again, 1), 0);
    }
    this.move(block, Place.Nowhere);
    return true;
  }

  victim(): u32 {
    return this.env.slotIn(this.takesRecent() ? this.t1.tail() : this.t2.tail());
  }

  private takesRecent(): bool {
    const recent = <f64>this.t1.length;
    if (this.t2.isEmpty() || this.dropsUnremembered()) return true;
    if (this.t1.isEmpty()) return false;
    if (recent > this.recentTarget) return true;
    return recent == this.recentTarget && this.returningFrom == Place.B2;
  }

  /** A wholly new block comes while T1 alone fills all that may be known of blocks seen once. */
  private dropsUnremembered(): bool {
    return this.returningFrom == Place.Nowhere && this.b1.isEmpty() &&
      this.t1.length >= this.env.capacity;
  }

  onRemove(_slot: u32, block: u32): void {
    if (this.dropsUnremembered()) {
      this.move(block, Place.Nowhere);
      return;
    }
    if (this.returningFrom == Place.Nowhere) this.trimNames();
    this.move(block, this.place(block) == Place.T1 ? Place.B1 : Place.B2);
  }

  /** Keeps T1 + B1 within the capacity, and all four lists within twice the capacity. */
  private trimNames(): void {
    const capacity = this.env.capacity;
    const once = this.t1.length + this.b1.length;
    if (once >= capacity) {
      this.move(this.b1.tail(), Place.Nowhere);
    } else if (once + this.t2.length + this.b2.length >= capacity << 1 && !this.b2.isEmpty()) {
      this.move(this.b2.tail(), Place.Nowhere);
    }
  }

  onInsert(_slot: u32, block: u32): void {
    this.move(block, this.returningFrom == Place.Nowhere ? Place.T1 : Place.T2);
    this.returningFrom = Place.Nowhere;
  }
}
