/**
 * 2Q: newcomers pass through a FIFO where hits do not count; only a block that is asked for again
 * after it left, while its name is still remembered, enters the main LRU queue.
 *
 * ```
 * missing ──► Ain (FIFO, resident) ──► Aout (FIFO, names only) ──► forgotten
 *                                       │ missing again
 *                                       └──► Am (LRU, resident) ──► evicted for good
 * ```
 *
 * Source: Johnson and Shasha, "2Q: a low overhead high performance buffer management replacement
 * algorithm", VLDB 1994 (the full version).
 * Cost: O(1) per touch; 9 bytes per slot and 9 bytes per block.
 * As in libCacheSim, a remembered name is taken out of Aout before room is made; the paper makes
 * room first, which can cost Aout one more name. Ain holds at least one block (libCacheSim keeps
 * nothing when a quarter of the tier is less than a block).
 */
import { take } from "../arena";
import { List, Nodes } from "../columns/list";
import { Env, Policy } from "./policy";

@final export class TwoQueue extends Policy {
  private readonly newcomers: List;
  private readonly main: List;
  private readonly remembered: List;
  private readonly newcomersCapacity: u32;
  private readonly rememberedCapacity: u32;
  /** u8[slots]: 1 for a slot of the main queue. */
  private readonly inMain: usize;
  /** u8[blocks]: 1 for a remembered block. */
  private readonly isRemembered: usize;
  /** The block that misses now was remembered. */
  private returning: bool = false;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.willing = true;
    const nodes = new Nodes(env.slots, 2);
    this.newcomers = nodes.list(0);
    this.main = nodes.list(1);
    this.remembered = new Nodes(env.blocks, 1).list(0);
    this.newcomersCapacity = max<u32>(1, <u32>(<f64>env.capacity * env.parameter(0)));
    this.rememberedCapacity = <u32>(<f64>env.capacity * env.parameter(1));
    this.inMain = take(env.slots);
    this.isRemembered = take(env.blocks);
  }

  onHit(slot: u32, _block: u32): void {
    if (load<u8>(this.inMain + slot) != 0) this.main.moveToHead(slot);
  }

  @inline onMiss(block: u32): bool {
    this.returning = load<u8>(this.isRemembered + block) != 0;
    if (this.returning) this.forget(block);
    return true;
  }

  @inline victim(): u32 {
    const takeNewcomer = this.newcomers.length > this.newcomersCapacity || this.main.isEmpty();
    return takeNewcomer ? this.newcomers.tail() : this.main.tail();
  }

  @inline onRemove(slot: u32, block: u32): void {
    if (load<u8>(this.inMain + slot) != 0) {
      this.main.remove(slot);
      store<u8>(this.inMain + slot, 0);
      return;
    }
    this.newcomers.remove(slot);
    if (this.rememberedCapacity == 0) return;
    if (this.remembered.length >= this.rememberedCapacity) this.forget(this.remembered.tail());
    this.remembered.pushHead(block);
    store<u8>(this.isRemembered + block, 1);
  }

  @inline onInsert(slot: u32, _block: u32): void {
    if (this.returning) {
      this.main.pushHead(slot);
      store<u8>(this.inMain + slot, 1);
    } else {
      this.newcomers.pushHead(slot);
    }
  }

  private forget(block: u32): void {
    this.remembered.remove(block);
    store<u8>(this.isRemembered + block, 0);
  }
}
