/**
 * The most units that a cache can keep, when all units are worth the same: at each checkpoint that
 * is too full, what is used furthest in the future gives way.
 *
 * @module
 */
import type { Packing } from "./packing.ts";

/** What is kept of each item, in units. */
export interface Kept {
  readonly units: Float64Array;
  readonly sum: number;
}

/**
 * Packs as many units as possible: exact, for each unit by itself.
 *
 * Items are sorted by their end, so the one with the highest number is the one used furthest, and
 * the deepest of those; the order does not depend on the capacity, so what a smaller capacity
 * keeps a larger one keeps too.
 *
 * @param offered Units of each item that may be kept; 0 leaves the item out.
 */
export function keepNearest(packing: Packing, capacity: number, offered: Float64Array): Kept {
  const { from, to, length, checkpoints } = packing;
  const order = byStart(packing);
  const kept = offered.slice();
  const leaving = new Float64Array(checkpoints + 1);
  const heap = new HighestFirst(length);
  let used = 0;
  for (let next = 0, g = 0; g < checkpoints; g++) {
    used -= leaving[g];
    for (; next < length && from[order[next]] === g; next++) {
      const item = order[next];
      if (kept[item] === 0 || to[item] === g) continue;
      used += kept[item];
      leaving[to[item]] += kept[item];
      heap.push(item);
    }
    while (used > capacity) {
      const item = heap.top();
      const cut = Math.min(used - capacity, kept[item]);
      used -= cut;
      kept[item] -= cut;
      leaving[to[item]] -= cut;
      if (kept[item] === 0) heap.pop();
    }
  }
  return { units: kept, sum: kept.reduce((sum, units) => sum + units, 0) };
}

/** Item numbers in the order of their first checkpoint. */
export function byStart({ from, length, checkpoints }: Packing): Uint32Array {
  const place = new Uint32Array(checkpoints + 1);
  for (let i = 0; i < length; i++) place[from[i] + 1]++;
  for (let g = 1; g <= checkpoints; g++) place[g] += place[g - 1];
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[place[from[i]]++] = i;
  return order;
}

/** A heap of item numbers. Items that ended stay at its foot, below all that matter. */
class HighestFirst {
  private readonly heap: Uint32Array;
  private length = 0;

  constructor(room: number) {
    this.heap = new Uint32Array(room);
  }

  top(): number {
    return this.heap[0];
  }

  push(item: number): void {
    const { heap } = this;
    let hole = this.length++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (heap[parent] >= item) break;
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = item;
  }

  pop(): void {
    const { heap } = this;
    const item = heap[--this.length];
    let hole = 0;
    while (true) {
      let child = 2 * hole + 1;
      if (child >= this.length) break;
      if (child + 1 < this.length && heap[child + 1] > heap[child]) child++;
      if (heap[child] <= item) break;
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = item;
  }
}
