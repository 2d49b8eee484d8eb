/** The serving simulation against arithmetic and queueing theory. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import { type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import type { StepModel } from "../../engine/step_model.ts";
import type { Trace } from "../../traces/trace.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule, numbersFrom } from "../support/traces.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, trace: Trace, checkBooks = true) =>
  serveTrace(spec, trace, { module, checkBooks });

/** Poisson arrivals of one-token prompts; answers of `tokens` each. */
function poisson(count: number, meanGapNs: number, tokens: (unit: number) => number): Trace {
  const next = numbersFrom(7);
  const unit = () => (next() + 1) / 2 ** 32;
  let now = 0;
  const rows: Row[] = Array.from({ length: count }, (_, r) => ({
    arrivalNs: Math.round(now -= Math.log(unit()) * meanGapNs),
    blocks: [r],
    inputTokens: 1,
    outputTokens: tokens(unit()),
  }));
  // Blocks so large that answers need one or few.
  return loadOf(rows, 4_096);
}

/** Mean time from arrival to the first step, of one sequence at a time. */
function meanWaitNs(trace: Trace, stepNs: number): number {
  const spec = singleEngine({ ...STEP, stepNs, tokenNs: 0 }, {
    blocks: 1 << 20,
    maxSequences: 1,
    tokenBudget: 16,
  });
  const { requests } = serve(spec, trace, false);
  let sum = 0;
  for (let r = 0; r < trace.requestCount; r++) {
    sum += requests.scheduledNs[r] - requests.arrivalNs[r];
  }
  return sum / trace.requestCount;
}

Deno.test("M/D/1: the mean wait is within 2 % of ρS ÷ 2(1 − ρ)", () => {
  const service = 1_000_000;
  for (const load of [0.3, 0.5, 0.7]) {
    const wait = meanWaitNs(poisson(400_000, service / load, () => 1), service);
    const expected = load * service / (2 * (1 - load));
    assert(Math.abs(wait / expected - 1) < 0.02, `${load}: ${wait} beside ${expected}`);
  }
});

Deno.test("M/M/1: the mean wait is within 2 % of ρS ÷ (1 − ρ)", () => {
  const service = 1_000_000;
  for (const load of [0.3, 0.5]) {
    // A thousand steps on average, so that rounding to whole ones is small.
    const tokens = (unit: number) => Math.max(1, Math.round(-Math.log(unit) * 1_000));
    const wait = meanWaitNs(poisson(400_000, service / load, tokens), service / 1_000);
    const expected = load * service / (1 - load);
    assert(Math.abs(wait / expected - 1) < 0.02, `${load}: ${wait} beside ${expected}`);
  }
});

/** Prefill replicas that send to one decoder: 4,000 bytes a block, over an out and an in link. */
function disaggregated(prefills: number, rest: Partial<ServingSpec> = {}): ServingSpec {
  const base = singleEngine(STEP, { blocks: 1_000, maxSequences: 16, tokenBudget: 1_000 });
  const links = Array.from({ length: prefills }, (_, i) => ({
    name: `out${i}`,
    latencyNs: 300,
    bytesPerSecond: 2e9,
  }));
  links.push({ name: "in", latencyNs: 500, bytesPerSecond: 1e9 });
  const replicas = Array.from({ length: prefills + 1 }, (_, i) => ({
    ...base.replicas[0],
    node: i,
    role: i < prefills ? "prefill" as const : "decode" as const,
    ...(i < prefills ? { linkOut: i } : { linkIn: prefills }),
  }));
  return { ...base, replicas, links, blockBytes: 4_000, ...rest };
}

const row = (arrivalNs: number, first: number, blocks: number, outputTokens = 5): Row => ({
  arrivalNs,
  blocks: Array.from({ length: blocks }, (_, i) => first + i),
  outputTokens,
});

