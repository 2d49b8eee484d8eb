/**
 * Small clusters whose replicas read from each other, with every link in a known place.
 *
 * @module
 */
import { type LinkSpec, type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { type Row, STEP } from "./serving_cases.ts";

/** A request for blocks in a row. */
export const row = (arrivalNs: number, first: number, blocks: number, outputTokens = 1): Row => ({
  arrivalNs,
  blocks: Array.from({ length: blocks }, (_, i) => first + i),
  outputTokens,
});

/** A request whose prompt is made of runs of blocks, each by its first and its length. */
export const pieces = (arrivalNs: number, ...runs: [first: number, blocks: number][]): Row => ({
  arrivalNs,
  blocks: runs.flatMap(([first, blocks]) => Array.from({ length: blocks }, (_, i) => first + i)),
  outputTokens: 1,
});

/** In order: NVLink of each replica, ports out, ports in, two racks' links out and in. */
function links(replicas: number, nvlink: number): LinkSpec[] {
  const each = (name: string, latencyNs: number, bytesPerSecond: number, count = replicas) =>
    Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, latencyNs, bytesPerSecond }));
  return [
    ...each("nvlink", 50, nvlink),
    ...each("out", 300, 2e9),
    ...each("in", 500, 1e9),
    ...each("up", 40, 5e8, 2),
    ...each("down", 40, 5e8, 2),
  ];
}

/** The links of a rack; see `links`. */
export const inRack = (rack: number, replicas: number) => ({
  rack,
  linkUp: 3 * replicas + rack,
  linkDown: 3 * replicas + 2 + rack,
});

/** Engines that take requests in turn; every `islandReplicas` of them are an island, and a rack. */
export function cluster(
  replicas: number,
  islandReplicas: number,
  rest: Partial<ServingSpec> = {},
  { blocks = 1_000, nvlink = 2e9 } = {},
): ServingSpec {
  const base = singleEngine(STEP, { blocks, maxSequences: 16, tokenBudget: 1_000 }, replicas);
  return {
    ...base,
    links: links(replicas, nvlink),
    replicas: base.replicas.map((each, i) => ({
      ...each,
      ...inRack(Math.min(1, Math.floor(i / Math.max(2, islandReplicas))), replicas),
      linkOut: replicas + i,
      linkIn: 2 * replicas + i,
      ...(islandReplicas > 1 ? { island: Math.floor(i / islandReplicas), linkPeer: i } : {}),
    })),
    blockBytes: 4_000,
    peers: "cluster",
    recompute: "load",
    ...rest,
  };
}

/** A step for the four tokens that are always left. */
export const STEP_NS = 1_000 + 10 * 4;
/** 24 of 25 blocks are read: something has to be computed. */
export const BYTES = 24 * 4_000;
/** When all that came before has ended. */
export const LATER = 1e6;
