/**
 * Random small clusters and loads for tests of the serving simulation.
 *
 * @module
 */
import fc from "fast-check";
import {
  type FaultSpec,
  type ReplicaSpec,
  type ServingSpec,
  singleEngine,
  type StoreSpec,
} from "../../engine/serving_spec.ts";
import { registry } from "../../engine/registry.ts";
import type { StepModel } from "../../engine/step_model.ts";
import type { Trace } from "../../traces/trace.ts";
import { traceOf } from "./traces.ts";
import { Wiring } from "./wiring.ts";

/** A step takes 1,000 ns, and 10 ns for each new token. */
export const STEP: StepModel = {
  stepNs: 1_000,
  sequenceNs: 0,
  tokenNs: 10,
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

/** One request of a load. */
export interface Row {
  readonly arrivalNs: number;
  /** Names of its blocks; the last may be partly filled. */
  readonly blocks: readonly number[];
  /** Tokens of the prompt, when its last block is not full. */
  readonly inputTokens?: number;
  readonly outputTokens: number;
  readonly session?: number;
}

/** A trace of such requests. */
export function loadOf(rows: readonly Row[], blockTokens = 4): Trace {
  const trace = traceOf(rows.map(({ blocks }) => blocks), blockTokens);
  const sessions = rows.every(({ session }) => session !== undefined);
  return {
    ...trace,
    requests: {
      ...trace.requests,
      inputTokens: Uint32Array.from(
        rows,
        ({ inputTokens, blocks }) => inputTokens ?? blocks.length * blockTokens,
      ),
      arrivalNs: Float64Array.from(rows, ({ arrivalNs }) => arrivalNs),
      outputTokens: Uint32Array.from(rows, ({ outputTokens }) => outputTokens),
      ...(sessions ? { session: Uint32Array.from(rows, ({ session }) => session!) } : {}),
    },
  };
}

/** Requests of four families that share prefixes; sessions that go on where they ended. */
export const anyLoad: fc.Arbitrary<Row[]> = fc.constantFrom(100, 1_500, 6_000).chain(anyLoadOf);

/** Gaps between arrivals are up to `gapNs`: from far too many at once to one by one. */
function anyLoadOf(gapNs: number): fc.Arbitrary<Row[]> {
  return fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: gapNs }),
      family: fc.integer({ min: 0, max: 3 }),
      depth: fc.integer({ min: 1, max: 9 }),
      missing: fc.integer({ min: 0, max: 3 }),
      output: fc.integer({ min: 1, max: 24 }),
      session: fc.integer({ min: 0, max: 12 }),
    }),
    { minLength: 1, maxLength: 28 },
  ).map((rows) => {
    let now = 0;
    return rows.map(({ gap, family, depth, missing, output, session }) => ({
      arrivalNs: now += gap,
      // Half of a prompt is its family's, the rest its own session's.
      blocks: Array.from(
        { length: depth },
        (_, i) => i < depth / 2 ? family * 100 + i : 1_000 + session * 100 + i,
      ),
      inputTokens: depth * 4 - missing,
      outputTokens: output,
      session,
    }));
  });
}

const anyEviction = fc.constantFrom(...registry().evictions.map(({ name }) => name));
const anyRole = fc.constantFrom("unified", "prefill", "decode") as fc.Arbitrary<
  ReplicaSpec["role"]
>;

