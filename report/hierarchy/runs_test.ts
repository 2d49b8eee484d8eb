import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Evidence } from "../../serving/evidence/evidence.ts";
import { textWidth } from "../text_table.ts";
import { groupsOf, headOf, runsOfSummaries, type RunsRow, standingsOf } from "./runs.ts";
import { runsCharts } from "./runs_charts.ts";
import { runsAnswer, runsLimits } from "./runs_findings.ts";
import { runsHtml } from "./runs_html.ts";
import { runsText } from "./runs_text.ts";

function row(policy: string, mean: number, half = 0.002, dram = "8 GiB"): RunsRow {
  return {
    varied: { dram, policy },
    metrics: {
      prefixHitRatio: { mean, low: mean - half, high: mean + half, n: 5 },
      latencyNsMean: { mean: 1e7 * (1 - mean), n: 5 },
      bytesMoved: { mean: 2 ** 40 * (1 + mean), n: 5 },
    },
  };
}

const TABLE = {
  by: "policy",
  rows: [
    row("lru", 0.31),
    row("gdsf", 0.35),
    row("arc", 0.3405),
    row("fifo", 0.339, 0.02),
    row("optimal", 0.5),
    row("lru", 0.4, 0.002, "32 GiB"),
    row("gdsf", 0.409, 0.002, "32 GiB"),
  ],
};

function standings(metric: string): string[] {
  return groupsOf(TABLE).map((group) => standingsOf(group, metric).join(" "));
}

Deno.test("under a point, or an overlap of intervals, is a draw; an oracle is nobody's rival", () => {
  assertEquals(standings("prefixHitRatio"), ["behind best draw draw oracle", "draw best"]);
});

Deno.test("exactly a point is no draw", () => {
  const rows = [row("a", 0.51, 0), row("b", 0.5, 0)];
  assertEquals(standingsOf({ title: "", rows }, "prefixHitRatio"), ["best", "behind"]);
});

Deno.test("lower latency is better, and its point is a hundredth", () => {
  const latency = (policy: string, mean: number): RunsRow => ({
    varied: { policy },
    metrics: { latencyNsMean: { mean, n: 1 } },
  });
  const rows = [latency("a", 1000), latency("b", 1009), latency("c", 1011)];
  assertEquals(standingsOf({ title: "", rows }, "latencyNsMean"), ["best", "draw", "behind"]);
});

Deno.test("paired differences win over intervals", () => {
  const rows = [
    { ...row("a", 0.31), standings: { prefixHitRatio: "draw" as const } },
    { ...row("b", 0.35), standings: { prefixHitRatio: "best" as const } },
  ];
  assertEquals(standingsOf({ title: "", rows }, "prefixHitRatio"), ["draw", "best"]);
  assert(!runsLimits({ rows }).join().includes("Paired differences"));
});

Deno.test("a metric that knows no better ranks nobody", () => {
  const rows = [1, 2].map((mean) => ({
    varied: { policy: `p${mean}` },
    metrics: { lookups: { mean, n: 1 } },
  }));
  assertEquals(standingsOf({ title: "", rows }, "lookups"), [undefined, undefined]);
});

Deno.test("runsOfSummaries() joins metrics by what was varied", () => {
  const spread = (mean: number) => ({ samples: 4, mean, low: mean - 1, high: mean + 1 });
  const keys = ["trace", "policy"];
  const table = runsOfSummaries([
    {
      metric: "prefixHitRatio",
      by: "policy",
      keys,
      rows: [
        { values: ["t", "lru"], spread: spread(3), standing: "behind" },
        { values: ["t", "arc"], spread: spread(4), standing: "best" },
      ],
    },
    {
      metric: "bytesMoved",
      by: "policy",
      keys,
      rows: [{ values: ["t", "lru"], spread: { samples: 1, mean: 7 } }, { values: ["t", "arc"] }],
    },
  ]);
  assertEquals(table.by, "policy");
  assertEquals(table.rows, [
    {
      varied: { trace: "t", policy: "lru" },
      metrics: {
        prefixHitRatio: { mean: 3, low: 2, high: 4, n: 4 },
        bytesMoved: { mean: 7, n: 1 },
      },
      standings: { prefixHitRatio: "behind" },
    },
    {
      varied: { trace: "t", policy: "arc" },
      metrics: { prefixHitRatio: { mean: 4, low: 3, high: 5, n: 4 } },
      standings: { prefixHitRatio: "best" },
    },
  ]);
});

