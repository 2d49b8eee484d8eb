/**
 * A scenario and a trace in, what the cluster did out.
 *
 * @module
 */
import { serveTrace, type ServingOptions } from "../../engine/serving.ts";
import type { ServingResult } from "../../engine/serving_result.ts";
import { firstRequests } from "../../traces/limit.ts";
import { scaleTrace } from "../../traces/scale.ts";
import type { Trace } from "../../traces/trace.ts";
import { expandCluster, type ExpandOptions, type Expansion } from "./expand.ts";
import { type ClusterScenario, gpuCount } from "./scenario.ts";

/** What was simulated, and what came of it. */
export interface ClusterRun {
  readonly scenario: ClusterScenario;
  readonly expansion: Expansion;
  /** The load: the trace, limited, copied and at the scenario's rate. */
  readonly trace: Trace;
  readonly copies: number;
  readonly result: ServingResult;
}

/**
 * Simulates a scenario on a trace.
 *
 * @throws {UsageError} If a replica cannot hold one block, or a name is not registered.
 * @throws {EngineError} If the simulation does not fit in 4 GiB.
 *
 * @example
 * ```ts
 * import { parseClusterScenario, simulateCluster, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const scenario = await parseClusterScenario(
 *   "{ model: llama-3.1-8b, cluster: { device: h100-sxm, gpusPerNode: 2 } }",
 * );
 * const builder = new TraceBuilder();
 * for (let i = 0; i < 4; i++) {
 *   builder.add({ arrivalNs: i * 1e6, runs: [[i * 100, 64]], outputTokens: 8 });
 * }
 * const { result } = await simulateCluster(scenario, await builder.build());
 * assertEquals(result.finished, 4);
 * ```
 */
export async function simulateCluster(
  scenario: ClusterScenario,
  trace: Trace,
  options: ServingOptions & ExpandOptions = {},
): Promise<ClusterRun> {
  const load = await clusterLoad(scenario, trace);
  return serveLoad(scenario, load, options);
}

/** A trace as a scenario's load. */
export interface ClusterLoad {
  readonly trace: Trace;
  readonly copies: number;
}

/** Limits, copies and speeds up a trace as a scenario asks. */
export async function clusterLoad(scenario: ClusterScenario, trace: Trace): Promise<ClusterLoad> {
  const { limitRequests = trace.requestCount, rate, staggerNs } = scenario.load;
  const limited = await firstRequests(trace, limitRequests);
  const copies = copiesOf(scenario, limited);
  const { seed } = scenario;
  return { trace: await scaleTrace(limited, { rate, copies, staggerNs, seed }), copies };
}

/** Simulates a load that was made already, as comparisons of routers do. */
export function serveLoad(
  scenario: ClusterScenario,
  { trace, copies }: ClusterLoad,
  options: ServingOptions & ExpandOptions = {},
): ClusterRun {
  const expansion = expandCluster(scenario, trace.blockTokens, options);
  const result = serveTrace(expansion.spec, trace, options);
  return { scenario, expansion, trace, copies, result };
}

/** How often a trace is copied: as written, or as the rate of a device needs. */
function copiesOf(scenario: ClusterScenario, trace: Trace): number {
  const { copies = 1, perGpu, rate } = scenario.load;
  if (perGpu === undefined) return copies;
  const spanSeconds = (trace.requests.arrivalNs?.at(-1) ?? 0) / 1e9;
  if (spanSeconds === 0) return 1;
  const perSecond = trace.requestCount / spanSeconds * rate;
  return Math.max(1, Math.round(perGpu * gpuCount(scenario) / perSecond));
}
