/**
 * Metrics of a serving simulation about money and energy.
 *
 * @module
 */

import { ratio } from "../metric_values.ts";
import type { ServingRow, ServingRun } from "./metric.ts";
import { busyRatio } from "./metrics_fleet.ts";
import { elapsedNs } from "./metrics_load.ts";

const NS_PER_HOUR = 3600e9;

/** Dollars of an hour of the fleet; `null` when a GPU has no price. */
function dollarsPerHour({ kinds, context: { fleet } }: ServingRun): number | null {
  let dollars = fleet.otherDollarsPerHour ?? 0;
  for (const { group, gpus } of kinds.groups) {
    if (group.dollarsPerGpuHour === undefined) return null;
    dollars += group.dollarsPerGpuHour * gpus;
  }
  return dollars;
}

/** Joules of the whole run; `null` when a GPU has no watts. */
function joules(run: ServingRun): number | null {
  const seconds = elapsedNs(run) / 1e9;
  let all = (run.context.fleet.otherWatts ?? 0) * seconds;
  for (const kind of run.kinds.groups) {
    const { busyWatts, idleWatts } = kind.group;
    if (busyWatts === undefined || idleWatts === undefined) return null;
    const busy = (busyRatio(run, [kind]) ?? 0) * seconds * kind.gpus;
    all += busyWatts * busy + idleWatts * (seconds * kind.gpus - busy);
  }
  return all;
}

function perMillion(run: ServingRun, tokens: number): number | null {
  const hour = dollarsPerHour(run);
  if (hour === null) return null;
  return ratio(hour * elapsedNs(run) / NS_PER_HOUR, tokens / 1e6);
}

const DOLLARS = "dollarsPerHour × hours simulated";
const COST_LIMITS =
  "What is not priced in the scenario; and the same fleet with more load, which " +
  "costs the same.";

/** Of the whole run: money and energy. */
export const COST_ROWS: readonly ServingRow[] = [
  {
    name: "dollarsPerHour",
    label: "$/h",
    unit: "dollars per hour",
    formula: "sum of GPUs × their price + what else has one; null when a GPU has none",
    better: "lower",
    format: "dollars",
    meaning: "What the fleet costs, busy or not.",
    doesNotShow: COST_LIMITS,
    grounds: ["prices"],
    value: dollarsPerHour,
  },
  {
    name: "dollarsPerMillionTokens",
    label: "$/M tokens",
    unit: "dollars per million tokens",
    formula: `${DOLLARS} ÷ million prompt and output tokens of finished requests`,
    better: "lower",
    format: "dollars",
    meaning: "What a million tokens cost, read or written, cached ones included.",
    doesNotShow: COST_LIMITS,
    grounds: ["arrivals", "reuse", "steps", "prices"],
    value: (run) => perMillion(run, run.result.promptTokens + run.result.outputTokens),
  },
  {
    name: "dollarsPerMillionOutputTokens",
    label: "$/M tokens out",
    unit: "dollars per million tokens",
    formula: `${DOLLARS} ÷ million output tokens of finished requests`,
    better: "lower",
    format: "dollars",
    meaning: "What a million generated tokens cost, with all that was read for them.",
    doesNotShow: COST_LIMITS,
    grounds: ["arrivals", "reuse", "steps", "prices"],
    value: (run) => perMillion(run, run.result.outputTokens),
  },
  {
    name: "joulesPerOutputToken",
    label: "J/token out",
    unit: "joules per token",
    formula: "(busy GPU seconds × busy watts + idle GPU seconds × idle watts + other watts × " +
      "seconds) ÷ output tokens; null when a GPU has no watts",
    better: "lower",
    format: "joules",
    meaning: "Energy of one generated token, with all that was read for it and all idling.",
    doesNotShow: "Power that follows the load of a step: a busy GPU draws its busy watts.",
    grounds: ["arrivals", "reuse", "steps", "power"],
    value: (run) => {
      const all = joules(run);
      return all === null ? null : ratio(all, run.result.outputTokens);
    },
  },
];
