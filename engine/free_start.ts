/**
 * The trace that oracles are asked about when counting begins late.
 *
 * @module
 */
import type { Trace } from "../traces/trace.ts";

/**
 * The trace with its beginning replaced by one request of all blocks seen in it: the optimum may
 * then hold any of them when counting begins, so that no other policy can be above it. (Replayed
 * over the whole trace, it would give up later hits for earlier ones that do not count.)
 */
export function freeStart(trace: Trace, requests: number): Trace {
  const { firstExtent, inputTokens } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  const from = firstExtent[requests];
  let known = 0;
  for (let e = 0; e < from; e++) known = Math.max(known, firstBlock[e] + blockCount[e]);
  const first = known > 0 ? 1 : 0;
  const offsets = firstExtent.subarray(requests).map((extent) => extent - from + first);
  const counts = after(blockCount, from, known > 0 ? [known] : []);
  return {
    ...trace,
    // Never stored or reported: only its optimum is.
    hash: "",
    requestCount: trace.requestCount - requests + 1,
    accesses: counts.reduce((sum, count) => sum + count, 0),
    requests: {
      inputTokens: after(inputTokens, requests, [0]),
      firstExtent: after(offsets, 0, [0]),
    },
    extents: { firstBlock: after(firstBlock, from, known > 0 ? [0] : []), blockCount: counts },
  };
}

/** A column from a row on, with other values before it. */
function after(column: Uint32Array, from: number, before: readonly number[]): Uint32Array {
  const joined = new Uint32Array(before.length + column.length - from);
  joined.set(before);
  joined.set(column.subarray(from), before.length);
  return joined;
}
