import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Comparison, RunResult } from "../engine/result.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { answer, limits, traceLine } from "./findings.ts";
import { NO_BREAK } from "./format.ts";

const [LRU] = EXAMPLE_COMPARISON.results;

function plain(comparison: Comparison): string[] {
  return answer(comparison).map((text) => text.replaceAll(NO_BREAK, " "));
}

/** A trace of 1,000 look-ups, 600 of them first uses. */
function run(result: Partial<RunResult>): RunResult {
  return {
    ...LRU,
    accesses: 1000,
    compulsoryMisses: 600,
    optimalHits: 400,
    lruHits: 100,
    ...result,
    misses: 1000 - (result.hits ?? 0),
  };
}

Deno.test("answer() of the worked example, word by word", () => {
  assertEquals(plain(EXAMPLE_COMPARISON), [
    "Ceiling 45.5 %: the share of look-ups that are repeats; no cache of any size hits more. Of " +
    "the capacities tried, the optimum comes within one point of it with 3 blocks (50.0 % of the " +
    "unique ones), LRU with none.",
    "Best online policy: a point or more above LRU at 1 of 2 capacities (lfu +18.2 points at 3 " +
    "blocks); a draw (below one point) at the other one.",
    "Room left: at most 36.4 points, at 2 blocks: optimum 36.4 %, best online (lru) 0.0 %.",
  ]);
});

Deno.test("answer() puts losses beside wins", () => {
  const results = [
    run({ policy: "arc", hits: 150 }),
    run({ policy: "lru", hits: 100 }),
    run({ policy: "fifo", hits: 95 }),
    run({ policy: "lfu", hits: 40 }),
  ];
  const text = plain({ ...EXAMPLE_COMPARISON, results }).join(" ");
  assertStringIncludes(text, "(arc +5.0 points at 2 blocks)");
  assertStringIncludes(text, "1 of 4 online policies a point or more below LRU");
  assertStringIncludes(text, "at worst lfu -6.0 points at 2 blocks");
});

Deno.test("answer() calls a lead below one point no win", () => {
  const results = [run({ policy: "arc", hits: 109 }), run({ policy: "lru", hits: 100 })];
  assertMatch(plain({ ...EXAMPLE_COMPARISON, results })[1], /none is a point or more above LRU/);
});

Deno.test("answer() compares how much memory the optimum and LRU need", () => {
  const results = [
    run({ capacityBlocks: 100, hits: 100, lruHits: 100, optimalHits: 395 }),
    run({ capacityBlocks: 950, hits: 391, lruHits: 391, optimalHits: 400 }),
  ];
  const trace = { ...EXAMPLE_COMPARISON.trace, uniqueBlocks: 1000 };
  const [first] = plain({ ...EXAMPLE_COMPARISON, trace, results, blockBytes: 1024 ** 3 });
  assertStringIncludes(first, "with 100 blocks (10.0 % of the unique ones, 100 GiB)");
  assertStringIncludes(first, "LRU with 950, 9.5 times as many.");
});

Deno.test("answer() says when even the optimum does not reach the ceiling", () => {
  const results = [run({ optimalHits: 200, hits: 100 })];
  assertMatch(plain({ ...EXAMPLE_COMPARISON, results })[0], /Even the optimum stays a point/);
});

Deno.test("answer() says so when the trace cannot carry one", () => {
  const { trace } = EXAMPLE_COMPARISON;
  const blind: Comparison = { ...EXAMPLE_COMPARISON, trace: { ...trace, reuse: "none" } };
  assertStringIncludes(answer(blind)[0], "names no blocks");
  const empty: Comparison = { ...EXAMPLE_COMPARISON, trace: { ...trace, accesses: 0 } };
  assertStringIncludes(answer(empty)[0], "no block look-ups");
  assertStringIncludes(answer({ ...EXAMPLE_COMPARISON, results: [] })[0], "No policy was run");
});

Deno.test("answer() speaks of each touch order apart", () => {
  const results = [
    ...EXAMPLE_COMPARISON.results,
    ...EXAMPLE_COMPARISON.results.map((result) => ({ ...result, touch: "tail-first" as const })),
  ];
  const text = plain({ ...EXAMPLE_COMPARISON, results });
  assertEquals(text.filter((paragraph) => paragraph.startsWith("Touch order")).length, 2);
});

Deno.test("limits() repeats the notes of the trace, made visible, before its own", () => {
  const trace = { ...EXAMPLE_COMPARISON.trace, notes: ["3 rows\nskipped"] };
  const found = limits({ ...EXAMPLE_COMPARISON, trace });
  assertEquals(found[0], "Trace: 3 rows\\u000askipped");
  assert(found.length > 4);
});

Deno.test("traceLine() counts with thousands", () => {
  const trace = { ...EXAMPLE_COMPARISON.trace, accesses: 288500 };
  assertStringIncludes(traceLine({ ...EXAMPLE_COMPARISON, trace }), "288,500 block look-ups");
});
