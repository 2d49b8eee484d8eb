import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../errors/errors.ts";
import type { ServingResult } from "../../engine/serving_result.ts";
import type { ServingContext } from "./context.ts";
import { EXAMPLE_SERVING } from "./example.ts";
import { servingRun } from "./metric.ts";
import { SERVING_METRICS, servingMetric, servingValue } from "./metrics.ts";
import { unnumbered } from "../../engine/unnumbered.ts";

const { result, context } = EXAMPLE_SERVING;
const run = servingRun(result, context);
const MS = 1e6;
const value = (name: string) => servingValue(run, name);
const withResult = (
  changed: Partial<ServingResult>,
  changedContext: Partial<ServingContext> = {},
) => servingRun({ ...result, ...changed }, { ...context, ...changedContext });

Deno.test("names of metrics are unique in their scope, and say their unit last", () => {
  const names = SERVING_METRICS.map(({ scope, name }) => `${scope} ${name}`);
  assertEquals(new Set(names).size, names.length);
  for (const { name, format, unit } of SERVING_METRICS) {
    if (format === "percent") assert(/Ratio(Peak)?$|Occupancy(Mean|Peak)$|Most$/.test(name), name);
    if (unit === "nanoseconds") assert(/Ns(Mean|P\d+)?$/.test(name), name);
  }
  assertThrows(() => servingMetric("ttftP99"), UsageError, "not a metric");
});

Deno.test("TTFT, TPOT, ITL and E2E of the example, by hand", () => {
  assertEquals(value("ttftNsMean"), (30 + 40 + 40 + 80) / 4 * MS);
  assertEquals([value("ttftNsP50"), value("ttftNsP90"), value("ttftNsP999")], [
    40 * MS,
    80 * MS,
    80 * MS,
  ]);
  // The fourth request has one token, and so no TPOT.
  assertEquals([value("tpotNsMean"), value("tpotNsP99")], [10 * MS, 10 * MS]);
  assertEquals(value("itlNsMean"), (100 + 40 + 80 + 0) / (10 + 4 + 8 + 0) * MS);
  assert(Math.abs(value("itlNsP50")! / (10 * MS) - 1) < 0.011, "more than half a bucket away");
  assertEquals(value("e2eNsMean"), (130 + 80 + 120 + 80) / 4 * MS);
});

Deno.test("the parts of the example, by hand, sum to its E2E", () => {
  assertEquals(value("queueNsMean"), (0 + 20 + (0 + 2) + 0) / 4 * MS);
  assertEquals(value("loadNsMean"), 8 / 4 * MS);
  assertEquals(value("prefillNsMean"), (30 + 20 + 30 + 80) / 4 * MS);
  assertEquals(value("transferNsMean"), 0);
  assertEquals(value("decodeNsMean"), (100 + 40 + 80 + 0) / 4 * MS);
  const parts = ["queue", "load", "prefill", "transfer", "decode"];
  assertEquals(
    parts.reduce((sum, part) => sum + value(`${part}NsMean`)!, 0),
    value("e2eNsMean"),
  );
});

Deno.test("transfer is between the first token and the decoder", () => {
  const decodeStartNs = result.requests.decodeStartNs.map((ns) => ns + 5 * MS);
  const sent = withResult({ requests: { ...result.requests, decodeStartNs } });
  assertEquals(servingValue(sent, "transferNsMean"), 5 * MS);
  assertEquals(servingValue(sent, "decodeNsMean"), 50 * MS);
});

Deno.test("goodput counts requests that keep both promises", () => {
  // 180 ms from the first arrival to the last token; the TTFT of 80 ms breaks the promise.
  assertEquals(value("sloRatio"), 3 / 4);
  assertEquals(value("goodputRequestsPerSecond"), 3 / 0.18);
  const of = (slo: ServingContext["slo"]) => servingValue(withResult({}, { slo }), "sloRatio");
  assertEquals(of({ ttftNs: 80 * MS }), 1);
  assertEquals(of({ ttftNs: 80 * MS, tpotNs: 9 * MS }), 1 / 4);
  assertEquals(of({ ttftNs: 30 * MS }), 1 / 4);
  assertEquals(of(undefined), null);
});

Deno.test("a refused request breaks the promise and has no latency", () => {
  const requests = { ...result.requests, state: Uint8Array.of(1, 1, 1, 2) };
  const refused = withResult({ requests, finished: 3, refused: 1 });
  assertEquals(servingValue(refused, "ttftNsP99"), 40 * MS);
  assertEquals(servingValue(refused, "sloRatio"), 3 / 4);
  assertEquals(servingValue(refused, "unfinished"), 0);
});

