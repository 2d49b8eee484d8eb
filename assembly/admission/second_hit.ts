/**
 * Second hit: a block enters at its second miss, so that what is asked for once never displaces
 * anything. `window` is how many first misses are remembered, in capacities; 0 remembers them
 * all.
 *
 * Source: Maggs and Sitaraman, "Algorithmic nuggets in content delivery", SIGCOMM CCR 2015
 * (cache-on-second-hit in content delivery networks).
 * Cost: O(1); 4 bytes per block. A first miss is used up by the admission it leads to: a block
 * that was evicted has to ask twice again. A miss is remembered until `window` × capacity others
 * have been noted after it.
 */
import { take } from "../arena";
import { Env } from "../policies/policy";
import { Admitter } from "./admitter";

@final export class SecondHit extends Admitter {
  /** u32[blocks]: number of the block's noted miss, from 1; 0 when none is remembered. */
  private readonly noted: usize;
  private notes: u32 = 0;
  private readonly window: u64;

  constructor(env: Env, parameters: usize) {
    super(env, parameters);
    this.noted = take(<usize>env.blocks << 2);
    const capacities = this.parameter(0);
    this.window = capacities == 0 ? u64.MAX_VALUE : <u64>Math.ceil(capacities * <f64>env.capacity);
  }

  admits(block: u32): bool {
    const entry = this.noted + (block << 2);
    const note = load<u32>(entry);
    if (note != 0 && <u64>(this.notes - note) < this.window) {
      store<u32>(entry, 0);
      return true;
    }
    store<u32>(entry, ++this.notes);
    return false;
  }
}
