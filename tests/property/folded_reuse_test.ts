/** The reuse table of the folded engine against its readable twin, block by block. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { reuseRuns } from "../../engine/folded.ts";
import type { Touch } from "../../engine/result.ts";
import type { Trace } from "../../traces/trace.ts";
import { naiveReuse, perBlock } from "../support/naive_reuse.ts";
import { checkingModule, looseRequests, traceOf, treeRequests } from "../support/traces.ts";
import { overlappingExtents } from "../support/overlapping_extents.ts";
import { EngineError } from "../../errors/errors.ts";

const module = checkingModule();
const TOUCHES: readonly Touch[] = ["root-first", "tail-first"];
const SEEDS = Array.from({ length: 150 }, (_, seed) => seed);

function compare(trace: Trace, touch: Touch, label: string): void {
  const runs = reuseRuns(trace, touch, { module });
  assertEquals(perBlock(runs), naiveReuse(trace, touch), `${label}, ${touch}`);
}

Deno.test("reuse of paths of a tree is that of the twin", () => {
  for (const seed of SEEDS) {
    const trace = traceOf(treeRequests(seed, 60));
    for (const touch of TOUCHES) compare(trace, touch, `seed ${seed}`);
  }
});

Deno.test("reuse of overlapping extents is that of the twin", () => {
  for (const seed of SEEDS) {
    const trace = overlappingExtents(seed, 40, 90);
    for (const touch of TOUCHES) compare(trace, touch, `seed ${seed}`);
  }
});

Deno.test("root-first, a block may come twice in a request", () => {
  for (const seed of SEEDS) compare(traceOf(looseRequests(seed, 60)), "root-first", `seed ${seed}`);
});

Deno.test("tail-first, a block twice in a request is refused with its place", () => {
  const trace = traceOf([[0, 1, 2], [3, 0, 1, 2], [4, 1, 5, 1]]);
  const error = assertThrows(() => reuseRuns(trace, "tail-first", { module }), EngineError);
  assertEquals(error.code, "engine/RepeatInRequest");
  assertEquals(error.problems[0].found, "block 1 twice in request 2");
});

Deno.test("traces without requests, or with empty ones, have tables too", () => {
  for (const touch of TOUCHES) {
    compare(traceOf([]), touch, "no requests");
    compare(traceOf([[], [0], [], [0, 1], []]), touch, "empty requests");
  }
});

Deno.test("there are at most three runs to an extent, and they cover it", () => {
  for (const seed of SEEDS) {
    const trace = overlappingExtents(seed, 40, 90);
    const runs = reuseRuns(trace, "tail-first", { module });
    assert(runs.count <= 3 * trace.extents.firstBlock.length, `seed ${seed}`);
    const covered = trace.extents.blockCount.slice();
    for (let i = 0; i < runs.count; i++) covered[runs.extent[i]] -= runs.blockCount[i];
    assert(covered.every((left) => left === 0), `seed ${seed}`);
  }
});