/** Nanoseconds from the first token until the decoder has the KV. */
function handoverNs(spec: ServingSpec, rows: readonly Row[]): number[] {
  const { requests } = serve(spec, loadOf(rows));
  return rows.map((_, r) => requests.decodeStartNs[r] - requests.firstTokenNs[r]);
}

Deno.test("one transfer: latencies, and its bytes over the slowest link, cut through", () => {
  for (const discipline of ["fifo", "fair-share"] as const) {
    assertEquals(handoverNs(disaggregated(1, { discipline }), [row(0, 0, 25)]), [
      300 + 500 + 25 * 4_000,
    ]);
    // Pulling asks first, which takes one more way.
    const pull = disaggregated(1, { discipline, handover: "pull" });
    assertEquals(handoverNs(pull, [row(0, 0, 25)]), [2 * 800 + 25 * 4_000]);
  }
});

Deno.test("two equal flows on one link: both take twice as long, or one waits for the other", () => {
  const rows = [row(0, 0, 25), row(0, 100, 25)];
  const alone = 25 * 4_000;
  const fair = disaggregated(2, { discipline: "fair-share" });
  assertEquals(handoverNs(fair, rows), [800 + 2 * alone, 800 + 2 * alone]);
  const fifo = disaggregated(2, { discipline: "fifo" });
  assertEquals(handoverNs(fifo, rows), [800 + alone, 800 + 2 * alone]);
  // Neither flow is delayed on links of its own.
  const { links } = serve(fair, loadOf(rows));
  assertEquals(links.map(({ bytes }) => bytes), [100_000, 100_000, 200_000]);
  assertEquals(links.map(({ busyNs }) => busyNs), [200_000, 200_000, 200_000]);
});

Deno.test("a flow that comes later shares from then on", () => {
  // The second prompt ends 50,000 ns after the first; by then half of the first has crossed.
  const rows = [row(0, 0, 25), row(50_000, 100, 25)];
  const fair = disaggregated(2, { discipline: "fair-share" });
  // 50 alone, 100 shared: the first ends at 150; the second has 50 left, alone: at 200.
  assertEquals(handoverNs(fair, rows), [800 + 150_000, 800 + 150_000]);
});

Deno.test("of many equal flows, sixteen share a link and the others wait in line", () => {
  const rows = Array.from({ length: 40 }, (_, i) => row(0, 100 * i, 25));
  const spec = disaggregated(40, { discipline: "fair-share" });
  const roomy = {
    ...spec,
    replicas: spec.replicas.map((each) => ({ ...each, blocks: 10_000, maxSequences: 64 })),
  };
  const ends = handoverNs(roomy, rows).sort((a, b) => a - b);
  const alone = 25 * 4_000;
  const expected = [16, 32, 40].map((ended) => 800 + ended * alone);
  for (const [at, wave] of [[0, 0], [15, 0], [16, 1], [31, 1], [32, 2], [39, 2]]) {
    assertAlmostEquals(ends[at], expected[wave], 40);
  }
});

Deno.test("layer by layer: only what could not cross during the prefill is left", () => {
  // 25 blocks in 4 chunks of 28, 28, 28 and 16 tokens; a link carries a block in 4,000 ns.
  const layers = 4;
  const slow = disaggregated(1, { handover: "push-layerwise", layers });
  const chunks = (spec: ServingSpec, stepNs: number): ServingSpec => ({
    ...spec,
    stepModels: [{ ...STEP, stepNs, tokenNs: 0 }],
    replicas: spec.replicas.map((each) => ({ ...each, tokenBudget: 28 })),
  });
  // Steps much longer than their bytes: all but the last layer of the last chunk is there.
  const [left] = handoverNs(chunks(slow, 100_000), [row(0, 0, 25)]);
  assertEquals(left, 800 + 4 * 4_000 / layers);
  // Steps of no time to speak of: everything but the first layers' time is left.
  const [all] = handoverNs(chunks(slow, 40), [row(0, 0, 25)]);
  assertAlmostEquals(all, 800 + 25 * 4_000 - 4 * 40, 2 * 40);
  const [whole] = handoverNs(chunks({ ...slow, handover: "push" }, 100_000), [row(0, 0, 25)]);
  assertEquals(whole, 800 + 25 * 4_000);
});

