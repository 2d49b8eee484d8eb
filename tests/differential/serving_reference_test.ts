/**
 * The engine in Wasm beside the reference engine: every instant equal, to the nanosecond.
 *
 * Where they differ on purpose: the reference keeps a second copy of a block that was computed
 * although it was there (by two requests at once, or at the end of a prompt that is cached whole),
 * as vLLM does; the engine shares the first copy, as SGLang does. So where memory is tight, prompts
 * here are distinct, or come one at a time and end within a block.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import { singleEngine } from "../../engine/serving_spec.ts";
import type { StepModel } from "../../engine/step_model.ts";
import { serveReference } from "../../serving/reference/engine.ts";
import type { EngineRequest } from "../../serving/reference/served.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const BLOCK_TOKENS = 4;
/** Whole nanoseconds, so that sums are exact. */
const FULL: StepModel = {
  ...STEP,
  sequenceNs: 7,
  pairNs: 2,
  contextNs: 3,
  windowTokens: 9,
  windowPairNs: 4,
  windowContextNs: 2,
  allReduceNs: 100,
  allReduceNsPerToken: 1,
  mixedSequenceNs: 13,
  mixedContextFactor: 2,
  products: [{ nsPerToken: 20, weightNs: 300, overheadNs: 11, activeShare: 1 }],
};

const anyRow = (families: number) =>
  fc.record({
    gap: fc.integer({ min: 0, max: 9_000 }),
    family: fc.integer({ min: 0, max: families }),
    prompt: fc.integer({ min: 1, max: 44 }),
    output: fc.integer({ min: 1, max: 30 }),
  });

/** Prompts of a family begin alike; without families, all are distinct. */
function rowsOf(
  any: readonly { gap: number; family: number; prompt: number; output: number }[],
  shares: boolean,
): Row[] {
  let now = 0;
  return any.map(({ gap, family, prompt, output }, row) => {
    const whole = Math.ceil(prompt / BLOCK_TOKENS);
    const first = shares ? family * 100 : 10_000 + row * 100;
    return {
      arrivalNs: now += gap,
      // A block that is partly filled is like no other.
      blocks: Array.from(
        { length: whole },
        (_, i) => (i + 1) * BLOCK_TOKENS > prompt ? 100_000 + row : first + i,
      ),
      inputTokens: prompt,
      outputTokens: output,
    };
  });
}

function compare(
  rows: readonly Row[],
  engine: { blocks: number; maxSequences: number; tokenBudget: number },
  step: StepModel,
  prefixCache: boolean,
): number {
  const trace = loadOf(rows, BLOCK_TOKENS);
  const base = singleEngine(step, engine);
  const spec = { ...base, replicas: base.replicas.map((each) => ({ ...each, prefixCache })) };
  const result = serveTrace(spec, trace, { module, checkBooks: true });
  const requests = rows.map(({ arrivalNs, blocks, inputTokens, outputTokens }): EngineRequest => ({
    arrivalNs,
    promptTokens: inputTokens!,
    outputTokens,
    blockKeys: blocks.slice(0, Math.floor(inputTokens! / BLOCK_TOKENS)),
  }));
  const twin = serveReference(requests, {
    step,
    blocks: engine.blocks,
    blockTokens: BLOCK_TOKENS,
    tokenBudget: engine.tokenBudget,
    sequencesMax: engine.maxSequences,
    prefixCache,
    reservePrompt: false,
  });
  for (const [r, expected] of twin.requests.entries()) {
    const found = {
      arrivalNs: result.requests.arrivalNs[r],
      scheduledNs: result.requests.scheduledNs[r],
      firstTokenNs: result.requests.firstTokenNs[r],
      lastTokenNs: result.requests.finishNs[r],
      cachedTokens: result.requests.cachedTokens[r],
      preemptions: result.requests.preemptions[r],
    };
    assertEquals(found, expected, `request ${r}`);
  }
  assertEquals([result.steps, result.replicas[0].busyNs], [twin.steps, twin.busyNs]);
  return twin.requests.reduce((sum, { preemptions }) => sum + preemptions, 0);
}

const anyEngine = (least: number, most: number) =>
  fc.record({
    blocks: fc.integer({ min: least, max: most }),
    maxSequences: fc.integer({ min: 1, max: 8 }),
    tokenBudget: fc.integer({ min: 8, max: 64 }),
  });

Deno.test("tight memory: distinct prompts, preemption and eviction, to the nanosecond", () => {
  let preempted = 0;
  fc.assert(
    fc.property(
      fc.array(anyRow(3), { minLength: 1, maxLength: 30 }),
      anyEngine(20, 40),
      fc.boolean(),
      (any, engine, cache) => {
        preempted += compare(rowsOf(any, false), engine, STEP, cache);
      },
    ),
    { numRuns: runs(300) },
  );
  assert(preempted > 100, `only ${preempted} preemptions were compared`);
});

Deno.test("ample memory: shared prefixes and every constant of a step, to the nanosecond", () => {
  fc.assert(
    fc.property(
      fc.array(anyRow(3), { minLength: 1, maxLength: 30 }),
      anyEngine(2_000, 2_000),
      fc.boolean(),
      (any, engine, cache) => {
        compare(rowsOf(any, true), engine, FULL, cache);
      },
    ),
    { numRuns: runs(300) },
  );
});

Deno.test("tight memory, one sequence at a time: what is evicted and found again", () => {
  fc.assert(
    fc.property(
      fc.array(anyRow(5), { minLength: 1, maxLength: 40 }),
      anyEngine(20, 60),
      (any, engine) => {
        const within = any.map((row) => ({
          ...row,
          prompt: row.prompt - Number(row.prompt % 4 === 0),
        }));
        compare(rowsOf(within, true), { ...engine, maxSequences: 1 }, FULL, true);
      },
    ),
    { numRuns: runs(300) },
  );
});
