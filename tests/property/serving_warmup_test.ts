/** A warm-up changes nothing but what is counted: on the build with assertions. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { UsageError } from "kvtier";
import { runs } from "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import { servingHashes } from "../../engine/serving_hash.ts";
import type { ServingResult } from "../../engine/serving_result.ts";
import { type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { anyCluster, anyLoad, loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, rows: readonly Row[]) =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

const sum = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

/** A width of columns that no run here outgrows. */
const COLUMN_NS = 1_024;
const COLUMNS = 4_096;
const ONE = singleEngine(STEP, { blocks: 1_000, maxSequences: 8, tokenBudget: 1_000 });

/** What the columns of time say of the time behind the warm-up, which ends where one does. */
function checkColumns(spec: ServingSpec, result: ServingResult): void {
  const { columnNs, roles, links } = result.timeline!;
  if (columnNs !== COLUMN_NS) return;
  const first = result.countedFromNs / columnNs;
  const busyNs = sum(roles.map((role) => sum(role.busyNs.subarray(first))));
  const counted = sum(result.replicas.map((replica) => replica.busyNs));
  assertAlmostEquals(counted, busyNs, 1e-3, "time in steps");
  for (const { links: [link], carriedBytes } of links) {
    const { carriedBytes: counted, transfers } = result.links[link];
    // Transfers end with a whole nanosecond: their last bytes are spread over the rest of it.
    const within = 1e-3 + (transfers + 1) * spec.links[link].bytesPerSecond / 1e9;
    assertAlmostEquals(counted, sum(carriedBytes.subarray(first)), within, "bytes on a link");
  }
}

/** Steps that ended behind the warm-up: those of a stretch last equally long with this model. */
function stepsBehind({ stepLog, countedFromNs }: ServingResult): number {
  return sum(stepLog.map(({ startNs, endNs, steps }) => {
    const each = (endNs - startNs) / steps;
    return sum(
      Array.from({ length: steps }, (_, i) => Number(startNs + (i + 1) * each >= countedFromNs)),
    );
  }));
}

/** Requests count by when they came. */
function checkRequests(result: ServingResult, trace: { readonly requestCount: number }): void {
  const { requests, countedFromNs } = result;
  const counted = [...requests.state.keys()].filter((row) =>
    requests.arrivalNs[row] >= countedFromNs
  );
  const finished = counted.filter((row) => requests.state[row] === 1);
  assertEquals(result.leftOut, trace.requestCount - counted.length);
  assertEquals(result.finished, finished.length);
  assertEquals(result.refused, counted.filter((row) => requests.state[row] === 2).length);
  assertEquals(result.unfinished, counted.length - result.finished - result.refused);
  for (const name of ["promptTokens", "cachedTokens", "loadedTokens", "peerTokens"] as const) {
    assertEquals(result[name], sum(finished.map((row) => requests[name][row])), name);
  }
}

/** Every counter of a result, flat. */
function counters({ steps, preemptions, evictions, transferBytes, ...found }: ServingResult) {
  return [
    [steps, preemptions, evictions, transferBytes],
    found.replicas.flatMap((each) => [each.busyNs, each.steps, each.outputTokens, each.lentBlocks]),
    found.links.flatMap((each) => [each.busyNs, each.bytes, each.transfers, each.waitNs]),
    found.stores.flatMap((each) => [each.hits, each.writes, each.evictions, each.droppedBlocks]),
  ].flat();
}

Deno.test("a warm-up moves no instant, and every sum is that of what lies behind it", () => {
  let straddled = 0;
  fc.assert(
    fc.property(anyCluster, anyLoad, fc.nat(1_000), (any, rows, part) => {
      const spec = { ...any, timelineColumns: COLUMNS, stepLogRoom: 10_000 };
      const trace = loadOf(rows);
      const cold = serve(spec, rows);
      const last = rows.at(-1)!.arrivalNs;
      const columns = Math.floor(last / COLUMN_NS * part / 1_000);
      const warm = serve({ ...spec, warmupNs: columns * COLUMN_NS }, rows);
      assertEquals(warm.requests, cold.requests);
      assertEquals([warm.events, warm.endNs], [cold.events, cold.endNs]);
      assertEquals(warm.stepLog, cold.stepLog);
      checkRequests(warm, trace);
      checkColumns(spec, warm);
      const whole = counters(cold);
      counters(warm).forEach((count, at) => assert(count >= 0 && count <= whole[at]));
      const before = ({ startNs, endNs }: { startNs: number; endNs: number }) =>
        startNs < warm.countedFromNs && endNs > warm.countedFromNs;
      straddled += Number(warm.stepLog.some((step) => step.steps > 1 && before(step)));
      if (any.faults.length > 0) return;
      assertEquals(warm.steps, stepsBehind(warm));
      const pairs = warm.requests.outputTokens.reduce(
        (sum, tokens, row) =>
          warm.requests.state[row] === 1 && warm.requests.arrivalNs[row] >= warm.countedFromNs
            ? sum + tokens - 1
            : sum,
        0,
      );
      assertEquals(sum(warm.intervals.counts), pairs, "times between tokens");
    }),
    { numRuns: runs(400) },
  );
  assert(straddled > 0, "no stretch was under way at the end of a warm-up");
});

