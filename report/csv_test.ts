import { assertEquals } from "@std/assert";
import { parse } from "@std/csv";
import { comparisonCsv } from "./csv.ts";
import { EXAMPLE_COMPARISON } from "./example.ts";
import { metric, metricContext } from "./metric_text.ts";
import { METRICS } from "./metrics.ts";

Deno.test("comparisonCsv() reads back as the same numbers", () => {
  const comparison = { ...EXAMPLE_COMPARISON, blockBytes: 10 };
  const [head, ...rows] = parse(comparisonCsv(comparison));
  assertEquals(rows.length, comparison.results.length);
  rows.forEach((row, index) => {
    const run = comparison.results[index];
    assertEquals(row[head.indexOf("policy")], run.policy);
    assertEquals(row[head.indexOf("resultHash")], comparison.resultHash);
    for (const { name } of METRICS) {
      const text = row[head.indexOf(name)];
      const expected = metric(name).value(run, metricContext(comparison));
      assertEquals(text === "" ? null : Number(text), expected, `${name} of row ${index + 1}`);
    }
  });
});

Deno.test("comparisonCsv() has one width, no repeated column, and CR LF line ends", () => {
  const text = comparisonCsv(EXAMPLE_COMPARISON);
  const [head, ...rows] = parse(text);
  assertEquals(new Set(head).size, head.length);
  assertEquals(rows.every((row) => row.length === head.length), true);
  assertEquals(text.split("\n").slice(0, -1).every((line) => line.endsWith("\r")), true);
});

Deno.test("comparisonCsv() quotes what would break a line or a field", () => {
  const [run] = EXAMPLE_COMPARISON.results;
  const odd = { ...run, admission: 'a,"b"\nc', parameters: { small: 0.1, ghost: 0.9 } };
  const [head, row] = parse(comparisonCsv({ ...EXAMPLE_COMPARISON, results: [odd] }));
  assertEquals(row[head.indexOf("admission")], 'a,"b"\nc');
  assertEquals(row[head.indexOf("parameters")], "small=0.1;ghost=0.9");
});

Deno.test("comparisonCsv() leaves a field empty where a value is not defined", () => {
  const [head, row] = parse(comparisonCsv(EXAMPLE_COMPARISON));
  assertEquals(row[head.indexOf("capacityBytes")], "");
});
