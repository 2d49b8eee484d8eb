/** The optimum against every possible schedule, on all small traces. */
import { assert, assertEquals } from "@std/assert";
import { Replayer } from "../../engine/replayer.ts";
import type { Counters } from "../../engine/replayer.ts";
import type { Touch } from "../../engine/result.ts";
import { checkingModule, numbersFrom, traceOf } from "../support/traces.ts";
import { bestHits } from "./best_schedule.ts";

const checking = checkingModule();
const CAPACITIES = [1, 2, 3];
const TOUCHES: readonly Touch[] = ["root-first", "tail-first"];
const LENGTH_MAX = 6;
const BLOCKS_MAX = 4;
const TREES = 400;

/**
 * All traces up to a length, over up to four blocks. Blocks are numbered by first touch, so that
 * traces which differ in names only are one.
 */
function* traces(): Generator<number[]> {
  const open: number[][] = [[0]];
  for (let trace = open.pop(); trace !== undefined; trace = open.pop()) {
    yield trace;
    if (trace.length === LENGTH_MAX) continue;
    const named = Math.min(Math.max(...trace) + 2, BLOCKS_MAX);
    for (let block = 0; block < named; block++) open.push([...trace, block]);
  }
}

/** All ways to cut a trace into requests. */
function* cuts(trace: readonly number[]): Generator<number[][]> {
  for (let cut = 0; cut < 1 << (trace.length - 1); cut++) {
    const requests: number[][] = [[]];
    for (const [at, block] of trace.entries()) {
      if (at > 0 && ((cut >> (at - 1)) & 1) !== 0) requests.push([]);
      requests[requests.length - 1].push(block);
    }
    yield requests;
  }
}

/** Requests along paths of one to three blocks in a tree of seven: 0 over 1 and 2, over 3 to 6. */
function smallTree(seed: number): number[][] {
  const next = numbersFrom(seed);
  const names = new Map<number, number>();
  return Array.from({ length: 3 + (next() % 6) }, () => {
    const depth = 1 + (next() % 3);
    let node = 0;
    return Array.from({ length: depth }, (_, level) => {
      if (level > 0) node = 2 * node + 1 + (next() % 2);
      if (!names.has(node)) names.set(node, names.size);
      return names.get(node)!;
    });
  });
}

function run(
  requests: readonly (readonly number[])[],
  policy: string,
  capacityBlocks: number,
  touch: Touch,
  replayer = new Replayer(traceOf(requests), checking),
): Counters {
  return replayer.run({
    policy: replayer.registry.policy(policy),
    admission: replayer.registry.admitter("always"),
    capacityBlocks,
    touch,
    seed: 1,
  });
}

function place(requests: readonly (readonly number[])[], capacity: number, touch: Touch): string {
  return `${JSON.stringify(requests)} at ${capacity}, ${touch}`;
}

Deno.test("optimal equals the best of all schedules on every trace of up to six touches", () => {
  for (const trace of traces()) {
    for (const capacity of CAPACITIES) {
      const expected = bestHits([trace], capacity, "root-first");
      const label = place([trace], capacity, "root-first");
      assertEquals(run([trace], "optimal", capacity, "root-first").hits, expected, label);
    }
  }
});

Deno.test("optimal-demand equals the best of all schedules that must insert", () => {
  for (const trace of traces()) {
    for (const capacity of CAPACITIES) {
      const expected = bestHits([trace], capacity, "root-first", "block", "demand");
      const counters = run([trace], "optimal-demand", capacity, "root-first");
      assertEquals(counters.hits, expected, place([trace], capacity, "root-first"));
      assertEquals(counters.bypasses, 0);
    }
  }
});

Deno.test("optimal equals the best of all schedules however a trace is cut into requests", () => {
  for (const trace of traces()) {
    for (const requests of cuts(trace)) {
      // Tail-first, a repeat within a request weighs two hits, which MIN does not weigh.
      if (requests.some((request) => new Set(request).size < request.length)) continue;
      for (const capacity of CAPACITIES) {
        const expected = bestHits(requests, capacity, "tail-first");
        const label = place(requests, capacity, "tail-first");
        assertEquals(run(requests, "optimal", capacity, "tail-first").hits, expected, label);
      }
    }
  }
});

Deno.test("on paths of a tree, optimal has the most hits, all of them in the leading run", () => {
  for (let seed = 0; seed < TREES; seed++) {
    const requests = smallTree(seed);
    const replayer = new Replayer(traceOf(requests), checking);
    for (const capacity of CAPACITIES) {
      const hits = TOUCHES.map((touch) => {
        const label = `seed ${seed}: ${place(requests, capacity, touch)}`;
        const counters = run(requests, "optimal", capacity, touch, replayer);
        assertEquals(counters.hits, bestHits(requests, capacity, touch), label);
        assertEquals(counters.prefixHits, bestHits(requests, capacity, touch, "prefix"), label);
        assertEquals(counters.prefixHits, counters.hits, label);
        return counters.hits;
      });
      assertEquals(hits[0], hits[1], `the touch orders differ at seed ${seed}`);
    }
  }
});

Deno.test("no policy is above the optimum on any small tree, in either touch order", () => {
  for (let seed = 0; seed < TREES; seed++) {
    const requests = smallTree(seed);
    const replayer = new Replayer(traceOf(requests), checking);
    for (const capacity of CAPACITIES) {
      for (const touch of TOUCHES) {
        const bound = run(requests, "optimal", capacity, touch, replayer);
        for (const { name } of replayer.registry.policies) {
          const counters = run(requests, name, capacity, touch, replayer);
          const label = `${name}, seed ${seed}: ${place(requests, capacity, touch)}`;
          assert(counters.hits <= bound.hits, label);
          assert(counters.prefixHits <= bound.prefixHits, label);
        }
      }
    }
  }
});

Deno.test("the oracles keep their books on every cut, repeats within a request included", () => {
  for (const trace of traces()) {
    if (trace.length < LENGTH_MAX - 1) continue;
    for (const requests of cuts(trace)) {
      const replayer = new Replayer(traceOf(requests), checking);
      for (const policy of ["optimal", "optimal-demand"]) {
        for (const capacity of CAPACITIES) {
          // `run` refuses when insertions, evictions, bypasses and residents do not add up.
          const { hits } = run(requests, policy, capacity, "tail-first", replayer);
          assert(hits <= bestHits(requests, capacity, "tail-first"));
        }
      }
    }
  }
});