Deno.test("a warm-up of 0 is none, bit for bit", async () => {
  const rows = Array.from({ length: 5 }, (_, i): Row => ({
    arrivalNs: i * 1_000,
    blocks: [i % 2, 10 + i],
    outputTokens: 9,
  }));
  const [absent, zero] = [ONE, { ...ONE, warmupNs: 0 }].map((spec) => serve(spec, rows));
  assertEquals(zero, absent);
  const trace = { hash: "0".repeat(64) };
  assertEquals(
    await servingHashes(zero, { ...ONE, warmupNs: 0 }, trace),
    await servingHashes(absent, ONE, trace),
  );
  const later = serve({ ...ONE, warmupNs: 1 }, rows);
  const hashes = await servingHashes(later, { ...ONE, warmupNs: 1 }, trace);
  assert(hashes.result !== (await servingHashes(absent, ONE, trace)).result);
});

Deno.test("the second time, all whole blocks are cached: exactly that is counted", () => {
  // 41 tokens: ten whole blocks of 4 and a token that is always computed.
  const rows = Array.from({ length: 40 }, (_, i): Row => ({
    arrivalNs: i * 100_000,
    blocks: Array.from({ length: 11 }, (_, block) => (i % 20) * 100 + block),
    inputTokens: 41,
    outputTokens: 2,
  }));
  const share = ({ cachedTokens, promptTokens }: ServingResult) => cachedTokens / promptTokens;
  assertEquals(share(serve(ONE, rows)), 20 * 40 / (40 * 41));
  const warm = serve({ ...ONE, warmupNs: 2_000_000 }, rows);
  assertEquals([warm.leftOut, warm.finished], [20, 20]);
  assertEquals(share(warm), 40 / 41);
  // A prompt of one token (1,010 ns) and one token more (1,010 ns) each.
  assertEquals(warm.replicas[0].busyNs, 20 * 2_020);
  assertEquals([warm.steps, warm.replicas[0].promptTokens], [40, 20]);
  // The request that comes at the very end of the warm-up counts; a nanosecond later it does not.
  assertEquals(serve({ ...ONE, warmupNs: 2_000_001 }, rows).leftOut, 21);
});

Deno.test("what is under way when the warm-up ends counts with the part behind it", () => {
  // A prompt of one block until 1,040 ns, then a stretch of 40 steps of 1,010 ns.
  const rows: Row[] = [
    { arrivalNs: 0, blocks: [0], outputTokens: 41 },
    { arrivalNs: 60_000, blocks: [0, 1], outputTokens: 1 },
  ];
  const half = 1_040 + 20 * 1_010;
  const { replicas: [replica], steps, intervals } = serve({ ...ONE, warmupNs: half }, rows);
  // The step that ends as the warm-up does counts, too: 21, and one for the second request.
  assertEquals([steps, replica.steps, replica.outputTokens], [22, 22, 22]);
  // Of the stretch the second half; two blocks of which one is cached take 1,040 ns.
  assertEquals(replica.busyNs, 20 * 1_010 + 1_040);
  assertEquals(sum(intervals.counts), 0, "the first request came in the warm-up");
  assertEquals(replica.requests, 2, "both end behind it");
  // Two blocks as the stretch begins, and nine one by one: of those 6.75 on average from the half on.
  const heldNs = 20 * 1_010 * (2 + 6.75) + 1_040 * 2;
  assertAlmostEquals(replica.meanHeldBlocks * (60_000 + 1_040 - half), heldNs, 1e-3);
});

