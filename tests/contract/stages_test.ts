/**
 * Tiers that take blocks in by waves must give what the long way gives, which is taken while the
 * books are checked: for every registered policy, with no list to edit when one is added.
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { HierarchyReplayer } from "../../engine/hierarchy.ts";
import { registry } from "../../engine/registry.ts";
import { NO_TREES } from "../../engine/model.ts";
import { FEATURE_NAMES, packModel } from "../../learn/features.ts";
import { randomForest } from "../learn/naive_learned.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import type { Trace } from "../../traces/trace.ts";
import {
  checkingModule,
  looseRequests,
  numbersFrom,
  traceOf,
  treeRequests,
} from "../support/traces.ts";

const checking = checkingModule();
/** For the policies that go by one; the third tier's has no trees. */
const forests = [3, 4].map((seed) => packModel(randomForest(seed, FEATURE_NAMES)));
const models = [...await Promise.all(forests), NO_TREES, ...await Promise.all(forests)];
const online = registry().policies.filter((entry) => !entry.oracle).map((entry) => entry.name);
const prefetchers = registry().prefetchers.map((entry) => entry.name);

/** Requests at random instants, of which some overlap. */
function arriving(requests: readonly (readonly number[])[], seed: number): Trace {
  const trace = traceOf(requests);
  const next = numbersFrom(seed);
  let now = 0;
  const arrivalNs = Float64Array.from(requests, () => now += next() % 3 === 0 ? 0 : next() % 4000);
  return { ...trace, requests: { ...trace.requests, arrivalNs } };
}

/** One long prompt after the other, more blocks than wait at a time, then traffic on a tree. */
const LONG = Array.from({ length: 9 }, (_, i) => Array.from({ length: 90 }, (_, k) => i * 50 + k));
const TRACES = {
  tree: arriving(treeRequests(3, 250), 3),
  loose: arriving(looseRequests(4, 250), 4),
  long: arriving([...LONG, ...treeRequests(5, 60)], 5),
};

async function assertSame(trace: Trace, scenario: HierarchyScenario): Promise<void> {
  const replayer = new HierarchyReplayer(trace, {}, checking);
  const waves = await replayer.run(scenario, { samples: 3, models });
  const walked = await replayer.run(scenario, { samples: 3, checkBooks: true, models });
  assertEquals(waves, walked);
}

for (const policy of online) {
  Deno.test(`${policy}: waves and the long way give the same hierarchy`, async () => {
    for (const [name, trace] of Object.entries(TRACES)) {
      for (const containment of ["exclusive", "inclusive"] as const) {
        for (const movement of ["synchronous", "timed"] as const) {
          const touch = name === "loose" ? "root-first" : "tail-first";
          const capacityBlocks = name === "long" ? [60, 30, 150] : [7, 5, 23];
          const rest = { capacityBlocks, touch, containment, movement, tier: { policy } } as const;
          await assertSame(trace, exampleHierarchy({ ...rest, recompute: "cheaper" }));
        }
      }
    }
  });
}

const mixed = fc.record({
  requests: fc.tuple(fc.nat(), fc.integer({ min: 1, max: 120 }), fc.boolean())
    .map(([seed, count, tree]) => (tree ? treeRequests : looseRequests)(seed, count)),
  tiers: fc.array(
    fc.record({ blocks: fc.integer({ min: 1, max: 24 }), policy: fc.constantFrom(...online) }),
    { minLength: 1, maxLength: 5 },
  ),
  containment: fc.constantFrom("exclusive" as const, "inclusive" as const),
  movement: fc.constantFrom("synchronous" as const, "timed" as const),
  recompute: fc.constantFrom("never" as const, "cheaper" as const),
  promotion: fc.constantFrom(
    { kind: "always" } as const,
    { kind: "never" } as const,
    { kind: "nth", hits: 2 } as const,
  ),
  entry: fc.constantFrom("fastest" as const, "fastest" as const, "slowest" as const),
  touch: fc.constantFrom("root-first" as const, "tail-first" as const),
  prefetcher: fc.constantFrom("none", "none", ...prefetchers),
  warmupRequests: fc.constantFrom(0, 5),
  seed: fc.nat(),
});

Deno.test("waves and the long way agree over mixed policies, entries and promotions", async () => {
  await fc.assert(
    fc.asyncProperty(mixed, async ({ requests, tiers, prefetcher, ...rest }) => {
      const trace = arriving(requests, rest.seed);
      if (trace.uniqueBlocks === 0) return;
      const example = exampleHierarchy({ capacityBlocks: tiers.map(({ blocks }) => blocks) });
      await assertSame(trace, {
        ...example,
        ...rest,
        tiers: example.tiers.map((tier, index) => ({ ...tier, policy: tiers[index].policy })),
        prefetch: { name: prefetcher, maxBlocks: 3 },
      });
    }),
    { numRuns: runs(600) },
  );
});
