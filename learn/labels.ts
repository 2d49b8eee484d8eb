/**
 * What became of the recorded rows: how long each block waited for its next use.
 *
 * @module
 */
import type { RecordedRows } from "../engine/model.ts";
import type { Touch } from "../engine/result.ts";
import type { Trace } from "../traces/trace.ts";

/** No use follows. */
export const NEVER = 0xffffffff;

/** First access of each request, one more than there are requests. */
export function requestOffsets(trace: Trace): Float64Array {
  const { firstExtent } = trace.requests;
  const offsets = new Float64Array(trace.requestCount + 1);
  for (let request = 0; request < trace.requestCount; request++) {
    let blocks = 0;
    for (let e = firstExtent[request]; e < firstExtent[request + 1]; e++) {
      blocks += trace.extents.blockCount[e];
    }
    offsets[request + 1] = offsets[request] + blocks;
  }
  return offsets;
}

/**
 * For each row the access at which its block is used next after the row was scored, or
 * {@linkcode NEVER}. Positions are those of the touch order, as the rows' own are.
 */
export function nextUses(trace: Trace, rows: RecordedRows, touch: Touch): Uint32Array {
  const next = new Uint32Array(rows.length);
  const upcoming = new Uint32Array(trace.uniqueBlocks).fill(NEVER);
  const { firstExtent } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  let position = trace.accesses;
  let row = rows.length - 1;
  const meet = (block: number) => {
    position--;
    for (; row >= 0 && rows.now[row] === position; row--) next[row] = upcoming[rows.block[row]];
    upcoming[block] = position;
  };
  for (let request = trace.requestCount - 1; request >= 0; request--) {
    const from = firstExtent[request];
    const to = firstExtent[request + 1];
    // Backwards in time: root first when tails are touched first, and the other way round.
    if (touch === "tail-first") {
      for (let e = from; e < to; e++) {
        for (let b = 0; b < blockCount[e]; b++) meet(firstBlock[e] + b);
      }
    } else {
      for (let e = to - 1; e >= from; e--) {
        for (let b = blockCount[e] - 1; b >= 0; b--) meet(firstBlock[e] + b);
      }
    }
  }
  return next;
}

/** For each block, the request that touched it first. */
export function firstRequestOf(trace: Trace): Uint32Array {
  const first = new Uint32Array(trace.uniqueBlocks);
  const { firstExtent } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  let known = 0;
  for (let request = 0; request < trace.requestCount; request++) {
    for (let e = firstExtent[request]; e < firstExtent[request + 1]; e++) {
      // Blocks are numbered in the order of their first touch.
      for (const end = firstBlock[e] + blockCount[e]; known < end; known++) first[known] = request;
    }
  }
  return first;
}
