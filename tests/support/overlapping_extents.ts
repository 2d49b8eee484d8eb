/**
 * Traces of extents that overlap in every way, which no prefix tree would make.
 *
 * @module
 */
import type { Trace } from "../../traces/trace.ts";
import { numbersFrom } from "./traces.ts";

/**
 * Requests of one to four disjoint extents anywhere among `blocks` blocks, in any order; short and
 * long ones, so that the lengths of requests spread over all capacities of interest.
 */
export function overlappingExtents(seed: number, requests: number, blocks: number): Trace {
  const next = numbersFrom(seed);
  const firstExtent = [0];
  const firstBlock: number[] = [];
  const blockCount: number[] = [];
  const inputTokens: number[] = [];
  for (let r = 0; r < requests; r++) {
    const taken: [number, number][] = [];
    let total = 0;
    for (let tries = 1 + (next() % 4); tries > 0; tries--) {
      const length = 1 + (next() % (next() % 3 === 0 ? blocks >> 1 : 9));
      const first = next() % (blocks - Math.min(length, blocks - 1));
      const end = Math.min(first + length, blocks);
      if (taken.some(([from, to]) => first < to && from < end)) continue;
      taken.push([first, end]);
      firstBlock.push(first);
      blockCount.push(end - first);
      total += end - first;
    }
    firstExtent.push(firstBlock.length);
    inputTokens.push(total * 16);
  }
  return {
    path: "memory",
    format: "memory",
    blockTokens: 16,
    requestCount: requests,
    accesses: blockCount.reduce((sum, count) => sum + count, 0),
    uniqueBlocks: blocks,
    reuse: "hashes",
    requests: {
      inputTokens: Uint32Array.from(inputTokens),
      firstExtent: Uint32Array.from(firstExtent),
    },
    extents: { firstBlock: Uint32Array.from(firstBlock), blockCount: Uint32Array.from(blockCount) },
    hash: "",
    notes: [],
  };
}
