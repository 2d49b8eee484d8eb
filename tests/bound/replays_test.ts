/** No replay through any hierarchy saves more than the bound says. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gapToBound, multiTierBound } from "../../bound/multi_tier_bound.ts";
import type { BoundOptions } from "../../bound/multi_tier_bound.ts";
import { boundText } from "../../bound/text.ts";
import { HierarchyReplayer } from "../../engine/hierarchy.ts";
import { EngineError } from "../../errors/errors.ts";
import type { HierarchyScenario, Scheme } from "../../scenario/hierarchy.ts";
import { exampleHierarchy, NATIVE_SCHEME } from "../../scenario/hierarchy_example.ts";
import { openTrace } from "../../traces/open.ts";
import type { Trace } from "../../traces/trace.ts";
import {
  checkingModule,
  looseRequests,
  numbersFrom,
  traceOf,
  treeRequests,
} from "../support/traces.ts";

const checking = checkingModule();
const RUNS = 400;
const POLICIES = [
  "lru",
  "arc",
  "s3-fifo",
  "sieve",
  "lfu",
  "fifo",
  "gdsf",
  "random",
  "furthest-next-use",
];
const INT4: Scheme = {
  ...NATIVE_SCHEME,
  name: "int4",
  bitsPerNumber: 4,
  groupNumbers: 4,
  groupBytes: 1,
  dequantiseBytesPerSecond: 1e9,
  quantiseBytesPerSecond: 1e9,
  dequantiseNsPerBlock: 7,
};

/** Requests that arrive one after another, some at once, with a partial last block. */
function withTimes(requests: number[][], next: () => number, blockTokens: number): Trace {
  const trace = traceOf(requests.filter((request) => request.length > 0), blockTokens);
  let nowNs = 0;
  const arrivalNs = Float64Array.from(trace.requests.inputTokens, () => nowNs += next() % 3 * 9000);
  const inputTokens = trace.requests.inputTokens.map((tokens) =>
    tokens - (next() % 2) * (next() % blockTokens)
  );
  return { ...trace, requests: { ...trace.requests, arrivalNs, inputTokens } };
}

function anyScenario(next: () => number): HierarchyScenario {
  const one = <T>(...values: T[]) => values[next() % values.length];
  const containment = one("exclusive", "inclusive") as "exclusive" | "inclusive";
  const movement = one("synchronous", "timed") as "synchronous" | "timed";
  const scenario = exampleHierarchy({
    capacityBlocks: Array.from({ length: 1 + next() % 3 }, () => 1 + next() % 12),
    containment,
    movement,
    write: containment === "exclusive" ? "back" : one("back", "through", "selective"),
    promotion: one({ kind: "always" }, { kind: "never" }, { kind: "nth", hits: 2 }),
    demotion: one("cascade", "drop"),
    touch: one("tail-first", "root-first"),
    exchange: one("detach", "copy"),
    recompute: movement === "timed" ? one("never", "cheaper") : "never",
    prefetch: { name: one("none", "markov", "next-turn(returns=0;wait=0.01)"), maxBlocks: 2 },
    prefill: { nsPerToken: one(0, 3, 100, 1000), nsPerTokenSquared: one(0, 0.5, 4) },
    pinnedDepthBlocks: one(0, 0, 2),
    warmupRequests: one(0, 0, 5),
  });
  return {
    ...scenario,
    tiers: scenario.tiers.map((tier) => ({
      ...tier,
      policy: one(...POLICIES),
      admission: one("always", "always", "second-hit"),
      scheme: one(NATIVE_SCHEME, NATIVE_SCHEME, INT4),
    })),
  };
}

Deno.test("no replay through a hierarchy saves more than its bound", async () => {
  const next = numbersFrom(7);
  let near = 0;
  for (let run = 0; run < RUNS; run++) {
    const requests = run % 4 === 0 ? looseRequests(run, 60, 20) : treeRequests(run, 60);
    const trace = withTimes(requests, next, 16);
    const scenario = anyScenario(next);
    const replayer = new HierarchyReplayer(trace, {}, checking);
    const result = await replayer.run(scenario, { samples: 0 });
    const requestNsMax = result.requestNs?.max;
    for (const options of [{}, { flowItems: 0, steps: 30 }] as BoundOptions[]) {
      const bound = await multiTierBound(trace, scenario, { ...options, requestNsMax });
      for (const measure of ["latency", "gpu"] as const) {
        const { gapNs, ratio } = gapToBound(bound, result, measure);
        assert(gapNs >= 0, `run ${run}, ${measure}: ${gapNs} ${JSON.stringify(scenario)}`);
        assert(bound[measure].feasibleNs <= bound[measure].boundNs, `run ${run}, ${measure}`);
        if (ratio > 0.9 && bound.gpu.boundNs > 0) near++;
      }
      assert(bound.latency.boundNs <= bound.gpu.boundNs, `run ${run}`);
    }
  }
  assert(near > RUNS / 20, `the bound is far from ${near} of all replays`);
});

