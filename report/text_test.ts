import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Comparison, RunResult } from "../engine/result.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { comparisonText } from "./text.ts";
import { textWidth } from "./text_table.ts";

/** Worked by hand from the counters of the example; change it only with the counters. */
const GOLDEN = [
  "example.jsonl",
  "5 requests · 13 block look-ups · 6 distinct blocks of 4 tokens · 6 extents",
  "",
  "By prefix hits (all that a prefix cache can use), the best online policy is mru",
  "at 2 blocks (+7.7 points against LRU) and lfu at 3 blocks (+15.4).",
  "Hits behind a miss, which save nothing: a point or more in 1 of 3 policies, at",
  "most 15.4 in mru at 3 blocks. By block hits mru would lead at 3, but of its",
  "38.5 % only 23.1 are usable.",
  "Room left: at most 23.1 points, at 2 blocks (optimum 30.8 %, best online mru",
  "7.7 %).",
  "Memory: 53.8 % of look-ups are repeats, which no cache can exceed; even the",
  "optimum stays a point or more below that with 3 blocks (50.0 % of all distinct",
  "ones), the most tried.",
  "",
  "2 blocks · 33.3 % of all distinct blocks · root-first",
  "                    prefix           gap  block  behind  token  request",
  "   policy              hit   gap  closed    hit  a miss    hit     mean",
  "   optimal (bound)    30.8   0.0   100.0   30.8     0.0   31.4     27.9",
  "*  mru                 7.7  23.1    25.0   15.4     7.7    7.8      7.3",
  "   lru                 0.0  30.8     0.0    0.0     0.0    0.0      0.0",
  "   lfu                 0.0  30.8     0.0    0.0     0.0    0.0      0.0",
  "",
  "3 blocks · 50.0 % of all distinct blocks · root-first",
  "                    prefix           gap  block  behind  token  request",
  "   policy              hit   gap  closed    hit  a miss    hit     mean",
  "   optimal (bound)    38.5   0.0   100.0   38.5     0.0   39.2     34.5",
  "*  lfu                30.8   7.7    66.7   30.8     0.0   31.4     27.9",
  "+  mru                23.1  15.4    33.3   38.5    15.4   23.5     21.2",
  "   lru                15.4  23.1     0.0   15.4     0.0   15.7     14.5",
  "",
  "Ranked by prefix hits. Against LRU at the same capacity: * the best policy, + a",
  "point or more above, - a point or more below, no sign: a draw. Ratios in",
  "percent, gap in points.",
  "",
  "What this does not show: Latency, throughput or money: a hit is worth what",
  "computing its block would cost · Other traffic: this is one trace, and one tier",
  "of equal blocks, empty at the start · What a server can reach: the optimum reads",
  "the future · The other touch order: this is root-first, and LRU can move by a",
  "few points",
  "result bf8e5f1ad58c9f8656804b2036acb74e9557f95a6203389a1846bb232f1fcd1d",
];

/** The same as a matrix: prefix hits, the most hits behind a miss, and the gaps at its foot. */
const GOLDEN_MATRIX = [
  "Prefix hits, % of look-ups (ceiling 53.8). Against LRU: * best, + above, - below",
  "by a point or more",
  "blocks               2      3  behind",
  "% of distinct     33.3   50.0  a miss",
  "optimal (bound)  30.8   38.5      0.0",
  "lfu               0.0   30.8*     0.0",
  "mru               7.7*  23.1+    15.4",
  "lru               0.0   15.4      0.0",
  "gap of the best  23.1    7.7",
  "gap of lru       30.8   23.1",
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
        prefixHits: 90000 - p * 1550 + c * 100,
        evictions: 217650,
        compulsoryMisses: 182790,
        optimalHits: 90000 + c * 100,
        optimalPrefixHits: 90000 + c * 100,
        lruHits: 88500 + c * 100,
        lruPrefixHits: 88450 + c * 100,
      })),
  ).flat();
  const trace = { ...EXAMPLE_COMPARISON.trace, accesses: 288500, uniqueBlocks: 182790 };
  return { ...EXAMPLE_COMPARISON, trace, results, blockBytes: 167772160 };
}

