/** Training end to end: what can be learned is, what cannot is said, and the future stays shut. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Replayer } from "../../engine/replayer.ts";
import { EngineError, UsageError } from "../../errors/errors.ts";
import { Stage } from "../../learn/beginning.ts";
import { compareLearned } from "../../learn/compare_learned.ts";
import { Outcomes } from "../../learn/dataset.ts";
import { packModel } from "../../learn/features.ts";
import { readLightgbmText, writeLightgbmText } from "../../learn/lightgbm_text.ts";
import { trainEvictionModel } from "../../learn/train.ts";
import { openTrace } from "../../traces/open.ts";
import { checkingModule, looseRequests, traceOf } from "../support/traces.ts";
import { scansAndReturns } from "./made_traffic.ts";

const boostSmall = { minLeafRows: 50, trees: 30 };
const synthetic = () => openTrace("tests/data/synthetic_trace.jsonl.gz");

Deno.test("what lengths tell is learned, nearly up to the optimum", async () => {
  const trace = traceOf(scansAndReturns(3000));
  const options = { capacityBlocks: 600, rows: 40_000, boost: boostSmall };
  const { verdict, report, learned, lru, optimal } = await compareLearned(trace, options);
  const ratio = (hits: number) => hits / learned.accesses;
  assert(report.isModelUsed);
  assert(ratio(learned.prefixHits) > ratio(lru.prefixHits) + 0.1, verdict);
  assert(learned.hits > 0.95 * optimal.hits, verdict);
  assert(learned.hits <= optimal.hits);
  assertStringIncludes(verdict, "beats LRU by");
  assert(report.heldOutByTimeAndSession.auc > 0.9, `${report.heldOutByTimeAndSession.auc}`);
  const { distance, distanceOfMean } = report.heldOutByTime;
  assert(distance.rmseDoublings < 0.7 * distanceOfMean.rmseDoublings);
  assertEquals(report.learnRequests, 900);
  assertEquals(learned.requests, 2100);
});

Deno.test("random traffic has nothing to learn, and LRU is enough", async () => {
  const trace = traceOf(looseRequests(5, 3000, 400));
  const options = { capacityBlocks: 60, rows: 20_000, boost: boostSmall };
  const { verdict, learned, lru } = await compareLearned(trace, options);
  assertStringIncludes(verdict, "LRU is enough here");
  assert(Math.abs(learned.hits - lru.hits) < 0.05 * learned.accesses);
});

Deno.test("the comparison counts the rest only: LRU's whole is its parts", async () => {
  const trace = await synthetic();
  const options = { capacityBlocks: 2000, horizons: [1], rows: 20_000 };
  const { report, lru, learned, optimal } = await compareLearned(trace, options);
  const replayer = new Replayer(trace);
  const spec = {
    policy: replayer.registry.policy("lru"),
    admission: replayer.registry.admitter("always"),
    capacityBlocks: 2000,
    touch: "tail-first" as const,
    seed: 42,
  };
  const whole = replayer.run(spec);
  assert(lru.hits < whole.hits);
  assertEquals(lru.requests, trace.requestCount - report.learnRequests);
  assertEquals([learned.accesses, optimal.accesses], [lru.accesses, lru.accesses]);
  assert(optimal.hits >= lru.hits && optimal.hits >= learned.hits);
  // A free start can only help the bound.
  const counted = { ...spec, policy: replayer.registry.policy("optimal") };
  const { hits } = replayer.run({ ...counted, warmupRequests: report.learnRequests });
  assert(optimal.hits >= hits, `${optimal.hits} below ${hits}`);
});

Deno.test("the model does not depend on anything after the beginning", async () => {
  const past = scansAndReturns(600);
  const options = { capacityBlocks: 300, learnShare: 0.5, rows: 20_000, boost: boostSmall };
  const other = looseRequests(3, 600);
  const first = await trainEvictionModel(traceOf([...past, ...scansAndReturns(600)]), options);
  const second = await trainEvictionModel(traceOf([...past, ...other]), options);
  assertEquals(second.model, first.model);
  assertEquals(second.report.candidates, first.report.candidates);
  assert(second.report.heldOutByTime.rows !== first.report.heldOutByTime.rows);
  const again = await trainEvictionModel(traceOf([...past, ...other]), options);
  assertEquals(again, second);
});

Deno.test("rows of a part know nothing beyond it, and unseen means unseen", () => {
  const trace = traceOf(looseRequests(12, 400, 90));
  const session = Uint32Array.from({ length: 400 }, (_, i) => i % 37 + (i > 200 ? 30 : 0));
  const bySession = { ...trace, requests: { ...trace.requests, session } };
  const recorded = new Stage(bySession, { touch: "tail-first", rows: 1e6 }).record();
  const outcomes = new Outcomes(bySession, recorded, "tail-first");
  const part = { from: 100, to: 200 };
  const horizon = 80;
  const { rows, distance, isReused } = outcomes.part(part, horizon, false, [6]);
  assert(rows.length > 150);
  for (let i = 0; i < rows.length; i++) {
    assertEquals(rows.features[i * rows.stride + 6], 0);
    assert(distance[i] <= Math.log2(horizon) && rows.weight![i] >= 1);
    if (isReused[i] === 0) assertEquals(distance[i], Math.log2(horizon));
  }
  // Cutting the trace at the part's end changes nothing.
  const cut = traceOf(looseRequests(12, 200, 90));
  const cutRows = new Stage(cut, { touch: "tail-first", rows: 1e6 }).record();
  const again = new Outcomes(cut, cutRows, "tail-first").part(part, horizon, false, [6]);
  assertEquals(again, { rows, distance, isReused });
  const unseen = outcomes.part({ from: 201, to: 400 }, horizon, true, []);
  const all = outcomes.part({ from: 201, to: 400 }, horizon, false, []);
  assert(unseen.rows.length > 0 && unseen.rows.length < all.rows.length);
});

Deno.test("weights make up for the outcomes that are not known at the end", () => {
  // One block in every access of a fixed cycle: the wait is always 50 or never within 40.
  const cycle = Array.from({ length: 300 }, (_, i) => [i % 50]);
  const slow = Array.from({ length: 300 }, (_, i) => [1000 + i]);
  const requests = cycle.flatMap((request, i) => [request, slow[i]]);
  const trace = traceOf(requests);
  const recorded = new Stage(trace, { touch: "root-first", rows: 1e6 }).record();
  const outcomes = new Outcomes(trace, recorded, "root-first");
  const { rows, isReused } = outcomes.part({ from: 0, to: 600 }, 300, false, []);
  let reused = 0;
  let all = 0;
  for (let i = 0; i < rows.length; i++) {
    if (rows.features[i * rows.stride] !== 0) continue;
    all += rows.weight![i];
    reused += rows.weight![i] * isReused[i];
  }
  // Half of all touches are of the cycle; unweighted, the share would be 0.625.
  assert(Math.abs(reused / all - 0.5) < 0.02, `${reused / all}`);
});

Deno.test("a trained model goes out as text, comes back, and serves the same", async () => {
  const trace = traceOf(scansAndReturns(3000));
  const options = { capacityBlocks: 600, rows: 20_000, boost: boostSmall };
  const { model } = await trainEvictionModel(trace, options);
  assert(model.forest.trees.length > 0);
  const back = await packModel(readLightgbmText(writeLightgbmText(model.forest)));
  assertEquals(back, model.packed);
  const checking = new Replayer(trace, checkingModule());
  const release = new Replayer(trace);
  const run = (replayer: Replayer) =>
    replayer.run({
      policy: replayer.registry.policy("learned"),
      admission: replayer.registry.admitter("always"),
      capacityBlocks: 60,
      touch: "tail-first",
      seed: 1,
      model: back,
    });
  assertEquals(run(checking), run(release));
});

Deno.test("options out of range and traces too short are refused with the way out", async () => {
  const trace = traceOf(scansAndReturns(300));
  const train = (options: object) => trainEvictionModel(trace, { capacityBlocks: 50, ...options });
  await assertRejects(() => train({ learnShare: 1 }), UsageError, "learnShare");
  await assertRejects(() => train({ rows: 3 }), UsageError, "rows");
  await assertRejects(() => train({ capacityBlocks: 0 }), UsageError, "capacityBlocks");
  await assertRejects(() => train({ horizons: [] }), UsageError, "horizons");
  await assertRejects(() => train({ horizons: [1, NaN] }), UsageError, "horizons");
  await assertRejects(() => train({ without: ["gap9"] }), UsageError, '"gap9" is not a feature');
  await assertRejects(() => train({ learnShare: 0.001 }), EngineError, "too short");
  const tiny = traceOf([[1], [2], [3], [4], [5], [6], [7], [8], [9], [10]]);
  const short = () => trainEvictionModel(tiny, { capacityBlocks: 3, learnShare: 0.5 });
  await assertRejects(short, EngineError, "too short");
});
