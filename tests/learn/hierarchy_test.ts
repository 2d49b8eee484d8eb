/** The learned policy in hierarchies: exact, equal in training and serving, LRU without trees. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HierarchyReplayer, simulate } from "../../engine/hierarchy.ts";
import { NO_TREES } from "../../engine/model.ts";
import { UsageError } from "../../errors/errors.ts";
import { Stage } from "../../learn/beginning.ts";
import { FEATURE_NAMES, packModel } from "../../learn/features.ts";
import { scoreOf } from "../../learn/forest.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import type { Trace } from "../../traces/trace.ts";
import { checkingModule, looseRequests, traceOf, treeRequests } from "../support/traces.ts";
import { ageBucket, naiveBelowLru, randomForest } from "./naive_learned.ts";

const checking = checkingModule();
const tree = traceOf(treeRequests(5, 400));
const loose = traceOf(looseRequests(6, 500));
const FEATURE = Object.fromEntries(FEATURE_NAMES.map((name, index) => [name, index]));

/** A hierarchy with these policies, fastest first. */
function tiersOf(
  policies: readonly string[],
  capacityBlocks: readonly number[],
  more: Partial<HierarchyScenario> = {},
): HierarchyScenario {
  const example = exampleHierarchy({ capacityBlocks });
  const tiers = example.tiers.map((tier, index) => ({ ...tier, policy: policies[index] }));
  return { ...example, ...more, tiers };
}

/** Blocks of each request, root first, by the numbers of the trace. */
function numbered(trace: Trace): number[][] {
  const { firstExtent } = trace.requests;
  const { firstBlock, blockCount } = trace.extents;
  return Array.from({ length: trace.requestCount }, (_, request) => {
    const blocks: number[] = [];
    for (let e = firstExtent[request]; e < firstExtent[request + 1]; e++) {
      for (let b = 0; b < blockCount[e]; b++) blocks.push(firstBlock[e] + b);
    }
    return blocks;
  });
}

Deno.test("rows in the tiers of a hierarchy are those of training, to the byte", async () => {
  const forest = randomForest(4, FEATURE_NAMES, 20);
  const model = await packModel(forest);
  for (const touch of ["root-first", "tail-first"] as const) {
    // What was known at each touch of a block, in the order of its touches.
    const training = new Stage(tree, { touch, rows: 1e6 }).record();
    const touches = new Map<number, { now: number; row: Uint8Array }[]>();
    for (let i = 0; i < training.length; i++) {
      const row = training.features.subarray(i * 16, i * 16 + 16);
      const of = touches.get(training.block[i]) ?? [];
      if (row[0] === 0) touches.set(training.block[i], [...of, { now: training.now[i], row }]);
    }
    const replayer = new HierarchyReplayer(tree, {}, checking);
    for (const policies of [["learned", "learned"], ["lru", "learned"]]) {
      for (const containment of ["exclusive", "inclusive"] as const) {
        const scenario = tiersOf(policies, [40, 90], { touch, containment });
        const models = [model, model];
        const serving = await replayer.record(scenario, { models }, 1e6, 1);
        const most = new Uint8Array(16);
        for (let i = 0; i < serving.length; i++) {
          const { now, row } = touches.get(serving.block[i])!
            .findLast((each) => each.now <= serving.now[i])!;
          const expected = [ageBucket(serving.now[i] - now), ...row.subarray(1)];
          const found = serving.features.subarray(i * 16, i * 16 + 16);
          assertEquals([...found], expected, `${policies} ${containment} ${touch}: row ${i}`);
          assertEquals(serving.score[i], scoreOf(forest, serving.features, i * 16));
          found.forEach((value, feature) => most[feature] = Math.max(most[feature], value));
        }
        // Below an LRU tier, too, the policy knows the request, the turn and the pause before it.
        assert(serving.length > 1000);
        for (const name of ["age", "gap1", "knownBlocks", "turn", "pause", "depth"]) {
          assert(most[FEATURE[name]] > (name === "turn" ? 1 : 0), `${policies}: ${name}`);
        }
      }
    }
  }
});

