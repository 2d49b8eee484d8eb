/**
 * Typed columns that grow.
 *
 * @module
 */

type Numbers = Float64Array | Uint32Array | Uint16Array;

/** A column of numbers that grows by doubling; `data` is valid up to `length`. */
export class Column<T extends Numbers> {
  data: T;
  length = 0;
  readonly #make: (capacity: number) => T;

  constructor(make: (capacity: number) => T, capacity = 256) {
    this.#make = make;
    this.data = make(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
  }

  /** Makes room for so many further values. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.data.length) return;
    const data = this.#make(Math.max(needed, this.data.length * 2));
    data.set(this.data.subarray(0, this.length));
    this.data = data;
  }

  /** The values so far, without copying. */
  view(): T {
    return this.data.subarray(0, this.length) as T;
  }

  /** The values so far, in an array of their own. */
  take(): T {
    return this.data.slice(0, this.length) as T;
  }
}

/** An empty column of 64-bit floats. */
export function f64Column(capacity?: number): Column<Float64Array> {
  return new Column((count) => new Float64Array(count), capacity);
}

/** An empty column of 32-bit unsigned integers. */
export function u32Column(capacity?: number): Column<Uint32Array> {
  return new Column((count) => new Uint32Array(count), capacity);
}

/** Numbers texts and ids densely from 0, in order of first appearance. */
export class Numbering {
  readonly #known = new Map<string | number, number>();

  get size(): number {
    return this.#known.size;
  }

  of(name: string | number): number {
    let number = this.#known.get(name);
    if (number === undefined) {
      number = this.#known.size;
      this.#known.set(name, number);
    }
    return number;
  }
}
