/**
 * Whether the blocks of a trace form a prefix tree.
 *
 * @module
 */

import type { Trace } from "./trace.ts";

/** Stands for "no block before" as the parent of a request's first block. */
const ROOT = -1;

/** A block that follows another block than before, or begins a request unlike before. */
export interface SecondParent {
  /** Row of the request, from 0. */
  readonly row: number;
  /** Place of the block in the request, from 0. */
  readonly depth: number;
  readonly block: number;
}

/** Whether each block always follows the same block (or always begins a request). */
export function isPrefixTree(trace: Trace): boolean {
  return secondParent(trace) === undefined;
}

/**
 * Finds the first extent whose first block has another parent elsewhere in the trace.
 *
 * Within an extent a block follows the one numbered before it. So two parents can only meet at the
 * first block of an extent: with another extent's first block, or with the inside of one.
 */
export function secondParent(trace: Trace): SecondParent | undefined {
  const { requests: { firstExtent }, extents: { firstBlock, blockCount }, requestCount } = trace;
  const parents = new Map<number, number>();
  const inner = innerStarts(firstBlock, blockCount);
  for (let row = 0; row < requestCount; row++) {
    let parent = ROOT;
    let depth = 0;
    for (let extent = firstExtent[row]; extent < firstExtent[row + 1]; extent++) {
      const block = firstBlock[extent];
      const known = parents.get(block);
      if (known === undefined) parents.set(block, parent);
      // An inner block follows its neighbour; elsewhere it must do so, too.
      const isOther = known !== undefined && known !== parent;
      if (isOther || (inner.has(block) && parent !== block - 1)) return { row, depth, block };
      parent = block + blockCount[extent] - 1;
      depth += blockCount[extent];
    }
  }
  return undefined;
}

/** First blocks of extents that are also inner blocks of another extent. */
function innerStarts(firstBlock: Uint32Array, blockCount: Uint32Array): Set<number> {
  const order = new Uint32Array(firstBlock.length).map((_, index) => index)
    .sort((a, b) => firstBlock[a] - firstBlock[b]);
  const inner = new Set<number>();
  let before = -1;
  let reached = -1;
  let previous = -1;
  for (const extent of order) {
    const block = firstBlock[extent];
    // `before` is how far the extents reach that begin before this block.
    if (block !== previous) before = reached;
    previous = block;
    if (block < before) inner.add(block);
    reached = Math.max(reached, block + blockCount[extent]);
  }
  return inner;
}
