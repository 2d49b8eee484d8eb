/**
 * What a plain-JavaScript twin of a kernel is: the same algorithm on the same layout, in typed
 * arrays.
 *
 * @module
 */

/** The trace as the twins see it. */
export interface TwinColumns {
  readonly block: Uint32Array;
  /** Position of the previous touch plus one; 0 when there is none. */
  readonly previous: Uint32Array;
  /** Position of the next touch, or 2³² − 1. */
  readonly next: Uint32Array;
  readonly blocks: number;
}

/** Replays the whole trace and gives the hits; one byte per access is written, as kernels do. */
export type Twin = (columns: TwinColumns, capacity: number, out: Uint8Array) => number;

/** Links the uses of each block, as `assembly/columns/trace.ts` does. */
export function twinColumns(block: Uint32Array, blocks: number): TwinColumns {
  const previous = new Uint32Array(block.length);
  const next = new Uint32Array(block.length).fill(0xffffffff);
  const last = new Uint32Array(blocks);
  for (let i = 0; i < block.length; i++) {
    const before = last[block[i]];
    previous[i] = before;
    if (before !== 0) next[before - 1] = i;
    last[block[i]] = i + 1;
  }
  return { block, previous, next, blocks };
}

/** Places of a masked ring for `count` entries. */
export function ringSlots(count: number): number {
  return 2 ** (32 - Math.clz32(Math.max(count, 1)));
}
