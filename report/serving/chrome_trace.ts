/**
 * A serving simulation as a trace of events that Perfetto and `chrome://tracing` open.
 *
 * Requests stand in lanes, each with its parts below it; every replica has a row with its steps;
 * counters follow requests in the system, GPUs and links. Times are microseconds since the trace
 * began.
 *
 * @module
 */

import { visible } from "../format.ts";
import { TimeBuckets } from "../../serving/evidence/buckets.ts";
import { inSystem } from "./chart_time.ts";
import { sharesOverTime } from "./chrome_counters.ts";
import { micros, type TraceEvent } from "./chrome_event.ts";
import type { ServingRun } from "./metric.ts";
import { PARTS, partsOf } from "./times.ts";

/** How much of a run is written. */
export interface ChromeTraceOptions {
  /** Most events, 1,000 or more; 200,000 unless told, which is about 30 MB. */
  readonly eventsAtMost?: number;
}

const EVENTS_AT_MOST = 200_000;
const EVENTS_AT_LEAST = 1000;
/** Points of the counter of requests. */
const COUNTED = 200;
/** A request with its parts. */
const EVENTS_OF_REQUEST = 1 + PARTS.length;
const REQUESTS = 0;

/**
 * Writes a run as a trace of events in JSON, ordered by time: the requests that arrived first and
 * the steps that began first, as many as fit.
 *
 * Steps are there as far as the simulation logged them (`stepLogRoom`). What was left out is
 * counted in `otherData`.
 *
 * @example
 * ```ts
 * import { chromeTrace, EXAMPLE_SERVING, servingRun } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * const { traceEvents } = JSON.parse(chromeTrace(run));
 * const steps = traceEvents.filter((event: { name: string }) => event.name === "step");
 * assertEquals(steps[0].dur, 30_000);
 * ```
 */
