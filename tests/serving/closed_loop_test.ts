/**
 * Sessions that wait for their answers: they never make a queue grow, and are held back instead.
 */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import {
  fleetByRole,
  serveTrace,
  servingAnswer,
  type ServingContext,
  type ServingRun,
  servingRun,
  type Trace,
} from "kvtier";
import { servingConfidence } from "../../report/serving/confidence.ts";
import { servingValue } from "../../report/serving/metrics.ts";
import { turnDelaysOf } from "../../serving/evidence/turns.ts";
import { EXAMPLE_SERVING } from "../../report/serving/example.ts";
import { smallCluster } from "../support/routing.ts";
import { traceOf } from "../support/traces.ts";

const TURNS = 20;
const GAP_NS = 100e6;

/** Sessions of 20 turns, one each 100 ms; the step of a turn takes about 8 ms on its own. */
function chat(sessions: number): Trace {
  const rows = Array.from({ length: sessions * TURNS }, (_, at) => ({
    session: at % sessions,
    // No two prompts share a block, so that each is computed.
    path: [4 * at, 4 * at + 1, 4 * at + 2, 4 * at + 3],
    arrivalNs: Math.floor(at / sessions) * GAP_NS + (at % sessions) * 1e5,
  }));
  const trace = traceOf(rows.map(({ path }) => path));
  return {
    ...trace,
    requests: {
      ...trace.requests,
      arrivalNs: Float64Array.from(rows, ({ arrivalNs }) => arrivalNs),
      session: Uint32Array.from(rows, ({ session }) => session),
      outputTokens: new Uint32Array(rows.length).fill(1),
    },
  };
}

function served(sessions: number, closedLoop = true): ServingRun {
  const trace = chat(sessions);
  const spec = smallCluster(1, { closedLoop, router: "round-robin" }, 200);
  const context: ServingContext = {
    ...EXAMPLE_SERVING.context,
    spec,
    fleet: fleetByRole(spec, { gpu: "h100-sxm", gpusPerReplica: 1 }),
    trace: { ...EXAMPLE_SERVING.context.trace, requests: trace.requestCount },
  };
  return servingRun(serveTrace(spec, trace), context);
}

Deno.test("a closed loop that asks for twice what can be served is saturated, by its turns", () => {
  // A step computes one prompt in 1 ms + 64 × 0.1 ms and more: 13 turns fill the 100 ms.
  const [light, heavy] = [served(6), served(26)];
  assertEquals([light.saturation.state, light.saturation.by], ["steady", []]);
  assertEquals([heavy.saturation.state, heavy.saturation.by], ["saturated", ["turns"]]);
  const [first] = servingAnswer(heavy);
  assertStringIncludes(first, "Saturated: turns of sessions come ");
  assertStringIncludes(first, " later than in the trace");
  const confidence = servingConfidence(heavy, { grounds: ["saturation"] });
  assertEquals(confidence, {
    level: "low",
    why: "sessions that wait ask for less than the trace does",
  });
  // What is held back is not asked for: 1 − served ÷ offered by the trace.
  const rate = 26 * TURNS / (heavy.times.lastFinishNs / 1e9);
  const asked = 26 / (GAP_NS / 1e9);
  assertAlmostEquals(servingValue(heavy, "heldBackRatio")!, 1 - rate / asked, 0.03);
  assert(servingValue(heavy, "turnDelayNsP99")! > 0.5e9);
});

Deno.test("without a closed loop the same load makes a queue, and no turn waits for another", () => {
  const open = served(26, false);
  assertEquals([open.saturation.state, open.saturation.by], ["saturated", ["queue"]]);
  assertEquals(servingValue(open, "turnDelayNsMean"), null);
  assertEquals(servingValue(open, "heldBackRatio"), null);
});

Deno.test("delays worked by hand: what took long without waiting holds nobody back", () => {
  const { result } = EXAMPLE_SERVING;
  const ms = (...times: number[]) => Float64Array.from(times, (time) => time * 1e6);
  // Rows 0, 1 and 3 are turns of one session; the second waited 20 ms, the others did not.
  const previous = Uint32Array.of(2 ** 32 - 1, 0, 2 ** 32 - 1, 1);
  const of = (...due: number[]) => {
    const found = turnDelaysOf({ ...result, turns: { dueNs: ms(...due), previous } })!;
    return [[...found.delayNs].map((ns) => ns / 1e6), found.heldBack] as const;
  };
  assertEquals(of(0, 10, 20, 100), [[0, 0], 0]);
  assertEquals(of(0, 5, 20, 90), [[5, 10], 0.1]);
  // The last turn is 50 ms late, of which 20 are waiting.
  assertEquals(of(0, 10, 20, 50), [[0, 50], 0.2]);
  assertEquals(turnDelaysOf(result), undefined);
});