Deno.test("no replay of unequal blocks saves more than its bound", async () => {
  const next = numbersFrom(8);
  for (let run = 0; run < RUNS / 2; run++) {
    const trace = withTimes(treeRequests(run, 60), next, 16);
    const scenario = anyScenario(next);
    const blockBytes = Uint32Array.from({ length: trace.uniqueBlocks }, () => 8 + 8 * (next() % 3));
    const roomy = {
      ...scenario,
      tiers: scenario.tiers.map((tier) => ({ ...tier, capacityBytes: tier.capacityBytes + 16 })),
    };
    const result = await new HierarchyReplayer(trace, { blockBytes }, checking)
      .run(roomy, { samples: 0 });
    const options = { blockBytes, requestNsMax: result.requestNs?.max };
    for (const more of [{}, { flowItems: 0, steps: 30 }]) {
      const bound = await multiTierBound(trace, roomy, { ...options, ...more });
      for (const measure of ["latency", "gpu"] as const) {
        const { gapNs } = gapToBound(bound, result, measure);
        assert(gapNs >= 0, `run ${run}, ${measure}: ${gapNs} ${JSON.stringify(roomy)}`);
        assert(bound[measure].feasibleNs <= bound[measure].boundNs, `run ${run}, ${measure}`);
      }
    }
  }
});

Deno.test("a cache that holds everything reaches its bound", async () => {
  const trace = traceOf(treeRequests(3, 200));
  const scenario = exampleHierarchy({
    capacityBlocks: [100_000],
    prefill: { nsPerToken: 1000, nsPerTokenSquared: 2 },
  });
  const result = await new HierarchyReplayer(trace, {}, checking).run(scenario);
  const bound = await multiTierBound(trace, scenario);
  for (const measure of ["latency", "gpu"] as const) {
    assertEquals(gapToBound(bound, result, measure).gapNs, 0);
    assertEquals(bound[measure].feasibleNs, bound[measure].boundNs);
  }
});

Deno.test("on the Mooncake conversation the bound is within 0.25 % of a schedule", async () => {
  const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
  const scenario = mooncakeScenario();
  const bound = await multiTierBound(trace, scenario);
  assertEquals(bound.latency.parts.map((part) => part.tiers), [1, 2, 3]);
  for (const measure of ["latency", "gpu"] as const) {
    const { boundNs, feasibleNs } = bound[measure];
    assert(feasibleNs <= boundNs && feasibleNs > 0.9975 * boundNs, `${feasibleNs} ${boundNs}`);
  }
  const result = await new HierarchyReplayer(trace).run(scenario, { samples: 0 });
  assert(gapToBound(bound, result, "gpu").gapNs > 0);
  const text = boundText(bound, result);
  assertStringIncludes(text, "Bound (no policy saves more");
  assertStringIncludes(text, `at most ${(bound.gpu.boundNs / 1e9).toFixed(3)} s`);
  assertStringIncludes(text, "fastest 3 tiers");
});

Deno.test("what the bound does not cover is refused", async () => {
  const trace = traceOf(treeRequests(3, 20));
  const scenario = exampleHierarchy({ capacityBlocks: [4, 8] });
  await assertRejects(
    () =>
      multiTierBound(trace, {
        ...scenario,
        entry: "slowest",
        prefetch: { name: "markov", maxBlocks: 2 },
      }),
    EngineError,
    "no tier holds",
  );
  await assertRejects(
    () => multiTierBound(trace, { ...scenario, movement: "timed" }),
    EngineError,
    "arrival times",
  );
});

/** A tenth of HBM, DRAM and NVMe below Llama 3.1 70B on four H100. */
function mooncakeScenario(): HierarchyScenario {
  const scenario = exampleHierarchy({
    capacityBlocks: [1, 1, 1],
    bytesPerToken: 327_680,
    blockTokens: 512,
    prefill: { nsPerToken: 88_000, nsPerTokenSquared: 0.82 },
    warmupRequests: 500,
  });
  const sizes = [[12, 13.4e12, 500], [51.2, 64e9, 5_000], [409.6, 14e9, 80_000]];
  return {
    ...scenario,
    tiers: sizes.map(([gibibytes, bytesPerSecond, latencyNs], tier) => ({
      ...scenario.tiers[tier],
      capacityBytes: Math.floor(gibibytes * 2 ** 30),
      readBytesPerSecond: bytesPerSecond,
      writeBytesPerSecond: bytesPerSecond,
      readLatencyNs: latencyNs,
      writeLatencyNs: latencyNs,
    })),
  };
}

Deno.test("nobody waits for the write of a block that was dropped meanwhile", async () => {
  // Two tiers of one block; a demotion takes 3 µs to write, and the next eviction drops the block.
  const blocks = traceOf([[0], [1], [2], [3], [4], [0], [1], [2], [3], [4]]);
  const arrivalNs = Float64Array.of(0, 1, 2, 3, 4, 22, 22, 22, 22, 22).map((us) => us * 1000);
  const trace = { ...blocks, requests: { ...blocks.requests, arrivalNs } };
  const prefill = { nsPerToken: 1000, nsPerTokenSquared: 0 };
  const rules = { movement: "timed", recompute: "cheaper" } as const;
  const base = exampleHierarchy({ capacityBlocks: [1, 1], ...rules, prefill });
  const quick = { readBytesPerSecond: 1e12, readLatencyNs: 0, writeLatencyNs: 0 };
  const tiers = base.tiers.map((t) => ({ ...t, ...quick, writeBytesPerSecond: 16 / 3e-6 }));
  const result = await new HierarchyReplayer(trace).run({ ...base, tiers }, { samples: 0 });
  assertEquals(result.joinedBlocks, 0);
  const bound = await multiTierBound(trace, { ...base, tiers }, {
    requestNsMax: result.requestNs?.max,
  });
  assert(gapToBound(bound, result, "gpu").ratio <= 1);
});
