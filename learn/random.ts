/**
 * splitmix64 on the host: the same numbers from the same seed on every machine.
 *
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 *
 * @module
 */

const MASK = 0xffffffffffffffffn;

/** A stream of random numbers. Slow (it uses `bigint`): for a few draws per tree, not per row. */
export class SplitMix64 {
  private state: bigint;

  /** @param seed A safe integer. */
  constructor(seed: number) {
    this.state = BigInt(seed) & MASK;
  }

  /** 64 uniform bits. */
  next(): bigint {
    this.state = (this.state + 0x9e3779b97f4a7c15n) & MASK;
    let z = this.state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  }

  /** A whole number from 0 to below `bound`, each with nearly the same chance. */
  below(bound: number): number {
    return Number(((this.next() >> 32n) * BigInt(bound)) >> 32n);
  }

  /** `count` different whole numbers below `bound`, rising. */
  choose(count: number, bound: number): number[] {
    const numbers = Array.from({ length: bound }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = i + this.below(bound - i);
      [numbers[i], numbers[j]] = [numbers[j], numbers[i]];
    }
    return numbers.slice(0, count).sort((a, b) => a - b);
  }
}