Deno.test("a warm-up that leaves nothing to count is refused, with what to do", () => {
  const rows: Row[] = [
    { arrivalNs: 0, blocks: [0], outputTokens: 1 },
    { arrivalNs: 3e9, blocks: [1], outputTokens: 1 },
  ];
  assertEquals(serve({ ...ONE, warmupNs: 3e9 }, rows).leftOut, 1);
  const error = assertThrows(() => serve({ ...ONE, warmupNs: 4e9 }, rows), UsageError);
  assertStringIncludes(error.message, "leaves no request");
  assertStringIncludes(
    error.problems[0].found!,
    "a warm-up of 4 s; the last request arrives 3 s after",
  );
  assertStringIncludes(error.problems[0].mend![0], "warm up for less");
  assertThrows(() => serve({ ...ONE, warmupNs: -1 }, rows), UsageError, "the warm-up");
});

Deno.test("a transfer that is under way counts with the bytes and the time behind the warm-up", () => {
  const link = { latencyNs: 300, bytesPerSecond: 2e9 };
  const pair = (over: Partial<ServingSpec>): ServingSpec => ({
    ...ONE,
    replicas: [
      { ...ONE.replicas[0], role: "prefill", linkOut: 0 },
      { ...ONE.replicas[0], role: "decode", node: 1, linkIn: 1 },
    ],
    links: [{ ...link, name: "out" }, { ...link, name: "in", bytesPerSecond: 1e9 }],
    blockBytes: 4_000,
    ...over,
  });
  // A prompt of 25 blocks takes 2,000 ns, its 100,000 bytes 100,000 ns.
  const rows = [0, 200_000].map((arrivalNs, row): Row => ({
    arrivalNs,
    blocks: Array.from({ length: 25 }, (_, i) => 100 * row + i),
    outputTokens: 2,
  }));
  const found = ({ links, transferBytes }: ServingResult) => [
    transferBytes,
    ...links.map((each) => [each.busyNs, Math.round(each.carriedBytes), each.bytes]),
  ];
  // Behind 32,000 ns lie 20,000 of the 50,000 ns of the fast link, and 70,000 of the slow one's.
  const fifo = found(serve(pair({ warmupNs: 32_000 }), rows));
  assertEquals(fifo, [200_000, [70_000, 140_000, 200_000], [170_000, 170_000, 200_000]]);
  const fair = found(serve(pair({ warmupNs: 32_000, discipline: "fair-share" }), rows));
  assertEquals(fair, [200_000, [170_000, 170_000, 200_000], [170_000, 170_000, 200_000]]);
  for (const discipline of ["fifo", "fair-share"] as const) {
    const [bytes, ...links] = found(serve(pair({ warmupNs: 150_000, discipline }), rows));
    assertEquals([bytes, links.map((each) => (each as number[])[2])], [100_000, [
      100_000,
      100_000,
    ]]);
    assertEquals((links[1] as number[]).slice(0, 2), [100_000, 100_000]);
  }
});

Deno.test("a store keeps its blocks over the end of a warm-up, and counts anew", () => {
  const spec: ServingSpec = {
    ...ONE,
    // Two prompts of ten blocks have no room beside each other.
    replicas: [{ ...ONE.replicas[0], blocks: 12, stores: [0] }],
    links: ["read", "write"].map((name) => ({ name, latencyNs: 0, bytesPerSecond: 1e12 })),
    stores: [{
      name: "dram",
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
  const rows = Array.from({ length: 8 }, (_, i): Row => ({
    arrivalNs: i * 100_000,
    blocks: Array.from({ length: 10 }, (_, block) => (i % 2) * 100 + block),
    outputTokens: 2,
  }));
  const cold = serve(spec, rows);
  const warm = serve({ ...spec, warmupNs: 350_000 }, rows);
  const loaded = (rows: readonly number[]) =>
    sum(rows.map((row) => cold.requests.loadedTokens[row])) / 4;
  assert(loaded([4, 5, 6, 7]) > 20 && loaded([2, 3]) > 10);
  assertEquals(cold.stores[0].hits, loaded([2, 3, 4, 5, 6, 7]));
  assertEquals(warm.stores[0].hits, loaded([4, 5, 6, 7]));
  assertEquals([cold.stores[0].writes, warm.stores[0].writes], [20, 0]);
  assertEquals([warm.stores[0].residentBlocks, warm.stores[0].peakBlocks], [20, 20]);
  assert(warm.evictions > 0 && warm.evictions < cold.evictions);
  assertEquals(warm.replicas[0].evictions, warm.evictions);
});
