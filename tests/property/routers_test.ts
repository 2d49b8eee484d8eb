/** Routers on random small clusters, and against rules written to be read. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { registry } from "../../engine/registry.ts";
import { serveTrace } from "../../engine/serving.ts";
import { type FaultSpec, singleEngine } from "../../engine/serving_spec.ts";
import type { Trace } from "../../traces/trace.ts";
import { blocksOf, smallCluster, STEP_MODEL, treeLoad, variant } from "../support/routing.ts";
import { loadOf } from "../support/serving_cases.ts";
import { checkingModule, numbersFrom } from "../support/traces.ts";

const module = checkingModule();
const names = registry().routers.map(({ name }) => name);

const clusters = fc.record({
  router: fc.constantFrom(...names),
  kind: fc.constantFrom("unified", "split", "stores", "peers"),
  replicas: fc.integer({ min: 2, max: 9 }),
  blocks: fc.integer({ min: 12, max: 60 }),
  routerSample: fc.integer({ min: 0, max: 4 }),
  stalenessNs: fc.constantFrom(0, 1e6, 50e6, 5e9),
  speculativeView: fc.boolean(),
  gapNs: fc.constantFrom(1e5, 2e6, 2e7),
  sessions: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  down: fc.array(fc.record({ subject: fc.nat(8), atMs: fc.nat(400), forMs: fc.nat(300) }), {
    maxLength: 3,
  }),
  seed: fc.nat(1000),
});

/** A promise held blocks that nobody else used, and a computed prompt waited for them for ever. */
const SHARED_PROMISE = {
  router: "round-robin",
  kind: "split",
  replicas: 2,
  blocks: 12,
  routerSample: 0,
  stalenessNs: 0,
  speculativeView: false,
  gapNs: 1e5,
  sessions: 2,
  seed: 430,
} as const;

Deno.test("any router on any small cluster: every request ends, and the books balance", () => {
  fc.assert(
    fc.property(clusters, (it) => {
      const faults = it.down.flatMap(({ subject, atMs, forMs }): FaultSpec[] => [
        { timeNs: atMs * 1e6, kind: "replica-down", subject: subject % it.replicas },
        { timeNs: (atMs + forMs) * 1e6, kind: "replica-up", subject: subject % it.replicas },
      ]).toSorted((a, b) => a.timeNs - b.timeNs);
      const { router, routerSample, stalenessNs, speculativeView, seed } = it;
      const over = { router, routerSample, stalenessNs, speculativeView, seed, faults };
      const spec = variant(smallCluster(it.replicas, over, it.blocks), it.kind);
      const trace = treeLoad({ seed, requests: 80, gapNs: it.gapNs, sessions: it.sessions });
      const result = serveTrace(spec, trace, { module });
      assertEquals(result.finished + result.refused, trace.requestCount);
    }),
    { numRuns: runs(300), examples: [[{ ...SHARED_PROMISE, down: [] }]] },
  );
});

/** Caches of replicas as requests come one at a time: the least recently used block goes first. */
class Caches {
  private readonly caches: Set<number>[];
  /** Names of blocks that were filled in part: each once, all below 0. */
  private nameless = 0;

  constructor(replicas: number, private readonly blocks: number) {
    this.caches = Array.from({ length: replicas }, () => new Set<number>());
  }

  /** Leading blocks of the path that a replica holds. */
  depth(replica: number, path: readonly number[]): number {
    const missing = path.findIndex((block) => !this.caches[replica].has(block));
    return missing < 0 ? path.length : missing;
  }

  /** Computes what a prompt lacks behind `held` blocks; it fills `path`, and `room` blocks in all. */
  compute(replica: number, path: readonly number[], held: number, room: number): void {
    const cache = this.caches[replica];
    for (const block of path.slice(0, held)) cache.delete(block);
    while (cache.size + room > this.blocks) cache.delete([...cache][0]);
    // All of the path was in use; it comes back tail first, the part of a block before all others.
    for (const block of path) cache.delete(block);
    for (let i = path.length; i < room; i++) cache.add(--this.nameless);
    for (const block of path.toReversed()) cache.add(block);
  }
}

/** Requests so far apart that each has ended before the next comes. */
function lonely(seed: number, requests: number): Trace {
  const trace = treeLoad({ seed, requests, gapNs: 1, outputTokens: 1 });
  const arrivalNs = trace.requests.arrivalNs!.map((_, i) => i * 10e9);
  return { ...trace, requests: { ...trace.requests, arrivalNs } };
}

