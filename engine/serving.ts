/**
 * Simulates a cluster of serving engines on a trace, event by event.
 *
 * @module
 */
import { ServingResultField } from "../assembly/abi_served.ts";
import type { Trace } from "../traces/trace.ts";
import { checkLoad, checkServing } from "./check_serving.ts";
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
  /** Counts all requests and blocks from scratch after every event; slow, for tests. */
  readonly checkBooks?: boolean;
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
 * @throws {UsageError} For a spec that contradicts itself or has a number out of range, arrivals
 *   that go back or are no times, or a router or eviction rule that is not registered.
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
  checkLoad(spec, trace);
  const instance = new Instance(options.module);
  const registry = new Registry(instance);
  const header = placeTrace(instance, trace);
  instance.checked("openTrace", [header], "open the trace");
  const packed = packServing(instance, trace, spec, registry, options);
  const context = "simulate the cluster";
  instance.checked("openServing", [packed.header], context);
  const total = trace.requestCount;
  const found = () => instance.call("servingResult", [], context);
  while (instance.call("advanceServing", [SLICE_EVENTS], context) !== 0) {
    options.onProgress?.(instance.memory.u64(found() + ServingResultField.Finished), total);
  }
  instance.checked("closeServing", [], context);
  return readServing(instance.memory, found(), packed, spec, trace);
}