Deno.test("headOf() knows metrics of runs, of comparisons, of tiers, and what it does not know", () => {
  assertEquals(headOf("latencyNsMean").format, "duration");
  assertEquals(headOf("gapToOptimal").format, "points");
  assertEquals(headOf("dram.hitRatio").label, "dram block hit");
  assertEquals(headOf("tier.with.dots.evictions").label, "tier.with.dots evicted");
  assertEquals(headOf("somethingNew").better, "neither");
});

Deno.test("the answer names the best, its draws, and who is behind", () => {
  const [first, second] = runsAnswer(TABLE).map((text) => text.replaceAll("\u00a0", " "));
  assertEquals(
    first,
    "dram 8 GiB: best by prefix hit is gdsf (35.0 %, 34.8 … 35.2). arc and fifo are a draw with " +
      "it. Behind: lru.",
  );
  assertStringIncludes(second, "lru is a draw with it.");
  assertEquals(runsAnswer({ rows: [] }), ["No run has a metric: there is nothing to compare."]);
});

Deno.test("runsText() marks rows, and fits the terminal", () => {
  const text = runsText(TABLE, { width: 90, title: "Which policy?" });
  assertStringIncludes(text, "*  gdsf");
  assertStringIncludes(text, "=  arc");
  assertStringIncludes(text, "o  optimal");
  assertStringIncludes(text, "-  lru");
  for (const width of [50, 90]) {
    for (const line of runsText(TABLE, { width }).split("\n")) {
      assert(textWidth(line) <= width, line);
    }
  }
});

Deno.test("runsCharts() draws a chart for each group, and the trade-off where there is one", async () => {
  const charts = await runsCharts(TABLE);
  assertEquals(charts.map(({ name }) => name), ["intervals-1", "intervals-2", "trade-off"]);
  for (const { name, svg } of charts) {
    assert(!/NaN|Infinity|undefined|null/.test(svg), `${name} holds a broken number`);
  }
  assertEquals(await runsCharts({ rows: [] }), []);
});

Deno.test("runsHtml() escapes names, shows intervals, and leads nowhere outside", async () => {
  const evil = `<img src=x onerror=alert(1)>`;
  const rows = [row(evil, 0.3), row("lru", 0.4)];
  const page = await runsHtml({ by: "policy", rows }, { command: evil, title: evil });
  assert(!page.includes("<img"));
  assertStringIncludes(page, "39.8 … 40.2");
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(new Set(ids).size, ids.length);
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) assert(ids.includes(id), id);
});

Deno.test("numbers of clusters have a confidence in HTML, others have none", async () => {
  const evidence = (arrivals: "measured" | "made"): Evidence => ({
    arrivals,
    reuse: "hashes",
    calibration: { name: "h100", source: "hand-made", heldOutError: 0.01, isSameSystem: true },
    assumed: { prices: [], power: [] },
    saturation: { state: "steady", by: [], queueGrowth: 0 },
    finished: 10_000,
  });
  const summary = (...arrivals: ("measured" | "made")[]) => [{
    metric: "ttftNsMean",
    keys: ["router"],
    rows: arrivals.map((how) => ({
      values: [how],
      spread: { samples: 1, mean: 1e8 },
      evidence: [evidence(how)],
    })),
  }];
  const table = runsOfSummaries(summary("measured", "made"));
  const levels = table.rows.map(({ metrics }) => metrics.ttftNsMean.confidence);
  assert(levels[0] !== levels[1], levels.join());
  const page = await runsHtml(table, { command: "kvtier sweep grid.yaml" });
  for (const level of levels) assertStringIncludes(page, `confidence ${level}</span>`);
  for (const line of table.grounds ?? []) assertStringIncludes(page, line.slice(0, 30));
  assert(!(await runsHtml(TABLE, { command: "kvtier sweep" })).includes('id="confidence"'));
});
