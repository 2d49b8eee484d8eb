import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import { textWidth } from "../text_table.ts";
import { EXAMPLE_RUN } from "./example.ts";
import { runAnswer } from "./findings.ts";
import { runLimits } from "./limits.ts";
import type { Run } from "./metric.ts";
import { hierarchyText, sparkline } from "./text.ts";

const { result, scenario } = EXAMPLE_RUN;
const answer = (run: Run) => runAnswer(run).join("\n").replaceAll("\u00a0", " ");
const withResult = (changed: Partial<HierarchyResult>): Run => ({
  result: { ...result, ...changed },
  scenario,
});

Deno.test("the answer says what each tier served, what it took, and what moved most", () => {
  const text = answer(EXAMPLE_RUN);
  assertStringIncludes(text, "hbm 21.0 %, dram 9.0 %, cxl 4.0 % and nvme 3.0 %; 63.0 % missed");
  assertStringIncludes(text, "33.7 ms on average (what overlaps counted each): 33.0 ms computing");
  assertStringIncludes(text, "600 ms (half of the requests), 6.16 s (99 of 100)");
  assertStringIncludes(text, "26.1 min of GPU time, 32.1 % of the prefill");
  assertStringIncludes(text, "most hbm → dram (11.8 TiB)");
  assertStringIncludes(text, "65.0 % came in time, 15.0 % late, 20.0 % for nothing");
});

Deno.test("the answer weighs the slowest tier: hits, speed and price", () => {
  assertStringIncludes(answer(EXAMPLE_RUN), "14.1 ms to read");
  assertStringIncludes(answer(EXAMPLE_RUN), "loading is faster");
  assertStringIncludes(answer(EXAMPLE_RUN), "$19.84 for each GPU hour");
  const few = result.tiers.map((tier, i) => i === 3 ? { ...tier, prefixHits: 999 } : tier);
  assertStringIncludes(answer(withResult({ tiers: few })), "nothing here shows that it is worth");
  const slow = {
    result,
    scenario: {
      ...scenario,
      tiers: scenario.tiers.map((tier, i) => i === 3 ? { ...tier, readLatencyNs: 5e9 } : tier),
    },
  };
  assertStringIncludes(answer(slow), "computing is faster");
});

Deno.test("the answer claims no time that nobody measured", () => {
  const { requestNs: _, elapsedNs: __, computeNsWithoutCache: ___, ...untimed } = result;
  const run: Run = { result: untimed, scenario: { ...scenario, movement: "synchronous" } };
  const text = answer(run);
  assertStringIncludes(text, "No clock");
  assert(!text.includes("99 of 100"));
  assert(!text.includes("GPU time"));
  assertStringIncludes(runLimits(run).join("\n"), "a prefetch can never pay");
});

Deno.test("a run without look-ups says so, and draws no table", () => {
  const none = { ...result, lookups: 0, misses: 0, samples: [], trafficBytes: [] };
  const text = hierarchyText(none, scenario);
  assertStringIncludes(text, "No look-up was counted");
  assert(!text.includes("What moved"));
});

Deno.test("limits name broken books first, quantised tiers, shared ones, missing prices", () => {
  const limits = runLimits({ ...EXAMPLE_RUN, result: { ...result, misses: 1 } });
  assertStringIncludes(limits[0], "The books do not balance: hits + misses");
  const int4 = { ...scenario.tiers[1].scheme, name: "int4", bitsPerNumber: 4, groupNumbers: 64 };
  const quantised = {
    ...scenario,
    tiers: scenario.tiers.map((tier, i) => i === 1 ? { ...tier, scheme: int4 } : tier),
  };
  assertStringIncludes(runLimits({ result, scenario: quantised }).join(), "dram in int4");
  const all = runLimits(EXAMPLE_RUN).join();
  assertStringIncludes(all, "Others on cxl");
  assertStringIncludes(all, "hbm has no price");
});

Deno.test("no line is wider than the terminal, at any width from 40 on", () => {
  for (const width of [40, 60, 80, 100, 160]) {
    for (const line of hierarchyText(result, scenario, { width }).split("\n")) {
      // The hash is one word.
      if (line.startsWith("result ")) continue;
      assert(textWidth(line) <= width, `${width}: ${line}`);
    }
  }
});

Deno.test("hierarchyText() paints only when told, and never what a name holds", () => {
  const evil = "\u001b[31mred";
  const tiers = result.tiers.map((tier, i) => i === 1 ? { ...tier, name: evil } : tier);
  const plain = hierarchyText({ ...result, tiers, scenario: evil }, scenario);
  assert(!plain.includes("\u001b"));
  assertStringIncludes(plain, "\\u001b[31mred");
  assertStringIncludes(hierarchyText(result, scenario, { color: true }), "\u001b[1m");
});

Deno.test("the matrix of a terminal shows every byte that moved, and no empty column", () => {
  const text = hierarchyText(result, scenario, { width: 120 });
  assertStringIncludes(text, "from            to hbm  to dram  to cxl  to nvme\n");
  assertStringIncludes(text, "prefetch: dram   188Gi        ·   188Gi        ·\n");
  assert(!text.includes("write-back: "));
  assert(!text.includes("to GPU"));
});

Deno.test("sparkline() takes means, and stays within its levels", () => {
  assertEquals(sparkline([0, 0.5, 1], 3), "▁▅█");
  assertEquals(sparkline([0, 1, 1, 1], 2), "▅█");
  assertEquals(sparkline([-1, 2], 9), "▁█");
});