Deno.test("a prefix is found once it is computed, never before", () => {
  const engine = { blocks: 1_000, maxSequences: 8, tokenBudget: 1_000 };
  const rows = (at: number) => [row(0, 0, 25, 1), row(at, 0, 25, 1)];
  const cached = (at: number, maxSequences: number) => {
    const spec = singleEngine(STEP, { ...engine, maxSequences });
    const { requests } = serve(spec, loadOf(rows(at)));
    return [requests.cachedTokens[1], requests.firstTokenNs[1]];
  };
  const prefillNs = 1_000 + 10 * 100;
  // Both come at once: both compute. A moment later: the second has the next step, and the blocks.
  assertEquals(cached(0, 8), [0, 1_000 + 10 * 200]);
  assertEquals(cached(1, 8), [96, prefillNs + 1_000 + 10 * 4]);
  assertEquals(cached(0, 1), [96, prefillNs + 1_000 + 10 * 4]);
});

Deno.test("a stored prefix is loaded once its write has arrived, never before", () => {
  const base = singleEngine(STEP, { blocks: 1_000, maxSequences: 8, tokenBudget: 1_000 }, 2);
  const spec: ServingSpec = {
    ...base,
    replicas: base.replicas.map((each) => ({ ...each, stores: [0] })),
    links: [
      { name: "read", latencyNs: 70, bytesPerSecond: 1e12 },
      { name: "write", latencyNs: 30, bytesPerSecond: 1e9 },
    ],
    stores: [{
      name: "pool",
      tier: 0,
      blocks: 100,
      writeThrough: true,
      writeBack: false,
      linkRead: 0,
      linkWrite: 1,
    }],
    blockBytes: 4_000,
    recompute: "load",
  };
  // The first prompt ends at 2,000; its 25 blocks are there at 102,030, after who came then.
  const loaded = (at: number) => {
    const { requests } = serve(spec, loadOf([row(0, 0, 25, 1), row(at, 0, 25, 1)]));
    assertEquals(requests.replica[1], 1);
    return [requests.loadedTokens[1], requests.firstTokenNs[1] - at];
  };
  assertEquals(loaded(102_030), [0, 2_000]);
  assertEquals(loaded(102_031), [96, 70 + 24 * 4 + 1_000 + 10 * 4]);
});

Deno.test("a sequence that decodes while another's prompt is computed pays for mixed steps", () => {
  const step = { ...STEP, contextNs: 10, pairNs: 1 };
  const rows: Row[] = [
    { arrivalNs: 0, blocks: [0, 1], outputTokens: 30 },
    { arrivalNs: 5_000, blocks: [2, 3, 4, 5, 6, 7, 8, 9], outputTokens: 1 },
  ];
  const lastNs = (change: Partial<StepModel>, which: readonly Row[]) => {
    const spec = singleEngine({ ...step, ...change }, {
      blocks: 64,
      maxSequences: 8,
      tokenBudget: 8,
    });
    return serve(spec, loadOf(which)).requests.finishNs[0];
  };
  const slow = { mixedContextFactor: 3, mixedSequenceNs: 500 };
  const alone = [rows[0]];
  assertEquals(lastNs(slow, alone), lastNs({}, alone), "who decodes alone is in no mixed step");
  const extra = lastNs({ mixedSequenceNs: 500 }, rows) - lastNs({}, rows);
  // Seven tokens of the prompt's 32 fit beside the one that decodes: five mixed steps of two each.
  assertEquals(extra, 5 * 2 * 500);
  assert(lastNs({ mixedContextFactor: 3 }, rows) > lastNs({}, rows) + 5 * 2 * 9 * 10);
});
