/** Prefill and decode apart, beside the same engines that do both. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { ServingResult } from "../../engine/serving_result.ts";
import { type ReplicaSpec, type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, rows: readonly Row[]): ServingResult =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

const ENGINE = { blocks: 1_000, maxSequences: 16, tokenBudget: 64 };
const MODEL = { ...STEP, pairNs: 0.5, contextNs: 3, sequenceNs: 20 };

/** One prefill replica and some decoders: 1,000 bytes a block at 1 GB/s, 300 ns on the way. */
function apart(rest: Partial<ServingSpec> = {}, decoder: Partial<ReplicaSpec> = {}, decoders = 1) {
  const base = singleEngine(MODEL, ENGINE, 1 + decoders);
  const links = base.replicas.map((_, i) => ({
    name: i === 0 ? "out" : `in${i}`,
    latencyNs: 150,
    bytesPerSecond: 1e9,
  }));
  const replicas = base.replicas.map((each, i): ReplicaSpec =>
    i === 0
      ? { ...each, role: "prefill", linkOut: 0 }
      : { ...each, role: "decode", linkIn: i, ...decoder }
  );
  return { ...base, replicas, links, blockBytes: 1_000, layers: 8, ...rest };
}

const row = (arrivalNs: number, first: number, blocks: number, outputTokens: number): Row => ({
  arrivalNs,
  blocks: Array.from({ length: blocks }, (_, i) => first + i),
  outputTokens,
});

Deno.test("one sequence alone: apart, it takes what one engine takes and its transfer", () => {
  const one = singleEngine(MODEL, ENGINE);
  const rows = [row(0, 0, 40, 30)];
  const whole = serve(one, rows).requests;
  for (const handover of ["push", "push-layerwise", "pull", "pull-on-demand"] as const) {
    const { requests } = serve(apart({ handover }), rows);
    assertEquals(requests.firstTokenNs, whole.firstTokenNs, handover);
    const transferNs = requests.decodeStartNs[0] - requests.firstTokenNs[0];
    assert(transferNs > 300, handover);
    assertEquals(requests.finishNs[0] - transferNs, whole.finishNs[0], handover);
  }
});

Deno.test("the next turn sends the blocks that its decoder lacks, and no other", () => {
  // The second prompt repeats the first and its answer of 9 tokens, and adds 12 blocks.
  const turns = [row(0, 0, 20, 9), row(0, 0, 34, 5)].map((each) => ({ ...each, session: 0 }));
  for (const handover of ["push", "push-layerwise", "pull"] as const) {
    const sent = (rest: Partial<ServingSpec>) => {
      const { requests, transferBytes } = serve(apart({ handover, ...rest }), turns);
      assertEquals(
        transferBytes,
        1_000 * (requests.transferBlocks[0] + requests.transferBlocks[1]),
      );
      return [...requests.transferBlocks];
    };
    // Of the answer, 8 tokens have KV: two blocks.
    assertEquals(sent({}), [20, 34 - 20 - 2], handover);
    assertEquals(sent({ cacheAnswers: false }), [20, 34 - 20], handover);
    assertEquals(sent({ deltaTransfer: false }), [20, 34], handover);
  }
});

Deno.test("leaving layer by layer saves the time of the prefill at most, and loses nothing", () => {
  const any = fc.record({
    layers: fc.integer({ min: 1, max: 80 }),
    tokenBudget: fc.integer({ min: 4, max: 200 }),
    blocks: fc.integer({ min: 1, max: 60 }),
    bytesPerSecond: fc.constantFrom(2e7, 2e8, 1e9, 1e10),
    discipline: fc.constantFrom("fifo" as const, "fair-share" as const),
  });
  let saved = 0;
  fc.assert(
    fc.property(any, ({ layers, tokenBudget, blocks, bytesPerSecond, discipline }) => {
      const base = apart({ layers, discipline }, {});
      const spec = {
        ...base,
        replicas: base.replicas.map((each) => ({ ...each, tokenBudget })),
        links: base.links.map((link) => ({ ...link, bytesPerSecond })),
      };
      const [late, early] = (["push", "push-layerwise"] as const).map((handover) =>
        serve({ ...spec, handover }, [row(0, 0, blocks, 4)]).requests
      );
      const prefillNs = late.firstTokenNs[0] - late.scheduledNs[0];
      const gainNs = late.decodeStartNs[0] - early.decodeStartNs[0];
      // A nanosecond for each part that is rounded up.
      assert(
        gainNs <= prefillNs && gainNs >= -Math.ceil(4 * blocks / tokenBudget) - 1,
        `${gainNs}`,
      );
      const leftNs = early.decodeStartNs[0] - early.firstTokenNs[0] - 300;
      // The last chunk completes the block that the one before it began.
      const lastChunk = 4 * blocks % tokenBudget || tokenBudget;
      const chunkBlocks = blocks - Math.max(0, Math.floor((4 * blocks - lastChunk) / 4));
      const lastLayer = Math.floor(chunkBlocks * 1_000 / layers);
      assert(leftNs >= lastLayer / bytesPerSecond * 1e9 - 1, "the last layer crosses at the end");
      saved += gainNs;
    }),
    { numRuns: runs(200) },
  );
  assert(saved > 0, "nothing was ever saved");
});

Deno.test("with a full decoder KV comes later the later it is asked for", () => {
  const rows = [row(0, 0, 8, 60), row(10, 100, 20, 4)];
  const second = (handover: ServingSpec["handover"], decoder: Partial<ReplicaSpec>) => {
    const { requests } = serve(apart({ handover }, decoder), rows);
    assert(requests.decodeStartNs[1] >= requests.firstTokenNs[1]);
    return { kvNs: requests.decodeStartNs[1], endNs: requests.finishNs[1] };
  };
  // One place: KV that was pushed waits there; on demand it is sent when the place is free.
  const place = { maxSequences: 1 };
  const [push, pull, demand] = (["push", "pull", "pull-on-demand"] as const)
    .map((handover) => second(handover, place));
  assert(push.kvNs + 300 === pull.kvNs, "pulling asks first");
  assertEquals(pull.endNs - push.endNs, 300);
  assertEquals(demand.endNs - pull.endNs, 2 * 300 + 20 * 1_000, "the whole transfer is waited for");
  // Room for one only: the second waits for the end of the first, which asked, too.
  const room = { blocks: 24 };
  const [pushed, pulled] = (["push", "pull"] as const).map((handover) => second(handover, room));
  const first = serve(apart({ handover: "push" }, room), rows).requests.finishNs[0];
  assert(pushed.kvNs > first && pulled.kvNs - pushed.kvNs === 2 * 300);
});

Deno.test("engines that do both gain tokens per second with every sequence of a step", () => {
  const rows = Array.from({ length: 64 }, (_, i) => row(0, 100 * i, 2, 40));
  const rates = [1, 2, 4, 8, 16, 32, 64].map((maxSequences) => {
    const result = serve(singleEngine(MODEL, { ...ENGINE, maxSequences }), rows);
    return result.outputTokens / result.endNs;
  });
  for (let i = 1; i < rates.length; i++) assert(rates[i] > rates[i - 1], `${rates}`);
  // 1,000 ns of a step are shared by all its sequences; a token's own are some 150.
  assert(rates[3] > 4 * rates[0], `${rates}`);
});
