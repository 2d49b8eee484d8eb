import { assertEquals, assertStringIncludes } from "@std/assert";
import { type ComparedRun, paretoFront, paretoSentences, tradeOffOf } from "./comparison.ts";
import { servingComparisonCsv, servingComparisonDocument } from "./comparison_json.ts";
import { servingComparisonMarkdown, servingComparisonText } from "./comparison_text.ts";
import { EXAMPLE_SERVING } from "./example.ts";
import { servingRun } from "./metric.ts";

const { result, context } = EXAMPLE_SERVING;

/** The example with TTFT and decoding so many times as long, at another price. */
function varied(name: string, ttft: number, decode = 1, dollars = 3, cluster = "a"): ComparedRun {
  const { requests } = result;
  const { arrivalNs } = requests;
  const firstTokenNs = requests.firstTokenNs.map((ns, r) =>
    arrivalNs[r] + (ns - arrivalNs[r]) * ttft
  );
  const finishNs = firstTokenNs.map((ns, r) =>
    ns + (requests.finishNs[r] - requests.firstTokenNs[r]) * decode
  );
  const [group] = context.fleet.groups;
  const fleet = { ...context.fleet, groups: [{ ...group, dollarsPerGpuHour: dollars }] };
  return {
    varied: { router: name, cluster },
    run: servingRun(
      { ...result, requests: { ...requests, firstTokenNs, decodeStartNs: firstTokenNs, finishNs } },
      { ...context, fleet },
    ),
  };
}

Deno.test("the best is marked in each column, and so is a draw under 1 %", () => {
  const runs = [varied("one", 1), varied("near", 1.009), varied("far", 1.02, 0.5)];
  const text = servingComparisonText({ runs, metrics: ["ttftNsP99", "tpotNsP99"] });
  assertStringIncludes(text, "best by TTFT p99 is router one · cluster a (80.0 ms)");
  const rows = text.split("\n").filter((line) =>
    /^router.* ms/.test(line) && !line.includes("draw")
  );
  assertEquals(rows.map((row) => row.replaceAll(/ +/g, " ").split("cluster a ")[1].trim()), [
    "80.0 ms* 10.0 ms",
    "80.7 ms= 10.0 ms",
    "81.6 ms 5.00 ms*",
  ]);
});

Deno.test("rivals compete where everything else is the same", () => {
  const runs = [
    varied("one", 1),
    varied("two", 2),
    varied("one", 4, 1, 3, "b"),
    varied("two", 3, 1, 3, "b"),
  ];
  const document = servingComparisonDocument({ runs, by: "router" }, { version: "1" });
  const stands = (document.runs as { standings: Record<string, string> }[])
    .map(({ standings }) => standings.ttftNsP99);
  assertEquals(stands, ["best", "behind", "behind", "best"]);
});

Deno.test("the front holds what no other beats in one without losing in the other", () => {
  const names = ["ttftNsP99", "tpotNsP99"] as const;
  const runs = [varied("a", 1, 3), varied("b", 2, 2), varied("c", 3, 1), varied("d", 3, 2.5)];
  assertEquals(paretoFront(runs, names), [0, 1, 2]);
  // A draw in one and better in the other is better; a draw in both is no loss.
  assertEquals(paretoFront([varied("a", 1), varied("b", 1.005, 2)], names), [0]);
  assertEquals(paretoFront([varied("a", 1), varied("b", 1.005)], names), [0, 1]);
  const [sentence] = paretoSentences({ runs, by: "router" });
  assertStringIncludes(sentence, "$/M tokens the choice is a and b; all others are worse");
  assertEquals(paretoSentences({ runs: [varied("a", 1), varied("b", 1)], by: "router" }), []);
});

Deno.test("money is set against latency where it differs", () => {
  assertEquals(
    tradeOffOf({ runs: [varied("a", 1), varied("b", 2)] })[1],
    "dollarsPerMillionTokens",
  );
  const late = { ...varied("b", 1) };
  assertEquals(tradeOffOf({ runs: [varied("a", 1), late] })[1], "tpotNsP99");
});

Deno.test("CSV has a column for each key, Markdown a table for each group", () => {
  const runs = [varied("one", 1), { ...varied("two", 1), varied: { router: "two", size: "2" } }];
  const [head, first] = servingComparisonCsv({ runs }).split("\r\n");
  assertEquals(head, "router,cluster,size,metric,unit,value,confidence,resultHash");
  assertStringIncludes(first, "one,a,,ttftNsP99,nanoseconds,80000000,");
  const text = servingComparisonMarkdown({
    runs: [varied("a", 1), varied("b", 1, 1, 3, "x|y")],
    by: "router",
  });
  assertStringIncludes(text, "## cluster x\\|y");
});
