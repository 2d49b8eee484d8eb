/**
 * Small clusters and loads for tests of routers, with numbers that make every mechanism happen.
 *
 * @module
 */
import type { ReplicaSpec, ServingSpec } from "../../engine/serving_spec.ts";
import { singleEngine } from "../../engine/serving_spec.ts";
import type { StepModel } from "../../engine/step_model.ts";
import type { Trace } from "../../traces/trace.ts";
import { numbersFrom, traceOf, treeRequests } from "./traces.ts";

/** A millisecond per step, a tenth per token. */
export const STEP_MODEL: StepModel = {
  stepNs: 1e6,
  sequenceNs: 1e4,
  tokenNs: 1e5,
  products: [],
  smoothness: 1,
  pairNs: 10,
  contextNs: 100,
  windowTokens: 0,
  windowPairNs: 0,
  windowContextNs: 0,
  allReduceNs: 0,
  allReduceNsPerToken: 0,
};

/** Unified replicas with little room. */
export function smallCluster(
  replicas: number,
  over: Partial<ServingSpec> = {},
  blocks = 40,
): ServingSpec {
  const engine = { blocks, maxSequences: 4, tokenBudget: 64 };
  return { ...singleEngine(STEP_MODEL, engine, replicas), ...over };
}

/** The same with half of the replicas for prefill, with stores below HBM, or as peers in pairs. */
export function variant(
  spec: ServingSpec,
  kind: "unified" | "split" | "stores" | "peers",
): ServingSpec {
  if (kind === "unified") return spec;
  const link = (name: string) => ({ name, latencyNs: 1e4, bytesPerSecond: 1e9 });
  const count = spec.replicas.length;
  if (kind === "split") {
    const role = (i: number): ReplicaSpec["role"] =>
      i < Math.ceil(count / 2) ? "prefill" : "decode";
    return {
      ...spec,
      blockBytes: 1e6,
      links: spec.replicas.flatMap((_, i) => [link(`out${i}`), link(`in${i}`)]),
      replicas: spec.replicas.map((replica, i) => ({
        ...replica,
        role: role(i),
        linkOut: 2 * i,
        linkIn: 2 * i + 1,
      })),
    };
  }
  if (kind === "peers") {
    return {
      ...spec,
      blockBytes: 1e6,
      peers: "cluster",
      links: spec.replicas.flatMap((_, i) => ["out", "in", "nvlink"].map((at) => link(at + i))),
      replicas: spec.replicas.map((replica, i) => ({
        ...replica,
        island: i >> 1,
        linkOut: 3 * i,
        linkIn: 3 * i + 1,
        linkPeer: 3 * i + 2,
      })),
    };
  }
  const flags = { writeThrough: true, writeBack: false, linkRead: 0, linkWrite: 1 };
  return {
    ...spec,
    blockBytes: 1e5,
    links: [link("read"), link("write")],
    stores: [{ name: "pool", tier: 0, blocks: 300, ...flags }],
    replicas: spec.replicas.map((replica) => ({ ...replica, stores: [0] })),
  };
}

/** How a load is made. */
export interface LoadShape {
  readonly seed: number;
  readonly requests: number;
  /** Mean time between requests. */
  readonly gapNs: number;
  readonly sessions?: number;
  readonly outputTokens?: number;
}

/** Requests along a prefix tree, at random times. */
export function treeLoad(shape: LoadShape): Trace {
  const next = numbersFrom(shape.seed);
  const paths = treeRequests(shape.seed, shape.requests, 3, 10);
  const trace = traceOf(paths);
  const arrivalNs = new Float64Array(shape.requests);
  for (let i = 1; i < shape.requests; i++) {
    arrivalNs[i] = arrivalNs[i - 1] + next() % Math.max(1, 2 * shape.gapNs);
  }
  const column = (most: number, least: number) =>
    Uint32Array.from({ length: shape.requests }, () => least + next() % most);
  const inputTokens = trace.requests.inputTokens.map((tokens) => tokens - next() % 16);
  return {
    ...trace,
    requests: {
      ...trace.requests,
      inputTokens,
      arrivalNs,
      outputTokens: column(shape.outputTokens ?? 8, 1),
      ...(shape.sessions === undefined ? {} : { session: column(shape.sessions, 0) }),
    },
  };
}

/** The first requests of a trace. */
export function firstOf(trace: Trace, count: number): Trace {
  const { requests, extents } = trace;
  const cut = <T extends { slice(from: number, to: number): T }>(column: T | undefined) =>
    column?.slice(0, count);
  const end = requests.firstExtent[count];
  const blockCount = extents.blockCount.slice(0, end);
  return {
    ...trace,
    requestCount: count,
    accesses: blockCount.reduce((sum, blocks) => sum + blocks, 0),
    requests: {
      ...requests,
      inputTokens: requests.inputTokens.slice(0, count),
      firstExtent: requests.firstExtent.slice(0, count + 1),
      arrivalNs: cut(requests.arrivalNs),
      outputTokens: cut(requests.outputTokens),
      session: cut(requests.session),
    },
    extents: { firstBlock: extents.firstBlock.slice(0, end), blockCount },
  };
}

/** Blocks of a request, in order. */
export function blocksOf({ requests, extents }: Trace, request: number): number[] {
  const blocks: number[] = [];
  for (let e = requests.firstExtent[request]; e < requests.firstExtent[request + 1]; e++) {
    for (let i = 0; i < extents.blockCount[e]; i++) blocks.push(extents.firstBlock[e] + i);
  }
  return blocks;
}
