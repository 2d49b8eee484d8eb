/**
 * Which request must end before another may come, and where answers are found again.
 *
 * @module
 */
import { NONE } from "../assembly/abi_serving.ts";
import type { Trace } from "../traces/trace.ts";

/** One row per request; `NONE` where there is none. */
export interface Turns {
  /** The turn of the same session before this one. */
  readonly previous: Uint32Array;
  /** The turn after this one, where its prompt begins with all whole blocks of this prompt. */
  readonly continuation: Uint32Array;
}

/** The turns of all sessions, or `undefined` when the trace names none. */
export function turnsOf(trace: Trace): Turns | undefined {
  const { session } = trace.requests;
  if (session === undefined) return undefined;
  const previous = new Uint32Array(trace.requestCount).fill(NONE);
  const continuation = new Uint32Array(trace.requestCount).fill(NONE);
  const last = new Map<number, number>();
  for (let r = 0; r < trace.requestCount; r++) {
    const before = last.get(session[r]);
    last.set(session[r], r);
    if (before === undefined) continue;
    previous[r] = before;
    if (continues(trace, before, r)) continuation[before] = r;
  }
  return { previous, continuation };
}

/** Whether the later prompt begins with every whole block of the earlier one. */
function continues(trace: Trace, earlier: number, later: number): boolean {
  const { firstExtent, inputTokens } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  let left = Math.floor(inputTokens[earlier] / trace.blockTokens);
  let a = firstExtent[earlier];
  let b = firstExtent[later];
  let fromA = 0;
  let fromB = 0;
  while (left > 0) {
    if (a === firstExtent[earlier + 1]) return true;
    if (b === firstExtent[later + 1]) return false;
    if (firstBlock[a] + fromA !== firstBlock[b] + fromB) return false;
    const step = Math.min(blockCount[a] - fromA, blockCount[b] - fromB, left);
    left -= step;
    fromA += step;
    fromB += step;
    if (fromA === blockCount[a]) [a, fromA] = [a + 1, 0];
    if (fromB === blockCount[b]) [b, fromB] = [b + 1, 0];
  }
  return true;
}
