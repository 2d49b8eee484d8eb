import { assertEquals } from "@std/assert";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { comparisonJson } from "./json.ts";

const OPTIONS = { version: "0.1.0" };

/** Keys in written order: JSON.parse keeps it for keys that are not numbers. */
function keys(value: unknown): string[] {
  return Object.keys(value as Record<string, unknown>);
}

Deno.test("comparisonJson() writes its keys in the documented order", () => {
  const document = JSON.parse(comparisonJson(EXAMPLE_COMPARISON, OPTIONS));
  assertEquals(keys(document), [
    "command",
    "version",
    "schema",
    "trace",
    "engine",
    "blockBytes",
    "learned",
    "results",
    "resultHash",
  ]);
  assertEquals(keys(document.trace).slice(0, 8), [
    "path",
    "format",
    "requests",
    "accesses",
    "uniqueBlocks",
    "blockTokens",
    "extents",
    "hash",
  ]);
  assertEquals(keys(document.engine), ["hash", "abiVersion"]);
  assertEquals(keys(document.results[0]).slice(0, 15), [
    "policy",
    "capacityBlocks",
    "touch",
    "admission",
    "accesses",
    "hits",
    "misses",
    "evictions",
    "bypasses",
    "blockHitRatio",
    "prefixHitRatio",
    "tokenHitRatio",
    "requestHitRatioMean",
    "optimalHits",
    "gapToOptimal",
  ]);
});

Deno.test("comparisonJson() keeps every bit of a number and the order of results", () => {
  const document = JSON.parse(comparisonJson(EXAMPLE_COMPARISON, OPTIONS));
  assertEquals(document.results[5].requestHitRatioMean, (8 / 11 + 8 / 12) / 5);
  assertEquals(
    document.results.map((result: { policy: string; capacityBlocks: number }) => [
      result.policy,
      result.capacityBlocks,
    ]),
    EXAMPLE_COMPARISON.results.map(({ policy, capacityBlocks }) => [policy, capacityBlocks]),
  );
});

Deno.test("comparisonJson() does not depend on the order of keys in memory", () => {
  const reversed = EXAMPLE_COMPARISON.results.map((result) =>
    Object.fromEntries(Object.entries(result).reverse()) as unknown as typeof result
  );
  assertEquals(
    comparisonJson({ ...EXAMPLE_COMPARISON, results: reversed }, OPTIONS),
    comparisonJson(EXAMPLE_COMPARISON, OPTIONS),
  );
});

Deno.test("comparisonJson() keeps what tables do not show", () => {
  const [run] = EXAMPLE_COMPARISON.results;
  const results = [{ ...run, accesses: 1000, prefixHits: 0, lruPrefixHits: 3, optimalHits: 4 }];
  const document = JSON.parse(comparisonJson({ ...EXAMPLE_COMPARISON, results }, OPTIONS));
  assertEquals(document.results[0].prefixGapClosed, -3);
});

Deno.test("comparisonJson() writes null, not nothing, where a value is not defined", () => {
  const text = comparisonJson(EXAMPLE_COMPARISON, OPTIONS);
  const document = JSON.parse(text);
  assertEquals(document.results[0].capacityBytes, null);
  assertEquals(document.blockBytes, null);
  assertEquals(text.endsWith("}\n"), true);
});
