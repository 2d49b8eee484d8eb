/**
 * Metrics of a serving simulation about sessions that wait for their answers.
 *
 * @module
 */

import type { ServingRow } from "./metric.ts";
import { mean, quantile } from "./quantile.ts";
import type { TurnDelays } from "../../serving/evidence/turns.ts";

function turnDelay(
  suffix: string,
  statistic: string,
  words: string,
  of: (turns: TurnDelays) => number | null,
): ServingRow {
  return {
    name: `turnDelayNs${suffix}`,
    label: `turns late by, ${statistic}`,
    unit: "nanoseconds",
    formula: `${statistic} of (arrival − arrival in the trace), over turns that follow another; ` +
      "null where no turn waits for another",
    better: "lower",
    format: "duration",
    meaning: `${words} delay of turns because the turn before them had not ended.`,
    doesNotShow:
      "What made them late: waiting, a slower machine than the trace's, answers that took no " +
      "time there, or thinking that `--rate` does not shorten.",
    grounds: ["arrivals", "reuse", "steps"],
    value: ({ saturation: { turns } }) => turns === undefined ? null : of(turns),
  };
}

/** How late turns come, and how much less is asked for because of it. */
export const TURN_ROWS: readonly ServingRow[] = [
  turnDelay("Mean", "mean", "Mean", ({ delayNs }) => mean(delayNs)),
  turnDelay(
    "P99",
    "p99",
    "99 of 100 are at most this: the 99th percentile of the",
    ({ delayNs }) => quantile(delayNs, 990),
  ),
  {
    name: "heldBackRatio",
    label: "held back",
    unit: "ratio",
    formula:
      "Σ min(delay of a session's last turn, time that nothing worked on its turns before) " +
      "÷ Σ (arrival of its last − arrival of its first turn); null where no turn waits for another",
    better: "lower",
    format: "percent",
    meaning:
      "Share of the time of sessions that is waiting, and that the trace does not have: so " +
      "much less is asked of the cluster. From 5 % on the run is called saturated.",
    doesNotShow: "Answers that take longer than in the trace without waiting: `turnDelayNsMean` " +
      "holds them, too. Users who give up.",
    value: ({ saturation }) => saturation.turns?.heldBack ?? null,
  },
];
