/**
 * Whether more load was offered than the cluster can serve: a queue that grows as long as requests
 * arrive, or sessions that waiting holds back (`turns.ts`).
 *
 * ```
 * waiting(t)   = requests in queue, load or transfer at t
 * slope        = least squares of waiting over the last three quarters of the arrivals' span
 * queue growth = slope × that time ÷ requests that arrived in it
 * ```
 *
 * A growth of 0.3 says that of ten requests that came, three were added to the queue: the cluster
 * serves 70 % of what is offered.
 *
 * @module
 */

import type { ServingResult } from "../../engine/serving_result.ts";
import { TimeBuckets } from "./buckets.ts";
import { type TurnDelays, turnDelaysOf } from "./turns.ts";

/** What the queue did while requests arrived. */
export interface Saturation {
  /** `offline`: all came at once, so that there is no rate to keep up with. */
  readonly state: "steady" | "saturated" | "unknown" | "offline";
  /** What says so: a queue that grows, turns that come late; empty unless saturated. */
  readonly by: readonly ("queue" | "turns")[];
  /** Share of arriving requests that the queue kept; 0 or less when it did not grow. */
  readonly queueGrowth: number | null;
  /** Requests waiting on average, over the last tenth of the arrivals' span. */
  readonly waitingAtEnd: number | null;
  /** Absent where no turn waits for another. */
  readonly turns?: TurnDelays;
}

const SPANS = 80;
/** The first quarter fills an empty cluster. */
const FIRST_SPAN = SPANS / 4;
/** Fewer requests than this say nothing about a trend. */
const REQUESTS_AT_LEAST = 100;
const GROWTH_AT_LEAST = 0.05;
/** Nor do fewer of them in the queue. */
const QUEUED_AT_LEAST = 10;
/** Sessions that waiting holds back by more ask for less than the trace does. */
const HELD_BACK_AT_LEAST = 0.05;

/** Judges a result by the requests that count. */
export function saturationOf(result: ServingResult): Saturation {
  const arrivals = result.requests.arrivalNs.filter((ns) => ns >= result.countedFromNs);
  const firstArrivalNs = arrivals.reduce((least, ns) => Math.min(least, ns), Infinity);
  const lastArrivalNs = arrivals.reduce((most, ns) => Math.max(most, ns), -Infinity);
  const delays = turnDelaysOf(result);
  const turns = delays === undefined ? {} : { turns: delays };
  if (arrivals.length > 1 && lastArrivalNs === firstArrivalNs) {
    return { state: "offline", by: [], queueGrowth: null, waitingAtEnd: null };
  }
  if (arrivals.length < REQUESTS_AT_LEAST) {
    return { state: "unknown", by: [], queueGrowth: null, waitingAtEnd: null, ...turns };
  }
  const buckets = new TimeBuckets(firstArrivalNs, lastArrivalNs, SPANS);
  addWaiting(result, buckets);
  const waiting = buckets.means();
  const added = slopeOf(waiting.subarray(FIRST_SPAN)) * (SPANS - FIRST_SPAN);
  const from = firstArrivalNs + FIRST_SPAN * buckets.widthNs;
  const came = arrivals.reduce((count, ns) => count + Number(ns >= from), 0);
  const growth = came === 0 ? 0 : added / came;
  const last = waiting.subarray(SPANS - SPANS / 10);
  const waitingAtEnd = last.reduce((sum, one) => sum + one, 0) / last.length;
  const grows = growth >= GROWTH_AT_LEAST && added >= QUEUED_AT_LEAST;
  const isHeldBack = (delays?.heldBack ?? 0) >= HELD_BACK_AT_LEAST;
  const by = [...grows ? ["queue" as const] : [], ...isHeldBack ? ["turns" as const] : []];
  const state = by.length > 0 ? "saturated" : "steady";
  return { state, by, queueGrowth: growth, waitingAtEnd, ...turns };
}

/** Requests that nothing works on; those that never were served wait for ever. */
function addWaiting({ requests, endNs }: ServingResult, buckets: TimeBuckets): void {
  const { state, arrivalNs, scheduledNs, firstTokenNs, decodeStartNs } = requests;
  const until = (ns: number) => Number.isNaN(ns) ? endNs : ns;
  for (let row = 0; row < state.length; row++) {
    if (state[row] === REFUSED) continue;
    buckets.add(arrivalNs[row], until(scheduledNs[row]));
    if (Number.isNaN(firstTokenNs[row])) continue;
    buckets.add(firstTokenNs[row], until(decodeStartNs[row]));
  }
}

/** `ServedState.Refused`. */
const REFUSED = 2;

/** Least squares of values over their index. */
function slopeOf(values: Float64Array): number {
  const middle = (values.length - 1) / 2;
  let products = 0;
  let squares = 0;
  values.forEach((value, at) => {
    products += (at - middle) * value;
    squares += (at - middle) ** 2;
  });
  return products / squares;
}
