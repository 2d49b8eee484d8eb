import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import type { LinkTimeline, ServingResult, Timeline } from "../../engine/serving_result.ts";
import { chromeTrace } from "./chrome_trace.ts";
import { EXAMPLE_SERVING } from "./example.ts";
import { linkSentence } from "./findings_links.ts";
import { type ServingRun, servingRun } from "./metric.ts";
import { servingMetric, servingValue } from "./metrics.ts";
import { coarser, spansNs } from "./timeline.ts";
import { servingTimelineCsv } from "./timeline_csv.ts";

const { result, context } = EXAMPLE_SERVING;
const MS = 1e6;

/** The example with columns of 25 ms and what each link carried, as shares of its 600 MB/s. */
function runWith(
  shares: readonly (readonly number[])[],
  rest: Partial<ServingResult> = {},
  over: { readonly kinds?: readonly string[]; readonly shared?: boolean } = {},
): ServingRun {
  const columnNs = 25 * MS;
  const kind = (at: number) => over.kinds?.[at] ?? "h2d#";
  const bytes = (share: readonly number[]) =>
    Float64Array.from(share, (part) => part * 0.6 * columnNs);
  const count = shares[0].length;
  const both = bytes(shares[0].map((_, at) => shares[0][at] + shares[1][at]));
  const links: LinkTimeline[] = over.shared === true
    ? [{ kind: "h2d#", links: [0, 1], carriedBytes: both }]
    : shares.map((share, at) => ({ kind: kind(at), links: [at], carriedBytes: bytes(share) }));
  const none = new Float64Array(count);
  const timeline: Timeline = {
    columnNs,
    links,
    roles: [{ role: "unified", replicas: 2, busyNs: none, heldBlockNs: none }],
  };
  const named = result.links.map((link, at) => ({ ...link, kind: kind(at) }));
  return servingRun({ ...result, links: named, ...rest, timeline }, context);
}

const FLAT = [0, 0, 0, 0, 0, 0, 0, 0];

Deno.test("shares of the example, by hand", () => {
  const { timeline } = servingRun(result, context);
  // 4 MiB of what 600 MB/s carry in 16.8 ms.
  const use = 4 * 2 ** 20 / (0.6 * 2 ** 24);
  const [{ mean, busiest, peak, full }] = timeline!.links;
  assertAlmostEquals(mean[1], use / 2);
  assertEquals([busiest!.name, busiest!.share[1], busiest!.share[2]], ["h2d1", use, 0]);
  assertEquals([peak, full.length], [use, 0]);
  // The last column ends with the run, at 180 ms: one of two replicas is in a step.
  const last = timeline!.startNs.length - 1;
  assertEquals(timeline!.lastsNs[last], 180 * MS - last * 2 ** 24);
  assertAlmostEquals(timeline!.roles[0].busy[last], 0.5);
  assertAlmostEquals(timeline!.roles[0].held[last], 8 / 20);
});

Deno.test("the first column begins with the first arrival, and time before it is left out", () => {
  const later = (column: Float64Array) => column.map((ns) => ns + 60 * MS);
  const { requests } = result;
  const columns = Object.fromEntries(
    Object.entries(requests).map(([name, column]) => [
      name,
      column instanceof Float64Array ? later(column) : column,
    ]),
  ) as unknown as ServingResult["requests"];
  const { timeline } = runWith(
    [[0, 0, 0.3, 0, 0, 0, 0, 0, 0, 0], Array(10).fill(0)],
    { requests: columns, endNs: 240 * MS },
  );
  assertEquals([timeline!.startNs[0], timeline!.lastsNs[0]], [60 * MS, 15 * MS]);
  // All that the column carried was carried in the 15 ms of it that are in the run.
  assertAlmostEquals(timeline!.links[0].busiest!.share[0], 0.3 * 25 / 15);
});

Deno.test("a run ends when nothing is served or under way, whatever happens later", () => {
  const { timeline } = runWith([[0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0], Array(12).fill(0)], {
    endNs: 300 * MS,
  });
  const last = timeline!.startNs.length - 1;
  assertEquals(timeline!.startNs[last] + timeline!.lastsNs[last], 9 * 25 * MS);
});

