/**
 * Traces of long extents: along paths of a tree, and overlapping in every way.
 *
 * @module
 */
import type { Trace } from "../../traces/trace.ts";
import { numbersFrom } from "./traces.ts";

/** A trace of requests written as extents, first block and length. Blocks keep their numbers. */
export function traceOfExtents(
  requests: readonly (readonly (readonly [first: number, blocks: number])[])[],
): Trace {
  const extents = requests.flat();
  const firstExtent = [0];
  for (const request of requests) firstExtent.push(firstExtent.at(-1)! + request.length);
  const tokens = requests.map((request) => request.reduce((sum, [, blocks]) => sum + blocks, 0));
  return {
    path: "memory",
    format: "memory",
    blockTokens: 1,
    requestCount: requests.length,
    accesses: tokens.reduce((sum, count) => sum + count, 0),
    uniqueBlocks: extents.reduce((most, [first, blocks]) => Math.max(most, first + blocks), 0),
    reuse: "hashes",
    requests: {
      inputTokens: Uint32Array.from(tokens),
      firstExtent: Uint32Array.from(firstExtent),
    },
    extents: {
      firstBlock: Uint32Array.from(extents, ([first]) => first),
      blockCount: Uint32Array.from(extents, ([, blocks]) => blocks),
    },
    hash: "",
    notes: [],
  };
}

/**
 * Requests of disjoint extents anywhere among `blocks` blocks, in any order; short and long ones,
 * so that the lengths of requests spread over all capacities of interest. No prefix tree does this.
 */
export function overlappingExtents(seed: number, requests: number, blocks: number): Trace {
  const next = numbersFrom(seed);
  return traceOfExtents(Array.from({ length: requests }, () => {
    const request: [number, number][] = [];
    for (let tries = 1 + (next() % 4); tries > 0; tries--) {
      const length = 1 + (next() % (next() % 3 === 0 ? blocks >> 1 : 9));
      const first = next() % blocks;
      const end = Math.min(first + length, blocks);
      if (request.some(([from, count]) => first < from + count && from < end)) continue;
      request.push([first, end - first]);
    }
    return request;
  }));
}

/**
 * Requests along paths of a tree whose nodes are long runs of blocks, each path cut off anywhere:
 * prompts that share prefixes. Give the lists to `traceOf`, which numbers the blocks.
 */
export function longPaths(seed: number, requests: number, branching = 3): number[][] {
  const next = numbersFrom(seed);
  return Array.from({ length: requests }, () => {
    const path: number[] = [];
    let node = 1;
    for (let level = next() % 5; level >= 0; level--) {
      node = node * branching + Math.min(next() % branching, next() % branching);
      const length = 1 + node * 7919 % 37;
      const kept = level === 0 ? 1 + (next() % length) : length;
      for (let i = 0; i < kept; i++) path.push(node * 64 + i);
    }
    return path;
  });
}
