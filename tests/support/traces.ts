/**
 * Small traces in memory, from requests written as lists of block numbers.
 *
 * @module
 */
import type { Trace } from "../../traces/trace.ts";

/** A trace of requests; blocks are renumbered by first touch and folded. No hash: tests only. */
export function traceOf(requests: readonly (readonly number[])[], blockTokens = 16): Trace {
  const numbers = new Map<number, number>();
  const firstExtent = [0];
  const firstBlock: number[] = [];
  const blockCount: number[] = [];
  for (const request of requests) {
    let expected = -1;
    for (const name of request) {
      let block = numbers.get(name);
      if (block === undefined) numbers.set(name, block = numbers.size);
      if (block === expected) blockCount[blockCount.length - 1]++;
      else {
        firstBlock.push(block);
        blockCount.push(1);
      }
      expected = block + 1;
    }
    firstExtent.push(firstBlock.length);
  }
  return {
    path: "memory",
    format: "memory",
    blockTokens,
    requestCount: requests.length,
    accesses: requests.reduce((sum, request) => sum + request.length, 0),
    uniqueBlocks: numbers.size,
    reuse: "hashes",
    requests: {
      inputTokens: Uint32Array.from(requests, (request) => request.length * blockTokens),
      firstExtent: Uint32Array.from(firstExtent),
    },
    extents: { firstBlock: Uint32Array.from(firstBlock), blockCount: Uint32Array.from(blockCount) },
    hash: "",
    notes: [],
  };
}

/** A stream of numbers below 2³² from a seed: splitmix32, for tests only. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** Requests along random paths of a prefix tree, as serving traffic makes them. */
export function treeRequests(seed: number, requests: number, branching = 3, depth = 8): number[][] {
  const next = numbersFrom(seed);
  return Array.from({ length: requests }, () => {
    const length = 1 + (next() % depth);
    let node = 1;
    return Array.from({ length }, (_, level) => {
      // Skewed towards the first child, so that prefixes are shared.
      const child = Math.min(next() % branching, next() % branching);
      node = (node * branching + child) % 1_000_003;
      return node * 16 + level;
    });
  });
}

/** Requests of unrelated blocks, some of them twice in one request. */
export function looseRequests(seed: number, requests: number, blocks = 40): number[][] {
  const next = numbersFrom(seed);
  return Array.from(
    { length: requests },
    () => Array.from({ length: next() % 7 }, () => Math.min(next() % blocks, next() % blocks)),
  );
}

/** The build with assertions, so that a broken invariant says where. */
export function checkingModule(): WebAssembly.Module {
  const file = new URL("../../engine/engine.check.wasm", import.meta.url);
  return new WebAssembly.Module(Deno.readFileSync(file));
}
