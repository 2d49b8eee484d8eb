/**
 * What the clock of the trace says of a replay, beside the engine's counters.
 *
 * @module
 */
import type { HierarchyScenario } from "../scenario/hierarchy.ts";
import type { Trace } from "../traces/trace.ts";
import type { HierarchyResult } from "./hierarchy_result.ts";

/**
 * Time from the first counted arrival to the last end, and time to compute every counted prompt
 * whole. Each is absent where the trace or the scenario does not give it.
 *
 * @param requestNs Time of each counted request, in order; absent in synchronous movement.
 */
export function clockOf(
  trace: Trace,
  scenario: HierarchyScenario,
  requestNs: Float64Array | undefined,
): Pick<HierarchyResult, "elapsedNs" | "computeNsWithoutCache"> {
  const first = Math.min(scenario.warmupRequests, trace.requestCount);
  const { inputTokens, arrivalNs } = trace.requests;
  const { nsPerToken, nsPerTokenSquared } = scenario.prefill;
  let [computeNs, endNs] = [0, 0];
  for (let r = first; r < trace.requestCount; r++) {
    const tokens = inputTokens[r];
    computeNs += Math.round(nsPerToken * tokens + nsPerTokenSquared * tokens * tokens);
    if (arrivalNs !== undefined && requestNs !== undefined) {
      endNs = Math.max(endNs, arrivalNs[r] + requestNs[r - first]);
    }
  }
  return {
    ...(endNs > 0 ? { elapsedNs: endNs - arrivalNs![first] } : {}),
    ...(computeNs > 0 ? { computeNsWithoutCache: computeNs } : {}),
  };
}
