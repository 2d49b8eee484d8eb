/**
 * W-TinyLFU as its paper and Caffeine have it: every touch is counted in a 4-bit sketch that
 * ages, the window is a fixed share of at least one block, and its overflow competes with the
 * oldest block on probation. A tie keeps what is there.
 *
 * Source: Einziger, Friedman and Manes, "TinyLFU: a highly efficient cache admission policy", ACM
 * Transactions on Storage 2017; shares (1 % window, 80 % of the rest protected) and the ageing
 * period of ten capacities as in Caffeine, without its hill climber and without its random
 * admission of warm candidates, which guards against attackers that a trace does not have.
 * Cost: O(1) amortised per touch; 9 bytes per slot and a sketch of 8 to 16.
 */
import { take } from "../arena";
import { List, Nodes, NONE } from "../columns/list";
import { Sketch } from "../columns/sketch";
import { Env, Policy } from "./policy";

/** Where a slot stands. */
enum Part {
  Window = 0,
  Probation = 1,
  Protected = 2,
}

const PERIODS: u64 = 10;

@final export class WTinyLfuPaper extends Policy {
  private readonly window: List;
  private readonly probation: List;
  private readonly guarded: List;
  /** u8[slots]: a Part. */
  private readonly part: usize;
  private readonly sketch: Sketch;
  private readonly windowLimit: u32;
  private readonly guardedLimit: u32;
  /** The block of the window that has won against the victim, and that victim. */
  private successor: u32 = NONE;
  private beaten: u32 = NONE;

  constructor(env: Env) {
    super(env);
    const nodes = new Nodes(env.slots, 3);
    this.window = nodes.list(0);
    this.probation = nodes.list(1);
    this.guarded = nodes.list(2);
    this.part = take(env.slots);
    this.sketch = new Sketch(env.slots, PERIODS * env.capacity);
    this.windowLimit = max<u32>(1, <u32>(<f64>env.capacity * env.parameter(0)));
    this.guardedLimit = <u32>(<f64>(env.capacity - this.windowLimit) * env.parameter(1));
  }

  @inline private put(slot: u32, part: Part): void {
    store<u8>(this.part + slot, <u8>part);
  }

  onHit(slot: u32, block: u32): void {
    this.sketch.add(block);
    const part = <Part>load<u8>(this.part + slot);
    if (part == Part.Window) this.window.moveToHead(slot);
    else if (part == Part.Protected) this.guarded.moveToHead(slot);
    else this.promote(slot);
  }

  private promote(slot: u32): void {
    this.probation.remove(slot);
    this.guarded.pushHead(slot);
    this.put(slot, Part.Protected);
    while (this.guarded.length > this.guardedLimit) {
      const cooled = this.guarded.tail();
      this.guarded.remove(cooled);
      this.probation.pushHead(cooled);
      this.put(cooled, Part.Probation);
    }
  }

  onMiss(block: u32): bool {
    this.sketch.add(block);
    return true;
  }

  /** The newcomer will stand in the window, so the window's surplus competes now. */
  victim(): u32 {
    this.successor = NONE;
    // Pins and unequal blocks can make room short while the main part is still empty.
    if (this.probation.isEmpty() && this.guarded.isEmpty()) return this.window.tail();
    if (this.window.length < this.windowLimit) return this.mainVictim();
    const candidate = this.window.tail();
    const victim = this.mainVictim();
    const count = this.sketch.estimate(this.env.blockIn(candidate));
    if (count <= this.sketch.estimate(this.env.blockIn(victim))) return candidate;
    this.successor = candidate;
    this.beaten = victim;
    return victim;
  }

  private mainVictim(): u32 {
    return this.probation.isEmpty() ? this.guarded.tail() : this.probation.tail();
  }

  onRemove(slot: u32, _block: u32): void {
    const part = <Part>load<u8>(this.part + slot);
    if (part == Part.Window) this.window.remove(slot);
    else if (part == Part.Probation) this.probation.remove(slot);
    else this.guarded.remove(slot);
    // A filter may have spared the victim; then nobody has won, and another block leaves.
    if (this.successor == NONE) return;
    const successor = this.successor;
    this.successor = NONE;
    const stands = slot == this.beaten && load<u8>(this.part + successor) == Part.Window;
    if (stands && slot != successor) this.leaveWindow(successor);
  }

  private leaveWindow(slot: u32): void {
    this.window.remove(slot);
    this.probation.pushHead(slot);
    this.put(slot, Part.Probation);
  }

  onInsert(slot: u32, _block: u32): void {
    this.put(slot, Part.Window);
    this.window.pushHead(slot);
    // While the tier fills, the main part takes the surplus without a contest.
    while (this.window.length > this.windowLimit) this.leaveWindow(this.window.tail());
  }
}