Deno.test("longest-prefix chooses as one who looks into every cache", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: 11, max: 60 }), (seed, blocks) => {
      const trace = lonely(seed, 120);
      const spec = smallCluster(4, { router: "longest-prefix" }, blocks);
      const { replica, cachedTokens } = serveTrace(spec, trace, { module }).requests;
      const caches = new Caches(4, blocks);
      for (let r = 0; r < trace.requestCount; r++) {
        const tokens = trace.requests.inputTokens[r];
        const path = blocksOf(trace, r).slice(0, Math.floor(tokens / 16));
        const depths = spec.replicas.map((_, i) => caches.depth(i, path));
        assertEquals(depths[replica[r]], Math.max(...depths), `request ${r}`);
        const held = Math.min(Math.floor((tokens - 1) / 16), depths[replica[r]]);
        assertEquals(cachedTokens[r], 16 * held);
        caches.compute(replica[r], path, held, Math.ceil(tokens / 16));
      }
    }),
    { numRuns: runs(60) },
  );
});

Deno.test("session keeps every session where it began, unless that breaks", () => {
  const trace = treeLoad({ seed: 5, requests: 300, gapNs: 2e6, sessions: 30 });
  const result = serveTrace(smallCluster(6, { router: "session" }), trace, { module });
  const homes = new Map<number, number>();
  for (const [r, session] of trace.requests.session!.entries()) {
    const home = homes.get(session) ?? result.requests.replica[r];
    homes.set(session, home);
    assertEquals(result.requests.replica[r], home);
  }
  assert(new Set(homes.values()).size === 6, "sessions spread over all replicas");
});

Deno.test("consistent-hash moves only the sessions of a broken replica", () => {
  const trace = treeLoad({ seed: 6, requests: 400, gapNs: 5e6, sessions: 60 });
  const spec = smallCluster(6, { router: "consistent-hash", closedLoop: false });
  const down = { timeNs: 0, kind: "replica-down", subject: 2 } as const;
  const before = serveTrace(spec, trace, { module }).requests.replica;
  const after = serveTrace({ ...spec, faults: [down] }, trace, { module }).requests.replica;
  let moved = 0;
  for (const [r, replica] of before.entries()) {
    if (replica === 2) moved++;
    else if (trace.requests.arrivalNs![r] > 0) assertEquals(after[r], replica);
  }
  assert(moved > 0);
});

Deno.test("a bound keeps consistent-hash from piling requests up", () => {
  // One session, and requests that come faster than they end.
  const trace = treeLoad({ seed: 8, requests: 200, gapNs: 1e6, sessions: 1 });
  const share = (router: string) => {
    const spec = smallCluster(5, { router, closedLoop: false });
    const { replica } = serveTrace(spec, trace, { module }).requests;
    return replica.filter((one) => one === replica[0]).length / trace.requestCount;
  };
  assertEquals(share("consistent-hash"), 1);
  assert(share("consistent-hash(bound=1.25)") < 0.4);
});

/** After one request has warmed one replica, 4,000 more with the same beginning of `shared` blocks. */
function rush(shared: number): Trace {
  const next = numbersFrom(9);
  let arrivalNs = 0;
  return loadOf(
    Array.from({ length: 4_000 }, (_, r) => {
      const gapNs = r === 0 ? 5e9 : -Math.log((next() + 1) / 2 ** 32) * 25e6;
      const now = arrivalNs;
      arrivalNs += Math.round(gapNs);
      const own = Array.from({ length: 8 }, (_, i) => 1_000 + 8 * r + i);
      return {
        arrivalNs: now,
        blocks: [...Array.from({ length: shared }, (_, i) => i), ...own],
        outputTokens: 40 + next() % 40,
      };
    }),
    16,
  );
}

Deno.test("a beginning that all prompts share does not send all of them to one replica", () => {
  const engine = { blocks: 4_000, maxSequences: 64, tokenBudget: 2_048 };
  const spec = singleEngine({ ...STEP_MODEL, stepNs: 8e6 }, engine, 4);
  for (const shared of [8, 64]) {
    const trace = rush(shared);
    const largestShare = (router: string, stalenessNs: number) => {
      const { replicas } = serveTrace({ ...spec, router, stalenessNs }, trace);
      return Math.max(...replicas.map(({ requests }) => requests)) / trace.requestCount;
    };
    for (const stalenessNs of [0, 500e6]) {
      for (const router of ["kvtier-ms", "dynamo", "aibrix", "ttft-greedy"]) {
        const share = largestShare(router, stalenessNs);
        assert(share <= 1.5 / 4, `${router}: ${share} of the requests go to one of four`);
      }
    }
    assertEquals(largestShare("longest-prefix", 0), 1, "it looks at prefixes alone, and herds");
  }
});
