/**
 * Python's `random.Random(seed)`, bit for bit, for workloads whose published traces came from it.
 *
 * Source: Matsumoto, Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
 * pseudo-random number generator", ACM TOMACS 8(1), 1998; and Python's documented use of it.
 *
 * @module
 */

const SIZE = 624;
const SHIFT = 397;

/**
 * The generator of CPython 3 for a seed that is a whole number.
 *
 * @example
 * ```ts
 * import { PyRandom } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const random = new PyRandom(42);
 * assertEquals(random.random(), 0.6394267984578837);
 * assertEquals(random.randrange(0, 10), 0);
 * ```
 */
export class PyRandom {
  readonly #state = new Uint32Array(SIZE);
  #at = SIZE;

  /** @param seed A safe integer; as in Python its sign is ignored. */
  constructor(seed: number) {
    const size = Math.abs(seed);
    const high = Math.floor(size / 0x1_0000_0000);
    this.#seedBy(high === 0 ? [size >>> 0] : [size >>> 0, high]);
  }

  /** Spreads a key over the state, as the authors' `init_by_array` does. */
  #seedBy(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < SIZE; i++) {
      state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
    let i = 1;
    const advance = () => {
      if (++i < SIZE) return;
      state[0] = state[SIZE - 1];
      i = 1;
    };
    for (let round = 0; round < Math.max(SIZE, key.length); round++) {
      const j = round % key.length;
      const mixed = Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), 1664525);
      state[i] = (state[i] ^ mixed) + key[j] + j;
      advance();
    }
    for (let round = 1; round < SIZE; round++) {
      state[i] = (state[i] ^ Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), 1566083941)) - i;
      advance();
    }
    state[0] = 0x80000000;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ ((y & 1) === 0 ? 0 : 0x9908b0df);
    }
    this.#at = 0;
  }

  /** 32 uniform bits. */
  word(): number {
    if (this.#at === SIZE) this.#refill();
    let y = this.#state[this.#at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Uniform in [0, 1), 53 bits. */
  random(): number {
    const high = this.word() >>> 5;
    return (high * 67108864 + (this.word() >>> 6)) / 9007199254740992;
  }

  /** Uniform in [0, bound), by rejection; `bound` from 1 to 2^32 - 1. */
  below(bound: number): number {
    const shift = Math.clz32(bound);
    for (;;) {
      const bits = this.word() >>> shift;
      if (bits < bound) return bits;
    }
  }

  /** Uniform in [start, stop). */
  randrange(start: number, stop: number): number {
    return start + this.below(stop - start);
  }

  /** Uniform in [least, most]. */
  randint(least: number, most: number): number {
    return this.randrange(least, most + 1);
  }

  choice<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Draws with replacement; with weights, in proportion to them. */
  choices<T>(items: readonly T[], count: number, weights?: readonly number[]): T[] {
    const draw = weights === undefined
      ? () => Math.floor(this.random() * items.length)
      : this.#weighted(weights);
    return Array.from({ length: count }, () => items[draw()]);
  }

  #weighted(weights: readonly number[]): () => number {
    const sums: number[] = [];
    for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight);
    const total = sums[sums.length - 1];
    return () => {
      const target = this.random() * total;
      let low = 0;
      let high = sums.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (target < sums[middle]) high = middle;
        else low = middle + 1;
      }
      return low;
    };
  }

  /** Draws without replacement, in the order drawn. */
  sample<T>(items: readonly T[], count: number): T[] {
    // Python swaps inside a copy when that is smaller than a set of the indices drawn.
    let setSize = 21;
    if (count > 5) {
      let power = 1;
      while (power < count * 3) power *= 4;
      setSize += power;
    }
    const { length } = items;
    if (length <= setSize) {
      const pool = [...items];
      return Array.from({ length: count }, (_, index) => {
        const at = this.below(length - index);
        const item = pool[at];
        pool[at] = pool[length - index - 1];
        return item;
      });
    }
    const drawn = new Set<number>();
    return Array.from({ length: count }, () => {
      let at = this.below(length);
      while (drawn.has(at)) at = this.below(length);
      drawn.add(at);
      return items[at];
    });
  }
}
