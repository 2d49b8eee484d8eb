/**
 * The engine in Wasm beside the reference engine: every instant equal, to the nanosecond.
 *
 * A block that was computed although it was there (by two requests at once, or at the end of a
 * prompt that is cached whole) is given up for the first copy, as SGLang does; the reference can
 * keep both as well, as vLLM does. Other rules of eviction are in `serving_eviction_test.ts`.
 */
import { assert } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import type { StepModel } from "../../engine/step_model.ts";
import { type Row, STEP } from "../support/serving_cases.ts";
import {
  anyEngine,
  anyRow,
  compareWithTwin,
  FULL,
  type Limits,
  rowsOf,
} from "../support/serving_twin.ts";

/** Preemptions, of which there should be some. */
function compare(
  rows: readonly Row[],
  limits: Limits,
  step: StepModel,
  prefixCache: boolean,
): number {
  const { requests } = compareWithTwin(rows, limits, { step, prefixCache });
  return requests.reduce((sum, { preemptions }) => sum + preemptions, 0);
}

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