Deno.test("rates are over the time from the first arrival to the last token", () => {
  assertEquals(value("requestsPerSecond"), 4 / 0.18);
  assertEquals(value("inputTokensPerSecond"), 256 / 0.18);
  assertEquals(value("outputTokensPerSecond"), 26 / 0.18);
  assertEquals(value("outputTokensPerSecondPerGpu"), 26 / 0.18 / 8);
  assertEquals(value("offeredRequestsPerSecond"), 4 / 0.1);
});

Deno.test("GPUs: active, busy, skew and occupancy, by hand", () => {
  assertEquals(value("gpus"), 8);
  assertEquals(value("activeGpuRatio"), 1);
  assertEquals(value("busyRatio"), (130 + 150) / (2 * 180));
  assertEquals(value("busySkew"), 150 / 140);
  assertEquals(value("requestSkew"), 1);
  assertEquals(value("hbmOccupancyMean"), 4 / 10);
  assertEquals(value("hbmOccupancyPeak"), 9 / 10);
  const idle = { ...result.replicas[1], steps: 0, busyNs: 0 };
  const half = withResult({ replicas: [result.replicas[0], idle] });
  assertEquals(servingValue(half, "activeGpuRatio"), 1 / 2);
  assertEquals(servingValue(half, "busySkew"), 2);
});

Deno.test("an event long after the last token changes no share of time", () => {
  const late = withResult({
    endNs: 360 * MS,
    replicas: result.replicas.map((replica) => ({ ...replica, meanHeldBlocks: 2 })),
  });
  assertEquals(servingValue(late, "hbmOccupancyMean"), 4 / 10);
  assertEquals(servingValue(late, "busyRatio"), value("busyRatio"));
});

Deno.test("reuse: HBM, stores and computing sum to all tokens", () => {
  assertEquals(value("cachedTokenRatio"), 32 / 256);
  assertEquals(value("loadedTokenRatio"), 32 / 256);
  assertEquals(value("computedTokenRatio"), 192 / 256);
  assertEquals(servingValue(run, "storeTokenRatio", "store", 0), 2 * 16 / 256);
  assertEquals(servingValue(run, "storeOccupancyPeak", "store", 0), (6 + 8) / 40);
});

Deno.test("money and energy, by hand", () => {
  assertEquals(value("dollarsPerHour"), 8 * 3);
  const dollars = 24 * 0.18 / 3600;
  assertEquals(value("dollarsPerMillionTokens")!.toFixed(9), (dollars / 282e-6).toFixed(9));
  assertEquals(value("dollarsPerMillionOutputTokens")!.toFixed(9), (dollars / 26e-6).toFixed(9));
  // 4 GPUs × 280 ms busy at 700 W, 4 × 80 ms idle at 100 W.
  assertEquals(
    value("joulesPerOutputToken")!.toFixed(9),
    ((4 * 0.28 * 700 + 4 * 0.08 * 100) / 26).toFixed(9),
  );
  const fleet = { ...context.fleet, otherDollarsPerHour: 6, otherWatts: 1000 };
  const more = withResult({}, { fleet });
  assertEquals(servingValue(more, "dollarsPerHour"), 30);
  assertEquals(
    (servingValue(more, "joulesPerOutputToken")! - value("joulesPerOutputToken")!).toFixed(6),
    (1000 * 0.18 / 26).toFixed(6),
  );
  const { groups: [{ dollarsPerGpuHour: _, busyWatts: __, ...bare }] } = context.fleet;
  const free = withResult({}, { fleet: { ...context.fleet, groups: [bare] } });
  assertEquals(servingValue(free, "dollarsPerMillionTokens"), null);
  assertEquals(servingValue(free, "joulesPerOutputToken"), null);
});

Deno.test("links of a kind: one is a name, several share it", () => {
  assertEquals(run.kinds.links.map(({ name }) => name), ["h2d#"]);
  assertEquals(unnumbered("rack3/nic12-out"), "rack#/nic#-out");
  assertEquals(servingValue(run, "linkBusyRatio", "link", 0), 8 / 360);
  assertEquals(servingValue(run, "linkBusyRatioMost", "link", 0), 8 / 180);
  assertEquals(servingValue(run, "linkWaitNsMean", "link", 0), MS);
});

Deno.test("a run in which nothing finished has no latency, no rate, no cost for a token", () => {
  const none = withResult({
    requests: { ...result.requests, state: Uint8Array.of(0, 0, 0, 0) },
    finished: 0,
    promptTokens: 0,
    outputTokens: 0,
    intervals: { perOctave: 32, counts: new Float64Array(4) },
  });
  for (const name of ["ttftNsMean", "itlNsP50", "requestsPerSecond", "dollarsPerMillionTokens"]) {
    assertEquals(servingValue(none, name), null, name);
  }
  assertEquals(servingValue(none, "unfinished"), 4);
});
