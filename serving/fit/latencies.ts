/**
 * Latencies of requests, observed beside predicted.
 *
 * TTFT = first token − arrival. TPOT = (last token − first token) ÷ (output tokens − 1), of
 * requests with two tokens or more. E2E = last token − arrival.
 *
 * @module
 */
import { nearestRanks } from "../../engine/percentiles.ts";
import type { LoggedRequest } from "./request_log.ts";

/** When a request arrived, gave its first token and its last; nanoseconds. */
export interface ServedInstants {
  readonly arrivalNs: number;
  readonly firstTokenNs: number;
  readonly lastTokenNs: number;
}

/** The three latencies. */
export type LatencyName = "ttft" | "tpot" | "e2e";

/** One latency over all requests, observed and predicted, in nanoseconds. */
export interface LatencyComparison {
  readonly name: LatencyName;
  readonly requests: number;
  readonly rows: readonly {
    /** `mean`, `p50`, `p90`, `p95`, `p99`. */
    readonly statistic: string;
    readonly observedNs: number;
    readonly predictedNs: number;
  }[];
}

/** One latency of a request; `undefined` when it has none. */
export function latencyOf(
  name: LatencyName,
  { arrivalNs, firstTokenNs, lastTokenNs }: ServedInstants,
  outputTokens: number,
): number | undefined {
  if (name === "ttft") return firstTokenNs - arrivalNs;
  if (name === "e2e") return lastTokenNs - arrivalNs;
  return outputTokens > 1 ? (lastTokenNs - firstTokenNs) / (outputTokens - 1) : undefined;
}

/** Compares latencies of the requests that `keep` picks. */
export function compareLatencies(
  log: readonly LoggedRequest[],
  served: readonly ServedInstants[],
  keep: (index: number) => boolean = () => true,
): LatencyComparison[] {
  return NAMES.map((name): LatencyComparison => {
    const kept = log.flatMap((request, index) => {
      const observed = latencyOf(name, request, request.outputTokens);
      const predicted = latencyOf(name, served[index], request.outputTokens);
      return keep(index) && observed !== undefined ? [[observed, predicted!] as const] : [];
    });
    const observed = nearestRanks(Float64Array.from(kept, ([value]) => value));
    const predicted = nearestRanks(Float64Array.from(kept, ([, value]) => value));
    const rows = STATISTICS.map((statistic) => ({
      statistic,
      observedNs: observed[statistic],
      predictedNs: predicted[statistic],
    }));
    return { name, requests: kept.length, rows };
  });
}

/**
 * Mean error of the latencies of single requests, all three together, for runs that no fit has
 * seen.
 */
export function latencyErrors(
  log: readonly LoggedRequest[],
  served: readonly ServedInstants[],
): { readonly points: number; readonly meanError: number } {
  let [points, errors] = [0, 0];
  for (const [index, request] of log.entries()) {
    for (const name of NAMES) {
      const observed = latencyOf(name, request, request.outputTokens);
      const predicted = latencyOf(name, served[index], request.outputTokens);
      if (observed === undefined || !(observed > 0)) continue;
      points++;
      errors += Math.abs(predicted! / observed - 1);
    }
  }
  return { points, meanError: errors / points };
}

const NAMES = ["ttft", "tpot", "e2e"] as const satisfies readonly LatencyName[];
const STATISTICS = ["mean", "p50", "p90", "p95", "p99"] as const;
