/** Learned tiers from end to end: trained or read, beside LRU, and compared with other policies. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ScenarioError } from "../../errors/errors.ts";
import { compareLearned } from "../../learn/compare_learned.ts";
import { compareWithLearned } from "../../learn/compare_with_learned.ts";
import { writeLightgbmText } from "../../learn/lightgbm_text.ts";
import { simulateLearned } from "../../learn/simulate_learned.ts";
import { trainEvictionModel } from "../../learn/train.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import { hierarchyText } from "../../report/hierarchy/text.ts";
import { simulate } from "../../engine/hierarchy.ts";
import { sha256Hex } from "../../traces/canonical.ts";
import { inFolder } from "../e2e/command.ts";
import { looseRequests, traceOf } from "../support/traces.ts";
import { scansAndReturns } from "./made_traffic.ts";

const training = { rows: 30_000, boost: { minLeafRows: 50, trees: 30 } };
const returns = traceOf(scansAndReturns(3000));

function twoTiers(more: Partial<HierarchyScenario> = {}): HierarchyScenario {
  const capacityBlocks = [600, 300];
  return exampleHierarchy({ capacityBlocks, tier: { policy: "learned" }, ...more });
}

Deno.test("learned tiers are trained on the start, counted on the rest, and beat LRU", async () => {
  const scenario = twoTiers({ learn: { share: 0.3 } });
  const result = await simulateLearned(scenario, returns, { training });
  assertEquals([result.learnRequests, result.requests], [900, 2100]);
  const [fast, slow] = result.learned!.tiers;
  // Exclusive tiers: what the slow one keeps was the fast one's before.
  assertEquals([fast.capacityBlocks, slow.capacityBlocks], [600, 900]);
  for (const { report, modelHash, tier } of result.learned!.tiers) {
    assertEquals([report!.learnRequests, report!.isModelUsed], [900, true]);
    assertEquals(modelHash, result.tiers[tier].modelHash);
  }
  // The model is the one that training by itself gives.
  const options = { ...training, capacityBlocks: 900, learnShare: 0.3 };
  const { model } = await trainEvictionModel(returns, options);
  assertEquals(slow.modelHash, model.packed.hash);
  // LRU beside it is the same scenario under LRU.
  const tiers = scenario.tiers.map((tier) => ({ ...tier, policy: "lru" }));
  const lru = await simulate({ ...scenario, tiers }, returns);
  const hits = (run: typeof lru) => run.tiers.reduce((sum, tier) => sum + tier.prefixHits, 0);
  assertEquals([slow.prefixHits, slow.lruPrefixHits], [hits(result), hits(lru)]);
  assert(slow.prefixHits > slow.lruPrefixHits + 0.1 * result.lookups);
  const { verdict } = result.learned!;
  assertStringIncludes(verdict, "Learned beats LRU by");
  const text = hierarchyText(result, scenario).replaceAll(/\s+/g, " ");
  for (const part of [verdict, "first 900 requests", "AUC", "of the gain", slow.modelHash]) {
    assertStringIncludes(text, part.replaceAll(" ", " "));
  }
});

Deno.test("where there is nothing to learn, LRU is enough, and the report says so", async () => {
  const loose = traceOf(looseRequests(5, 3000, 400));
  const scenario = exampleHierarchy({
    capacityBlocks: [30, 60],
    tier: { policy: "learned" },
    learn: { share: 0.3 },
  });
  const result = await simulateLearned(scenario, loose, { training });
  assertStringIncludes(result.learned!.verdict, "LRU is enough here");
  const text = hierarchyText(result, scenario).replaceAll(/\s+/g, " ");
  assertStringIncludes(text, "LRU is enough here");
});

Deno.test("a model read from a file serves as the one that was written", () =>
  inFolder(async (folder) => {
    const options = { ...training, capacityBlocks: 600, learnShare: 0.3 };
    const { model } = await trainEvictionModel(returns, options);
    const text = writeLightgbmText(model.forest);
    const file = `${folder}/trees.txt`;
    await Deno.writeTextFile(file, text);
    const hash = await sha256Hex(new TextEncoder().encode(text));
    const example = twoTiers({ warmupRequests: 900 });
    const [fast, slow] = example.tiers;
    const scenario = {
      ...example,
      tiers: [{ ...fast, policy: "lru" }, { ...slow, model: { file, hash } }],
    };
    const read = await simulateLearned(scenario, returns);
    assertEquals(read.tiers.map(({ modelHash }) => modelHash), [undefined, model.packed.hash]);
    const given = await simulate(scenario, returns, { models: [undefined, model.packed] });
    assertEquals(read.resultHash, given.resultHash);
    assertEquals(read.learned!.tiers.map((tier) => tier.file), [file]);
    const words = hierarchyText(read, scenario).replaceAll(/\s+/g, " ");
    assertStringIncludes(words, "what it was trained on is not known here");
    // Another folder is no other scenario; another file is.
    const moved = { file: `${folder}/moved.txt`, hash };
    await Deno.rename(file, moved.file);
    const again = { ...scenario, tiers: [scenario.tiers[0], { ...slow, model: moved }] };
    assertEquals((await simulateLearned(again, returns)).resultHash, read.resultHash);
    await Deno.writeTextFile(moved.file, text.replace("leaf_value=", "leaf_value= "));
    await assertRejects(() => simulateLearned(again, returns), ScenarioError, "another one");
    await Deno.writeTextFile(moved.file, "no model");
    const broken = await sha256Hex(new TextEncoder().encode("no model"));
    const bad = { file: moved.file, hash: broken };
    const refused = { ...scenario, tiers: [scenario.tiers[0], { ...slow, model: bad }] };
    const error = await assertRejects(() => simulateLearned(refused, returns), ScenarioError);
    assertEquals(error.problems[0].place?.file, moved.file);
  }));

Deno.test("policies are compared on what follows the training, each as if alone", async () => {
  const common = { ...training, capacityBlocks: 600, learnShare: 0.3 };
  const alone = await compareLearned(returns, common);
  const comparison = await compareWithLearned(returns, {
    policies: ["lru", "arc", "optimal", "optimal-demand"],
    capacities: ["600", "100"],
    learnShare: 0.3,
    training,
  });
  const { learned, results } = comparison;
  assertEquals(learned!.learnRequests, 900);
  assertEquals(learned!.models.map((model) => model.capacityBlocks), [600, 100]);
  assertEquals(learned!.models[0].modelHash, alone.model.packed.hash);
  assertEquals(results.map(({ policy }) => policy).slice(0, 5), [
    ...["lru", "arc", "optimal", "optimal-demand", "learned"],
  ]);
  const counts = (policy: string) => {
    const found = results.find((result) => result.policy === policy)!;
    return [found.requests, found.accesses, found.hits, found.prefixHits, found.hitTokens];
  };
  const of = (
    run: typeof alone.lru,
  ) => [run.requests, run.accesses, run.hits, run.prefixHits, run.hitTokens];
  assertEquals(counts("lru"), of(alone.lru));
  assertEquals(counts("learned"), of(alone.learned));
  assertEquals(counts("optimal").slice(1, 4), of(alone.optimal).slice(1, 4));
  for (const result of results) {
    assertEquals(result.accesses, alone.lru.accesses, result.policy);
    assert(result.hits <= result.optimalHits, `${result.policy} above the bound`);
    assertEquals(result.modelHash !== undefined, result.policy === "learned");
  }
  const half = await compareWithLearned(returns, {
    policies: ["lru"],
    capacities: ["600"],
    learnShare: 0.5,
    training,
  });
  assert(half.resultHash !== comparison.resultHash);
  assertEquals(half.results[0].requests, 1500);
});
