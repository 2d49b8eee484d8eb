/**
 * Contexts of 4K to 128K tokens in the shipped scenario, against arithmetic by hand.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  loadClusterScenario,
  pairsOf,
  registry,
  simulateCluster,
  stepModel,
  stepNs,
  type StepWork,
} from "kvtier";
import { loadOf } from "../support/serving_cases.ts";

const PATH = "configs/scenarios/serving/context_length.yaml";
const LENGTHS = [4_096, 8_192, 32_768, 131_072];
const BLOCK = 512;

const scenarioWith = (...set: string[]) =>
  loadClusterScenario(PATH, { set: ["load.outputTokens=1", ...set], registry: registry() });

/** Time to the first token of one prompt that is alone in the cluster. */
async function loneTtftNs(tokens: number): Promise<number> {
  const blocks = Array.from({ length: tokens / BLOCK }, (_, i) => i);
  const trace = loadOf([{ arrivalNs: 0, blocks, outputTokens: 1 }], BLOCK);
  const { result } = await simulateCluster(await scenarioWith(), trace);
  assertEquals(result.finished, 1);
  return result.requests.firstTokenNs[0];
}

Deno.test("a lone prompt of 4K to 128K takes the sum of its chunks", async () => {
  const { model, device, tensorParallel, efficiency, engine } = await scenarioWith();
  const step = stepModel(model, device, { tensorParallel, efficiency });
  const chunk = engine.tokenBudget;
  for (const tokens of LENGTHS) {
    let expected = 0;
    for (let before = 0; before < tokens; before += chunk) {
      const count = Math.min(chunk, tokens - before);
      const pairs = pairsOf(before, count);
      const none = { contextTokens: 0, windowPairs: 0, windowContextTokens: 0 };
      const work: StepWork = { tokens: count, sequences: 1, pairs, ...none };
      expected += Math.round(stepNs(step, work));
    }
    // Powers may differ in their last bit between hosts: a nanosecond a chunk.
    const off = Math.abs(await loneTtftNs(tokens) - expected);
    assert(off <= tokens / chunk, `${tokens}: ${off}`);
  }
});

Deno.test("long prompts grow with FLOPs: weights times tokens, and pairs", async () => {
  const { device, tensorParallel: t, efficiency } = await scenarioWith();
  const rate = device.flopsPerSecond * t / 1e9;
  // Llama 3.1 70B: 80 layers of 8,192 with 64 heads of 128, 8 of KV, and 28,672 between.
  const weights = 80 * (8_192 * (64 + 16) * 128 + 8_192 * 8_192 + 3 * 8_192 * 28_672);
  const [long, half] = [131_072, 65_536];
  const perToken = 2 * weights / (efficiency.flops! * rate);
  const perPair = 4 * 80 * 64 * 128 / (0.6 * rate);
  const grown = await loneTtftNs(long) - await loneTtftNs(half);
  const flops = perToken * (long - half) + perPair * (pairsOf(0, long) - pairsOf(0, half));
  // What is not arithmetic: element-wise work, all-reduces, launches, the knee of the roofline.
  assert(grown > flops && grown < 1.35 * flops, `${grown / flops}`);
});

Deno.test("room for KV is what HBM has left, by hand; a context takes its share of it", async () => {
  const { engine, device, tensorParallel: t } = await scenarioWith();
  const bytesPerToken = 2 * 80 * 8 * 128 * 2;
  const weights = 2 *
    (80 * (8_192 * 80 * 128 + 8_192 ** 2 + 3 * 8_192 * 28_672) + 2 * 128_256 * 8_192);
  const activations = 0.68 * 2 ** 20 * engine.tokenBudget;
  const left = 0.9 * device.memoryBytes - weights / t - activations;
  assertAlmostEquals(engine.kvTokens / (left * t / bytesPerToken), 1, 1e-3);
  const blocks = Array.from({ length: 131_072 / BLOCK }, (_, i) => i);
  const trace = loadOf([{ arrivalNs: 0, blocks, outputTokens: 1 }], BLOCK);
  const { result } = await simulateCluster(await scenarioWith(), trace);
  const [{ capacityBlocks }] = result.replicas;
  assertEquals(capacityBlocks, Math.floor(engine.kvTokens / BLOCK));
  assertEquals(Math.max(...result.replicas.map(({ peakBlocks }) => peakBlocks)), 256);
});

Deno.test("a context that does not fit is refused, not served", async () => {
  const blocks = Array.from({ length: 131_072 / BLOCK }, (_, i) => i);
  const trace = loadOf([{ arrivalNs: 0, blocks, outputTokens: 1 }], BLOCK);
  const small = await scenarioWith("cluster.engine.kvTokens=130000");
  const { result } = await simulateCluster(small, trace);
  assertEquals([result.finished, result.refused], [0, 1]);
});
