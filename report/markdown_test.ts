import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { comparisonMarkdown, escapeMarkdown } from "./markdown.ts";

Deno.test("every row of a Markdown table has as many cells as its head", () => {
  const results = EXAMPLE_COMPARISON.results.map((run) =>
    run.policy === "lfu" ? { ...run, policy: "a|b" } : run
  );
  const lines = comparisonMarkdown({ ...EXAMPLE_COMPARISON, results }).split("\n");
  let cells = 0;
  let rows = 0;
  for (const line of lines) {
    if (!line.startsWith("|")) cells = 0;
    else {
      const found = line.replaceAll("\\|", "").split("|").length;
      if (cells === 0) cells = found;
      assertEquals(found, cells, line);
      rows++;
    }
  }
  assertEquals(rows, 3 * (2 + 4) + 2);
});

Deno.test("the Markdown matrix has prefix hits, signs against LRU, and the gaps at its foot", () => {
  const text = comparisonMarkdown(EXAMPLE_COMPARISON);
  const matrix = [
    "| **optimal (bound)** | 30.8 | 38.5 |",
    "| lfu | 0.0 | 30.8 \\* |",
    "| mru | 7.7 \\* | 23.1 + |",
    "| lru | 0.0 | 15.4 |",
    "| _gap of the best, points_ | 23.1 | 7.7 |",
    "| _gap of lru, points_ | 30.8 | 23.1 |",
  ];
  assertStringIncludes(text, matrix.join("\n"));
});

Deno.test("comparisonMarkdown() names hashes and the command, which may hold backquotes", () => {
  const text = comparisonMarkdown(EXAMPLE_COMPARISON, { command: "kvtier compare `x`" });
  assertStringIncludes(text, "- command `` kvtier compare `x` ``");
  assertStringIncludes(text, EXAMPLE_COMPARISON.resultHash);
  assertStringIncludes(text, "## What this does not show");
});

Deno.test("escapeMarkdown() leaves no markup alive", () => {
  assertEquals(escapeMarkdown("<b>|*_`[x](y)#"), "&lt;b\\>\\|\\*\\_\\`\\[x\\](y)\\#");
  assert(!comparisonMarkdown(EXAMPLE_COMPARISON, { title: "<script>" }).includes("<script>"));
});

Deno.test("comparisonMarkdown() of nothing says so", () => {
  const text = comparisonMarkdown({ ...EXAMPLE_COMPARISON, results: [] });
  assertStringIncludes(text, "nothing to compare");
});
