import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Comparison, RunResult } from "../engine/result.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { answer, limits, traceLine } from "./findings.ts";
import { NO_BREAK } from "./format.ts";

const [LRU] = EXAMPLE_COMPARISON.results;

function plain(comparison: Comparison): string[] {
  return answer(comparison).map((text) => text.replaceAll(NO_BREAK, " "));
}

/** A trace of 1,000 look-ups, 600 of them first uses; hits are prefix hits unless told. */
function run(result: Partial<RunResult>): RunResult {
  const { hits = 0, optimalHits = 400, lruHits = 100 } = result;
  return {
    ...LRU,
    accesses: 1000,
    compulsoryMisses: 600,
    optimalHits,
    optimalPrefixHits: optimalHits,
    lruHits,
    lruPrefixHits: lruHits,
    prefixHits: hits,
    ...result,
    misses: 1000 - hits,
  };
}

Deno.test("answer() of the worked example, word by word", () => {
  assertEquals(plain(EXAMPLE_COMPARISON), [
    "By prefix hits (all that a prefix cache can use), the best online policy is mru at 2 blocks " +
    "(+7.7 points against LRU) and lfu at 3 blocks (+15.4).",
    "Hits behind a miss, which save nothing: a point or more in 1 of 3 policies, at most " +
    "15.4 in mru at 3 blocks. By block hits mru would lead at 3, but of its 38.5 % only 23.1 " +
    "are usable.",
    "Room left: at most 23.1 points, at 2 blocks (optimum 30.8 %, best online mru 7.7 %).",
    "Memory: 53.8 % of look-ups are repeats, which no cache can exceed; even the optimum stays a " +
    "point or more below that with 3 blocks (50.0 % of all distinct ones), the most tried.",
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
  assertStringIncludes(text, "best online policy is arc at 2 blocks (+5.0 points against LRU)");
  assertStringIncludes(text, "Losses: 1 of 4 policies a point or more below LRU somewhere");
  assertStringIncludes(text, "at worst lfu (-6.0 at 2)");
});

Deno.test("answer() ranks by prefix hits, whatever the block hits say", () => {
  const results = [
    run({ policy: "w-tinylfu", hits: 140, prefixHits: 80 }),
    run({ policy: "arc", hits: 120 }),
    run({ policy: "lru", hits: 100 }),
  ];
  const text = plain({ ...EXAMPLE_COMPARISON, results }).join(" ");
  assertStringIncludes(text, "best online policy is arc at 2 blocks (+2.0 points against LRU)");
  assertStringIncludes(text, "at worst w-tinylfu (-2.0 at 2)");
  assertStringIncludes(text, "a point or more in 1 of 3 policies, at most 6.0 in w-tinylfu");
  assertStringIncludes(
    text,
    "By block hits w-tinylfu would lead at 2, but of its 14.0 % only 8.0 are usable.",
  );
});

Deno.test("answer() is silent on hits behind a miss below one point", () => {
  const results = [
    run({ policy: "arc", hits: 129, prefixHits: 120 }),
    run({ policy: "lru", hits: 100 }),
  ];
  assert(!plain({ ...EXAMPLE_COMPARISON, results }).join(" ").includes("behind a miss"));
});

Deno.test("answer() says who draws with the best", () => {
  const results = [
    run({ policy: "arc", hits: 150 }),
    run({ policy: "s3-fifo", hits: 141 }),
    run({ policy: "clock", hits: 140 }),
    run({ policy: "lru", hits: 100 }),
  ];
  const answered = (all: readonly RunResult[]) => plain({ ...EXAMPLE_COMPARISON, results: all })[0];
  assertStringIncludes(
    answered(results),
    "(+5.0 points against LRU; s3-fifo within a point of it)",
  );
  const more = [...results, run({ policy: "lfu", hits: 145 })];
  assertStringIncludes(answered(more), "(+5.0 points against LRU; 2 others within a point of it)");
});

Deno.test("answer() calls a lead below one point no win", () => {
  const results = [run({ policy: "arc", hits: 109 }), run({ policy: "lru", hits: 100 })];
  assertMatch(
    plain({ ...EXAMPLE_COMPARISON, results })[0],
    /no online policy is a point or more above LRU at this capacity: a draw\./,
  );
});

Deno.test("answer() says at how many capacities nobody wins", () => {
  const won = run({ policy: "arc", hits: 150 });
  const drawn = [3, 4].map((capacityBlocks) => run({ policy: "arc", hits: 105, capacityBlocks }));
  const first = (results: readonly RunResult[]) => plain({ ...EXAMPLE_COMPARISON, results })[0];
  assertStringIncludes(first([won, drawn[0]]), "At the other capacity none is a point or more");
  assertStringIncludes(first([won, ...drawn]), "At the other 2 of 3 capacities none is a point");
});

Deno.test("answer() compares how much memory the optimum and LRU need", () => {
  const results = [
    run({ capacityBlocks: 100, hits: 100, lruHits: 100, optimalHits: 395 }),
    run({ capacityBlocks: 950, hits: 391, lruHits: 391, optimalHits: 400 }),
  ];
  const trace = { ...EXAMPLE_COMPARISON.trace, uniqueBlocks: 1000 };
  const text = plain({ ...EXAMPLE_COMPARISON, trace, results, blockBytes: 1024 ** 3 }).at(-1)!;
  assertStringIncludes(text, "Memory: 40.0 % of look-ups are repeats, which no cache can exceed.");
  assertStringIncludes(text, "with 100 blocks (10.0 % of all distinct ones, 100 GiB)");
  assertStringIncludes(text, "LRU with 950, 9.5 times as many.");
});

Deno.test("answer() credits LRU with memory for its prefix hits only", () => {
  const results = [run({ hits: 399, prefixHits: 300, lruHits: 399, lruPrefixHits: 300 })];
  assertMatch(plain({ ...EXAMPLE_COMPARISON, results }).at(-1)!, /LRU with none\.$/);
});

Deno.test("answer() says when even the optimum does not reach the ceiling", () => {
  const results = [run({ optimalHits: 200, hits: 100 })];
  const text = plain({ ...EXAMPLE_COMPARISON, results }).at(-1)!;
  assertMatch(text, /even the optimum stays a point or more below that/);
});

Deno.test("answer() of bounds alone speaks of memory alone", () => {
  const results = [run({ policy: "optimal", hits: 400 })];
  const text = plain({ ...EXAMPLE_COMPARISON, results });
  assertEquals([text.length, text[0].startsWith("Memory: ")], [1, true]);
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

Deno.test("limits() tells when prefix hits may not be able to reach the optimum", () => {
  const said = (optimalPrefixHits: number) => {
    const results = [run({ hits: 100, optimalHits: 400, optimalPrefixHits })];
    return limits({ ...EXAMPLE_COMPARISON, results }).join(" ");
  };
  assertStringIncludes(said(350), "up to 5.0 points of its hits are behind a miss here");
  assert(!said(400).includes("behind a miss"));
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
