/** Laws of the hierarchy over random scenarios and traces, with the books checked at every touch. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import {
  EMPTY_MAIN,
  EMPTY_MAIN_REQUESTS,
  STALE_WINNER,
  STALE_WINNER_REQUESTS,
} from "./hierarchy_cases.ts";
import { HierarchyReplayer } from "../../engine/hierarchy.ts";
import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import { NO_TREES } from "../../engine/model.ts";
import { registry } from "../../engine/registry.ts";
import { Replayer } from "../../engine/replayer.ts";
import { FEATURE_NAMES, packModel } from "../../learn/features.ts";
import type { HierarchyScenario, Scheme } from "../../scenario/hierarchy.ts";
import { exampleHierarchy, NATIVE_SCHEME } from "../../scenario/hierarchy_example.ts";
import type { Trace } from "../../traces/trace.ts";
import { randomForest } from "../learn/naive_learned.ts";
import {
  checkingModule,
  looseRequests,
  numbersFrom,
  traceOf,
  treeRequests,
} from "../support/traces.ts";

const checking = checkingModule();
/** For the policies that go by one; neighbouring tiers have others, the third one of no trees. */
const forests = [3, 4].map((seed) => packModel(randomForest(seed, FEATURE_NAMES)));
const models = [...await Promise.all(forests), NO_TREES, ...await Promise.all(forests)];
const policies = registry().policies.filter((entry) => entry.general).map((entry) => entry.name);
const admitters = registry().admitters.map((entry) => entry.name);
const prefetchers = registry().prefetchers.map((entry) => entry.name);

/** Policies whose tiers know something together. */
const SHARING = [
  "windowed-recency",
  "heavy-hitter",
  "regret-aware",
  "learned",
  "furthest-next-use",
];
const isSharing = (name: string) => name.startsWith("lab-") || SHARING.includes(name);

const requests = fc.oneof(
  fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 60 }) })
    .map(({ seed, count }) => treeRequests(seed, count)),
  fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 60 }) })
    .map(({ seed, count }) => looseRequests(seed, count)),
);

const INT4: Scheme = {
  ...NATIVE_SCHEME,
  name: "int4",
  bitsPerNumber: 4,
  groupNumbers: 4,
  groupBytes: 1,
};

const tier = fc.record({
  blocks: fc.integer({ min: 3, max: 24 }),
  policy: fc.constantFrom(...policies),
  admission: fc.constantFrom("always", "always", ...admitters),
  scheme: fc.constantFrom(NATIVE_SCHEME, NATIVE_SCHEME, INT4),
  concurrency: fc.integer({ min: 1, max: 3 }),
});

const shape = fc.record({
  tiers: fc.array(tier, { minLength: 1, maxLength: 5 }),
  inclusive: fc.boolean(),
  write: fc.constantFrom("back" as const, "through" as const, "selective" as const),
  writeHits: fc.integer({ min: 1, max: 3 }),
  promotion: fc.constantFrom(
    { kind: "always" } as const,
    { kind: "always" } as const,
    { kind: "never" } as const,
    { kind: "nth", hits: 2 } as const,
  ),
  entry: fc.constantFrom("fastest" as const, "slowest" as const),
  demotion: fc.constantFrom("cascade" as const, "cascade" as const, "drop" as const),
  touch: fc.constantFrom("root-first" as const, "tail-first" as const),
  exchange: fc.constantFrom("detach" as const, "copy" as const),
  timed: fc.boolean(),
  recompute: fc.constantFrom("never" as const, "cheaper" as const),
  // Traces here last a millisecond, the least pause that next-turn knows.
  prefetch: fc.constantFrom("none", ...prefetchers, "next-turn(returns=0;wait=0.01)"),
  pinned: fc.integer({ min: 0, max: 2 }),
  floorBlocks: fc.integer({ min: 0, max: 4 }),
  warmup: fc.constantFrom(0, 0, 7),
  seed: fc.nat(),
});

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function scenarioOf(drawn: Shape): HierarchyScenario {
  const { tiers, inclusive, timed, pinned, floorBlocks, warmup, prefetch, ...rest } = drawn;
  const example = exampleHierarchy({ capacityBlocks: tiers.map(({ blocks }) => blocks) });
  return {
    ...example,
    ...rest,
    tiers: example.tiers.map((tier, index) => {
      const { policy, admission, scheme, concurrency } = tiers[index];
      return { ...tier, policy, admission, scheme, concurrency };
    }),
    containment: inclusive ? "inclusive" : "exclusive",
    write: inclusive ? rest.write : "back",
    movement: timed ? "timed" : "synchronous",
    prefill: { nsPerToken: 40, nsPerTokenSquared: 0.5 },
    prefetch: { name: prefetch, maxBlocks: 3 },
    pinnedDepthBlocks: pinned,
    fastFloorBytes: floorBlocks * 16,
    warmupRequests: warmup,
  };
}

