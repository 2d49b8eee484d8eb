/**
 * Schedules that can be kept to, found greedily with the whole future known: how near a bound is.
 *
 * @module
 */
import type { Packing } from "./packing.ts";

/**
 * Takes items one by one, the best first, as many whole pieces of each as still fit everywhere.
 *
 * @param rank The higher, the earlier an item is asked.
 * @param offered Units of each item that may be taken.
 * @returns Units kept of each item.
 */
export function packGreedily(
  packing: Packing,
  capacity: number,
  rank: Float64Array,
  offered: Float64Array,
): Float64Array {
  const { from, to, length, checkpoints, unitsPerPiece } = packing;
  const kept = new Float64Array(length);
  const room = new FullestRange(checkpoints);
  const order = Uint32Array.from({ length }, (_, item) => item)
    .sort((a, b) => rank[b] - rank[a] || a - b);
  for (const item of order) {
    const most = offered[item];
    if (most === 0) continue;
    const unit = unitsPerPiece[item];
    const isFree = from[item] === to[item];
    const free = isFree ? most : capacity - room.fullest(from[item], to[item]);
    const units = Math.min(most, Math.floor(free / unit) * unit);
    if (units <= 0) continue;
    kept[item] = units;
    if (!isFree) room.add(from[item], to[item], units);
  }
  return kept;
}

/** Whole pieces of what was kept. */
export function wholePieces({ unitsPerPiece }: Packing, kept: Float64Array): Float64Array {
  return kept.map((units, item) => Math.floor(units / unitsPerPiece[item]) * unitsPerPiece[item]);
}

/** `Σ worth · units`. */
export function worthOf(worth: Float64Array, kept: Float64Array): number {
  return kept.reduce((sum, units, item) => sum + units * worth[item], 0);
}

/** Adds to ranges and asks for the highest value of a range: a segment tree. */
class FullestRange {
  private readonly size: number;
  private readonly highest: Float64Array;
  private readonly added: Float64Array;

  constructor(length: number) {
    let size = 1;
    while (size < length) size *= 2;
    this.size = size;
    this.highest = new Float64Array(2 * size);
    this.added = new Float64Array(2 * size);
  }

  /** Adds to the places from `from` up to `to`. */
  add(from: number, to: number, value: number, node = 1, left = 0, right = this.size): void {
    if (from <= left && right <= to) {
      this.highest[node] += value;
      this.added[node] += value;
      return;
    }
    const middle = (left + right) >>> 1;
    if (from < middle) this.add(from, to, value, 2 * node, left, middle);
    if (to > middle) this.add(from, to, value, 2 * node + 1, middle, right);
    this.highest[node] = this.added[node] +
      Math.max(this.highest[2 * node], this.highest[2 * node + 1]);
  }

  /** The highest value from `from` up to `to`. */
  fullest(from: number, to: number, node = 1, left = 0, right = this.size): number {
    if (from <= left && right <= to) return this.highest[node];
    const middle = (left + right) >>> 1;
    let highest = -Infinity;
    if (from < middle) highest = this.fullest(from, to, 2 * node, left, middle);
    if (to > middle) {
      highest = Math.max(highest, this.fullest(from, to, 2 * node + 1, middle, right));
    }
    return this.added[node] + highest;
  }
}