Deno.test("comparisonText() of the worked example at 80 columns", () => {
  assertEquals(comparisonText(EXAMPLE_COMPARISON, { width: 80 }), GOLDEN.join("\n") + "\n");
});

Deno.test("comparisonText() of the worked example as a matrix", () => {
  const text = comparisonText(EXAMPLE_COMPARISON, { width: 80, layout: "matrix" });
  assertStringIncludes(text, `\n${GOLDEN_MATRIX.join("\n")}\n\n`);
});

Deno.test("24 policies at 5 capacities fit on 50 lines of 100 columns", () => {
  const lines = comparisonText(large(24, 5), { width: 100 }).trimEnd().split("\n");
  assert(lines.length <= 50, `${lines.length} lines`);
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
  const head = lines.findIndex((line) => line.includes("   policy"));
  const end = lines[head].indexOf(" hit ") + " hit".length;
  assertEquals(lines[head - 1].slice(end - "prefix".length, end), "prefix");
  for (const line of lines.slice(head + 1, head + 7)) {
    assert(/\d\.\d$/.test(line.slice(0, end)), line);
  }
});

Deno.test("a narrow terminal loses evictions before ratios and never the gap", () => {
  const heads = (width: number) => {
    const lines = comparisonText(large(6, 1), { width }).split("\n");
    const last = lines.findIndex((line) => line.includes("   policy"));
    return lines.slice(last - 1, last + 1).join(" ");
  };
  assert(heads(120).includes("evictions"));
  assert(!heads(80).includes("evictions") && heads(80).includes("block"));
  assert(heads(60).includes("gap") && heads(60).includes("prefix"));
});

Deno.test("many capacities make one matrix, split in two, with every capacity exactly once", () => {
  const text = comparisonText(large(4, 10), { width: 80 });
  const heads = text.split("\n").filter((line) => line.startsWith("blocks "));
  const capacities = heads.flatMap((line) => line.trim().split(/ +/).slice(1));
  assertEquals(heads.length, 2);
  assertEquals(capacities.length, 10);
  assertEquals(new Set(capacities).size, 10);
});

Deno.test("capacities are shown in bytes when a block's size is known", () => {
  assertStringIncludes(
    comparisonText(large(3, 1)),
    "18,270 blocks · 10.0 % of all distinct blocks",
  );
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
  const results = runs.map(([policy, prefixHits]): RunResult => ({
    ...base,
    policy,
    accesses: 100,
    hits: 75,
    misses: 25,
    prefixHits,
    compulsoryMisses: 20,
    optimalHits: 80,
    optimalPrefixHits: 80,
    lruHits: 75,
    lruPrefixHits: 40,
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

Deno.test("names that differ only at their end are not cut to the same", () => {
  const runs = [0.1, 0.2].map((ghost): RunResult => ({
    ...EXAMPLE_COMPARISON.results[0],
    policy: "a-policy-with-a-long-name",
    parameters: { small: 0.1, ghost },
  }));
  for (const layout of ["capacities", "matrix"] as const) {
    const text = comparisonText({ ...EXAMPLE_COMPARISON, results: runs }, { layout, width: 80 });
    assertStringIncludes(text, "a-policy-with-a-long-name(ghost=0.1)");
    assertStringIncludes(text, "a-policy-with-a-long-name(ghost=0.2)");
  }
});

Deno.test("parameters of a usual length are shown whole at 100 columns", () => {
  const runs = [[0.1, 0.9], [0.2, 0.5]].map(([small, ghost]): RunResult => ({
    ...EXAMPLE_COMPARISON.results[0],
    policy: "s3-fifo",
    parameters: { small, ghost },
  }));
  for (const layout of ["capacities", "matrix"] as const) {
    const text = comparisonText({ ...EXAMPLE_COMPARISON, results: runs }, { layout, width: 100 });
    assertStringIncludes(text, "s3-fifo(small=0.1;ghost=0.9) ");
    assertStringIncludes(text, "s3-fifo(small=0.2;ghost=0.5) ");
    assert(!text.includes("…"));
  }
});

Deno.test("a comparison without runs still answers", () => {
  const text = comparisonText({ ...EXAMPLE_COMPARISON, results: [] });
  assertStringIncludes(text, "nothing to compare");
  assertStringIncludes(text, "What this does not show");
});
