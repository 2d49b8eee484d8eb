/**
 * Random: the victim is drawn evenly from the resident blocks. It keeps no order at all, so it is
 * the yardstick that any order has to beat.
 *
 * Cost: O(1) per eviction, nothing per hit; 8 bytes per slot.
 * libCacheSim draws from another generator, so its counts agree within noise only.
 */
import { take } from "../arena";
import { Random } from "../random";
import { Env, Policy } from "./policy";

@final export class RandomVictim extends Policy {
  /** u32[slots]: the slots in use, packed, in no order. */
  private readonly resident: usize;
  /** u32[slots]: where in `resident` a slot stands. */
  private readonly placeOf: usize;
  private count: u32 = 0;
  private readonly random: Random;

  constructor(env: Env) {
    super(env);
    this.timeless = true;
    this.quiet = true;
    this.resident = take(<usize>env.slots << 2);
    this.placeOf = take(<usize>env.slots << 2);
    this.random = env.random("policy/random");
  }

  onHit(_slot: u32, _block: u32): void {}

  victim(): u32 {
    return load<u32>(this.resident + (this.random.below(this.count) << 2));
  }

  onRemove(slot: u32, _block: u32): void {
    // The last slot fills the gap.
    const place = load<u32>(this.placeOf + (slot << 2));
    const last = load<u32>(this.resident + (--this.count << 2));
    store<u32>(this.resident + (place << 2), last);
    store<u32>(this.placeOf + (last << 2), place);
  }

  onInsert(slot: u32, _block: u32): void {
    store<u32>(this.resident + (this.count << 2), slot);
    store<u32>(this.placeOf + (slot << 2), this.count);
    this.count++;
  }
}
