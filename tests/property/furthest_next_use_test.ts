/** The oracle furthest-next-use: MIN where it is MIN, its definition where it is not. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import "../support/seed.ts";
import { HierarchyReplayer } from "../../engine/hierarchy.ts";
import { registry } from "../../engine/registry.ts";
import { Replayer } from "../../engine/replayer.ts";
import { EngineError } from "../../errors/errors.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import { checkingModule, looseRequests, traceOf, treeRequests } from "../support/traces.ts";

const checking = checkingModule();
const seeds = fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 80 }) });
const requests = fc.oneof(
  seeds.map(({ seed, count }) => treeRequests(seed, count)),
  seeds.map(({ seed, count }) => looseRequests(seed, count)),
);

Deno.test("furthest-next-use in one tier, root-first, is MIN on demand", () => {
  fc.assert(fc.property(requests, fc.integer({ min: 1, max: 40 }), (all, capacityBlocks) => {
    const replayer = new Replayer(traceOf(all), checking);
    const run = (policy: string) =>
      replayer.run({
        policy: replayer.registry.policy(policy),
        admission: replayer.registry.admitter("always"),
        capacityBlocks,
        touch: "root-first",
        seed: 1,
      });
    const { engine: _general, ...found } = run("furthest-next-use");
    const { engine: _kernel, ...expected } = run("optimal-demand");
    assertEquals(found, expected);
  }));
});

/** Hits by tier of an inclusive pair, by the definition: both tiers hold what they were given. */
function inclusivePair(all: readonly (readonly number[])[], fast: number, slow: number): number[] {
  const touches = all.flat();
  const tiers: [number, number[]][] = [[fast, []], [slow, []]];
  const hits = [0, 0];
  touches.forEach((block, now) => {
    const nextUse = (other: number) => {
      const next = touches.indexOf(other, now + 1);
      return next < 0 ? Infinity : next;
    };
    const enter = ([capacity, held]: [number, number[]], newcomer: number) => {
      if (held.includes(newcomer)) return undefined;
      let victim: number | undefined;
      if (held.length === capacity) {
        victim = held.reduce((worst, other) => nextUse(other) > nextUse(worst) ? other : worst);
        held.splice(held.indexOf(victim), 1);
      }
      held.push(newcomer);
      return victim;
    };
    const at = tiers.findIndex(([, held]) => held.includes(block));
    if (at >= 0) hits[at]++;
    if (at === 0) return;
    // What leaves the fast tier is written below, unless it has its copy there.
    const victim = enter(tiers[0], block);
    if (victim !== undefined) enter(tiers[1], victim);
  });
  return hits;
}

Deno.test("furthest-next-use knows the next use of copies below, too", async () => {
  const size = fc.integer({ min: 1, max: 10 });
  await fc.assert(fc.asyncProperty(requests, size, size, async (all, fast, slow) => {
    const scenario = exampleHierarchy({
      capacityBlocks: [fast, slow],
      containment: "inclusive",
      touch: "root-first",
      tier: { policy: "furthest-next-use" },
    });
    const result = await new HierarchyReplayer(traceOf(all), {}, checking).run(scenario);
    assertEquals(result.tiers.map(({ hits }) => hits), inclusivePair(all, fast, slow));
  }));
});

Deno.test("furthest-next-use is an oracle and no bound, and bounds are not for hierarchies", async () => {
  const oracles = registry().policies.filter(({ oracle }) => oracle);
  assertEquals(
    oracles.map(({ name, general, heuristic }) => [name, general, heuristic]),
    [["furthest-next-use", true, true], ["optimal", false, false], [
      "optimal-demand",
      false,
      false,
    ]],
  );
  const scenario = exampleHierarchy({ capacityBlocks: [2], tier: { policy: "optimal" } });
  const error = await assertRejects(
    () => new HierarchyReplayer(traceOf([[1]]), {}, checking).run(scenario),
    EngineError,
  );
  assertStringIncludes(error.problems[0].mend?.join(" ") ?? "", "furthest-next-use");
});

Deno.test("furthest-next-use knows the last use, also when requests end in another order", async () => {
  // The second request computes for long, the third asks for block 0 alone and ends before it.
  const trace = traceOf([[0], [0, 1, 2, 3], [0], [4], [1, 2, 3, 4]]);
  const arrivalNs = Float64Array.of(0, 1e6, 1e6 + 1, 1e9, 2e9);
  const scenario = exampleHierarchy({
    capacityBlocks: [4],
    movement: "timed",
    prefill: { nsPerToken: 1000, nsPerTokenSquared: 0 },
    tier: { policy: "furthest-next-use" },
  });
  const timed = { ...trace, requests: { ...trace.requests, arrivalNs } };
  const { tiers: [tier] } = await new HierarchyReplayer(timed, {}, checking).run(scenario);
  // Block 0 made room for block 4, so that the last request finds everything.
  assertEquals([tier.hits, tier.evictions], [2 + 4, 1]);
});

Deno.test("furthest-next-use in three tiers serves more from the fastest than LRU", async () => {
  const replayer = new HierarchyReplayer(traceOf(looseRequests(3, 400, 80)), {}, checking);
  for (const touch of ["root-first", "tail-first"] as const) {
    const hits = await Promise.all(["furthest-next-use", "lru"].map(async (policy) => {
      const scenario = exampleHierarchy({ capacityBlocks: [8, 16, 32], touch, tier: { policy } });
      return (await replayer.run(scenario, { checkBooks: true })).tiers[0].hits;
    }));
    assert(hits[0] > 1.5 * hits[1], `${touch}: ${hits}`);
  }
});
