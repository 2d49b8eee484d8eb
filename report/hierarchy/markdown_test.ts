import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { explainRunMetric, runMetricsMarkdown } from "./docs.ts";
import { EXAMPLE_RUN } from "./example.ts";
import { hierarchyMarkdown } from "./markdown.ts";
import { RUN_METRICS } from "./metrics.ts";

const { result, scenario } = EXAMPLE_RUN;

Deno.test("hierarchyMarkdown() has the answer, whole tables, limits and hashes", () => {
  const text = hierarchyMarkdown(result, scenario, { command: "kvtier run x.yaml" });
  assertStringIncludes(text, "# four tiers under four H100\n");
  assertStringIncludes(text, "| demand: dram | 1.37 TiB |  | 9.85 TiB |  |\n");
  assertStringIncludes(text, "`requestNsP99` | 6.16 s |");
  assertStringIncludes(text, "`kvtier run x.yaml`");
  assertStringIncludes(text, result.resultHash);
  const tables = text.split("\n\n").filter((part) => part.startsWith("|"));
  for (const table of tables) {
    const cells = table.trim().split("\n").map((line) => line.split(" | ").length);
    assertEquals(new Set(cells).size, 1, table);
  }
});

Deno.test("names cannot break out of a Markdown table", () => {
  const tiers = result.tiers.map((tier, i) => i === 1 ? { ...tier, name: "a|b<i>" } : tier);
  const text = hierarchyMarkdown({ ...result, tiers, scenario: "[x](y)" }, scenario);
  assertStringIncludes(text, "a\\|b&lt;i\\>");
  assert(!text.includes("<i>"));
  assertStringIncludes(text, "# \\[x\\](y)");
});

Deno.test("docs/run-metrics.md and explain cover every metric", () => {
  const text = runMetricsMarkdown();
  for (const { name, meaning } of RUN_METRICS) {
    assertStringIncludes(text, `### ${name}\n`);
    assertStringIncludes(explainRunMetric() ?? "", name);
    assertStringIncludes(explainRunMetric(name) ?? "", meaning);
  }
  assertEquals(explainRunMetric("nonsense"), undefined);
});

Deno.test("a name that several scopes have is explained for each", () => {
  const text = explainRunMetric("gpuNsSaved") ?? "";
  assertStringIncludes(text, "of the whole run");
  assertStringIncludes(text, "of each tier");
});