/** Clusters of one to five replicas, each with links and paths of its own. */
export const anyCluster: fc.Arbitrary<ServingSpec> = fc.record({
  roles: fc.array(anyRole, { minLength: 1, maxLength: 5 }),
  blocks: fc.integer({ min: 16, max: 60 }),
  maxSequences: fc.integer({ min: 1, max: 6 }),
  tokenBudget: fc.integer({ min: 1, max: 40 }),
  prefixCache: fc.boolean(),
  chunkedPrefill: fc.boolean(),
  bytesPerSecond: fc.constantFrom(1e9, 2e10, 1e12),
  latencyNs: fc.constantFrom(0, 700),
  switches: fc.boolean(),
  spines: fc.integer({ min: 0, max: 3 }),
  stores: fc.integer({ min: 0, max: 2 }),
  reach: fc.constantFrom("local", "network", "far"),
  storeBlocks: fc.integer({ min: 0, max: 40 }),
  writeThrough: fc.boolean(),
  handover: fc.constantFrom("push", "push-layerwise", "pull", "pull-on-demand"),
  discipline: fc.constantFrom("fifo", "fair-share"),
  recompute: fc.constantFrom("load", "cheaper", "recompute"),
  eviction: anyEviction,
  storeEviction: anyEviction,
  peers: fc.constantFrom("none", "island", "rack", "cluster"),
  islandReplicas: fc.integer({ min: 1, max: 4 }),
  router: fc.constantFrom(...registry().routers.map(({ name }) => name)),
  stalenessNs: fc.constantFrom(0, 1_000, 50_000),
  speculativeView: fc.boolean(),
  deltaTransfer: fc.boolean(),
  cacheAnswers: fc.boolean(),
  closedLoop: fc.boolean(),
  jitter: fc.boolean(),
  faults: fc.array(
    fc.record({
      timeNs: fc.integer({ min: 0, max: 150_000 }),
      lastsNs: fc.integer({ min: 1, max: 40_000 }),
      kind: fc.constantFrom("replica", "link", "store"),
      subject: fc.nat(1_000),
    }),
    { maxLength: 4 },
  ),
  writeDelayNs: fc.constantFrom(0, 1_000, 1e9),
  layers: fc.integer({ min: 1, max: 4 }),
}).map((any) => {
  const roles = any.roles.includes("prefill") || any.roles.includes("unified")
    ? any.roles
    : [...any.roles, "unified" as const];
  const whole = roles.includes("prefill") && !roles.includes("decode")
    ? [...roles, "decode" as const]
    : roles;
  const link = { latencyNs: any.latencyNs, bytesPerSecond: any.bytesPerSecond };
  const wiring = new Wiring(link);
  const racks = [0, 1].map((rack) => any.spines > 0 ? wiring.rack(rack, any.spines) : { rack });
  // Neighbours share a switch.
  const switches = [0, 1, 2].map((index) => any.switches ? wiring.pcieSwitch(index) : {});
  const ports = whole.map((_, index) => ({
    ...wiring.ports(index),
    ...racks[index % 2],
    ...switches[index >> 1],
    ...(any.islandReplicas > 1 ? wiring.nvlink(index, any.islandReplicas) : {}),
  }));
  const linkRead = wiring.add("read");
  const linkWrite = wiring.add("write");
  const store = (index: number): StoreSpec => ({
    name: `store${index}`,
    tier: index,
    blocks: any.storeBlocks,
    writeThrough: any.writeThrough,
    writeBack: !any.writeThrough,
    linkRead,
    linkWrite,
    reach: any.reach as StoreSpec["reach"],
    eviction: any.storeEviction,
    ...(index + 1 < any.stores ? { below: index + 1 } : {}),
  });
  const base = singleEngine(STEP, any);
  const replica = (role: ReplicaSpec["role"], index: number): ReplicaSpec => ({
    ...base.replicas[0],
    role,
    node: index,
    prefixCache: any.prefixCache,
    // Every other replica goes by the usual rule.
    eviction: index % 2 === 0 ? any.eviction : "lru",
    chunkedPrefill: any.chunkedPrefill,
    stores: Array.from({ length: any.stores }, (_, i) => i),
    ...ports[index],
  });
  const faults = any.faults.flatMap(({ timeNs, lastsNs, kind, subject }): FaultSpec[] => {
    if (kind === "store") {
      if (any.stores === 0) return [];
      return [{ timeNs, kind: "store-lost", subject: subject % any.stores }];
    }
    const at = subject % (kind === "link" ? wiring.links.length : whole.length);
    return [
      { timeNs, kind: `${kind}-down`, subject: at },
      { timeNs: timeNs + lastsNs, kind: `${kind}-up`, subject: at },
    ];
  }).sort((a, b) => a.timeNs - b.timeNs);
  return {
    ...base,
    replicas: whole.map(replica),
    links: wiring.links,
    ...(any.spines > 0 ? { spines: any.spines } : {}),
    stores: Array.from({ length: any.stores }, (_, i) => store(i)),
    faults,
    router: any.router,
    stalenessNs: any.stalenessNs,
    speculativeView: any.speculativeView,
    blockBytes: 4_000,
    layers: any.layers,
    handover: any.handover as ServingSpec["handover"],
    deltaTransfer: any.deltaTransfer,
    recompute: any.recompute as ServingSpec["recompute"],
    peers: any.peers as ServingSpec["peers"],
    discipline: any.discipline as ServingSpec["discipline"],
    cacheAnswers: any.cacheAnswers,
    closedLoop: any.closedLoop,
    writeDelayNs: any.writeDelayNs,
    jitter: any.jitter
      ? { shape: 0.5, tailProbability: 0.1, tailFactor: 5 }
      : { shape: 0, tailProbability: 0, tailFactor: 1 },
  };
});

/** Such clusters in which replicas lend each other blocks: with little room, over links of any speed. */
export const anyLenders: fc.Arbitrary<ServingSpec> = fc.record({
  spec: anyCluster,
  peers: fc.constantFrom("island", "rack", "cluster") as fc.Arbitrary<ServingSpec["peers"]>,
  bytesPerSecond: fc.constantFrom(5e7, 2e8, 1e9, 1e11),
  blocks: fc.integer({ min: 16, max: 20 }),
  tokenBudget: fc.constantFrom(16, 200),
  router: fc.constantFrom("round-robin", "random", "least-loaded"),
}).map(({ spec, peers, bytesPerSecond, blocks, tokenBudget, router }) => ({
  ...spec,
  peers,
  router,
  recompute: spec.recompute === "recompute" ? "load" : spec.recompute,
  links: spec.links.map((link) => ({ ...link, bytesPerSecond })),
  replicas: spec.replicas.map((each) => ({ ...each, blocks, tokenBudget, prefixCache: true })),
}));
