/**
 * Every eviction rule of the serving engine beside its twin, to the nanosecond, and beside the
 * policy of the same name.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { type Entry, registry } from "../../engine/registry.ts";
import { Replayer } from "../../engine/replayer.ts";
import { serveTrace } from "../../engine/serving.ts";
import { type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { loadOf, STEP } from "../support/serving_cases.ts";
import {
  anyEngine,
  anyRow,
  BLOCK_TOKENS,
  compareWithTwin,
  FULL,
  rowsOf,
  STRANDING,
  twinOf,
} from "../support/serving_twin.ts";
import { checkingModule, traceOf } from "../support/traces.ts";

const module = checkingModule();
const { evictions } = registry();

/** The rule with its usual parameters, or with others. */
function anyParameters({ name, parameters }: Entry): fc.Arbitrary<string> {
  const others = parameters.map(({ min, max }) => {
    const top = Math.min(max, 3);
    return Number.isInteger(min) && min > 0
      ? fc.integer({ min, max: top })
      : fc.integer({ min: min * 20, max: top * 20 }).map((twentieths) => twentieths / 20);
  });
  const chosen = fc.tuple(...others).map((values) =>
    `${name}(${values.map((value, i) => `${parameters[i].name}=${value}`).join(";")})`
  );
  return parameters.length === 0 ? fc.constant(name) : fc.oneof(fc.constant(name), chosen);
}

for (const entry of evictions) {
  const { name } = entry;

  Deno.test(`${name}: one sequence at a time, as its twin`, () => {
    let [evicted, stranded] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(anyRow(5), { minLength: 20, maxLength: 60 }),
        anyEngine(20, 40),
        anyParameters(entry),
        (any, engine, eviction) => {
          const rows = rowsOf(any, true);
          const limits = { ...engine, maxSequences: 1 };
          const twin = compareWithTwin(rows, limits, { step: FULL, eviction });
          const ample = twinOf(rows, { ...limits, blocks: 5_000 }, { step: FULL, eviction });
          evicted += Number(cached(ample) > cached(twin));
          stranded += twin.strandedTokens;
        },
      ),
      { numRuns: runs(150) },
    );
    assert(evicted > 40, `only ${evicted} runs lost a hit to eviction`);
    if (STRANDING.has(name)) assert(stranded > 0, "nothing was stranded");
    else assertEquals(stranded, 0, "a tail outlived its prefix");
  });

  Deno.test(`${name}: many sequences at a time, blocks in use among them, as its twin`, () => {
    let [preempted, shared] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(anyRow(9, 20_000), { minLength: 10, maxLength: 40 }),
        anyEngine(26, 60),
        anyParameters(entry),
        (any, engine, eviction) => {
          // Whole prompts in a step: where prefixes are evicted, the rest of a long one may need less
          // room than before, which the engine sees when its stretch of steps ends.
          const limits = { ...engine, tokenBudget: 400 };
          const rows = rowsOf(any, true);
          const twin = compareWithTwin(rows, limits, { step: STEP, eviction });
          if (!STRANDING.has(name)) assertEquals(twin.strandedTokens, 0);
          preempted += Number(twin.requests.some(({ preemptions }) => preemptions > 0));
          shared += cached(twin);
        },
      ),
      { numRuns: runs(400) },
    );
    assert(
      preempted > 50 && shared > 1_000,
      `${preempted} runs with preemptions, ${shared} tokens found`,
    );
  });
}

function cached({ requests }: ReturnType<typeof twinOf>): number {
  return requests.reduce((sum, { cachedTokens }) => sum + cachedTokens, 0);
}

const CAPACITY = 20;

/** Requests of one block each, never the same twice in a row. */
const anyBlocks = fc.array(
  fc.nat(11).chain((hot) => fc.constantFrom(hot, hot, hot + 12, hot * 4)),
  { minLength: 50, maxLength: 400 },
).map((blocks) => blocks.filter((block, i) => block !== blocks[i - 1]));

/** Hits of a policy in a tier of `CAPACITY` blocks. */
function policyHits(blocks: readonly number[], name: string): number {
  const replayer = new Replayer(traceOf(blocks.map((block) => [block])), module);
  return replayer.run({
    policy: replayer.registry.policy(name),
    admission: replayer.registry.admitter("always"),
    capacityBlocks: CAPACITY,
    touch: "tail-first",
    seed: 1,
  }).hits;
}

