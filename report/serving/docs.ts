/**
 * The table of metrics of serving simulations in words: `kvtier explain`, and
 * `docs/serving-metrics.md`.
 *
 * @module
 */

import { metricExplanation, metricSection } from "../metric_text.ts";
import { wrap } from "../text_table.ts";
import type { ServingMetric, ServingScope } from "./metric.ts";
import { SERVING_METRICS, servingMetricsOf } from "./metrics.ts";

const SCOPES: readonly (readonly [ServingScope, string, string])[] = [
  ["run", "Of the whole run", "One value for the simulation."],
  ["group", "Of each group of GPUs", "One value for each job that GPUs have, such as `prefill`."],
  [
    "link",
    "Of each kind of link",
    "Links whose names differ in their numbers only are one kind, unless the cluster says: " +
    "`nic3-out` and `nic4-out` are `nic#-out`.",
  ],
  ["store", "Of each kind of store", "One value for each kind of store, fastest tier first."],
];

/**
 * Explains every metric of that name that a serving simulation has.
 *
 * @param name Name of a metric; without it, the list of all with one line each.
 * @returns Text, or `undefined` when there is no such metric.
 *
 * @example
 * ```ts
 * import { explainServingMetric } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(explainServingMetric("ttftNsP99") ?? "", "firstToken − arrival");
 * ```
 */
export function explainServingMetric(name?: string): string | undefined {
  if (name === undefined) {
    const width = Math.max(...SERVING_METRICS.map((entry) => entry.name.length));
    return SCOPES.map(([scope, title]) =>
      [
        `${title}:\n`,
        ...servingMetricsOf(scope).map((entry) =>
          `  ${entry.name.padEnd(width)}  ${entry.meaning}\n`
        ),
      ].join("")
    ).join("\n");
  }
  const found = SERVING_METRICS.filter((entry) => entry.name === name);
  if (found.length === 0) return undefined;
  return found.map((entry) => {
    const [, title] = SCOPES.find(([scope]) => scope === entry.scope)!;
    return `Serving, ${title[0].toLowerCase()}${title.slice(1)}: ${metricExplanation(entry)}` +
      `  rests on        ${groundsText(entry)}\n`;
  }).join("\n");
}

function groundsText({ grounds }: ServingMetric): string {
  return grounds.length === 0 ? "nothing: it is given" : grounds.join(", ");
}

