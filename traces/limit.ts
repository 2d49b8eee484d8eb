/**
 * The beginning of a trace.
 *
 * @module
 */

import { sealTrace } from "./canonical.ts";
import { ExtentWriter, IntervalMap } from "./ranges.ts";
import type { Requests, Trace } from "./trace.ts";

/**
 * The first requests of a trace, as a trace of its own: blocks are numbered anew from 0.
 *
 * @param count Requests to keep; all of them if there are no more.
 */
export async function firstRequests(trace: Trace, count: number): Promise<Trace> {
  if (count >= trace.requestCount) return trace;
  const extents = new ExtentWriter();
  const map = new IntervalMap();
  const firstExtent = new Uint32Array(count + 1);
  const { firstBlock, blockCount, kind } = trace.extents;
  let next = 0;
  let accesses = 0;
  for (let row = 0; row < count; row++) {
    extents.startRequest();
    const end = trace.requests.firstExtent[row + 1];
    for (let extent = trace.requests.firstExtent[row]; extent < end; extent++) {
      accesses += blockCount[extent];
      next = map.touch(firstBlock[extent], blockCount[extent], next, (first, blocks) => {
        extents.add(first, blocks, kind?.[extent]);
      });
    }
    firstExtent[row + 1] = extents.length;
  }
  const columns = Object.entries(trace.requests)
    .map(([name, column]) => [name, column.slice(0, count)] as const);
  const { hash: _, kindNames, ...parts } = trace;
  const kinds = Uint8Array.from(extents.kind.view());
  return await sealTrace({
    ...parts,
    requestCount: count,
    accesses,
    uniqueBlocks: next,
    requests: { ...Object.fromEntries(columns) as unknown as Requests, firstExtent },
    extents: {
      firstBlock: extents.firstBlock.take(),
      blockCount: extents.blockCount.take(),
      ...(kind === undefined ? {} : { kind: kinds }),
    },
    // Kinds are numbered by first appearance, so those that are left are the first ones.
    ...(kindNames === undefined ? {} : { kindNames: kindNames.slice(0, kindsOf(kinds)) }),
  });
}

function kindsOf(kinds: Uint8Array): number {
  return kinds.reduce((most, kind) => Math.max(most, kind + 1), 0);
}
