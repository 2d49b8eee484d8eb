/** Timed movement against what queueing theory and arithmetic say. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { HierarchyReplayer, simulate } from "../../engine/hierarchy.ts";
import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import { EngineError } from "../../errors/errors.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import type { Trace } from "../../traces/trace.ts";
import { checkingModule, numbersFrom, traceOf } from "../support/traces.ts";

const checking = checkingModule();

function at(requests: readonly (readonly number[])[], arrivals: readonly number[]): Trace {
  const trace = traceOf(requests);
  return { ...trace, requests: { ...trace.requests, arrivalNs: Float64Array.from(arrivals) } };
}

function timed(rest: Parameters<typeof exampleHierarchy>[0]): HierarchyScenario {
  return exampleHierarchy({ movement: "timed", ...rest });
}

/** Two tiers; the slow one moves a block of 16 bytes in `transferNs` besides its latency. */
function slowTier(
  rest: Partial<HierarchyScenario>,
  latencyNs: number,
  bytesPerSecond: number,
  concurrency = 1,
): HierarchyScenario {
  const scenario = timed({ capacityBlocks: [1, 4096], ...rest });
  const [fast, slow] = scenario.tiers;
  return {
    ...scenario,
    tiers: [
      { ...fast, writeLatencyNs: 0, writeBytesPerSecond: 1e15, readBytesPerSecond: 1e15 },
      {
        ...slow,
        readLatencyNs: latencyNs,
        readBytesPerSecond: bytesPerSecond,
        writeLatencyNs: 0,
        writeBytesPerSecond: 1e15,
        concurrency,
      },
    ],
  };
}

const run = (scenario: HierarchyScenario, trace: Trace) =>
  simulate(scenario, trace, { module: checking });

/** Poisson arrivals of single blocks, served where they lie, after one request that stored them. */
async function meanWaitNs(load: number, serviceNs: number, seed: number): Promise<number> {
  const count = 400_000;
  const next = numbersFrom(seed);
  let now = 1e6;
  const arrivals = [0];
  for (let i = 1; i < count; i++) {
    now += -Math.log((next() + 1) / 2 ** 32) * serviceNs / load;
    arrivals.push(Math.round(now));
  }
  // As many blocks as no two requests for one of them are under way together.
  const stored = Array.from({ length: 4096 }, (_, i) => i);
  const requests = arrivals.map((_, i) => i === 0 ? stored : [i % 4096]);
  const scenario = slowTier(
    { promotion: { kind: "never" }, entry: "slowest", warmupRequests: 1 },
    serviceNs - 160,
    1e8,
  );
  const result = await simulate(scenario, at(requests, arrivals));
  assertEquals(result.tiers[1].hits, count - 1);
  assertEquals(result.tiers[1].readBusyNs, (count - 1) * serviceNs);
  return result.tiers[1].waitNs / result.tiers[1].transfers;
}

Deno.test("one device with random arrivals waits as M/D/1 does", async () => {
  const serviceNs = 100_000;
  for (const load of [0.3, 0.5, 0.7]) {
    const waits = [];
    for (const seed of [1, 2, 3]) waits.push(await meanWaitNs(load, serviceNs, seed));
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    const theory = load * serviceNs / (2 * (1 - load));
    assertAlmostEquals(mean / theory, 1, 0.02, `load ${load}`);
  }
});

Deno.test("two equal flows on one link take twice as long, whatever the concurrency", async () => {
  const flow = (base: number) => Array.from({ length: 100 }, (_, i) => base + i);
  const store = [...flow(0), ...flow(1000)];
  for (const concurrency of [1, 4]) {
    const scenario = slowTier(
      { promotion: { kind: "never" }, entry: "slowest", warmupRequests: 1 },
      0,
      1e6,
      concurrency,
    );
    const alone = await run(scenario, at([store, flow(0)], [0, 1e9]));
    const both = await run(scenario, at([store, flow(0), flow(1000)], [0, 1e9, 1e9]));
    const oneNs = 100 * 16 * 1000;
    assertEquals(alone.requestNs?.max, oneNs);
    assertEquals(both.requestNs?.max, 2 * oneNs);
  }
});

Deno.test("latencies overlap as far as the concurrency allows, bytes never do", async () => {
  const blocks = Array.from({ length: 8 }, (_, i) => i);
  const times = [];
  for (const concurrency of [1, 2, 8]) {
    const scenario = slowTier(
      { promotion: { kind: "never" }, entry: "slowest", warmupRequests: 1 },
      10_000,
      16e6,
      concurrency,
    );
    const result = await run(scenario, at([blocks, blocks], [0, 1e9]));
    times.push(result.requestNs?.max);
  }
  // Eight blocks of 1,000 ns on the channel, and 10,000 ns before each.
  assertEquals(times, [88_000, 44_000 + 1_000, 18_000]);
});

