/**
 * The traces of the benchmarks: two real ones, two drawn, and one of many tenants.
 *
 * @module
 */
import { openTrace } from "../traces/open.ts";
import type { Trace } from "../traces/trace.ts";
import { splitmix32, zipf } from "./zipf.ts";

const ZIPF_BLOCKS = 1_000_000;
const ZIPF_ACCESSES = 20_000_000;
const ZIPF_SEED = 42;
/** Accesses per request: Zipf has no requests, and root-first hit counts do not depend on them. */
const ZIPF_REQUEST = 64;
const COPIES = 100;
const COPIES_SEED = 20_240_501;
/** Copies begin within so many nanoseconds of each other. */
const OFFSET_NS = 60e9;

/** Names of the benchmark traces, in the order of the tables. */
export const TRACE_NAMES = [
  "conversation",
  "synthetic",
  "zipf-0.8",
  "zipf-1",
  "conv-x100",
] as const;

/** One of the benchmark traces. */
export type TraceName = typeof TRACE_NAMES[number];

/** Loads or generates a trace; `quick` takes a tenth of the large ones. */
export async function benchTrace(name: TraceName, quick: boolean): Promise<Trace> {
  const part = quick ? 10 : 1;
  switch (name) {
    case "conversation":
      return await mooncake("conversation_trace.jsonl.gz");
    case "synthetic":
      return await mooncake("synthetic_trace.jsonl.gz");
    case "conv-x100":
      return copies(await mooncake("conversation_trace.jsonl.gz"), COPIES / part);
    default: {
      const block = zipf({
        exponent: Number(name.slice("zipf-".length)),
        blocks: ZIPF_BLOCKS,
        accesses: ZIPF_ACCESSES / part,
        seed: ZIPF_SEED,
      });
      return traceOfBlocks(name, block, ZIPF_BLOCKS, ZIPF_REQUEST);
    }
  }
}

/** One of the Mooncake traces in `tests/data`, or its first requests. */
export async function mooncake(file: string, limit?: number): Promise<Trace> {
  const { pathname } = new URL(`../tests/data/${file}`, import.meta.url);
  return await openTrace(decodeURIComponent(pathname), limit === undefined ? {} : { limit });
}

/**
 * Tenants that do the same at different times: copies of a trace that share no block, each begun at
 * a random moment, their requests in order of arrival.
 */
export function copies(trace: Trace, count: number): Trace {
  const next = splitmix32(COPIES_SEED);
  const offset = Array.from({ length: count }, () => Math.floor((next() / 2 ** 32) * OFFSET_NS));
  const arrival = trace.requests.arrivalNs!;
  const { requestCount } = trace;
  const rows = new Uint32Array(requestCount * count).map((_, i) => i);
  const at = (row: number) => arrival[row % requestCount] + offset[Math.floor(row / requestCount)];
  rows.sort((a, b) => at(a) - at(b) || a - b);
  const original = expand(trace);
  const block = new Uint32Array(trace.accesses * count);
  const firstAccess = new Uint32Array(rows.length + 1);
  let end = 0;
  for (const [place, row] of rows.entries()) {
    const request = row % requestCount;
    const shift = Math.floor(row / requestCount) * trace.uniqueBlocks;
    const run = original.block.subarray(
      original.firstAccess[request],
      original.firstAccess[request + 1],
    );
    for (let i = 0; i < run.length; i++) block[end++] = run[i] + shift;
    firstAccess[place + 1] = end;
  }
  return folded(`conv-x${count}`, block, trace.uniqueBlocks * count, firstAccess);
}

/** A trace of single blocks, cut into requests of equal length; blocks are below `names`. */
function traceOfBlocks(
  path: string,
  block: Uint32Array,
  names: number,
  requestAccesses: number,
): Trace {
  const requests = Math.ceil(block.length / requestAccesses);
  const firstAccess = new Uint32Array(requests + 1)
    .map((_, r) => Math.min(r * requestAccesses, block.length));
  return folded(path, block, names, firstAccess);
}

/** Numbers blocks by first touch, in place, and joins runs of consecutive numbers. */
function folded(path: string, block: Uint32Array, names: number, firstAccess: Uint32Array): Trace {
  const number = new Uint32Array(names);
  let uniqueBlocks = 0;
  for (let i = 0; i < block.length; i++) {
    if (number[block[i]] === 0) number[block[i]] = ++uniqueBlocks;
    block[i] = number[block[i]] - 1;
  }
  const requestCount = firstAccess.length - 1;
  const firstExtent = new Uint32Array(requestCount + 1);
  const firstBlock = new Uint32Array(block.length);
  const blockCount = new Uint32Array(block.length);
  let extents = 0;
  for (let r = 0; r < requestCount; r++) {
    for (let i = firstAccess[r]; i < firstAccess[r + 1]; i++) {
      if (i > firstAccess[r] && block[i] === block[i - 1] + 1) blockCount[extents - 1]++;
      else {
        firstBlock[extents] = block[i];
        blockCount[extents++] = 1;
      }
    }
    firstExtent[r + 1] = extents;
  }
  return {
    path,
    format: "generated",
    blockTokens: 1,
    requestCount,
    accesses: block.length,
    uniqueBlocks,
    reuse: "hashes",
    requests: {
      inputTokens: new Uint32Array(requestCount).map((_, r) => firstAccess[r + 1] - firstAccess[r]),
      firstExtent,
    },
    extents: { firstBlock: firstBlock.slice(0, extents), blockCount: blockCount.slice(0, extents) },
    hash: "",
    notes: [],
  };
}

/** The accesses of a trace, root-first. */
export function expand(trace: Trace): { block: Uint32Array; firstAccess: Uint32Array } {
  const { firstBlock, blockCount } = trace.extents;
  const { firstExtent } = trace.requests;
  const block = new Uint32Array(trace.accesses);
  const firstAccess = new Uint32Array(trace.requestCount + 1);
  let end = 0;
  for (let r = 0; r < trace.requestCount; r++) {
    for (let e = firstExtent[r]; e < firstExtent[r + 1]; e++) {
      for (let i = 0; i < blockCount[e]; i++) block[end++] = firstBlock[e] + i;
    }
    firstAccess[r + 1] = end;
  }
  return { block, firstAccess };
}
