import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Comparison, RunResult } from "../engine/result.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { comparisonText } from "./text.ts";
import { textWidth } from "./text_table.ts";

/** Worked by hand from the counters of the example; change it only with the counters. */
const GOLDEN = [
  "example.jsonl",
  "4 requests · 11 block look-ups · 6 unique blocks of 4 tokens · 5 extents",
  "",
  "Ceiling 45.5 %: the share of look-ups that are repeats; no cache of any size",
  "hits more. Of the capacities tried, the optimum comes within one point of it",
  "with 3 blocks (50.0 % of the unique ones), LRU with none.",
  "Best online policy: a point or more above LRU at 1 of 2 capacities (lfu +18.2",
  "points at 3 blocks); a draw (below one point) at the other one.",
  "Room left: at most 36.4 points, at 2 blocks: optimum 36.4 %, best online (lru)",
  "0.0 %.",
  "",
  "2 blocks · 33.3 % of the unique ones · root-first",
  "   policy           block hit  prefix hit  token hit   gap  gap closed",
  "   optimal (bound)       36.4        36.4       37.2   0.0       100.0  ████████",
  "   lru                    0.0         0.0        0.0  36.4         0.0  ········",
  "   lfu                    0.0         0.0        0.0  36.4         0.0  ········",
  "",
  "3 blocks · 50.0 % of the unique ones · root-first",
  "   policy           block hit  prefix hit  token hit   gap  gap closed",
  "   optimal (bound)       45.5        45.5       46.5   0.0       100.0  ████████",
  "*  lfu                   36.4        36.4       37.2   9.1        66.7  ██████▍·",
  "   lru                   18.2        18.2       18.6  27.3         0.0  ███▎····",
  "",
  "Against LRU at the same capacity: * the best policy, + a point or more above, -",
  "a point or more below, no sign: a draw. Ratios in percent, gap in points, bar:",
  "share of the optimum's hits.",
  "",
  "What this does not show",
  "· Hit ratios are not latency, throughput or money: a hit is worth what its",
  "  recomputation costs.",
  "· One trace and one tier of equal blocks, empty at the start: other traffic may",
  "  rank the policies otherwise.",
  "· The optimum reads the future. It bounds every policy; no server can run it.",
  "· A block hit behind a miss saves nothing in a prefix cache: compare prefix or",
  "  token hits there.",
  "· Touch order root-first; the other order can move LRU by a few points.",
  "· One seed: a policy that draws random numbers may move by a fraction of a",
  "  point.",
  "",
  "result 370d4825196520b8d82263789a8d2bf381a6d51f63a62247fcd881b77e067a4f",
];

/** Many policies and capacities, with numbers of real length. */
function large(policies: number, capacities: number): Comparison {
  const [base] = EXAMPLE_COMPARISON.results;
  const results = Array.from(
    { length: capacities },
    (_, c) =>
      Array.from({ length: policies }, (_, p): RunResult => ({
        ...base,
        policy: p === 0 ? "optimal" : p === 1 ? "lru" : `policy-with-a-name-${p}`,
        capacityBlocks: 1827 * (c + 1) * 10,
        accesses: 288500,
        hits: 90000 - p * 1500 + c * 100,
        misses: 198500 + p * 1500 - c * 100,
        prefixHits: 70000,
        evictions: 217650,
        compulsoryMisses: 182790,
        optimalHits: 90000 + c * 100,
        lruHits: 88500 + c * 100,
      })),
  ).flat();
  const trace = { ...EXAMPLE_COMPARISON.trace, accesses: 288500, uniqueBlocks: 182790 };
  return { ...EXAMPLE_COMPARISON, trace, results, blockBytes: 167772160 };
}

Deno.test("comparisonText() of the worked example at 80 columns", () => {
  assertEquals(comparisonText(EXAMPLE_COMPARISON, { width: 80 }), GOLDEN.join("\n") + "\n");
});