Deno.test("a block is not resident before it is there", async () => {
  const prefill = { nsPerToken: 1000, nsPerTokenSquared: 0 };
  const scenario = timed({ capacityBlocks: [8, 8], prefill });
  const trace = at([[1, 2], [1, 2], [1, 2]], [0, 1_000, 1_000_000]);
  const result = await run(scenario, trace);
  // The second request comes while the first computes: it waits for that, and finds nothing.
  assertEquals(result.misses, 4);
  assertEquals(result.joinedBlocks, 2);
  assertEquals(result.tiers[0].hits, 2);
  assertEquals(result.requestNs?.max, 32_000);
  assertEquals(result.requestNs?.p50, 31_000);
  assertEquals(result.latencyNs.compute, 32_000);
});

/** One request whose blocks lie in the slow tier, behind what other requests load at that time. */
async function doneNs(
  recompute: "never" | "cheaper",
  bytesPerSecond: number,
  before: number,
  blocks: number,
  nsPerToken: number,
): Promise<HierarchyResult> {
  const wanted = Array.from({ length: blocks }, (_, i) => i);
  const others = Array.from({ length: before }, (_, i) => 1000 + i);
  const scenario = slowTier(
    {
      promotion: { kind: "never" },
      entry: "slowest",
      warmupRequests: before > 0 ? 3 : 2,
      recompute,
      prefill: { nsPerToken, nsPerTokenSquared: nsPerToken / 100 },
    },
    500,
    bytesPerSecond,
  );
  const store = [wanted, others];
  const requests = before > 0 ? [...store, others, wanted] : [...store, wanted];
  const arrivals = before > 0 ? [0, 1e12, 2e12, 2e12] : [0, 1e12, 2e12];
  return await run(scenario, at(requests, arrivals));
}

Deno.test("load or recompute: the sooner of both, and of every cut between them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 10_000, max: 100_000_000 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 5_000 }),
      async (bytesPerSecond, before, blocks, nsPerToken) => {
        const loading = await doneNs("never", bytesPerSecond, before, blocks, nsPerToken);
        const choosing = await doneNs("cheaper", bytesPerSecond, before, blocks, nsPerToken);
        const tokens = blocks * 16;
        const prefillNs = (cached: number) =>
          Math.round(
            nsPerToken * (tokens - cached) + nsPerToken / 100 * (tokens ** 2 - cached ** 2),
          );
        const chosen = choosing.requestNs!.max;
        assert(chosen <= loading.requestNs!.max, "never later than loading everything");
        assert(chosen <= prefillNs(0), "never later than computing everything");
        // Of this request alone, which is the last: what it would take to load `cut` blocks.
        const channel = Math.ceil(16e9 / bytesPerSecond);
        if (before > 0) return;
        const ends = Array.from(
          { length: blocks + 1 },
          (_, cut) => Math.max(cut * (500 + channel), prefillNs(cut * 16)),
        );
        assertEquals(chosen, Math.min(...ends));
        assertEquals(choosing.recomputedByChoice, blocks - choosing.tiers[1].transfers);
      },
    ),
    { numRuns: runs(150) },
  );
});

/** Two blocks that take turns, each evicting the other, with time between. */
function turns(gapNs: number, order: readonly number[]): Trace {
  return at(order.map((block) => [block]), order.map((_, i) => i * gapNs));
}

const pingPong = Array.from({ length: 60 }, (_, i) => i % 3);

Deno.test("a prefetch with idle bandwidth lowers latency, a late one less, a useless one is wasted", async () => {
  const scenario = slowTier({ demotion: "cascade" }, 10_000, 1.6e6);
  const fetching = { ...scenario, prefetch: { name: "markov(confidence=1)", maxBlocks: 1 } };
  const idle = turns(1_000_000, pingPong);
  const without = await run(scenario, idle);
  const ahead = await run(fetching, idle);
  assert(ahead.prefetch.useful > 40, "predicted and there in time");
  assertEquals(ahead.prefetch.late, 0);
  assert(ahead.requestNs!.mean < without.requestNs!.mean / 4);

  const hurried = turns(12_000, pingPong);
  const late = await run(fetching, hurried);
  assert(late.prefetch.late > 0, "asked for on its way");

  // Pairs that never come again in that order: what followed last time does not follow this time.
  const next = numbersFrom(5);
  const loose = turns(1_000_000, Array.from({ length: 400 }, () => next() % 40));
  const useless = await run(fetching, loose);
  const plain = await run(scenario, loose);
  assert(useless.prefetch.wasted > useless.prefetch.requested / 2);
  assert(useless.prefetch.requested > 20);
  assert(useless.requestNs!.mean > plain.requestNs!.mean * 0.9);
});

Deno.test("timed movement needs arrival times", async () => {
  const scenario = timed({ capacityBlocks: [2] });
  await assertRejects(() => run(scenario, traceOf([[1]])), EngineError, "when requests arrive");
});

Deno.test("the order of events: what ends at an instant is there for who arrives then", async () => {
  const prefill = { nsPerToken: 100, nsPerTokenSquared: 0 };
  const scenario = timed({ capacityBlocks: [4], prefill });
  const replayer = new HierarchyReplayer(at([[1], [1], [1]], [0, 1_599, 1_600]), {}, checking);
  const result = await replayer.run(scenario);
  assertEquals([result.misses, result.joinedBlocks, result.tiers[0].hits], [2, 1, 1]);
});
