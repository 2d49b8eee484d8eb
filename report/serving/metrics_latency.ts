/**
 * Metrics of a serving simulation about the time of requests.
 *
 * @module
 */

import type { ServingRow, ServingRun } from "./metric.ts";
import { countedQuantile, mean, quantile, STATISTICS } from "./quantile.ts";
import { type Part, PARTS } from "./times.ts";

/** The formula of what is not computed from anything else. */
export const COUNTED = "counted by the engine";

const WORDS: Readonly<Record<string, string>> = {
  mean: "The average",
  p50: "Half of them are at most this: the median",
  p90: "Nine of ten are at most this: the 90th percentile of the",
  p95: "19 of 20 are at most this: the 95th percentile of the",
  p99: "99 of 100 are at most this: the 99th percentile of the",
  "p99.9": "999 of 1,000 are at most this: the 99.9th percentile of the",
};

interface Family {
  readonly name: string;
  readonly label: string;
  readonly what: string;
  readonly formula: string;
  readonly over: string;
  readonly doesNotShow: string;
  readonly at: (run: ServingRun, perMille?: number) => number | null;
}

/** A row for each statistic of a column of times. */
function rowsOf({ name, label, what, formula, over, doesNotShow, at }: Family): ServingRow[] {
  return STATISTICS.map(({ suffix, label: statistic, perMille }) => ({
    name: `${name}Ns${suffix}`,
    label: `${label} ${statistic}`,
    unit: "nanoseconds",
    formula: `${statistic === "mean" ? "mean" : `${statistic} by nearest rank`} of ${formula}, ` +
      `over ${over}`,
    better: "lower",
    format: "duration",
    meaning: `${WORDS[statistic]} ${what}.`,
    doesNotShow,
    grounds: ["arrivals", "reuse", "steps", "saturation", ...(perMille ? ["tail" as const] : [])],
    ...(perMille === undefined ? {} : { perMille }),
    value: (run) => at(run, perMille),
  }));
}

const FINISHED = "finished requests";

const FAMILIES: readonly Family[] = [
  {
    name: "ttft",
    label: "TTFT",
    what: "time from a request's arrival to its first token",
    formula: "firstToken − arrival",
    over: FINISHED,
    doesNotShow: "Time on the way to and from the user; and refused requests, which have no token.",
    at: ({ times }, perMille) =>
      perMille === undefined ? mean(times.ttftNs) : quantile(times.ascending.ttftNs, perMille),
  },
  {
    name: "tpot",
    label: "TPOT",
    what: "time of each output token after the first, of one request after the other",
    formula: "(finish − firstToken) ÷ (outputTokens − 1)",
    over: "finished requests of two tokens or more, each with the same weight",
    doesNotShow: "Stalls: within a request they are averaged; see the ITL.",
    at: ({ times }, perMille) =>
      perMille === undefined ? mean(times.tpotNs) : quantile(times.ascending.tpotNs, perMille),
  },
  {
    name: "itl",
    label: "ITL",
    what: "time between two tokens of a request, each pair counted",
    formula: "token(i + 1) − token(i)",
    over: "all pairs of tokens that follow each other; percentiles from buckets 2.2 % wide",
    doesNotShow: "Which requests stall: long answers weigh more than short ones.",
    at: ({ times, result }, perMille) =>
      perMille === undefined ? times.intervalNsMean : countedQuantile(result.intervals, perMille),
  },
  {
    name: "e2e",
    label: "E2E",
    what: "time from a request's arrival to its last token",
    formula: "finish − arrival",
    over: FINISHED,
    doesNotShow: "Whether it was long: a long answer takes long on an idle cluster too.",
    at: ({ times }, perMille) =>
      perMille === undefined ? mean(times.e2eNs) : quantile(times.ascending.e2eNs, perMille),
  },
];

const PART_WORDS: Readonly<Record<Part, readonly [formula: string, what: string, not: string]>> = {
  queue: [
    "(loadStart − arrival) + (scheduled − loadEnd)",
    "time that a request waits before the first step that works on it, loading aside",
    "Waiting after that: preempted prompts wait in prefill, full decoders in transfer or decode.",
  ],
  load: [
    "loadEnd − loadStart",
    "time that KV of a request takes to come into HBM from stores and peers, waits for links included",
    "What it saved; see loadedTokenRatio and peerTokenRatio.",
  ],
  prefill: [
    "firstToken − scheduled",
    "time from the first step that works on a request to its first token",
    "Computing alone: chunks of other prompts, and preemption, are in it.",
  ],
  transfer: [
    "decodeStart − firstToken",
    "time until a request's KV is with its decoder; 0 where one replica does both",
    "The wire alone: waiting for room at a decoder is in it, and what a failure made to be done again.",
  ],
  decode: [
    "finish − decodeStart",
    "time from there to the last token",
    "Computing alone: waiting for a place in a step, and preemption, are in it.",
  ],
};

function partRows(): ServingRow[] {
  return PARTS.flatMap((part) => {
    const [formula, what, doesNotShow] = PART_WORDS[part];
    return rowsOf({
      name: part,
      label: part,
      what,
      formula,
      over:
        "finished requests; the means of queue, load, prefill, transfer and decode sum to E2E's",
      doesNotShow,
      at: ({ times }, perMille) =>
        perMille === undefined
          ? mean(times.parts[part])
          : quantile(times.ascending.parts[part], perMille),
    }).filter(({ perMille }) => perMille === undefined || perMille === 500 || perMille === 990);
  });
}

/** TTFT, TPOT, ITL and E2E with all statistics; the parts of E2E with three. */
export const LATENCY_ROWS: readonly ServingRow[] = [...FAMILIES.flatMap(rowsOf), ...partRows()];