Deno.test("full spans: columns of 90 % and more, one after the other; the longest names the link", () => {
  const run = runWith([[0, 0.9, 1, 0.89, 0.95, 0, 0, 0], [1, 0, 1, 0, 0, 0, 0, 0]]);
  const [{ busiest, full, peak }] = run.timeline!.links;
  assertEquals(busiest!.name, "h2d0");
  assertEquals(full, [[25 * MS, 75 * MS], [100 * MS, 125 * MS]]);
  assertEquals([peak, spansNs(full)], [1, 75 * MS]);
  assertEquals(servingValue(run, "linkFullNs", "link", 0), 75 * MS);
  assertEquals(
    linkSentence(run).replaceAll("\u00a0", " "),
    "Links: h2d0 carries 90 % of its bandwidth or more for 75.0 ms in 2 spans, the longest 50.0 ms " +
      "from 25.0 ms on (transfers over h2d# wait 1.00 ms on average).",
  );
});

Deno.test("several kinds: the one that was full for longest first; none, no sentence", () => {
  const kinds = ["in", "out"];
  const run = runWith([[1, 0, 0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0, 0, 0]], {}, { kinds });
  const sentence = linkSentence(run).replaceAll("\u00a0", " ");
  assertStringIncludes(
    sentence,
    "Links: h2d1 carries 90 % of its bandwidth or more for 50.0 ms from",
  );
  assertStringIncludes(
    sentence,
    "; h2d0 carries 90 % of its bandwidth or more for 25.0 ms from 0 ns",
  );
  assertEquals(linkSentence(runWith([FLAT, FLAT])), "");
});

Deno.test("links that share a row are spoken of together, and nobody is the busiest", () => {
  const run = runWith([[0, 1, 1, 0, 0, 0, 0, 0], [0, 0.9, 0.2, 0, 0, 0, 0, 0]], {}, {
    shared: true,
  });
  const [{ busiest, mean, peak, full }] = run.timeline!.links;
  assertEquals([busiest, full], [undefined, [[25 * MS, 50 * MS]]]);
  assertAlmostEquals(mean[2], 0.6);
  assertAlmostEquals(peak, 0.95);
  assertStringIncludes(linkSentence(run).replaceAll("\u00a0", " "), "h2d# (2 links together)");
});

Deno.test("without a timeline its metrics are not defined, and use is, from totals", () => {
  const { timeline: _, ...bare } = result;
  const run = servingRun(bare, context);
  const value = (name: string) => servingMetric(name, "link").value(run, 0);
  assertEquals([value("linkUseRatioPeak"), value("linkFullNs")], [null, null]);
  assertAlmostEquals(value("linkUseRatio")!, 4 * 2 ** 20 / (2 * 0.6 * 180 * MS));
  assertEquals(servingTimelineCsv(run).split("\r\n").length, 2);
});

Deno.test("coarser columns keep sums: means over time, not over columns", () => {
  const columns = {
    startNs: Float64Array.of(0, 10, 20, 30, 40),
    lastsNs: Float64Array.of(10, 10, 10, 10, 2),
  };
  const { startNs, lastsNs, shares } = coarser(columns, [Float64Array.of(1, 0, 0.5, 1, 0.5)], 3);
  assertEquals([...startNs], [0, 20, 40]);
  assertEquals([...lastsNs], [20, 20, 2]);
  assertEquals([...shares[0]], [0.5, 0.75, 0.5]);
});

Deno.test("CSV has a line for each column of roles, kinds and the busiest links", () => {
  const lines = servingTimelineCsv(servingRun(result, context)).trimEnd().split("\r\n");
  assertEquals(lines.length, 1 + 4 * 11);
  assert(
    lines.some((line) => line.includes(",busiest link,h2d1,useRatio,16777216,33554432,0.416")),
  );
});

Deno.test("a trace of events has counters of roles and links, as few as fit", () => {
  const run = servingRun(result, context);
  const counters = (text: string) =>
    JSON.parse(text).traceEvents.filter(({ ph, pid }: { ph: string; pid: number }) =>
      ph === "C" && pid === 2
    );
  const found = counters(chromeTrace(run));
  assertEquals(found.length, 2 * 11);
  const link = found.find(({ name, ts }: { name: string; ts: number }) =>
    name === "h2d#" && ts > 0
  );
  assertEquals(link.args, { "mean": 20.833, "busiest: h2d1": 41.667 });
  const long = runWith([Array(2_000).fill(0.5), Array(2_000).fill(0.1)], {
    endNs: 2_000 * 25 * MS,
  });
  assert(counters(chromeTrace(long, { eventsAtMost: 1_000 })).length <= 250);
});
