/**
 * Simulates a cluster of serving engines on a trace, event by event.
 *
 * @module
 */
import { ServingResultField } from "../assembly/abi_serving.ts";
import { UsageError } from "../errors/errors.ts";
import type { Trace } from "../traces/trace.ts";
import { packServing } from "./pack_serving.ts";
import { placeTrace } from "./place_trace.ts";
import { readServing } from "./read_serving.ts";
import { Registry } from "./registry.ts";
import type { ServingResult } from "./serving_result.ts";
import type { ServingSpec } from "./serving_spec.ts";
import { Instance } from "./wasm.ts";

/** Switches of a simulation that are no part of what is simulated. */
export interface ServingOptions {
  /** Another build of the engine, such as `engine.check.wasm`. */
  readonly module?: WebAssembly.Module;
  /** Called between slices with requests finished and requests in all; may throw to stop. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Events of one call into the engine: V8 optimises Wasm between calls only. */
const SLICE_EVENTS = 1 << 16;

/**
 * Plays the requests of a trace through a cluster and says when each got its tokens.
 *
 * Pure: equal spec, trace and engine give equal results, to the bit.
 *
 * @throws {UsageError} For a spec that contradicts itself, or a router that is not registered.
 * @throws {EngineError} If the simulation does not fit in 4 GiB.
 *
 * @example A request by itself: its prompt takes one step, each later token one more
 * ```ts
 * import { serveTrace, singleEngine, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * builder.add({ arrivalNs: 0, runs: [[0, 4]], inputTokens: 64, outputTokens: 3 });
 * const stepModel = {
 *   stepNs: 1_000_000, sequenceNs: 0, tokenNs: 0, products: [], smoothness: 1,
 *   pairNs: 0, contextNs: 0, windowTokens: 0, windowPairNs: 0, windowContextNs: 0,
 *   allReduceNs: 0, allReduceNsPerToken: 0,
 * };
 * const engine = { blocks: 100, maxSequences: 8, tokenBudget: 2048 };
 * const { requests } = serveTrace(singleEngine(stepModel, engine), await builder.build());
 * assertEquals([requests.firstTokenNs[0], requests.finishNs[0]], [1_000_000, 3_000_000]);
 * ```
 */
export function serveTrace(
  spec: ServingSpec,
  trace: Trace,
  options: ServingOptions = {},
): ServingResult {
  checkServing(spec);
  const instance = new Instance(options.module);
  const registry = new Registry(instance);
  const header = placeTrace(instance, trace);
  instance.checked("openTrace", [header], "open the trace");
  const packed = packServing(instance, trace, spec, registry.router(spec.router));
  const context = "simulate the cluster";
  instance.checked("openServing", [packed.header], context);
  const total = trace.requestCount;
  const found = () => instance.call("servingResult", [], context);
  while (instance.call("advanceServing", [SLICE_EVENTS], context) !== 0) {
    options.onProgress?.(instance.memory.u64(found() + ServingResultField.Finished), total);
  }
  instance.checked("closeServing", [], context);
  return readServing(instance.memory, found(), packed, spec, total);
}

/** Refuses indices that point nowhere; the engine trusts them. */
function checkServing(spec: ServingSpec): void {
  const refuse = (what: string, found: unknown, expected: string): never => {
    throw new UsageError({
      code: "usage/serving",
      message: `Cannot simulate the cluster: ${what}`,
      found: String(found),
      expected,
    });
  };
  const below = (what: string, index: number | undefined, count: number) => {
    if (index === undefined || Number.isInteger(index) && index >= 0 && index < count) return;
    refuse(`${what} points nowhere`, index, `an index from 0 to ${count - 1}`);
  };
  if (spec.replicas.every(({ role }) => role === "decode")) {
    refuse("no replica computes prompts", "decode replicas only", "a unified or prefill replica");
  }
  const roles = new Set(spec.replicas.map(({ role }) => role));
  if (roles.has("prefill") && !roles.has("decode")) {
    refuse("nobody decodes what is prefilled", "no decode replica", "one or more");
  }
  for (const [index, replica] of spec.replicas.entries()) {
    const of = `replica ${index}'s`;
    below(`${of} step model`, replica.stepModel, spec.stepModels.length);
    for (const store of replica.stores) below(`${of} store`, store, spec.stores.length);
    const { linkOut, linkIn, linkUp, linkPeer, linkHostIn, linkHostOut } = replica;
    for (const link of [linkOut, linkIn, linkUp, linkPeer, linkHostIn, linkHostOut]) {
      below(`${of} link`, link, spec.links.length);
    }
    for (const [name, least] of [["blocks", 1], ["maxSequences", 1], ["tokenBudget", 1]] as const) {
      const value = replica[name];
      if (!(Number.isInteger(value) && value >= least && value < 2 ** 31)) {
        refuse(`${of} ${name} is out of range`, value, `a whole number of ${least} or more`);
      }
    }
  }
  for (const [index, store] of spec.stores.entries()) {
    below(`store ${index}'s read link`, store.linkRead, spec.links.length);
    below(`store ${index}'s write link`, store.linkWrite, spec.links.length);
    below(`store ${index}'s lower store`, store.below, spec.stores.length);
    if (store.below !== undefined && store.below <= index) {
      refuse(`store ${index} sinks upwards`, store.below, "a store with a higher index");
    }
  }
  for (const [index, { kind, subject }] of spec.faults.entries()) {
    const count = kind.startsWith("link") ? spec.links.length : spec.replicas.length;
    below(`fault ${index}'s subject`, subject, count);
  }
  if (!(spec.blockBytes >= 1 && spec.blockBytes < 2 ** 32)) {
    refuse("the bytes of a block are out of range", spec.blockBytes, "1 to 4294967295 bytes");
  }
}
