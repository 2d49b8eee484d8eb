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
    this.timeless = true;
    this.fused = true;
    this.willing = true;
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

  @inline onMiss(block: u32): bool {
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

  @inline replace(block: u32): u32 {
    const drops = this.dropsUnremembered();
    const recent = this.takesRecent();
    const isNew = this.returningFrom == Place.Nowhere;
    if (isNew && !drops) this.trimNames();
    const victim = (recent ? this.t1 : this.t2).popTail();
    if (!drops) (recent ? this.b1 : this.b2).pushHead(victim);
    const place = drops ? Place.Nowhere : recent ? Place.B1 : Place.B2;
    store<u8>(this.placeOf + victim, <u8>place);
    (isNew ? this.t1 : this.t2).pushHead(block);
    store<u8>(this.placeOf + block, <u8>(isNew ? Place.T1 : Place.T2));
    this.returningFrom = Place.Nowhere;
    return this.env.handOver(this.env.slotIn(victim), block);
  }

  @inline victim(): u32 {
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

  @inline onRemove(_slot: u32, block: u32): void {
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
      store<u8>(this.placeOf + this.b1.popTail(), <u8>Place.Nowhere);
    } else if (once + this.t2.length + this.b2.length >= capacity << 1 && !this.b2.isEmpty()) {
      store<u8>(this.placeOf + this.b2.popTail(), <u8>Place.Nowhere);
    }
  }

  @inline onInsert(_slot: u32, block: u32): void {
    this.move(block, this.returningFrom == Place.Nowhere ? Place.T1 : Place.T2);
    this.returningFrom = Place.Nowhere;
  }
}