const INTRODUCTION = [
  "# Metrics of serving simulations",
  "",
  "<!-- Written by `deno task docs` from report/serving/. Change it there. -->",
  "",
  "Every number that a report of a simulated cluster shows is defined here, and reports compute no",
  "other. The metrics of replays without GPUs are in [metrics.md](metrics.md) and",
  "[run-metrics.md](run-metrics.md).",
  "",
  "## Instants of a request",
  "",
  "All times are whole nanoseconds since the trace began.",
  "",
  "| instant       | when                                                                          |",
  "| ------------- | ----------------------------------------------------------------------------- |",
  "| `arrival`     | the router has the request: as the trace says, after the turn before it ended |",
  "| `loadStart`   | stored KV begins to come in; without loading, the same as `scheduled`         |",
  "| `loadEnd`     | it is there; without loading, the same as `scheduled`                         |",
  "| `scheduled`   | the first step that works on the request begins                               |",
  "| `firstToken`  | the step that computes the last of the prompt ends                            |",
  "| `decodeStart` | the decoder has the KV; where one replica does both, the same as `firstToken` |",
  "| `finish`      | the last token                                                                |",
  "",
  "TTFT, TPOT, ITL and E2E are what vLLM and MLPerf call so:",
  "",
  "```",
  "TTFT = firstToken − arrival",
  "TPOT = (finish − firstToken) ÷ (outputTokens − 1), of requests with two tokens or more",
  "ITL  = the times between tokens, of all requests in one bag",
  "E2E  = finish − arrival",
  "```",
  "",
  "The parts of a request's time sum to its E2E to the nanosecond:",
  "",
  "```",
  "queue    = (loadStart − arrival) + (scheduled − loadEnd)",
  "load     = loadEnd − loadStart",
  "prefill  = firstToken − scheduled",
  "transfer = decodeStart − firstToken",
  "decode   = finish − decodeStart",
  "```",
  "",
  "## Behind a warm-up",
  "",
  "With `load.warmup`, each number is that of what lies behind that instant, and times that begin with",
  "the first arrival begin with it:",
  "",
  "- Of requests, those count that arrive then or later: in latencies, their parts, ITL, goodput,",
  "  tokens, reuse, skew of requests, turns. `leftOut` is how many others there were.",
  "- Time in steps, blocks in use, and time and bytes on links are split: what lasts over the instant",
  "  counts with the part behind it. Money and energy follow from them.",
  "- Steps, computed and generated tokens of groups, transfers, hits and writes of stores, blocks sent",
  "  to decoders, evictions and preemptions count when they happen or end; of many like steps in a row,",
  "  those that end behind it.",
  "- The fullest, the longest queue, the largest batch and the peak of a store begin with what is there",
  "  at the instant. Shares over time begin with the first column behind it.",
  "- Of the whole run are `events`, the list of requests (`--requests`), `--chrome-trace`, and the",
  "  words on faults.",
  "",
  "GPUs still serve requests of the warm-up when it ends: their time is in busy shares, money and",
  "energy, their tokens are not in tokens per second or per dollar. The longer the run behind it, the",
  "less that is.",
  "",
  "## Percentiles",
  "",
  "Percentiles are by nearest rank: p of n values is the value at rank ⌈p × n⌉, one that occurred.",
  "Those of the ITL come from buckets that are 2.2 % wide, and are the middle of theirs.",
  "",
  "## Over time",
  "",
  "The simulation sums what links carry, the time of steps and the blocks in use in columns of equal",
  "width, 2ⁿ nanoseconds: when time passes the last column, pairs of columns become one. So a timeline",
  "has between 128 and 256 columns, however long the run. Bytes count in the columns in which they",
  "flowed: those of a transfer that is lost, up to then; those of one that jitter slows, as often as it",
  "takes longer (so that no link carries more than its bandwidth).",
  "",
  "```",
  "use(link, column)  = bytes carried in the column ÷ (bandwidth × time of the column)",
  "full               = use ≥ 90 %",
  "busy(role, column) = time in steps ÷ (replicas × time of the column)",
  "KV(role, column)   = integral of blocks in use ÷ (blocks × time of the column)",
  "```",
  "",
  "Up to 512 links have timelines of their own; beyond, the largest kinds have one for all of their",
  "links, and none of them is named the busiest.",
  "",
  "## Saturation",
  "",
  "A request waits while nothing works on it: in a queue, for KV to load, for a decoder. Where more is",
  "offered than can be served, the number of those that wait grows as long as requests arrive. Its",
  "slope over the last three quarters of the arrivals' span, as a share of the requests that arrive, is",
  "`queueGrowthRatio`; from 5 % (and ten requests) on the run is **saturated**: its latencies depend on",
  "where the trace ends, and only its rates mean anything.",
  "",
  "Turns of a session wait for the turn before them (unless `sessions.closed` is false), so that a slow",
  "cluster is asked for less, and its queue never grows. A turn is late by the time from the trace's",
  "own arrival to when it comes. Where sessions are late at their ends because they waited, by 5 % of",
  "the time that they take or more (`heldBackRatio`), the run is saturated, too.",
  "",
  "## Confidence",
  "",
  "Each number says how far it may be believed outside of the simulation: as far as the weakest of the",
  "grounds that it rests on.",
  "",
  "| ground     | high                      | medium                                                 | low                                       |",
  "| ---------- | ------------------------- | ------------------------------------------------------ | ----------------------------------------- |",
  "| arrivals   | as logged                 | logged, then compressed, stretched or copied           | made                                      |",
  "| reuse      | blocks are named          |                                                        | blocks are not named                      |",
  "| steps      | held-out error ≤ 10 %     | ≤ 25 %, on another system, or nothing held out, ≤ 10 % | more, or not measured                     |",
  "| step       | fitted on served requests | the usual one, or written by hand                      |                                           |",
  "| saturation | the queue is steady       | fewer than 100 requests                                | it grows, turns come late, or all at once |",
  "| prices     | the scenario's            | those of hardware files                                |                                           |",
  "| power      | the scenario's            | a data sheet's, or a share of it                       |                                           |",
  "| tail       | ten values or more        | one or more above the rank                             | none                                      |",
  "",
  "`step` is the constant of each step, which tables of layers do not hold: a part of the ground",
  "`steps`. With tables alone and the usual 2 ms, means of two measured runs were predicted within 1.0",
  "to 2.4 %, with 0 ms 4.7 to 13 % short ([compute-model.md](compute-model.md)): that is medium,",
  "however well the tables fit. A price in a hardware file is an assumption with its day, and watts of",
  "a data sheet are the most that a device draws; the scenario's `prices` and `power` win over both.",
  "",
  "Sweeps show the level of each row, and say why once a table. Of each cell, `confidence` is that of",
  "mean latencies, `confidenceP99` of their 99th percentiles, `confidenceDollars` of money.",
  "",
  "Ratios are between 0 and 1 in JSON and CSV, and percent in tables. `null` (an empty CSV field, `–`",
  "in tables) means that the value is not defined: a ratio of nothing, or a number that needs a",
  "promise, a price or a power that the scenario does not give.",
  "",
];

/** The text of `docs/serving-metrics.md`. */
export function servingMetricsMarkdown(): string {
  const scopes = SCOPES.map(([scope, title, what]) =>
    [
      `## ${title}`,
      "",
      ...wrap(what, 100),
      "",
      ...servingMetricsOf(scope).map(sectionOf),
    ].join("\n")
  );
  return `${INTRODUCTION.join("\n")}\n${scopes.join("\n")}`;
}

function sectionOf(entry: ServingMetric): string {
  return metricSection(entry).replace(
    /\n- Does not show:/,
    `\n- Rests on: ${groundsText(entry)}\n- Does not show:`,
  );
}
