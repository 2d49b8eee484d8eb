/** The folded engine against the block engine, on all small traces cut in all ways. */
import { assertEquals } from "@std/assert";
import { FoldedReplayer } from "../../engine/folded.ts";
import type { Touch } from "../../engine/result.ts";
import type { Trace } from "../../traces/trace.ts";
import {
  blockCounts,
  compareFolded,
  naiveEvictions,
  perEviction,
} from "../support/folded_twins.ts";
import { naiveReuse, perBlock } from "../support/naive_reuse.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const TOUCHES: readonly Touch[] = ["root-first", "tail-first"];
const CAPACITIES = [1, 2, 3, 4, 5];
const ACCESSES_MAX = 6;
const BLOCKS = 4;

/** Requests of extents of blocks. */
type Cut = readonly (readonly (readonly number[])[])[];

/** All traces up to a length whose blocks are numbered by first touch, as readers number them. */
function* numberedByTouch(): Generator<number[]> {
  const open: number[][] = [[0]];
  for (let trace = open.pop(); trace !== undefined; trace = open.pop()) {
    yield trace;
    if (trace.length === ACCESSES_MAX) continue;
    const named = Math.min(Math.max(...trace) + 2, BLOCKS);
    for (let block = 0; block < named; block++) open.push([...trace, block]);
  }
}

/** All ways to cut accesses into extents of rising blocks and extents into requests. */
function* cuts(trace: readonly number[]): Generator<Cut> {
  for (let ways = 0; ways < 3 ** (trace.length - 1); ways++) {
    const requests: number[][][] = [[[trace[0]]]];
    let way = ways;
    let isExtent = true;
    for (let i = 1; i < trace.length; i++, way = Math.floor(way / 3)) {
      const last = requests[requests.length - 1];
      if (way % 3 === 0) {
        isExtent &&= trace[i] === trace[i - 1] + 1;
        last[last.length - 1].push(trace[i]);
      } else if (way % 3 === 1) last.push([trace[i]]);
      else requests.push([[trace[i]]]);
    }
    if (isExtent) yield requests;
  }
}

/** All rows of up to three extents, anywhere among the blocks, as single requests and together. */
function* anyExtents(): Generator<Cut> {
  const extents: number[][] = [];
  for (let first = 0; first < BLOCKS; first++) {
    for (let end = first + 1; end <= BLOCKS; end++) {
      extents.push(Array.from({ length: end - first }, (_, i) => first + i));
    }
  }
  for (const a of extents) {
    for (const b of extents) {
      for (const c of extents) yield* [[[a], [b], [c]], [[a, b], [c]], [[a], [b, c]], [[a, b, c]]];
    }
  }
}

function traceFrom(requests: Cut): Trace {
  const extents = requests.flat();
  const firstExtent = [0];
  for (const request of requests) firstExtent.push(firstExtent.at(-1)! + request.length);
  return {
    path: "memory",
    format: "memory",
    blockTokens: 16,
    requestCount: requests.length,
    accesses: extents.flat().length,
    uniqueBlocks: Math.max(...extents.flat()) + 1,
    reuse: "hashes",
    requests: {
      inputTokens: new Uint32Array(requests.length),
      firstExtent: Uint32Array.from(firstExtent),
    },
    extents: {
      firstBlock: Uint32Array.from(extents, (extent) => extent[0]),
      blockCount: Uint32Array.from(extents, (extent) => extent.length),
    },
    hash: "",
    notes: [],
  };
}

/** Tail-first, a block twice in a request is refused. */
function touchesOf(requests: Cut): readonly Touch[] {
  const repeats = requests.some((request) => {
    const blocks = request.flat();
    return new Set(blocks).size < blocks.length;
  });
  return repeats ? ["root-first"] : TOUCHES;
}

function compare(requests: Cut): void {
  const trace = traceFrom(requests);
  const label = JSON.stringify(requests);
  const replayer = new FoldedReplayer(trace, module);
  for (const touch of touchesOf(requests)) {
    assertEquals(perBlock(replayer.reuse(touch)), naiveReuse(trace, touch), `${label}, ${touch}`);
    compareFolded(replayer, touch, blockCounts(trace, touch, CAPACITIES), label);
    for (const capacity of CAPACITIES) {
      const expected = naiveEvictions(trace, capacity, touch);
      assertEquals(perEviction(replayer.lru(capacity, touch)), expected, `${label}, ${touch}`);
    }
  }
}

Deno.test("every trace of up to six touches, cut into extents and requests in all ways", () => {
  for (const trace of numberedByTouch()) {
    for (const requests of cuts(trace)) compare(requests);
  }
});

Deno.test("every three extents over four blocks, in one request or more", () => {
  for (const requests of anyExtents()) compare(requests);
});
