/** Changing one physical number changes what it must, and by as much as it must. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { ServedRequests, ServingResult } from "../../engine/serving_result.ts";
import { type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import type { StepModel } from "../../engine/step_model.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule, numbersFrom } from "../support/traces.ts";

const module = checkingModule();

/** Four hundred requests of twenty families, some dearer than others; prompts begin as a family's. */
const ROWS: readonly Row[] = (() => {
  const next = numbersFrom(3);
  let now = 0;
  return Array.from({ length: 400 }, (_, r) => {
    const family = Math.min(next() % 20, next() % 20) * 100;
    return {
      arrivalNs: now += next() % 12_000,
      blocks: Array.from({ length: 24 }, (_, i) => i < 20 ? family + i : 10_000 + r * 10 + i),
      outputTokens: 4 + next() % 20,
    };
  });
})();

/** The same, one at a time, with nothing in common. */
const SPARSE = ROWS.map((row, r) => ({
  ...row,
  blocks: row.blocks.map((block) => block + r * 20_000),
  arrivalNs: r * 400_000,
}));

const serve = (spec: ServingSpec, rows = ROWS): ServingResult =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

/** Two engines with a pool below them. */
function pooled(rest: Partial<ServingSpec> = {}, blocks = 120, poolBlocks = 2_000): ServingSpec {
  const base = singleEngine({ ...STEP, pairNs: 0.5, contextNs: 1 }, {
    blocks,
    maxSequences: 16,
    tokenBudget: 64,
  }, 2);
  return {
    ...base,
    replicas: base.replicas.map((each) => ({ ...each, stores: [0] })),
    links: [
      { name: "read", latencyNs: 100, bytesPerSecond: 4e10 },
      { name: "write", latencyNs: 100, bytesPerSecond: 4e10 },
    ],
    stores: [{
      name: "pool",
      tier: 0,
      blocks: poolBlocks,
      writeThrough: true,
      writeBack: false,
      linkRead: 0,
      linkWrite: 1,
    }],
    blockBytes: 1_000,
    ...rest,
  };
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const between = (from: keyof ServedRequests, to: keyof ServedRequests) => (r: ServingResult) =>
  mean(r.requests[to].map((ns, i) => ns - r.requests[from][i]));
const ttftNs = between("arrivalNs", "firstTokenNs");
const decodeNs = between("decodeStartNs", "finishNs");
const loadNs = between("loadStartNs", "loadEndNs");
const handoverNs = between("firstTokenNs", "decodeStartNs");
const e2eNs = between("arrivalNs", "finishNs");

const withStep = (change: Partial<StepModel>) => {
  const spec = pooled();
  return { ...spec, stepModels: [{ ...spec.stepModels[0], ...change }] };
};
const withReplicas = (change: Partial<ServingSpec["replicas"][number]>) => {
  const spec = pooled();
  return { ...spec, replicas: spec.replicas.map((each) => ({ ...each, ...change })) };
};

Deno.test("a larger pool is hit more often, and first tokens come sooner", () => {
  const sizes = [0, 100, 400, 2_000].map((blocks) => serve(pooled({}, 120, blocks)));
  for (let i = 1; i < sizes.length; i++) {
    assert(sizes[i].stores[0].hits > sizes[i - 1].stores[0].hits);
    assert(ttftNs(sizes[i]) < ttftNs(sizes[i - 1]), "a hit ratio moved, and no latency");
  }
});

Deno.test("a pool that evicts by age loses what is used again and again", () => {
  const [byUse, byAge] = ["lru", "fifo"].map((eviction) => {
    const spec = pooled({}, 120, 400);
    return serve({ ...spec, stores: spec.stores.map((store) => ({ ...store, eviction })) });
  });
  assert(byUse.stores[0].hits > byAge.stores[0].hits);
  assert(byAge.stores[0].evictions > 0);
  assert(ttftNs(byUse) < ttftNs(byAge), "a hit ratio moved, and no latency");
});

Deno.test("what HBM evicts first moves evictions, hits and first tokens", () => {
  const by = (eviction: string) => {
    const spec = pooled({ recompute: "recompute" }, 200);
    return serve({ ...spec, replicas: spec.replicas.map((each) => ({ ...each, eviction })) });
  };
  const [lru, fifo, lfu] = ["lru", "fifo", "lfu"].map(by);
  const evictions = [lru, fifo, lfu].map((result) => result.evictions);
  assert(new Set(evictions).size === 3 && Math.min(...evictions) > 500);
  // Some of the twenty families are asked for more often: counts know them, ages do not.
  assert(lfu.cachedTokens > lru.cachedTokens && lru.cachedTokens > fifo.cachedTokens);
  assert(ttftNs(lfu) < ttftNs(lru) && ttftNs(lru) < ttftNs(fifo), "hits moved, and no latency");
  assert(fifo.strandedTokens > 0 && lru.strandedTokens === 0 && lfu.strandedTokens === 0);
});

Deno.test("HBM kept free: a tenth of the blocks holds fewer prefixes, and makes requests wait", () => {
  const [all, reserved] = [400, 40].map((blocks) =>
    serve(pooled({ recompute: "recompute" }, blocks))
  );
  assert(all.cachedTokens > reserved.cachedTokens);
  assert(ttftNs(all) < ttftNs(reserved) && e2eNs(all) < e2eNs(reserved));
});

Deno.test("a cut link carries nothing: what it brought is computed", () => {
  const whole = serve(pooled());
  const cut = serve(pooled({ faults: [{ timeNs: 0, kind: "link-down", subject: 0 }] }));
  assert(whole.links[0].bytes > 0 && whole.loadedTokens > 0);
  assertEquals([cut.links[0].bytes, cut.loadedTokens, cut.stores[0].hits], [0, 0, 0]);
  assert(cut.promptTokens === whole.promptTokens && ttftNs(cut) > ttftNs(whole));
  const late = serve(pooled({ faults: [{ timeNs: 1_000_000, kind: "link-down", subject: 0 }] }));
  assert(late.links[0].bytes > 0 && late.links[0].bytes < whole.links[0].bytes);
});

/** The second of two requests loads the prefix that the first has stored. */
function oneLoadNs(spec: ServingSpec): number {
  const blocks = Array.from({ length: 25 }, (_, i) => i);
  const rows = [0, 10e6].map((arrivalNs) => ({ arrivalNs, blocks, outputTokens: 2 }));
  return serve({ ...spec, recompute: "load" }, rows).requests.loadEndNs[1] - 10e6;
}

Deno.test("half the bandwidth, twice the time to load; so with twice the bytes", () => {
  const spec = pooled();
  const slow = spec.links.map((link) => ({ ...link, bytesPerSecond: link.bytesPerSecond / 2 }));
  const time = oneLoadNs(spec) - 100;
  assertEquals(time, 24 * 25);
  assertEquals(oneLoadNs({ ...spec, links: slow }) - 100, 2 * time);
  assertEquals(oneLoadNs({ ...spec, blockBytes: 2_000 }) - 100, 2 * time);
  const far = spec.links.map((link) => ({ ...link, latencyNs: 5_000 }));
  assertEquals(oneLoadNs({ ...spec, links: far }) - 5_000, time);
});

Deno.test("constants of a step move what they are of", () => {
  const base = serve(pooled());
  const moves = (change: Partial<StepModel>, of: (result: ServingResult) => number) =>
    of(serve(withStep(change))) / of(base);
  assert(moves({ stepNs: 2_000 }, decodeNs) > 1.5, "the step's own time moves decoding");
  assert(moves({ contextNs: 10 }, decodeNs) > 1.2, "reading contexts moves decoding");
  assert(moves({ pairNs: 5 }, ttftNs) > 1.2, "attention among prompt tokens moves first tokens");
  assert(moves({ tokenNs: 40 }, ttftNs) > 1.2, "work per token moves first tokens");
  assert(moves({ sequenceNs: 500 }, decodeNs) > 1.2, "work per sequence moves decoding");
  assert(moves({ allReduceNs: 1_000 }, decodeNs) > 1.5, "latency of all-reduce moves decoding");
  assert(moves({ allReduceNsPerToken: 30 }, ttftNs) > 1.2, "bytes of all-reduce move first tokens");
  assert(moves({ windowTokens: 8, windowContextNs: 50 }, decodeNs) > 1.2, "so do windows");
  const product = { nsPerToken: 30, weightNs: 1, overheadNs: 0, activeShare: 1 };
  assert(moves({ products: [product] }, ttftNs) > 1.2, "products move first tokens");
  const weights = { ...product, nsPerToken: 0, weightNs: 3_000 };
  assert(moves({ products: [weights] }, decodeNs) > 2, "reading weights moves decoding");
  const dense = serve(withStep({ products: [weights] }));
  const sparse = serve(withStep({ products: [{ ...weights, activeShare: 0.1 }] }));
  assert(decodeNs(sparse) < decodeNs(dense), "few experts, few weights");
});

Deno.test("limits of an engine move waiting", () => {
  const base = serve(pooled());
  const narrow = serve(withReplicas({ tokenBudget: 8 }));
  assert(ttftNs(narrow) > 1.2 * ttftNs(base), "a small budget delays first tokens");
  const single = serve(withReplicas({ maxSequences: 1 }));
  assert(ttftNs(single) > ttftNs(base) && decodeNs(single) < decodeNs(base));
  const cold = serve(withReplicas({ prefixCache: false }));
  assertEquals([cold.cachedTokens, cold.loadedTokens], [0, 0]);
  assert(ttftNs(cold) > ttftNs(base));
  const whole = serve(withReplicas({ chunkedPrefill: false }));
  assert(ttftNs(whole) !== ttftNs(base));
});

Deno.test("load or recompute: the cheaper is never later than always loading over a slow link", () => {
  const slow = pooled().links.map((link) => ({ ...link, bytesPerSecond: 2e9 }));
  const [load, cheaper, never] = (["load", "cheaper", "recompute"] as const)
    .map((recompute) => serve(pooled({ links: slow, recompute })));
  assert(ttftNs(cheaper) <= ttftNs(load));
  assertEquals([never.loadedTokens, loadNs(never)], [0, 0]);
  assert(load.loadedTokens > cheaper.loadedTokens);
});

Deno.test("a store that is slower than prefills drops writes, and events stay few", () => {
  for (const discipline of ["fifo", "fair-share"] as const) {
    const write = { name: "write", latencyNs: 100, bytesPerSecond: 4e8 };
    const links = [pooled().links[0], write];
    const run = (writeDelayNs: number) => serve(pooled({ links, discipline, writeDelayNs }));
    const [none, some, all] = [0, 1_000_000, 1e12].map(run);
    assertEquals(all.stores[0].droppedBlocks, 0);
    assert(none.stores[0].droppedBlocks > 0 && some.stores[0].droppedBlocks > 0);
    for (const { events } of [none, some, all]) assert(events < 60 * ROWS.length, `${events}`);
    // Nothing waits for longer than allowed, but for its own bytes.
    assert(some.endNs < all.endNs);
  }
});

/** Two prefill replicas and two decoders. */
function split(rest: Partial<ServingSpec> = {}): ServingSpec {
  const base = singleEngine(STEP, { blocks: 400, maxSequences: 16, tokenBudget: 64 }, 4);
  const links = [0, 1, 2, 3].flatMap((i) => [
    { name: `out${i}`, latencyNs: 100, bytesPerSecond: 1e10 },
    { name: `in${i}`, latencyNs: 100, bytesPerSecond: 1e10 },
  ]);
  return {
    ...base,
    replicas: base.replicas.map((each, i) => ({
      ...each,
      role: i < 2 ? "prefill" : "decode",
      linkOut: 2 * i,
      linkIn: 2 * i + 1,
    })),
    links,
    blockBytes: 1_000,
    layers: 8,
    ...rest,
  };
}

Deno.test("how KV is handed over moves when decoding begins", () => {
  const by = (handover: ServingSpec["handover"]) => handoverNs(serve(split({ handover }), SPARSE));
  assert(by("push-layerwise") < 0.7 * by("push"));
  assert(by("push") < by("pull"));
  const deep = handoverNs(serve(split({ handover: "push-layerwise", layers: 64 }), SPARSE));
  assert(deep < by("push-layerwise"), "more layers, less left for the end");
  const narrow = split({ handover: "pull-on-demand" });
  const places = (maxSequences: number) =>
    handoverNs(serve({
      ...narrow,
      replicas: narrow.replicas.map((each) => ({ ...each, maxSequences })),
    }));
  assert(places(1) > 2 * places(16), "on demand, KV waits for a place");
});

Deno.test("sending what is missing moves fewer bytes than sending all", () => {
  const [delta, all] = [true, false].map((deltaTransfer) => serve(split({ deltaTransfer })));
  assert(delta.transferBytes < 0.8 * all.transferBytes);
  assert(handoverNs(delta) < handoverNs(all));
  assertEquals(all.transferBytes, ROWS.length * 24 * 1_000);
});

Deno.test("jitter spreads transfers around the same mean; a tail makes it longer", () => {
  const times = (shape: number, tailProbability = 0) => {
    const jitter = { shape, tailProbability, tailFactor: 10 };
    const { requests } = serve(split({ jitter }), SPARSE);
    return requests.decodeStartNs.map((ns, r) => ns - requests.firstTokenNs[r] - 200);
  };
  const still = times(0);
  assertEquals(new Set(still).size, 1);
  const moved = times(0.25);
  const centre = mean(moved);
  const spread = Math.sqrt(mean(moved.map((ns) => (ns - centre) ** 2))) / centre;
  // Each of the two links draws the same factor, so the slowest link is as any.
  assertAlmostEquals(centre / still[0], 1, 0.06);
  assertAlmostEquals(spread, 0.25, 0.05);
  assert(mean(times(0, 0.1)) > 1.5 * still[0]);
});

Deno.test("a node that fails delays who was on it, and nobody is lost", () => {
  const well = serve(split());
  const { firstTokenNs, decodeStartNs, replica, decoder } = well.requests;
  const victim = 150;
  for (
    const [subject, timeNs] of [
      [replica[victim], firstTokenNs[victim] - 1],
      [decoder[victim], decodeStartNs[victim] + 1],
    ]
  ) {
    const faults = [
      { timeNs, kind: "replica-down" as const, subject },
      { timeNs: timeNs + 400_000, kind: "replica-up" as const, subject },
    ];
    const ill = serve(split({ faults }));
    assertEquals(ill.finished, ROWS.length);
    assert(ill.requests.retries[victim] === 1 && well.requests.retries[victim] === 0);
    assert(ill.requests.finishNs[victim] !== well.requests.finishNs[victim]);
    assert(e2eNs(ill) > e2eNs(well));
  }
});

Deno.test("the load moves waiting; a second fleet does as well", () => {
  const rate = (factor: number) =>
    serve(pooled(), ROWS.map((row) => ({ ...row, arrivalNs: Math.round(row.arrivalNs / factor) })));
  assert(ttftNs(rate(4)) > ttftNs(rate(1)) && ttftNs(rate(1)) > ttftNs(rate(0.25)));
  const base = pooled();
  const double = serve({ ...base, replicas: [...base.replicas, ...base.replicas] });
  assert(e2eNs(double) < e2eNs(serve(base)));
});