export function chromeTrace(run: ServingRun, options: ChromeTraceOptions = {}): string {
  const most = Math.max(EVENTS_AT_LEAST, options.eventsAtMost ?? EVENTS_AT_MOST);
  const heads = headEvents(run);
  const counters = [...counterEvents(run), ...sharesOverTime(run, Math.floor(most / 4))];
  const room = Math.max(0, most - heads.length - counters.length);
  const steps = run.result.stepLog.slice(0, Math.floor(room / 2));
  const requests = arrivalOrder(run).slice(
    0,
    Math.floor((room - steps.length) / EVENTS_OF_REQUEST),
  );
  const events = [
    ...counters,
    ...requestEvents(run, requests),
    ...steps.map((step) => stepEvent(run, step)),
  ].sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const about = {
    scenario: visible(run.context.name),
    resultHash: run.context.hashes.result,
    requestsLeftOut: run.times.rows.length - requests.length,
    stepsLeftOut: run.result.stepLog.length - steps.length,
  };
  const lines = [...heads, ...events].map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n` +
    `${lines.join(",\n")}\n]}\n`;
}

/** Finished requests, first come first. */
function arrivalOrder({ times, result }: ServingRun): Uint32Array {
  const { arrivalNs } = result.requests;
  return times.rows.toSorted((a, b) => arrivalNs[a] - arrivalNs[b] || a - b);
}

/** Names of processes (requests, groups of GPUs) and threads (replicas). */
function headEvents({ context, result, timeline }: ServingRun): TraceEvent[] {
  const { groups, groupOf } = context.fleet;
  const named = (name: string, pid: number, tid: number, text: string): TraceEvent => ({
    name,
    ph: "M",
    pid,
    tid,
    ts: 0,
    args: { name: text },
  });
  return [
    named("process_name", REQUESTS, 0, "requests"),
    ...groups.map(({ name, gpu }, at) =>
      named("process_name", at + 1, 0, `${visible(name)} (${visible(gpu)})`)
    ),
    ...(timeline === undefined
      ? []
      : [named("process_name", groups.length + 1, 0, "shares of GPUs and links, %")]),
    ...(result.stepLog.length === 0 ? [] : loggedReplicas(result.stepLog)).map((replica) =>
      named("thread_name", groupOf[replica] + 1, replica, `replica ${replica}`)
    ),
  ];
}

function loggedReplicas(stepLog: ServingRun["result"]["stepLog"]): number[] {
  return [...new Set(stepLog.map(({ replica }) => replica))].sort((a, b) => a - b);
}

function stepEvent(
  { context }: ServingRun,
  { startNs, endNs, replica, steps, tokens, sequences, heldBlocks, waiting }:
    ServingRun["result"]["stepLog"][number],
): TraceEvent {
  return {
    name: steps === 1 ? "step" : "decode steps",
    ph: "X",
    pid: context.fleet.groupOf[replica] + 1,
    tid: replica,
    ts: micros(startNs),
    dur: micros(endNs - startNs),
    args: { steps, tokens, sequences, heldBlocks, waiting },
  };
}

/** Requests and their parts, in as few lanes as keep them from overlapping. */
function requestEvents(run: ServingRun, rows: Uint32Array): TraceEvent[] {
  const { requests } = run.result;
  const lanes = lanesOf(run, rows);
  return [...rows].flatMap((row, at) => {
    const span = (name: string, fromNs: number, ns: number, args: TraceEvent["args"]) => ({
      name,
      ph: "X" as const,
      pid: REQUESTS,
      tid: lanes[at],
      ts: micros(fromNs),
      dur: micros(ns),
      args,
    });
    const arrival = requests.arrivalNs[row];
    const whole = span(`request ${row}`, arrival, requests.finishNs[row] - arrival, {
      promptTokens: requests.promptTokens[row],
      cachedTokens: requests.cachedTokens[row],
      peerTokens: requests.peerTokens[row],
      loadedTokens: requests.loadedTokens[row],
      outputTokens: requests.outputTokens[row],
      replica: requests.replica[row],
      decoder: requests.decoder[row],
      preemptions: requests.preemptions[row],
      retries: requests.retries[row],
    });
    return [whole, ...partSpans(run, row).map(([name, from, ns]) => span(name, from, ns, {}))];
  });
}

/** Spans of a request's parts, in order; the queue has one before and one after loading. */
function partSpans({ result: { requests } }: ServingRun, row: number): [string, number, number][] {
  const parts = partsOf(requests, row);
  const loadStart = requests.loadStartNs[row];
  const loadEnd = requests.loadEndNs[row];
  const arrival = requests.arrivalNs[row];
  const scheduled = requests.scheduledNs[row];
  const spans: [string, number, number][] = parts.load === 0
    ? [["queue", arrival, scheduled - arrival]]
    : [
      ["queue", arrival, loadStart - arrival],
      ["load", loadStart, parts.load],
      ["queue", loadEnd, scheduled - loadEnd],
    ];
  spans.push(
    ["prefill", scheduled, parts.prefill],
    ["transfer", requests.firstTokenNs[row], parts.transfer],
    ["decode", requests.decodeStartNs[row], parts.decode],
  );
  return spans.filter(([, , ns]) => ns > 0);
}

/** A lane for each of the rows, which are in order of arrival; lanes that ended are used again. */
function lanesOf({ result: { requests } }: ServingRun, rows: Uint32Array): Uint32Array {
  const { arrivalNs, finishNs } = requests;
  const lanes = new Uint32Array(rows.length);
  const byFinish = [...rows.keys()].sort((a, b) => finishNs[rows[a]] - finishNs[rows[b]] || a - b);
  const free: number[] = [];
  let made = 0;
  let ended = 0;
  rows.forEach((row, at) => {
    while (ended < rows.length && finishNs[rows[byFinish[ended]]] <= arrivalNs[row]) {
      // A request that takes no time ends before it has a lane.
      if (byFinish[ended] < at) free.push(lanes[byFinish[ended]]);
      ended++;
    }
    lanes[at] = free.pop() ?? made++;
  });
  return lanes;
}

/** Requests in the system over time, by part. */
function counterEvents(run: ServingRun): TraceEvent[] {
  const { startNs, lastFinishNs, rows } = run.times;
  if (rows.length === 0 || lastFinishNs <= startNs) return [];
  const means = inSystem(run, COUNTED);
  const buckets = new TimeBuckets(startNs, lastFinishNs, COUNTED);
  return Array.from({ length: COUNTED }, (_, at) => ({
    name: "requests in the system",
    ph: "C",
    pid: REQUESTS,
    tid: 0,
    ts: micros(buckets.startNs + at * buckets.widthNs),
    args: Object.fromEntries(PARTS.map((part) => [part, Number(means[part][at].toFixed(3))])),
  }));
}
