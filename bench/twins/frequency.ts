/**
 * Twins of the frequency kernels: LFU and GDSF.
 *
 * @module
 */
import { ringSlots, type Twin, type TwinColumns } from "./twin.ts";

/** A 4-ary heap of (high, low) pairs of 32 bits: JavaScript has no fast 64-bit integers. */
class PairHeap {
  length = 0;
  readonly high: Uint32Array;
  readonly low: Uint32Array;

  constructor(capacity: number) {
    this.high = new Uint32Array(capacity + 4);
    this.low = new Uint32Array(capacity + 4);
  }

  private less(high: number, low: number, at: number): boolean {
    return high < this.high[at] || (high === this.high[at] && low < this.low[at]);
  }

  private put(at: number, high: number, low: number): void {
    this.high[at] = high;
    this.low[at] = low;
  }

  push(high: number, low: number): void {
    let at = this.length++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (!this.less(high, low, parent)) break;
      this.put(at, this.high[parent], this.low[parent]);
      at = parent;
    }
    this.put(at, high, low);
  }

  dropLeast(): void {
    const last = --this.length;
    if (last > 0) this.raiseLeast(this.high[last], this.low[last]);
  }

  raiseLeast(high: number, low: number): void {
    let at = 0;
    while (true) {
      const first = at * 4 + 1;
      if (first >= this.length) break;
      let least = first;
      const end = Math.min(first + 4, this.length);
      for (let child = first + 1; child < end; child++) {
        if (this.less(this.high[child], this.low[child], least)) least = child;
      }
      if (this.notAbove(high, low, least)) break;
      this.put(at, this.high[least], this.low[least]);
      at = least;
    }
    this.put(at, high, low);
  }

  /** Whether the pair is not above the one at `at`. */
  private notAbove(high: number, low: number, at: number): boolean {
    return high < this.high[at] || (high === this.high[at] && low <= this.low[at]);
  }
}

/** Blocks touched once in a ring, the others in a lazy heap; GDSF adds a clock to every key. */
class Frequencies {
  readonly frequency: Uint32Array;
  private readonly priority: Uint32Array;
  private readonly touched: Uint32Array;
  private readonly ring: Uint32Array;
  private readonly mask: number;
  private readonly heap: PairHeap;
  private head = 0;
  private tail = 0;
  private once = 0;
  private clock = 0;

  constructor(
    private readonly columns: TwinColumns,
    private readonly capacity: number,
    private readonly ages: boolean,
  ) {
    const slots = Math.min(capacity, columns.blocks);
    this.frequency = new Uint32Array(columns.blocks);
    this.priority = new Uint32Array(columns.blocks);
    this.touched = new Uint32Array(columns.blocks);
    this.ring = new Uint32Array(ringSlots(slots * 2));
    this.mask = this.ring.length - 1;
    this.heap = new PairHeap(slots);
  }

  hit(block: number, position: number): void {
    const frequency = ++this.frequency[block];
    this.priority[block] = this.clock + frequency;
    this.touched[block] = position;
    if (frequency === 2) {
      this.once--;
      this.heap.push(this.priority[block], position);
    }
  }

  miss(block: number, position: number): void {
    if (this.once + this.heap.length === this.capacity) this.evict();
    this.frequency[block] = 1;
    this.priority[block] = this.clock + 1;
    this.touched[block] = position;
    this.ring[this.head++ & this.mask] = position;
    this.once++;
  }

  private evict(): void {
    const { heap } = this;
    const all = this.columns.block;
    let oldest = -1;
    if (this.once > 0) oldest = this.oldest();
    else this.tail = this.head;
    while (heap.length > 0 && (oldest < 0 || this.heapLess(oldest))) {
      const block = all[heap.low[0]];
      if (heap.low[0] === this.touched[block]) {
        heap.dropLeast();
        this.leave(block);
        return;
      }
      heap.raiseLeast(this.priority[block], this.touched[block]);
    }
    this.tail++;
    this.once--;
    this.leave(oldest);
  }

  private heapLess(block: number): boolean {
    const high = this.heap.high[0];
    return high < this.priority[block] ||
      (high === this.priority[block] && this.heap.low[0] < this.touched[block]);
  }

  private oldest(): number {
    while (true) {
      const position = this.ring[this.tail & this.mask];
      const block = this.columns.block[position];
      if (this.frequency[block] === 1 && this.touched[block] === position) return block;
      this.tail++;
    }
  }

  private leave(block: number): void {
    if (this.ages) this.clock = this.priority[block];
    this.frequency[block] = 0;
  }
}

function frequencies(ages: boolean): Twin {
  return (columns, capacity, out) => {
    const tier = new Frequencies(columns, capacity, ages);
    const { block } = columns;
    let missed = 0;
    for (let i = 0; i < block.length; i++) {
      const hit = tier.frequency[block[i]] !== 0;
      out[i] = Number(hit);
      if (hit) tier.hit(block[i], i);
      else {
        missed++;
        tier.miss(block[i], i);
      }
    }
    return block.length - missed;
  };
}

/** Twin of `assembly/kernels/lfu.ts`. */
export const lfu: Twin = frequencies(false);

/** Twin of `assembly/kernels/gdsf.ts`. */
export const gdsf: Twin = frequencies(true);
