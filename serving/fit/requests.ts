/**
 * Fits of a step's constants on logs of served requests, through an engine that serves them again.
 *
 * @module
 */
import { CalibrationError } from "../../errors/errors.ts";
import { type Fit, fit, type FitRange } from "./fit.ts";
import {
  compareLatencies,
  type LatencyComparison,
  type LatencyName,
  latencyOf,
  type ServedInstants,
} from "./latencies.ts";
import type { LoggedRequest } from "./request_log.ts";

/** Serves the logged requests with constants, in the order of their ranges. */
export type Serve = (constants: readonly number[]) => readonly ServedInstants[];

/** How requests are fitted. */
export interface RequestFitOptions {
  readonly name: string;
  readonly constants: readonly FitRange[];
  readonly serve: Serve;
  /** Share of the requests, those that ended first, that the fit may see; 1/3 when absent. */
  readonly share?: number;
  /** Serves at most; 60 when absent. */
  readonly evaluations?: number;
}

/** A fit on the start of a log, and how well it tells the rest. */
export interface RequestFit {
  readonly fit: Fit;
  /** Requests that the fit saw. */
  readonly seen: number;
  /** All requests. */
  readonly all: readonly LatencyComparison[];
  /** Those that the fit did not see. */
  readonly unseen: readonly LatencyComparison[];
}

interface LatencyPoint {
  readonly index: number;
  readonly name: LatencyName;
  readonly ns: number;
}

/**
 * Fits constants on the requests that ended first; what ended later checks the fit. A request that
 * ended is not touched by what arrived afterwards, so that nothing of the rest leaks in.
 *
 * @throws {CalibrationError} With too few requests, or if nothing is explained.
 */
export function fitRequests(
  log: readonly LoggedRequest[],
  { name, constants, serve, share = 1 / 3, evaluations = 60 }: RequestFitOptions,
): RequestFit {
  const ends = log.map(({ lastTokenNs }) => lastTokenNs).sort((a, b) => a - b);
  const count = Math.ceil(share * log.length);
  if (count < 10) {
    throw new CalibrationError({
      code: "calibrate/too-few-requests",
      message: `Cannot calibrate: ${name} has too few requests`,
      found: `${log.length}, of which ${count} to fit on`,
      expected: "10 or more to fit on",
      mend: ["log for longer, or let the fit see a larger share"],
    });
  }
  const isSeen = (index: number) => log[index].lastTokenNs <= ends[count - 1];
  const points = log.flatMap((request, index) =>
    isSeen(index) ? latencyPoints(request, index) : []
  );
  const result = fit<LatencyPoint>({
    name: `latencies in ${name}`,
    constants,
    points,
    set: ({ name }) => name,
    label: ({ name, index }) => `${name} of request ${index + 1}`,
    x: ({ index }) => log[index].arrivalNs,
    observed: ({ ns }) => ns,
    predict: (values, points) => {
      const served = serve(values);
      return points.map(({ name, index }) =>
        Math.max(1, latencyOf(name, served[index], log[index].outputTokens)!)
      );
    },
    evaluations,
    holdOutEvery: 0,
  });
  const served = serve(result.constants.map(({ value }) => value));
  return {
    fit: result,
    seen: count,
    all: compareLatencies(log, served),
    unseen: compareLatencies(log, served, (index) => !isSeen(index)),
  };
}

/** What a request is fitted on: TPOT and E2E tell the step, the wait in the queue is in E2E. */
function latencyPoints(request: LoggedRequest, index: number): LatencyPoint[] {
  return (["tpot", "e2e"] as const).flatMap((name) => {
    const ns = latencyOf(name, request, request.outputTokens);
    return ns === undefined || ns <= 0 ? [] : [{ index, name, ns }];
  });
}
