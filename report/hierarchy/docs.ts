/**
 * The table of metrics of `kvtier run` in words: `kvtier explain`, and `docs/run-metrics.md`.
 *
 * @module
 */

import { metricExplanation, metricSection } from "../metric_text.ts";
import type { RunScope } from "./metric.ts";
import { RUN_METRICS, runMetricsOf } from "./metrics.ts";

const SCOPES: readonly (readonly [RunScope, string, string])[] = [
  ["run", "Of the whole run", "One value for the replay."],
  [
    "tier",
    "Of each tier",
    "One value per tier, fastest first. Ratios of look-ups are of all of them.",
  ],
  ["cause", "Of each cause", "One value for demand, write-back and prefetch each."],
  ["link", "Of each link", "One value for each cause, source and target; the GPU is a place too."],
];

/**
 * Explains every metric of that name that a replay through a hierarchy has.
 *
 * @param name Name of a metric; without it, the list of all with one line each.
 * @returns Text, or `undefined` when there is no such metric.
 *
 * @example
 * ```ts
 * import { explainRunMetric } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(explainRunMetric("demotedBytes") ?? "", "make room");
 * ```
 */
export function explainRunMetric(name?: string): string | undefined {
  if (name === undefined) {
    const width = Math.max(...RUN_METRICS.map((entry) => entry.name.length));
    return SCOPES.map(([scope, title]) =>
      [
        `${title}:\n`,
        ...runMetricsOf(scope).map((entry) => `  ${entry.name.padEnd(width)}  ${entry.meaning}\n`),
      ].join("")
    ).join("\n");
  }
  const found = RUN_METRICS.filter((entry) => entry.name === name);
  if (found.length === 0) return undefined;
  return found.map((entry) => {
    const [, title] = SCOPES.find(([scope]) => scope === entry.scope)!;
    return `kvtier run, ${title[0].toLowerCase()}${title.slice(1)}: ${metricExplanation(entry)}`;
  }).join("\n");
}

const INTRODUCTION = [
  "# Metrics of `kvtier run`",
  "",
  "<!-- Written by `deno task docs` from report/hierarchy/. Change it there. -->",
  "",
  "Every number that a report of a hierarchy shows is defined here, and reports compute no other. The",
  "metrics of `kvtier compare`, one tier under several policies, are in [metrics.md](metrics.md).",
  "",
  "## What is counted, and when",
  "",
  "A look-up is a **hit** of the fastest tier that holds its block at that instant, else a **miss**;",
  "the hits of all tiers and the misses are all look-ups. Hits in the unbroken leading run of a request",
  "are its **prefix hits**: a prefix cache can use no others.",
  "",
  "Bytes move for a **cause**: `demand` (a request needs the block), `write-back` (a copy is made",
  "before its block leaves) or `prefetch`. What has to make room, a **demotion**, has the cause of the",
  "move that needed the room. The GPU stands after the last tier: it computes blocks, and reads some",
  "where they are.",
  "",
  "Without a clock (`movement: synchronous`) every move ends before the next look-up, and times add up.",
  "With one (`movement: timed`) devices have queues, requests overlap, and sums of time are not time on",
  "the clock. Percentiles are nearest-rank.",
  "",
  "Ratios are between 0 and 1 in JSON and CSV, and percent in tables. `null` (an empty CSV field, `–`",
  "in tables) means that the value is not defined: a ratio of nothing, or a number that needs a clock,",
  "a price or an energy that the scenario does not give.",
  "",
].join("\n");

/** The text of `docs/run-metrics.md`. */
export function runMetricsMarkdown(): string {
  const scopes = SCOPES.map(([scope, title, what]) =>
    [
      `## ${title}`,
      "",
      what,
      "",
      ...runMetricsOf(scope).map(metricSection),
    ].join("\n")
  );
  return `${INTRODUCTION}\n${scopes.join("\n")}`;
}
