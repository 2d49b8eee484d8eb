import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { runs } from "../../tests/support/seed.ts";
import { EngineError } from "../../errors/errors.ts";
import type { StepModel } from "../../engine/step_model.ts";
import { serveReference } from "./engine.ts";
import type { EngineRequest, EngineSettings } from "./served.ts";

/** A step takes 100 ns, and 1 ns for each new token. */
const STEP: StepModel = {
  stepNs: 100,
  sequenceNs: 0,
  tokenNs: 1,
  products: [],
  smoothness: 1,
  pairNs: 0,
  contextNs: 0,
  windowTokens: 0,
  windowPairNs: 0,
  windowContextNs: 0,
  allReduceNs: 0,
  allReduceNsPerToken: 0,
};

const request = (
  promptTokens: number,
  outputTokens: number,
  arrivalNs = 0,
  blockKeys: readonly number[] = [],
): EngineRequest => ({ arrivalNs, promptTokens, outputTokens, blockKeys });

const serve = (requests: readonly EngineRequest[], more: Partial<EngineSettings> = {}) =>
  serveReference(requests, { step: STEP, blocks: 1_000, ...more });

const keys = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

Deno.test("one request: a step for the prompt, then one for each further token", () => {
  const { requests: [served], steps, busyNs } = serve([request(40, 3, 7)]);
  assertEquals(served.firstTokenNs, 7 + 140);
  assertEquals(served.lastTokenNs, 7 + 140 + 2 * 101);
  assertEquals([steps, busyNs], [3, 342]);
});

Deno.test("a prompt above the budget is computed in chunks", () => {
  const { requests: [served], steps } = serve([request(250, 1)], { tokenBudget: 100 });
  assertEquals([served.firstTokenNs, steps], [550, 3]);
});

Deno.test("decoding goes first; prompts share what is left of the budget", () => {
  const { requests: [a, b] } = serve([request(10, 5), request(100, 1, 1)], { tokenBudget: 50 });
  assertEquals(a.firstTokenNs, 110);
  // From then on 1 token of a and 49 of b: b needs three more steps.
  assertEquals(b.scheduledNs, 110);
  assertEquals(b.firstTokenNs, 110 + 150 + 150 + 103);
});

Deno.test("KV exists once computed: an equal prompt finds it later, not at the same time", () => {
  const twin = keys(4);
  const both = serve([request(64, 1, 0, twin), request(64, 1, 0, twin)]).requests;
  assertEquals(both.map(({ cachedTokens }) => cachedTokens), [0, 0]);
  const later = serve([request(64, 1, 0, twin), request(64, 1, 1_000, twin)]).requests;
  // The last token is always computed, so its block is, too.
  assertEquals(later.map(({ cachedTokens }) => cachedTokens), [0, 48]);
  assertEquals(later[1].firstTokenNs - 1_000, 116);
  const off = serve([request(64, 1, 0, twin), request(64, 1, 1_000, twin)], { prefixCache: false });
  assertEquals(off.requests[1].cachedTokens, 0);
});

Deno.test("leaves are evicted before the prefixes they hang on", () => {
  const first = request(64, 1, 0, keys(4));
  const other = request(32, 1, 1_000, keys(2, 100));
  const again = request(64, 1, 2_000, keys(4));
  const { requests } = serve([first, other, again], { blocks: 5 });
  // Five blocks: four of the first; the second took the free one and the first's last block.
  assertEquals(requests[2].cachedTokens, 48);
  const tight = serve([first, request(48, 1, 1_000, keys(3, 100)), again], { blocks: 5 });
  assertEquals(tight.requests[2].cachedTokens, 32);
});

Deno.test("without room the latest request is preempted, recomputed, and still completes", () => {
  const { requests, peakBlocks } = serve([request(16, 40), request(16, 40)], { blocks: 5 });
  assertEquals(requests.map(({ preemptions }) => preemptions > 0), [false, true]);
  assert(requests[1].lastTokenNs > requests[0].lastTokenNs);
  assert(peakBlocks === 4 || peakBlocks === 5, `${peakBlocks}`);
});

Deno.test("a prompt waits until all of it fits, or starts with what fits", () => {
  const requests = [request(48, 20), request(64, 1, 10)];
  const waits = serve(requests, { blocks: 6, tokenBudget: 32 }).requests[1];
  const starts = serve(requests, { blocks: 6, tokenBudget: 32, reservePrompt: false }).requests[1];
  assert(starts.scheduledNs < waits.scheduledNs, `${starts.scheduledNs} ${waits.scheduledNs}`);
});

Deno.test("no more requests run at once than allowed", () => {
  const { requests } = serve([request(16, 10), request(16, 10)], { sequencesMax: 1 });
  assertEquals(requests[1].scheduledNs, requests[0].lastTokenNs);
});

Deno.test("a request that can never fit is refused, with its row", () => {
  const error = assertThrows(() => serve([request(16, 1), request(160, 2)], { blocks: 10 }));
  assert(error instanceof EngineError);
  assertEquals([error.code, error.place.row], ["engine/request-too-long", 2]);
});

Deno.test("every request completes once, in order of its instants, within the pool", () => {
  const any = fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 400 }),
      prompt: fc.integer({ min: 1, max: 90 }),
      output: fc.integer({ min: 1, max: 50 }),
      family: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 25 },
  );
  fc.assert(
    fc.property(any, fc.integer({ min: 9, max: 40 }), fc.boolean(), (rows, blocks, reserve) => {
      let now = 0;
      const requests = rows.map(({ gap, prompt, output, family }) =>
        request(prompt, output, now += gap, keys(Math.floor(prompt / 16), family * 1_000))
      );
      const settings = { blocks, tokenBudget: 37, sequencesMax: 6, reservePrompt: reserve };
      const run = serve(requests, settings);
      assertEquals(run, serve(requests, settings));
      assert(run.peakBlocks <= blocks);
      let tokens = 0;
      for (const [row, served] of run.requests.entries()) {
        const { arrivalNs, outputTokens, promptTokens } = requests[row];
        assert(served.arrivalNs === arrivalNs && served.scheduledNs >= arrivalNs);
        assert(served.firstTokenNs >= served.scheduledNs + 101);
        assert(served.lastTokenNs - served.firstTokenNs >= (outputTokens - 1) * 101);
        assert(served.cachedTokens < promptTokens);
        tokens += promptTokens - served.cachedTokens + outputTokens - 1;
      }
      // Preempted requests compute again, but for what the prefix cache kept.
      const preempted = run.requests.some(({ preemptions }) => preemptions > 0);
      const least = run.steps * 100 + tokens;
      assert(preempted ? run.busyNs >= run.steps * 101 : run.busyNs === least);
    }),
    { numRuns: runs(200) },
  );
});
