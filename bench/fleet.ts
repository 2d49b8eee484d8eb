/**
 * Load for a fleet: copies of a trace that share no block, each turned around the clock by a random
 * offset, so that the fleet is as busy in the first minute as in the last.
 *
 * @module
 */
import type { Trace } from "../traces/trace.ts";
import { splitmix32 } from "./zipf.ts";

const SEED = 10_240;

/** The copies as one trace of `spanNs`; arrivals are in whole milliseconds. */
export function fleetLoad(trace: Trace, copies: number, spanNs: number): Trace {
  const { requests, extents, requestCount } = trace;
  const order = arrivalOrder(requests.arrivalNs!, copies, spanNs);
  const total = requestCount * copies;
  const firstExtent = new Uint32Array(total + 1);
  const firstBlock = new Uint32Array(extents.firstBlock.length * copies);
  const blockCount = new Uint32Array(firstBlock.length);
  const inputTokens = new Uint32Array(total);
  const outputTokens = new Uint32Array(total);
  const arrivalNs = new Float64Array(total);
  let end = 0;
  for (let at = 0; at < total; at++) {
    const row = order[at] % total;
    arrivalNs[at] = (order[at] - row) / total * 1e6;
    const request = row % requestCount;
    const shift = (row - request) / requestCount * trace.uniqueBlocks;
    inputTokens[at] = requests.inputTokens[request];
    outputTokens[at] = requests.outputTokens![request];
    for (let e = requests.firstExtent[request]; e < requests.firstExtent[request + 1]; e++) {
      firstBlock[end] = extents.firstBlock[e] + shift;
      blockCount[end++] = extents.blockCount[e];
    }
    firstExtent[at + 1] = end;
  }
  return {
    ...trace,
    path: `${copies} copies of ${trace.path}`,
    requestCount: total,
    accesses: trace.accesses * copies,
    uniqueBlocks: trace.uniqueBlocks * copies,
    requests: { arrivalNs, inputTokens, outputTokens, firstExtent },
    extents: { firstBlock, blockCount },
    hash: "",
  };
}

/** Milliseconds of arrival × rows + row, in order: one number sorts faster than two. */
function arrivalOrder(arrivalNs: Float64Array, copies: number, spanNs: number): Float64Array {
  const next = splitmix32(SEED);
  const rows = arrivalNs.length;
  const total = rows * copies;
  const keys = new Float64Array(total);
  for (let copy = 0; copy < copies; copy++) {
    const offset = next() / 2 ** 32 * spanNs;
    for (let r = 0; r < rows; r++) {
      const row = copy * rows + r;
      keys[row] = Math.floor((arrivalNs[r] + offset) % spanNs / 1e6) * total + row;
    }
  }
  return keys.sort();
}
