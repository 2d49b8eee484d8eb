/**
 * Folds runs of block ids into extents without ever expanding them.
 *
 * @module
 */

import { u32Column } from "./columns.ts";

/** Intervals of one leaf, at most; a full leaf is split in two. */
const LEAF_MAX = 256;

/** Sorted, disjoint intervals of source ids, each with the block number of its first id. */
interface Leaf {
  starts: number[];
  ends: number[];
  blocks: number[];
}

/** Receives the parts of a run in order: known before or new, as consecutive block numbers. */
export type PartSink = (firstBlock: number, blockCount: number, isNew: boolean) => void;

/**
 * Numbers blocks densely in the order of their first touch, a run at a time.
 *
 * An interval map over the source ids, in leaves so that random ids stay cheap. Work grows with
 * runs, not with blocks.
 */
export class IntervalMap {
  readonly #leaves: Leaf[] = [{ starts: [], ends: [], blocks: [] }];

  /** Looks up the ids `first` to `first + count - 1` and numbers the new ones from `next`. */
  touch(first: number, count: number, next: number, sink: PartSink): number {
    let at = first;
    const end = first + count;
    while (at < end) {
      const leafIndex = this.#leafOf(at);
      const leaf = this.#leaves[leafIndex];
      const index = lastAtOrBelow(leaf.starts, at);
      if (index >= 0 && leaf.ends[index] > at) {
        const stop = Math.min(end, leaf.ends[index]);
        sink(leaf.blocks[index] + (at - leaf.starts[index]), stop - at, false);
        at = stop;
        continue;
      }
      const stop = Math.min(end, this.#nextStart(leafIndex, index));
      sink(next, stop - at, true);
      this.#insert(leafIndex, index, at, stop, next);
      next += stop - at;
      at = stop;
    }
    return next;
  }

  #leafOf(id: number): number {
    let low = 0;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#leaves[middle].starts[0] <= id) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Start of the interval after `index`, or infinity. */
  #nextStart(leafIndex: number, index: number): number {
    const leaf = this.#leaves[leafIndex];
    if (index + 1 < leaf.starts.length) return leaf.starts[index + 1];
    return this.#leaves[leafIndex + 1]?.starts[0] ?? Infinity;
  }

  /** Adds an interval after `index`, or lengthens that one when ids and blocks both continue. */
  #insert(leafIndex: number, index: number, start: number, end: number, block: number): void {
    const leaf = this.#leaves[leafIndex];
    const continues = index >= 0 && leaf.ends[index] === start &&
      leaf.blocks[index] + (start - leaf.starts[index]) === block;
    if (continues) {
      leaf.ends[index] = end;
      return;
    }
    leaf.starts.splice(index + 1, 0, start);
    leaf.ends.splice(index + 1, 0, end);
    leaf.blocks.splice(index + 1, 0, block);
    if (leaf.starts.length > LEAF_MAX) this.#split(leafIndex);
  }

  #split(leafIndex: number): void {
    const leaf = this.#leaves[leafIndex];
    const half = leaf.starts.length >> 1;
    const back = {
      starts: leaf.starts.splice(half),
      ends: leaf.ends.splice(half),
      blocks: leaf.blocks.splice(half),
    };
    this.#leaves.splice(leafIndex + 1, 0, back);
  }
}

/** Index of the last value that is not above `id`, or -1. */
function lastAtOrBelow(starts: readonly number[], id: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= id) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Extents as they come out of folding, with neighbours of one request and kind joined. */
export class ExtentWriter {
  readonly firstBlock = u32Column();
  readonly blockCount = u32Column();
  /** Kinds, if they are told; else zeros. */
  readonly kind = u32Column();
  #requestStart = 0;

  /** Extents so far; the offset at which the next request begins. */
  get length(): number {
    return this.firstBlock.length;
  }

  startRequest(): void {
    this.#requestStart = this.firstBlock.length;
  }

  add(firstBlock: number, blockCount: number, kind = 0): void {
    const last = this.firstBlock.length - 1;
    if (last >= this.#requestStart) {
      const counts = this.blockCount.data;
      const continues = this.firstBlock.data[last] + counts[last] === firstBlock;
      if (continues && this.kind.data[last] === kind) {
        counts[last] += blockCount;
        return;
      }
    }
    this.firstBlock.push(firstBlock);
    this.blockCount.push(blockCount);
    this.kind.push(kind);
  }
}
