/**
 * The times of requests, as formulas over the instants that the engine stamps.
 *
 * ```
 * TTFT     = firstToken − arrival
 * E2E      = finish − arrival
 * TPOT     = (finish − firstToken) ÷ (outputTokens − 1), of requests with two tokens or more
 *
 * queue    = (loadStart − arrival) + (scheduled − loadEnd)
 * load     = loadEnd − loadStart
 * prefill  = firstToken − scheduled
 * transfer = decodeStart − firstToken
 * decode   = finish − decodeStart
 * E2E      = queue + load + prefill + transfer + decode
 * ```
 *
 * @module
 */

import type { ServedRequests, ServingResult } from "../../engine/serving_result.ts";
import { isCounted } from "../../serving/evidence/counted.ts";
import { mean } from "./quantile.ts";

/** The parts of a request's time, in their order. */
export const PARTS = ["queue", "load", "prefill", "transfer", "decode"] as const;

/** A part of a request's time. */
export type Part = (typeof PARTS)[number];

/** `ServedState.Finished`. */
const FINISHED = 1;

/**
 * Columns of the finished requests that count, in order of the trace, and what follows from them.
 * Those count that arrive behind the warm-up: all of them when there is none.
 */
export interface Times {
  /** Requests that count, finished or not. */
  readonly counted: number;
  /** Rows of the finished ones. */
  readonly rows: Uint32Array;
  readonly ttftNs: Float64Array;
  readonly e2eNs: Float64Array;
  /** Of requests with two tokens or more. */
  readonly tpotNs: Float64Array;
  readonly parts: Readonly<Record<Part, Float64Array>>;
  /** The same columns in ascending order. */
  readonly ascending: {
    readonly ttftNs: Float64Array;
    readonly e2eNs: Float64Array;
    readonly tpotNs: Float64Array;
    readonly parts: Readonly<Record<Part, Float64Array>>;
  };
  /** Mean time between two tokens of a request: all decoding ÷ all tokens but the first. */
  readonly intervalNsMean: number | null;
  /** When counting begins: with the first arrival, or when the warm-up ends. */
  readonly startNs: number;
  readonly firstArrivalNs: number;
  readonly lastArrivalNs: number;
  /** Of all requests: those of the warm-up may be the last to end. */
  readonly lastFinishNs: number;
}

/** Time of each part of one request; integers that sum to its E2E exactly. `NaN` if unfinished. */
export function partsOf(requests: ServedRequests, row: number): Record<Part, number> {
  const arrival = requests.arrivalNs[row];
  const loadStart = requests.loadStartNs[row];
  const loadEnd = requests.loadEndNs[row];
  const scheduled = requests.scheduledNs[row];
  const firstToken = requests.firstTokenNs[row];
  const decodeStart = requests.decodeStartNs[row];
  return {
    queue: (loadStart - arrival) + (scheduled - loadEnd),
    load: loadEnd - loadStart,
    prefill: firstToken - scheduled,
    transfer: decodeStart - firstToken,
    decode: requests.finishNs[row] - decodeStart,
  };
}

/** TPOT of one request, or `NaN` with a single token. */
export function tpotNs(requests: ServedRequests, row: number): number {
  const later = requests.outputTokens[row] - 1;
  return later < 1 ? NaN : (requests.finishNs[row] - requests.firstTokenNs[row]) / later;
}

/** Derives all columns of a result at once. */
export function timesOf(result: ServingResult): Times {
  const { requests, countedFromNs } = result;
  const { state, firstTokenNs, finishNs, outputTokens, arrivalNs } = requests;
  const arrivals = arrivalNs.filter((ns) => ns >= countedFromNs);
  const finished: number[] = [];
  let lastFinishNs = 0;
  for (let row = 0; row < state.length; row++) {
    if (state[row] !== FINISHED) continue;
    lastFinishNs = Math.max(lastFinishNs, finishNs[row]);
    if (isCounted(result, row)) finished.push(row);
  }
  const rows = Uint32Array.from(finished);
  const column = (of: (row: number) => number) => Float64Array.from(rows, of);
  const parts = partColumns(requests, rows);
  const ttft = column((row) => firstTokenNs[row] - arrivalNs[row]);
  const e2e = column((row) => finishNs[row] - arrivalNs[row]);
  const tpot = column((row) => tpotNs(requests, row)).filter((ns) => !Number.isNaN(ns));
  const laterTokens = rows.reduce((sum, row) => sum + outputTokens[row] - 1, 0);
  const decoding = rows.reduce((sum, row) => sum + finishNs[row] - firstTokenNs[row], 0);
  const firstArrivalNs = arrivals.reduce((least, ns) => Math.min(least, ns), Infinity);
  return {
    counted: arrivals.length,
    rows,
    ttftNs: ttft,
    e2eNs: e2e,
    tpotNs: tpot,
    parts,
    ascending: {
      ttftNs: ttft.toSorted(),
      e2eNs: e2e.toSorted(),
      tpotNs: tpot.toSorted(),
      parts: byPart((part) => parts[part].toSorted()),
    },
    intervalNsMean: laterTokens === 0 ? null : decoding / laterTokens,
    startNs: countedFromNs === 0 ? firstArrivalNs : countedFromNs,
    firstArrivalNs,
    lastArrivalNs: arrivals.reduce((most, ns) => Math.max(most, ns), -Infinity),
    lastFinishNs,
  };
}

function partColumns(requests: ServedRequests, rows: Uint32Array): Record<Part, Float64Array> {
  const columns = byPart(() => new Float64Array(rows.length));
  rows.forEach((row, at) => {
    const parts = partsOf(requests, row);
    for (const part of PARTS) columns[part][at] = parts[part];
  });
  return columns;
}

/** One value for each part. */
export function byPart<Value>(of: (part: Part) => Value): Record<Part, Value> {
  return Object.fromEntries(PARTS.map((part) => [part, of(part)])) as Record<Part, Value>;
}

/** Mean of each part over the finished requests. */
export function partMeans({ parts }: Times): Record<Part, number | null> {
  return byPart((part) => mean(parts[part]));
}
