/** What once went wrong in the serving simulation, each as small as it can be. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../errors/errors.ts";
import { serveTrace } from "../../engine/serving.ts";
import { type FaultSpec, type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import type { Trace } from "../../traces/trace.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, trace: Trace) =>
  serveTrace(spec, trace, { module, checkBooks: true });

const row = (arrivalNs: number, first: number, blocks: number, outputTokens = 5): Row => ({
  arrivalNs,
  blocks: Array.from({ length: blocks }, (_, i) => first + i),
  outputTokens,
});

/** Prefill replicas first, decoders behind; each with a port in and one out. */
function split(prefills: number, decoders: number, blocks = 100): ServingSpec {
  const count = prefills + decoders;
  const base = singleEngine(STEP, { blocks, maxSequences: 16, tokenBudget: 1_000 }, count);
  const port = { latencyNs: 100, bytesPerSecond: 1e9 };
  return {
    ...base,
    replicas: base.replicas.map((each, i) => ({
      ...each,
      role: i < prefills ? "prefill" : "decode",
      linkOut: 2 * i,
      linkIn: 2 * i + 1,
    })),
    links: base.replicas.flatMap((_, i) => [
      { name: `out${i}`, ...port },
      { name: `in${i}`, ...port },
    ]),
    blockBytes: 1_000,
  };
}

const down = (kind: "replica" | "link", subject: number, timeNs: number, upNs?: number) => {
  const faults: FaultSpec[] = [{ timeNs, kind: `${kind}-down`, subject }];
  if (upNs !== undefined) faults.push({ timeNs: upNs, kind: `${kind}-up`, subject });
  return faults;
};

Deno.test("a handover over a cut link waits for it, and holds nobody else up", () => {
  for (const handover of ["push", "push-layerwise", "pull", "pull-on-demand"] as const) {
    const spec = { ...split(2, 1), handover, faults: down("link", 0, 10, 900_000) };
    const { requests, finished } = serve(spec, loadOf([row(0, 0, 10), row(0, 100, 10)]));
    assertEquals(finished, 2, handover);
    assert(requests.decodeStartNs[0] > 900_000 && requests.decodeStartNs[1] < 100_000);
  }
});

Deno.test("KV that a cut loses under way goes again over another way", () => {
  const spec = { ...split(1, 2), faults: down("link", 3, 5_000) };
  const { requests, links } = serve(spec, loadOf([row(0, 0, 20)]));
  assertEquals([requests.decoder[0], requests.state[0]], [2, 1]);
  // Of the lost transfer, no link counts a byte.
  assertEquals(links.map(({ bytes }) => bytes), [20_000, 0, 0, 0, 0, 20_000]);
});

Deno.test("of what breaks at one instant, nobody is placed where it breaks next", () => {
  const engines = singleEngine(STEP, { blocks: 100, maxSequences: 16, tokenBudget: 1_000 }, 4);
  const faults = [0, 1, 2].flatMap((replica) => down("replica", replica, 500));
  const rows = Array.from({ length: 8 }, (_, i) => row(0, 100 * i, 10));
  const { requests, finished } = serve({ ...engines, faults }, loadOf(rows));
  assertEquals([finished, ...requests.retries], [8, 1, 1, 1, 0, 1, 1, 1, 0]);
  assertEquals([...requests.replica], new Array(8).fill(3));
});

Deno.test("what breaks when all is done changes nothing, and does not put the end off", () => {
  const rows = loadOf([row(0, 0, 20), row(50, 100, 20)]);
  const late = [...down("replica", 0, 1e9, 2e9), ...down("link", 1, 3e9)];
  const [plain, faulty] = [[], late].map((faults) =>
    serve({ ...split(1, 1), faults, timelineColumns: 64 }, rows)
  );
  assert(plain.endNs < 1e9);
  for (const key of ["endNs", "links", "replicas", "timeline"] as const) {
    assertEquals(faulty[key], plain[key], key);
  }
});

Deno.test("mending a decoder while no prefill replica is up lets requests wait on", () => {
  const faults = [
    ...down("replica", 0, 0, 300_000),
    ...down("replica", 1, 10, 20),
  ].sort((a, b) => a.timeNs - b.timeNs);
  const { requests } = serve({ ...split(1, 1), faults }, loadOf([row(5, 0, 10)]));
  assertEquals([requests.arrivalNs[0], requests.scheduledNs[0]], [5, 300_000]);
});

Deno.test("what is never mended leaves requests unfinished, and the result says so", () => {
  const spec = { ...split(1, 1), faults: down("replica", 1, 0) };
  const result = serve(spec, loadOf([row(0, 0, 10, 1), row(0, 100, 10)]));
  assertEquals([result.finished, result.unfinished], [1, 1]);
  assertStringIncludes(result.notes.join(), "1 requests wait for ever");
});

