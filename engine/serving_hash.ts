/**
 * The fingerprint of a serving simulation: equal on every host, for every file name.
 *
 * @module
 */
import { ENGINE_HASH } from "./wasm.ts";
import type { ServedRequests, ServingHashes, ServingResult } from "./serving_result.ts";
import type { ServingSpec } from "./serving_spec.ts";

/** Columns of requests in the order in which they are hashed. */
const COLUMNS = [
  "arrivalNs",
  "loadStartNs",
  "loadEndNs",
  "scheduledNs",
  "firstTokenNs",
  "decodeStartNs",
  "finishNs",
  "promptTokens",
  "cachedTokens",
  "peerTokens",
  "loadedTokens",
  "outputTokens",
  "replica",
  "decoder",
  "preemptions",
  "retries",
  "transferBlocks",
  "state",
] as const satisfies readonly (keyof ServedRequests)[];

/** Counters of the whole cluster, likewise. */
const COUNTERS = [
  "countedFromNs",
  "leftOut",
  "events",
  "steps",
  "endNs",
  "finished",
  "refused",
  "preemptions",
  "promptTokens",
  "cachedTokens",
  "peerTokens",
  "loadedTokens",
  "outputTokens",
  "evictions",
  "strandedTokens",
  "transferBytes",
] as const satisfies readonly (keyof ServingResult)[];

/**
 * Hashes what was asked for and what was found.
 *
 * Left out are names of links and stores, memory, the log of steps and the timeline: none of them
 * may change a number.
 *
 * @param trace The trace, or its hash.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingHashes } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const { result, context } = EXAMPLE_SERVING;
 * const trace = { hash: "0".repeat(64) };
 * const hashes = await servingHashes(result, context.spec, trace);
 * assertEquals(await servingHashes({ ...result, memoryBytes: 1 }, context.spec, trace), hashes);
 * ```
 */
export async function servingHashes(
  result: ServingResult,
  spec: ServingSpec,
  trace: { readonly hash: string },
): Promise<ServingHashes> {
  const columns: string[] = [];
  for (const name of COLUMNS) columns.push(await columnHash(result.requests[name]));
  const content = [
    ENGINE_HASH,
    trace.hash,
    COUNTERS.map((name) => result[name]),
    await columnHash(result.intervals.counts),
    columns,
    result.replicas.map((replica) => Object.values(replica)),
    result.links.map(({ name: _, kind: __, ...link }) => Object.values(link)),
    result.stores.map(({ name: _, ...store }) => Object.values(store)),
  ];
  return {
    trace: trace.hash,
    engine: ENGINE_HASH,
    spec: await textHash(JSON.stringify(withoutNames(spec))),
    result: await textHash(JSON.stringify(content)),
  };
}

function withoutNames(spec: ServingSpec): unknown {
  return {
    ...spec,
    stepLogRoom: 0,
    warmupNs: spec.warmupNs ?? 0,
    timelineColumns: 0,
    links: spec.links.map(({ name: _, kind: __, ...link }) => link),
    stores: spec.stores.map(({ name: _, ...store }) => store),
  };
}

/** Instants that never came are hashed as −1: the bits of a `NaN` are not the same everywhere. */
async function columnHash(column: Float64Array | Uint32Array | Uint8Array): Promise<string> {
  const plain = column instanceof Float64Array
    ? column.map((ns) => Number.isNaN(ns) ? -1 : ns)
    : column.slice();
  return await hashOf(new Uint8Array(plain.buffer));
}

async function textHash(text: string): Promise<string> {
  return await hashOf(new TextEncoder().encode(text));
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
