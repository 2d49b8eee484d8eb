/**
 * The reuse table written to be read: block by block, with the stack as a list.
 *
 * Rows are single blocks, never joined: compare after `perBlock`.
 */
import { NEVER, type ReuseRuns } from "../../engine/reuse_runs.ts";
import type { Touch } from "../../engine/result.ts";
import type { Trace } from "../../traces/trace.ts";

/** One row per access. */
export function naiveReuse(trace: Trace, touch: Touch): ReuseRuns {
  const rows: number[][] = [];
  const stack: number[] = []; // most recent first
  const lastRequest = new Map<number, number>();
  for (let r = 0; r < trace.requestCount; r++) {
    const path = blocksOf(trace, r);
    let peak = 0;
    const distances: number[] = [];
    for (const [extent, block] of path) {
      const at = stack.indexOf(block);
      const distance = at < 0 ? NEVER : at;
      rows.push([r, extent, block, 1, lastRequest.get(block) ?? NEVER, distance, peak]);
      distances.push(distance);
      peak = Math.max(peak, distance);
      if (touch === "root-first") {
        moveUp(stack, block);
        lastRequest.set(block, r);
      }
    }
    if (touch === "tail-first") {
      for (const [, block] of path.toReversed()) {
        moveUp(stack, block);
        lastRequest.set(block, r);
      }
    }
  }
  return fromRows(touch, rows);
}

/** The same table with one row per block. */
export function perBlock(runs: ReuseRuns): ReuseRuns {
  const rows: number[][] = [];
  for (let i = 0; i < runs.count; i++) {
    let peak = runs.peak[i];
    for (let j = 0; j < runs.blockCount[i]; j++) {
      const first = runs.distance[i];
      const distance = first === NEVER || runs.touch === "root-first" ? first : first + j;
      const block = runs.firstBlock[i] + j;
      rows.push([
        runs.request[i],
        runs.extent[i],
        block,
        1,
        runs.previousRequest[i],
        distance,
        peak,
      ]);
      peak = Math.max(peak, distance);
    }
  }
  return fromRows(runs.touch, rows);
}

function fromRows(touch: Touch, rows: readonly number[][]): ReuseRuns {
  const column = (index: number) => Uint32Array.from(rows, (row) => row[index]);
  return {
    touch,
    count: rows.length,
    request: column(0),
    extent: column(1),
    firstBlock: column(2),
    blockCount: column(3),
    previousRequest: column(4),
    distance: column(5),
    peak: column(6),
  };
}

function blocksOf(trace: Trace, request: number): [extent: number, block: number][] {
  const { firstExtent } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  const path: [number, number][] = [];
  for (let e = firstExtent[request]; e < firstExtent[request + 1]; e++) {
    for (let i = 0; i < blockCount[e]; i++) path.push([e, firstBlock[e] + i]);
  }
  return path;
}

function moveUp(stack: number[], block: number): void {
  const at = stack.indexOf(block);
  if (at >= 0) stack.splice(at, 1);
  stack.unshift(block);
}
