/**
 * Whether the blocks of a trace form a prefix tree.
 *
 * @module
 */

import type { Trace } from "./trace.ts";

/** Stands for "no block before" as the parent of a request's first block. */
const ROOT = -1;

/**
 * Whether each block always follows the same block (or always begins a request).
 *
 * Within an extent a block follows the one numbered before it. So two parents can only meet at the
 * first block of an extent: with another extent's first block, or with the inside of one.
 */
export function isPrefixTree({ requests: { firstExtent }, extents, requestCount }: Trace): boolean {
  const { firstBlock, blockCount } = extents;
  const parents = new Map<number, number>();
  for (let row = 0; row < requestCount; row++) {
    let parent = ROOT;
    for (let extent = firstExtent[row]; extent < firstExtent[row + 1]; extent++) {
      const block = firstBlock[extent];
      const known = parents.get(block);
      if (known === undefined) parents.set(block, parent);
      else if (known !== parent) return false;
      parent = block + blockCount[extent] - 1;
    }
  }
  return !hasStartInside(firstBlock, blockCount, parents);
}

/** Whether a block that begins an extent is also an inner block of one. */
function hasStartInside(
  firstBlock: Uint32Array,
  blockCount: Uint32Array,
  starts: ReadonlyMap<number, number>,
): boolean {
  const sortedStarts = Uint32Array.from(starts.keys()).sort();
  const order = new Uint32Array(firstBlock.length).map((_, index) => index)
    .sort((a, b) => firstBlock[a] - firstBlock[b]);
  let reached = -1;
  let next = 0;
  for (const extent of order) {
    // Starts are compared with the extents that begin before them; `reached` is the furthest end.
    while (next < sortedStarts.length && sortedStarts[next] <= firstBlock[extent]) {
      if (sortedStarts[next] < reached) return true;
      next++;
    }
    reached = Math.max(reached, firstBlock[extent] + blockCount[extent]);
  }
  return false;
}