Deno.test("no line is wider than the terminal, in either layout", () => {
  for (const layout of ["capacities", "matrix"] as const) {
    for (const width of [60, 80, 100, 140]) {
      const lines = comparisonText(large(12, 10), { width, layout }).split("\n");
      const wide = lines.filter((line) => textWidth(line) > width && !line.startsWith("result "));
      assertEquals(wide, [], `${layout} at ${width}`);
    }
  }
});

Deno.test("numbers of a table end in the same column", () => {
  const lines = comparisonText(large(6, 1), { width: 100 }).split("\n");
  const head = lines.findIndex((line) => line.includes("block hit"));
  const end = lines[head].indexOf("block hit") + "block hit".length;
  for (const line of lines.slice(head + 1, head + 7)) {
    assert(/\d\.\d$/.test(line.slice(0, end)), line);
  }
});

Deno.test("a narrow terminal loses evictions before ratios and never the gap", () => {
  const head = (width: number) =>
    comparisonText(large(6, 1), { width }).split("\n").find((line) => line.includes("policy  "))!;
  assert(head(120).includes("evictions"));
  assert(!head(80).includes("evictions") && head(80).includes("block hit"));
  assert(head(60).includes("gap") && head(60).includes("block hit"));
});

Deno.test("many capacities make matrices, with every capacity exactly once in each", () => {
  const text = comparisonText(large(4, 10), { width: 80 });
  const heads = text.split("\n").filter((line) => line.startsWith("blocks "));
  const capacities = heads.flatMap((line) => line.trim().split(/ +/).slice(1));
  assertEquals(heads.length, 4);
  assertEquals(capacities.length, 20);
  assertEquals(new Set(capacities).size, 10);
});

Deno.test("capacities are shown in bytes when a block's size is known", () => {
  assertStringIncludes(comparisonText(large(3, 1)), "18,270 blocks · 10.0 % of the unique ones");
  assertStringIncludes(comparisonText(large(3, 1)), "2.79 TiB");
  assertStringIncludes(comparisonText(large(3, 5)), "2.79Ti");
});

Deno.test("colour is off unless asked for, and changes nothing but colour", () => {
  for (const comparison of [EXAMPLE_COMPARISON, large(6, 6)]) {
    const bare = comparisonText(comparison);
    const painted = comparisonText(comparison, { color: true });
    assert(!bare.includes("\u001b"));
    assert(painted.includes("\u001b[32m") || painted.includes("\u001b[31m"));
    // deno-lint-ignore no-control-regex
    const stripped = painted.replace(/\u001b\[\d+m/g, "").replace(/ +$/gm, "");
    assertEquals(stripped, bare);
  }
});

Deno.test("a file name cannot paint the terminal", () => {
  const trace = { ...EXAMPLE_COMPARISON.trace, path: "a\u001b[2Jb\n.jsonl" };
  const text = comparisonText({ ...EXAMPLE_COMPARISON, trace });
  assert(text.startsWith("a\\u001b[2Jb\\u000a.jsonl\n"));
});

Deno.test("wins, losses and draws against LRU carry their signs", () => {
  const [base] = EXAMPLE_COMPARISON.results;
  const runs = [["best", 60], ["above", 55], ["draw", 40], ["below", 30], ["lru", 40]] as const;
  const results = runs.map(([policy, hits]): RunResult => ({
    ...base,
    policy,
    accesses: 100,
    hits,
    misses: 100 - hits,
    compulsoryMisses: 20,
    optimalHits: 80,
    lruHits: 40,
  }));
  const lines = comparisonText({ ...EXAMPLE_COMPARISON, results }).split("\n");
  const signs = lines.filter((line) => /^[*+ -] {2}(best|above|draw|below|lru) /.test(line))
    .map((line) => [line.slice(3).split(" ")[0], line[0]]);
  assertEquals(signs, [
    ["best", "*"],
    ["above", "+"],
    ["lru", " "],
    ["draw", " "],
    ["below", "-"],
  ]);
});

Deno.test("a comparison without runs still answers", () => {
  const text = comparisonText({ ...EXAMPLE_COMPARISON, results: [] });
  assertStringIncludes(text, "nothing to compare");
  assertStringIncludes(text, "What this does not show");
});