Deno.test("a decoder gives the blocks that its steps will need to nobody else", () => {
  // The first sequence decodes in one stretch of 200 steps; the others come meanwhile.
  const spec = split(1, 1, 80);
  const rows = [row(0, 0, 10, 200), ...[1, 2, 3, 4].map((i) => row(i * 20_000, i * 100, 10, 100))];
  const { replicas, finished } = serve(spec, loadOf(rows));
  assertEquals(finished, 5);
  assert(replicas[1].peakBlocks <= 80);
});

Deno.test("a computed prompt takes the room that was promised to one still waiting", () => {
  // Room for one of them in either place: who is computed first, decodes first.
  const spec = { ...split(1, 1, 16), handover: "push" as const };
  const rows = [row(0, 0, 9, 8), row(1, 100, 6, 8), row(2, 200, 9, 8), row(3, 300, 5, 20)];
  assertEquals(serve(spec, loadOf(rows)).finished, 4);
});

Deno.test("blocks that wait in a queue are given up before somebody starves", () => {
  // Decoders get sequences as their prompts come; two of them fill all blocks while none runs.
  const spec = split(2, 1, 19);
  const rows = [0, 1, 2, 3].map((i) => row(i, i * 100, 9, 24));
  const cold = {
    ...spec,
    replicas: spec.replicas.map((each) => ({ ...each, prefixCache: false })),
  };
  assertEquals(serve(cold, loadOf(rows)).finished, 4);
});

/** Two engines over one pool; `bytesPerSecond` of its links. */
function pooled(faults: readonly FaultSpec[], bytesPerSecond = 1e12): ServingSpec {
  const base = singleEngine(STEP, { blocks: 200, maxSequences: 8, tokenBudget: 1_000 }, 2);
  const link = { latencyNs: 10, bytesPerSecond };
  return {
    ...base,
    replicas: base.replicas.map((each) => ({ ...each, stores: [0] })),
    links: [{ name: "read", ...link }, { name: "write", ...link }],
    stores: [{
      name: "pool",
      tier: 0,
      blocks: 500,
      writeThrough: true,
      writeBack: false,
      linkRead: 0,
      linkWrite: 1,
    }],
    blockBytes: 1_000,
    recompute: "load",
    faults,
  };
}

Deno.test("a store that breaks has nothing until it is written again", () => {
  const rows = [0, 1, 2, 3, 4, 5].map((i) => row(i * 1e6, i < 4 ? 0 : 100, 25, 1));
  const lost: FaultSpec[] = [{ timeNs: 5e5, kind: "store-lost", subject: 0 }];
  const [whole, broken] = [[], lost].map((faults) => serve(pooled(faults), loadOf(rows)));
  // Replica 1 loads what 0 has written; after the loss, it computes, and writes it anew.
  assertEquals([...whole.requests.loadedTokens], [0, 96, 0, 0, 0, 96]);
  assertEquals([...broken.requests.loadedTokens], [0, 0, 0, 0, 0, 96]);
  assertEquals([whole.stores[0].lostBlocks, broken.stores[0].lostBlocks], [0, 25]);
  assertEquals([whole.stores[0].residentBlocks, broken.stores[0].residentBlocks], [50, 50]);
});

Deno.test("what is on its way to a store that breaks, or out of it, is lost", () => {
  const slow = 1e9; // a block takes 1,000 ns
  const lost = (timeNs: number): FaultSpec[] => [{ timeNs, kind: "store-lost", subject: 0 }];
  const rows = [row(0, 0, 25, 1), row(1e6, 0, 25, 1)];
  // Written from 2,000 to 27,010.
  const writing = serve(pooled(lost(20_000), slow), loadOf(rows));
  assertEquals([writing.stores[0].droppedBlocks, writing.stores[0].lostBlocks], [25, 0]);
  assertEquals([...writing.requests.loadedTokens], [0, 0]);
  // Read from 1,000,000 to 1,024,010.
  const reading = serve(pooled(lost(1_010_000), slow), loadOf(rows));
  assertEquals([...reading.requests.loadedTokens], [0, 0]);
  assertEquals(reading.requests.firstTokenNs[1], 1_010_000 + 2_000);
  assertEquals(reading.requests.loadEndNs[1], 1_010_000);
});

Deno.test("a retried request loads what the pool still has", () => {
  const spec = pooled(down("replica", 0, 30_000));
  const { requests, stores, replicas } = serve(spec, loadOf([row(0, 0, 25, 200)]));
  assertEquals([requests.retries[0], requests.replica[0], requests.loadedTokens[0]], [1, 0, 0]);
  assert(stores[0].hits >= 25, "nothing was loaded");
  assertEquals(replicas[1].promptTokens, 0, "the prompt was computed again");
});

Deno.test("all who come at one instant are in one step, in order", () => {
  const spec = singleEngine(STEP, { blocks: 100, maxSequences: 8, tokenBudget: 1_000 });
  const { requests } = serve(spec, loadOf([0, 1, 2].map((i) => row(50, i * 100, 5, 1))));
  assertEquals([...requests.firstTokenNs], [50 + 1_600, 50 + 1_600, 50 + 1_600]);
});

