import { assertEquals, assertStringIncludes } from "@std/assert";
import { evidenceOf, groundsOf, overallConfidence, servingConfidence } from "./confidence.ts";
import type { CalibrationSource, ServedTrace } from "./context.ts";
import { EXAMPLE_SERVING } from "./example.ts";
import { servingRun } from "./metric.ts";
import { servingMetric } from "./metrics.ts";
import type { Saturation } from "../../serving/evidence/saturation.ts";

const { result, context } = EXAMPLE_SERVING;
const run = servingRun(result, context);
const STEADY: Saturation = { state: "steady", by: [], queueGrowth: 0, waitingAtEnd: 0 };
const withState = (state: Saturation["state"]) => ({
  ...run,
  saturation: { ...STEADY, state, by: ["queue"] as const },
});
const steps = (changed: Partial<CalibrationSource>) =>
  groundsOf({
    ...evidenceOf(run),
    calibration: { ...context.calibration!, ...changed },
  }).steps.level;
const trace = (changed: Partial<ServedTrace>) => ({
  ...run,
  saturation: STEADY,
  context: { ...context, trace: { ...context.trace, ...changed } },
});

Deno.test("measured arrivals, named blocks, a small held-out error and a steady queue: high", () => {
  assertEquals(overallConfidence(withState("steady")).level, "high");
});

Deno.test("each ground by itself brings the run down, and says why", () => {
  const cases = [
    [trace({ arrivals: "scaled" }), "medium", "compressed, stretched or copied"],
    [trace({ arrivals: "made" }), "low", "arrival times are made"],
    [trace({ reuse: "none" }), "low", "does not name its blocks"],
    [withState("unknown"), "medium", "too few requests"],
    [withState("saturated"), "low", "where the trace ends"],
    [withState("offline"), "low", "all requests come at once"],
  ] as const;
  for (const [changed, level, why] of cases) {
    const found = overallConfidence(changed);
    assertEquals(found.level, level, why);
    assertStringIncludes(found.why, why);
  }
});

Deno.test("steps are as sure as their calibration", () => {
  assertEquals(steps({ heldOutError: 0.1 }), "high");
  assertEquals(steps({ heldOutError: 0.11 }), "medium");
  assertEquals(steps({ heldOutError: 0.26 }), "low");
  assertEquals(steps({ heldOutError: 0.05, isSameSystem: false }), "medium");
  assertEquals(steps({ heldOutError: undefined, meanError: 0.05 }), "medium");
  assertEquals(steps({ heldOutError: undefined, meanError: 0.11 }), "low");
  assertEquals(steps({ heldOutError: undefined, meanError: undefined }), "low");
  assertEquals(steps({ heldOutError: 0.05, assumedStepNs: 2e6 }), "medium");
  assertEquals(steps({ heldOutError: 0.26, assumedStepNs: 2e6 }), "low");
  const { calibration: _, ...bare } = evidenceOf(run);
  assertEquals(groundsOf(bare).steps.level, "low");
});

Deno.test("a percentile needs values above its rank", () => {
  const of = (count: number, name: string) => {
    const times = { ...run.times, rows: new Uint32Array(count) };
    return servingConfidence({ ...run, times, saturation: STEADY }, servingMetric(name)).level;
  };
  assertEquals([of(1000, "ttftNsP99"), of(999, "ttftNsP99"), of(99, "ttftNsP99")], [
    "high",
    "medium",
    "low",
  ]);
  assertEquals([of(10_000, "ttftNsP999"), of(1000, "ttftNsP999"), of(999, "ttftNsP999")], [
    "high",
    "medium",
    "low",
  ]);
  assertEquals(of(4, "ttftNsMean"), "high");
});

Deno.test("a number rests on its own grounds only", () => {
  const made = trace({ arrivals: "made" });
  assertEquals(servingConfidence(made, servingMetric("dollarsPerHour")).level, "high");
  const weak = { ...run, context: { ...context, calibration: undefined } };
  assertEquals(servingConfidence(weak, servingMetric("cachedTokenRatio")).level, "high");
  assertEquals(servingConfidence(weak, servingMetric("busyRatio")).level, "low");
});

Deno.test("runs that are judged together give each reason once, and queues as a range", () => {
  const growing = (queueGrowth: number) => ({
    ...run,
    saturation: { ...STEADY, state: "saturated" as const, by: ["queue" as const], queueGrowth },
  });
  const { level, why } = overallConfidence(
    growing(0.3),
    growing(0.12),
    { ...run, saturation: STEADY },
  );
  assertEquals(level, "low");
  assertEquals(
    why.replaceAll("\u00a0", " "),
    "the queue keeps 12.0 to 30.0 % of what arrives: times depend on where the trace ends",
  );
});

Deno.test("prices and watts that nobody gave are medium, whatever else is known", () => {
  const fleet = { ...context.fleet, assumed: { prices: ["h100-sxm"], power: ["h100-sxm"] } };
  const assumed = { ...run, context: { ...context, fleet } };
  const of = (name: string) => servingConfidence(assumed, servingMetric(name));
  assertEquals(of("dollarsPerHour"), {
    level: "medium",
    why: "the price of h100-sxm is an assumption",
  });
  assertEquals([of("dollarsPerMillionTokens").level, of("joulesPerOutputToken").level], [
    "medium",
    "medium",
  ]);
  assertEquals(of("cachedTokenRatio").level, "high");
});