Deno.test("a learned tier below another gives up what a fresh look at all blocks would", async () => {
  for (let seed = 0; seed < 6; seed++) {
    const trace = traceOf(seed % 2 === 0 ? treeRequests(seed, 250) : looseRequests(seed, 400, 60));
    const forest = randomForest(seed, FEATURE_NAMES);
    const models = [undefined, await packModel(forest)];
    for (const module of [checking, undefined]) {
      const replayer = new HierarchyReplayer(trace, {}, module);
      for (const capacities of [[1, 1], [5, 20], [12, 60]] as const) {
        const scenario = tiersOf(["lru", "learned"], capacities, { touch: "root-first" });
        const { tiers } = await replayer.run(scenario, { models });
        const hits = tiers.map((tier) => tier.hits);
        assertEquals(hits, naiveBelowLru(numbered(trace), forest, capacities), `seed ${seed}`);
      }
    }
  }
});

Deno.test("with a model of no trees, every learned tier is LRU in every counter", async () => {
  for (const trace of [tree, loose]) {
    const arrivalNs = Float64Array.from({ length: trace.requestCount }, (_, i) => i * 5_000);
    const replayer = new HierarchyReplayer({
      ...trace,
      requests: { ...trace.requests, arrivalNs },
    });
    const models = [NO_TREES, NO_TREES, NO_TREES];
    for (const containment of ["exclusive", "inclusive"] as const) {
      for (const movement of ["synchronous", "timed"] as const) {
        const rules = { containment, movement, promotion: { kind: "nth", hits: 2 } as const };
        const run = async (policy: string) => {
          const scenario = tiersOf([policy, policy, policy], [7, 20, 50], rules);
          const { tiers, hashes: _, resultHash: _hash, ...rest } = await replayer.run(scenario, {
            models,
          });
          return { ...rest, tiers: tiers.map(({ policy: _, modelHash: _model, ...each }) => each) };
        };
        assertEquals(await run("learned"), await run("lru"), `${containment} ${movement}`);
      }
    }
  }
});

Deno.test("each tier goes by its own model, and the result says which", async () => {
  const [a, b] = await Promise.all(
    [2, 3].map((seed) => packModel(randomForest(seed, FEATURE_NAMES))),
  );
  const replayer = new HierarchyReplayer(tree);
  const scenario = tiersOf(["learned", "learned"], [20, 40]);
  const [ab, ba, aa] = [
    await replayer.run(scenario, { models: [a, b] }),
    await replayer.run(scenario, { models: [b, a] }),
    await replayer.run(scenario, { models: [a, a] }),
  ];
  assertEquals(ab.tiers.map(({ modelHash }) => modelHash), [a.hash, b.hash]);
  const hits = [ab, ba, aa].map(({ tiers }) => tiers.map((tier) => tier.hits).join());
  assertEquals(new Set(hits).size, 3, hits.join(" / "));
  assertEquals(new Set([ab, ba, aa].map(({ resultHash }) => resultHash)).size, 3);
  // A model beside another policy is nothing to it, and models do not outlive their run.
  const lru = tiersOf(["lru", "lru"], [20, 40]);
  const plain = await simulate(lru, tree);
  assertEquals((await replayer.run(lru, { models: [a, b] })).resultHash, plain.resultHash);
  assertEquals((await replayer.run(scenario, { models: [a, b] })).resultHash, ab.resultHash);
});

Deno.test("a learned tier without a model is refused, and the refusal teaches", async () => {
  const scenario = tiersOf(["lru", "learned"], [20, 40]);
  const error = await assertRejects(() => simulate(scenario, tree), UsageError, "has no model");
  assertStringIncludes(error.message, 'tier 1 ("tier1")');
  assertStringIncludes(error.problems[0].mend!.join(), "learn: { share: 0.3 }");
  await assertRejects(() => simulate(scenario, tree, { models: [NO_TREES] }), UsageError);
  await simulate(scenario, tree, { models: [undefined, NO_TREES] });
});

Deno.test("what a scenario keeps for learning is not counted, whatever the policy", async () => {
  const kept = tiersOf(["lru", "arc"], [20, 40], { learn: { share: 0.25 } });
  const result = await simulate(kept, tree);
  assertEquals([result.learnRequests, result.requests], [100, 300]);
  const warm = await simulate({ ...tiersOf(["lru", "arc"], [20, 40]), warmupRequests: 100 }, tree);
  assertEquals(result.tiers, warm.tiers);
  const longer = await simulate({ ...kept, warmupRequests: 150 }, tree);
  assertEquals(longer.requests, 250);
});
