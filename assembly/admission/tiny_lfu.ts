/**
 * TinyLFU: a newcomer enters a full tier only if it was touched more often of late than the block
 * that the policy would give up for it. A tie keeps what is there.
 *
 * Source: Einziger, Friedman and Manes, "TinyLFU: a highly efficient cache admission policy", ACM
 * Transactions on Storage 2017.
 * Cost: O(1) amortised; a sketch of 8 to 16 bytes per slot. Counts are halved once in `period`
 * capacities of touches.
 */
import { Sketch } from "../columns/sketch";
import { Env } from "../policies/policy";
import { Admitter } from "./admitter";

@final export class TinyLfu extends Admitter {
  private readonly sketch: Sketch;

  constructor(env: Env, parameters: usize) {
    super(env, parameters);
    const capacities = load<f64>(parameters);
    this.sketch = new Sketch(env.slots, <u64>Math.ceil(capacities * <f64>env.capacity));
  }

  onTouch(block: u32): void {
    this.sketch.add(block);
  }

  prefers(newcomer: u32, victim: u32): bool {
    return this.sketch.estimate(newcomer) > this.sketch.estimate(victim);
  }
}
