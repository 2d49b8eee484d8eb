/**
 * The engine in Wasm beside the reference engine, on one replica and the same requests.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { registry } from "../../engine/registry.ts";
import { serveTrace } from "../../engine/serving.ts";
import { singleEngine } from "../../engine/serving_spec.ts";
import type { StepModel } from "../../engine/step_model.ts";
import { serveReference } from "../../serving/reference/engine.ts";
import type { EngineRequest, ServedRun } from "../../serving/reference/served.ts";
import { loadOf, type Row, STEP } from "./serving_cases.ts";
import { checkingModule } from "./traces.ts";

const module = checkingModule();
export const BLOCK_TOKENS = 4;
/** Whole nanoseconds, so that sums are exact. */
export const FULL: StepModel = {
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

/** Rules that may evict a prefix before its tail; the others do not look for tails. */
export const STRANDING: ReadonlySet<string> = new Set(["fifo", "clock", "sieve", "2q", "s3-fifo"]);

/** One request before it is given blocks. */
export interface Sketch {
  readonly gap: number;
  readonly family: number;
  readonly prompt: number;
  readonly output: number;
}

export const anyRow = (families: number, gapMost = 9_000): fc.Arbitrary<Sketch> =>
  fc.record({
    gap: fc.integer({ min: 0, max: gapMost }),
    family: fc.integer({ min: 0, max: families }),
    prompt: fc.integer({ min: 1, max: 44 }),
    output: fc.integer({ min: 1, max: 30 }),
  });

/** Prompts of a family begin alike; without families, all are distinct. */
export function rowsOf(any: readonly Sketch[], shares: boolean): Row[] {
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

/** Limits of an engine. */
export interface Limits {
  readonly blocks: number;
  readonly maxSequences: number;
  readonly tokenBudget: number;
}

export const anyEngine = (least: number, most: number): fc.Arbitrary<Limits> =>
  fc.record({
    blocks: fc.integer({ min: least, max: most }),
    maxSequences: fc.integer({ min: 1, max: 8 }),
    tokenBudget: fc.integer({ min: 8, max: 64 }),
  });

/** What else of the engine is asked. */
export interface Asked {
  readonly step: StepModel;
  readonly prefixCache?: boolean;
  /** Registered rule, with parameters. */
  readonly eviction?: string;
}

/** The twin's run. */
export function twinOf(
  rows: readonly Row[],
  limits: Limits,
  { step, prefixCache = true, eviction = "lru" }: Asked,
): ServedRun {
  const { entry, values } = registry().eviction(eviction);
  const requests = rows.map(({ arrivalNs, blocks, inputTokens, outputTokens }): EngineRequest => ({
    arrivalNs,
    promptTokens: inputTokens!,
    outputTokens,
    blockKeys: blocks.slice(0, Math.floor(inputTokens! / BLOCK_TOKENS)),
  }));
  return serveReference(requests, {
    step,
    blocks: limits.blocks,
    blockTokens: BLOCK_TOKENS,
    tokenBudget: limits.tokenBudget,
    sequencesMax: limits.maxSequences,
    prefixCache,
    reservePrompt: false,
    shareCopies: true,
    eviction: entry.name,
    evictionParameters: Object.fromEntries(
      entry.parameters.map(({ name }, i) => [name, values[i]]),
    ),
  });
}

/** Serves by both; every instant of every request must be equal. Gives the twin's run. */
export function compareWithTwin(rows: readonly Row[], limits: Limits, asked: Asked): ServedRun {
  const trace = loadOf(rows, BLOCK_TOKENS);
  const base = singleEngine(asked.step, limits);
  const { prefixCache = true, eviction = "lru" } = asked;
  const replicas = base.replicas.map((each) => ({ ...each, prefixCache, eviction }));
  const result = serveTrace({ ...base, replicas }, trace, { module, checkBooks: true });
  const twin = twinOf(rows, limits, asked);
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
  const strands = STRANDING.has(registry().eviction(eviction).entry.name);
  assertEquals(result.strandedTokens, strands ? twin.strandedTokens : 0);
  return twin;
}