/** One after the other, each with a second block for a fifth token, which has no name. */
function serveOneByOne(blocks: readonly number[], hbm: string, room: number, store?: string) {
  const rows = blocks.map((block, r) => ({
    arrivalNs: r * 100_000,
    blocks: [block, 1_000 + r],
    inputTokens: BLOCK_TOKENS + 1,
    outputTokens: 1,
  }));
  const base = singleEngine(STEP, { blocks: room, maxSequences: 1, tokenBudget: 64 });
  const link = { latencyNs: 0, bytesPerSecond: 1e12 };
  const spec: ServingSpec = {
    ...base,
    replicas: base.replicas.map((each) => ({
      ...each,
      eviction: hbm,
      stores: store === undefined ? [] : [0],
    })),
    links: [{ name: "read", ...link }, { name: "write", ...link }],
    stores: store === undefined ? [] : [{
      name: "store",
      tier: 0,
      blocks: CAPACITY,
      writeThrough: true,
      writeBack: false,
      linkRead: 0,
      linkWrite: 1,
      eviction: store,
    }],
    recompute: "load",
  };
  return serveTrace(spec, loadOf(rows, BLOCK_TOKENS), { module, checkBooks: true });
}

/** 21 blocks less 3 are 18 of the main queue, as 20 less 2 are. */
const IN_HBM: Readonly<Record<string, string>> = { "s3-fifo": "s3-fifo(small=0.15)" };

for (const { name } of evictions) {
  Deno.test(`${name}: requests of one block, one after the other, hit as by the policy`, () => {
    let hits = 0;
    fc.assert(
      fc.property(anyBlocks, (blocks) => {
        const expected = policyHits(blocks, name);
        hits += expected;
        // In a store; HBM holds one request at a time.
        assertEquals(serveOneByOne(blocks, "lru", 2, name).stores[0].hits, expected, "store");
        // In HBM, beside the block without a name. With lru that one waits its turn.
        if (name === "lru") return;
        const { cachedTokens } = serveOneByOne(blocks, IN_HBM[name] ?? name, CAPACITY + 1);
        assertEquals(cachedTokens / BLOCK_TOKENS, expected, "HBM");
      }),
      { numRuns: runs(60) },
    );
    assert(hits > 1_000);
  });
}

for (const { name } of evictions) {
  Deno.test(`${name}: an engine that broke evicts as a new one`, () => {
    fc.assert(
      fc.property(
        fc.array(anyRow(5), { minLength: 10, maxLength: 30 }),
        fc.array(anyRow(5), { minLength: 20, maxLength: 40 }),
        (before, after) => {
          const limits = { blocks: 26, maxSequences: 1, tokenBudget: 64 };
          const base = singleEngine(STEP, limits);
          const replicas = base.replicas.map((each) => ({ ...each, eviction: name }));
          const own = rowsOf(after, true);
          const late = own.map((row) => ({ ...row, arrivalNs: row.arrivalNs + 10e6 }));
          const faults = (["replica-down", "replica-up"] as const)
            .map((kind) => ({ kind, subject: 0, timeNs: 10e6 - 1 }));
          const rows = [...rowsOf(before, true), ...late];
          const both = serveTrace({ ...base, replicas, faults }, loadOf(rows, 4), { module });
          const alone = serveTrace({ ...base, replicas }, loadOf(own, 4), { module });
          const { cachedTokens } = both.requests;
          assertEquals(cachedTokens.slice(before.length), alone.requests.cachedTokens);
        },
      ),
      { numRuns: runs(60) },
    );
  });
}

Deno.test("furthest-next-use: a request let in elsewhere leaves tails in front of their roots", () => {
  const prefix = [1, 2, 3, 4, 5, 6];
  // In turn to two engines of eight blocks.
  const prompts = [prefix, prefix, [10], prefix, [20, 21, 22, 23], [30], prefix];
  const rows = prompts.map((blocks, r) => ({
    arrivalNs: r * 100_000,
    blocks: [...blocks, 1_000 + r],
    inputTokens: blocks.length * BLOCK_TOKENS + 1,
    outputTokens: 1,
  }));
  const base = singleEngine(STEP, { blocks: 8, maxSequences: 1, tokenBudget: 64 }, 2);
  const replicas = base.replicas.map((each) => ({ ...each, eviction: "furthest-next-use" }));
  const { requests } = serveTrace({ ...base, replicas }, loadOf(rows, BLOCK_TOKENS), { module });
  assertEquals([...requests.replica], [0, 1, 0, 1, 0, 1, 0]);
  assertEquals([requests.cachedTokens[3], requests.cachedTokens[6]], [24, 3 * BLOCK_TOKENS]);
});
