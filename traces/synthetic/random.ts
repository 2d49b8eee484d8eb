/**
 * splitmix64 with named streams, as the engine has it: a new consumer never shifts an old one.
 *
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 *
 * @module
 */

import { exp, ln } from "./exact_math.ts";

/** Two 32-bit halves of a 64-bit number. */
interface Pair {
  high: number;
  low: number;
}

/** `pair × (high, low)` modulo 2^64, in place. */
function multiply(pair: Pair, high: number, low: number): void {
  const a0 = pair.low & 0xffff;
  const a1 = pair.low >>> 16;
  const b0 = low & 0xffff;
  const b1 = low >>> 16;
  const low0 = a0 * b0;
  const middle = a1 * b0 + (low0 >>> 16);
  const middle2 = a0 * b1 + (middle & 0xffff);
  const carry = a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(middle2 / 0x10000);
  const cross = Math.imul(pair.low, high) + Math.imul(pair.high, low);
  pair.low = (((middle2 & 0xffff) << 16) | (low0 & 0xffff)) >>> 0;
  pair.high = (carry + cross) >>> 0;
}

/** The finaliser of splitmix64, in place. */
function mix(pair: Pair): void {
  xorShift(pair, 30);
  multiply(pair, 0xbf58476d, 0x1ce4e5b9);
  xorShift(pair, 27);
  multiply(pair, 0x94d049bb, 0x133111eb);
  xorShift(pair, 31);
}

/** `pair ^= pair >> bits`, for bits from 1 to 31. */
function xorShift(pair: Pair, bits: number): void {
  pair.low = (pair.low ^ ((pair.low >>> bits) | (pair.high << (32 - bits)))) >>> 0;
  pair.high = (pair.high ^ (pair.high >>> bits)) >>> 0;
}

/** One stream of random numbers. */
export class Random {
  #high: number;
  #low: number;
  readonly #bits: Pair = { high: 0, low: 0 };
  #spareNormal: number | undefined;

  /**
   * @param seed A safe integer, 0 or more.
   * @param stream What the numbers are for; streams of one seed are unrelated.
   */
  constructor(seed: number, stream: string) {
    const name: Pair = { high: 0xcbf29ce4, low: 0x84222325 };
    for (let i = 0; i < stream.length; i++) {
      name.low = (name.low ^ stream.charCodeAt(i)) >>> 0;
      multiply(name, 0x100, 0x1b3);
    }
    mix(name);
    this.#high = (Math.floor(seed / 0x1_0000_0000) ^ name.high) >>> 0;
    this.#low = (seed % 0x1_0000_0000 ^ name.low) >>> 0;
  }

  #next(): Pair {
    const low = this.#low + 0x7f4a7c15;
    this.#high = (this.#high + 0x9e3779b9 + (low > 0xffffffff ? 1 : 0)) >>> 0;
    this.#low = low >>> 0;
    const bits = this.#bits;
    bits.high = this.#high;
    bits.low = this.#low;
    mix(bits);
    return bits;
  }

  /** 64 uniform bits. */
  next(): bigint {
    const { high, low } = this.#next();
    return (BigInt(high) << 32n) | BigInt(low);
  }

  /** Uniform in [0, 1), 53 bits. */
  unit(): number {
    const { high, low } = this.#next();
    return (high * 0x200000 + (low >>> 11)) / 9007199254740992;
  }

  /** Uniform whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  /** Uniform whole number in [least, most]. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -ln(1 - this.unit());
  }

  /** Normal with mean 0 and variance 1 (Marsaglia's polar method). */
  normal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.unit() - 1;
      const y = 2 * this.unit() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt(-2 * ln(square) / square);
      this.#spareNormal = y * factor;
      return x * factor;
    }
  }

  /** Gamma of the given shape with scale 1 (Marsaglia, Tsang, 2000). */
  gamma(shape: number): number {
    if (shape < 1) {
      const boost = exp(ln(1 - this.unit()) / shape);
      return this.gamma(shape + 1) * boost;
    }
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      const v = root * root * root;
      if (v <= 0) continue;
      if (ln(1 - this.unit()) < 0.5 * x * x + d - d * v + d * ln(v)) return d * v;
    }
  }

  /** The numbers from 0 to `count - 1` in random order. */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

/** Draws of 0, 1, 2, … with weights 1, 2^-alpha, 3^-alpha, … */
export class Zipf {
  readonly #sums: Float64Array;

  constructor(count: number, alpha: number) {
    let sum = 0;
    this.#sums = Float64Array.from({ length: count }, (_, i) => sum += exp(-alpha * ln(i + 1)));
  }

  draw(random: Random): number {
    const sums = this.#sums;
    const target = random.unit() * sums[sums.length - 1];
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (target < sums[middle]) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