/** The same requests at random instants, some of them at the same one. */
function timedTrace(all: readonly (readonly number[])[], seed: number): Trace {
  const trace = traceOf(all);
  const next = numbersFrom(seed);
  let now = 0;
  const arrivalNs = Float64Array.from(all, () => now += next() % 3 === 0 ? 0 : next() % 20_000);
  const session = Uint32Array.from(all, () => next() % 4);
  return { ...trace, requests: { ...trace.requests, arrivalNs, session } };
}

function sizes(count: number, seed: number): Uint32Array {
  const next = numbersFrom(seed);
  return Uint32Array.from({ length: count }, () => 8 + next() % 40);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Everything that must hold of any result. */
function assertLaws(result: HierarchyResult, scenario: HierarchyScenario): void {
  const hits = sum(result.tiers.map((tier) => tier.hits));
  assertEquals(hits + result.misses, result.lookups);
  const { requested, useful, late, wasted } = result.prefetch;
  assertEquals(useful + late + wasted, requested);
  for (const tier of result.tiers) {
    assert(tier.usedBytes <= tier.peakBytes && tier.peakBytes <= tier.capacityBytes);
    assert(tier.prefixHits <= tier.hits);
    if (scenario.warmupRequests === 0) {
      assertEquals(tier.bytesIn - tier.bytesOut, tier.usedBytes);
    }
  }
  const { load, wait, compute, dequantise, total } = result.latencyNs;
  assertEquals(load + wait + compute + dequantise, total);
  assert(
    [load, wait, compute, dequantise].every((part) => Number.isSafeInteger(part) && part >= 0),
  );
  const demotions = sum(result.trafficBytes.flatMap((matrix) => matrix.flatMap((row) => row)));
  assert(sum(result.demotedBytes) <= demotions);
}

Deno.test("the books balance after every touch, whatever the scenario", async () => {
  await fc.assert(
    fc.asyncProperty(requests, shape, fc.boolean(), async (all, drawn, unequal) => {
      const scenario = scenarioOf(drawn);
      const trace = timedTrace(all, drawn.seed);
      if (trace.uniqueBlocks === 0) return;
      const columns = unequal ? { blockBytes: sizes(trace.uniqueBlocks, drawn.seed) } : {};
      const replayer = new HierarchyReplayer(trace, columns, checking);
      const result = await replayer.run(scenario, { checkBooks: true, samples: 5, models });
      assertLaws(result, scenario);
      const again = await replayer.run(scenario, { samples: 5, models });
      assertEquals(again.resultHash, result.resultHash);
    }),
    {
      numRuns: runs(1500),
      examples: [
        [EMPTY_MAIN_REQUESTS, EMPTY_MAIN, true],
        [STALE_WINNER_REQUESTS, STALE_WINNER, true],
      ],
    },
  );
});

Deno.test("one tier of policy X is policy X", async () => {
  const touch = fc.constantFrom("root-first" as const, "tail-first" as const);
  const capacity = fc.integer({ min: 1, max: 40 });
  const admission = fc.constantFrom(...admitters);
  await fc.assert(
    fc.asyncProperty(
      requests,
      fc.constantFrom(...policies),
      capacity,
      touch,
      admission,
      async (all, policy, capacityBlocks, touch, admission) => {
        // What tiers share hears of every access; a single tier only of those that it admits.
        if (isSharing(policy) && admission !== "always") return;
        const trace = traceOf(all);
        const replayer = new Replayer(trace, checking);
        const expected = replayer.run({
          policy: replayer.registry.policy(policy),
          admission: replayer.registry.admitter(admission),
          capacityBlocks,
          touch,
          seed: 42,
          engine: "general",
          model: models[0],
        });
        const scenario = exampleHierarchy({
          capacityBlocks: [capacityBlocks],
          touch,
          tier: { policy, admission },
        });
        const result = await new HierarchyReplayer(trace, {}, checking).run(scenario, { models });
        const [tier] = result.tiers;
        assertEquals({
          hits: tier.hits,
          prefixHits: tier.prefixHits,
          insertions: tier.insertedIn,
          evictions: tier.evictions,
          bypasses: tier.bypasses,
          residentBlocks: tier.residentBlocks,
          hitTokens: result.hitTokens,
          inputTokens: result.inputTokens,
        }, {
          hits: expected.hits,
          prefixHits: expected.prefixHits,
          insertions: expected.insertions,
          evictions: expected.evictions,
          bypasses: expected.bypasses,
          residentBlocks: expected.residentBlocks,
          hitTokens: expected.hitTokens,
          inputTokens: expected.inputTokens,
        });
      },
    ),
    { numRuns: runs(400) },
  );
});