Deno.test("a long answer stays in HBM after its end, until it is evicted as anything else", () => {
  // 25 blocks of prompt, 25 of answer: with room for 60, the next prompt evicts the answer first.
  const spec = singleEngine(STEP, { blocks: 60, maxSequences: 8, tokenBudget: 1_000 });
  const rows = [row(0, 0, 25, 101), row(1e6, 100, 10, 1), row(2e6, 0, 25, 1)];
  const { requests, replicas } = serve(spec, loadOf(rows));
  assertEquals([replicas[0].peakBlocks, requests.cachedTokens[2]], [60, 96]);
  const long = [rows[0], row(1e6, 100, 35, 1), rows[2]];
  // 35 blocks take the 10 free ones and the 25 of the answer; one more takes the prompt's last.
  assertEquals(serve(spec, loadOf(long)).requests.cachedTokens[2], 96);
  const longer = [rows[0], row(1e6, 100, 40, 1), rows[2]];
  assertEquals(serve(spec, loadOf(longer)).requests.cachedTokens[2], 80);
});

Deno.test("an answer is found again by the turn that repeats it, and by no other", () => {
  const spec = singleEngine(STEP, { blocks: 200, maxSequences: 8, tokenBudget: 1_000 });
  const turns = [
    { ...row(0, 0, 10, 21), session: 0 },
    { ...row(0, 0, 20, 1), session: 0 },
  ];
  // The second prompt: the first's 40 tokens, 20 of its answer that have KV, and 20 new ones.
  assertEquals(serve(spec, loadOf(turns)).requests.cachedTokens[1], 60);
  const forgets = serve({ ...spec, cacheAnswers: false }, loadOf(turns));
  assertEquals(forgets.requests.cachedTokens[1], 40);
  const others = [turns[0], { ...turns[1], session: 1, arrivalNs: 1e6 }];
  assertEquals(serve(spec, loadOf(others)).requests.cachedTokens[1], 40);
});

Deno.test("without arrival times all come at 0, and the result says so; so with no answers", () => {
  const trace = loadOf([row(7, 0, 5, 0), row(9, 100, 5, 2)]);
  const { arrivalNs: _, ...requests } = trace.requests;
  const spec = singleEngine(STEP, { blocks: 100, maxSequences: 8, tokenBudget: 1_000 });
  const result = serve(spec, { ...trace, requests });
  assertEquals([...result.requests.arrivalNs], [0, 0]);
  assertEquals([...result.requests.outputTokens], [1, 2]);
  assertStringIncludes(result.notes.join(), "no arrival times");
  assertStringIncludes(result.notes.join(), "1 answers of 0 tokens");
});

Deno.test("numbers that cannot be are refused, with what was found and expected", () => {
  const good = split(1, 1);
  const trace = loadOf([row(0, 0, 10)]);
  const refused = (spec: Partial<ServingSpec>, words: string, load = trace) => {
    const error = assertThrows(() => serve({ ...good, ...spec }, load), UsageError);
    assertStringIncludes(`${error.message} ${error.problems[0].found}`, words);
    assert(error.problems[0].expected !== undefined);
  };
  const link = good.links[0];
  const model = good.stepModels[0];
  refused({ links: [{ ...link, bytesPerSecond: 0 }, ...good.links.slice(1)] }, "bytes per second");
  refused({ links: [{ ...link, bytesPerSecond: NaN }, ...good.links.slice(1)] }, "NaN");
  refused({ links: [{ ...link, latencyNs: -1 }, ...good.links.slice(1)] }, "latency");
  refused({ links: [{ ...link, latencyNs: 1e300 }, ...good.links.slice(1)] }, "latency");
  refused({ stepModels: [{ ...model, stepNs: Infinity }] }, "stepNs");
  refused(
    { stepModels: [{ ...model, windowPairNs: undefined as unknown as number }] },
    "undefined",
  );
  refused({ stepModels: [{ ...model, smoothness: 0 }] }, "smoothness");
  refused({ blockBytes: 2 ** 40 }, "bytes of a block");
  refused({ replicas: [] }, "no replicas");
  refused({ layers: 0 }, "layers");
  refused({ handover: "shove" as "push" }, "handover");
  refused({ faults: [...down("link", 0, 9), ...down("link", 0, 5)] }, "back in time");
  const arriving = (...arrivalNs: number[]): Trace => ({
    ...loadOf([row(0, 0, 2), row(0, 9, 2)]),
    requests: {
      ...loadOf([row(0, 0, 2), row(0, 9, 2)]).requests,
      arrivalNs: Float64Array.from(arrivalNs),
    },
  });
  refused({}, "request 1 does not arrive", arriving(NaN, 0));
  refused({}, "request 2 does not arrive", arriving(5, 4));
  refused({}, "request 1 does not arrive", arriving(-1, 4));
  refused({}, "request 2 does not arrive", arriving(0, 0.5));
});
