/**
 * What a serving simulation does not show: what every report of one ends with.
 *
 * @module
 */

import { formatCount } from "../format.ts";
import type { ServingRun } from "./metric.ts";
import { servingValue } from "./metrics.ts";
import { PARTS, partsOf } from "./times.ts";

/**
 * What a simulation does not show, one item each, without a full stop; what is wrong with it first.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingLimits, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * assertStringIncludes(servingLimits(run).join(), "Other traffic");
 * ```
 */
export function servingLimits(run: ServingRun): string[] {
  const { context, result, kinds } = run;
  const { spec } = context;
  return [
    ...brokenTimes(run).map((what) => `The books do not balance: ${what}`),
    ...(spec.closedLoop && run.saturation.state !== "offline"
      ? [
        "An open loop: a turn of a session comes after the turn before it, so that a slow cluster " +
        "is asked for less",
      ]
      : []),
    "Other traffic: this is one trace and one seed; `kvtier sweep` tells how far it carries",
    "The way to the user, tokenising and detokenising: clocks start at the router and stop at the " +
    "last token",
    "Power and clocks that follow the load, and GPUs that differ from each other",
    ...(servingValue(run, "dollarsPerHour") === null ? ["Money: a GPU has no price"] : []),
    ...(kinds.stores.length > 0 && context.fleet.otherDollarsPerHour === undefined
      ? ["Money for memory: stores below HBM have no price here"]
      : []),
    ...(result.preemptions > 0
      ? [
        "Swapping: a preempted sequence computes its KV again, and keeps nothing but cached blocks",
      ]
      : []),
    ...(spec.faults.length > 0
      ? ["Noticing a failure: requests are routed anew at the instant that a replica fails"]
      : []),
    ...lateFaults(run),
  ];
}

/** Faults that nobody was there to feel, as when few requests of a trace are taken. */
function lateFaults({ context, result }: ServingRun): string[] {
  const last = result.requests.finishNs.reduce((most, ns) => Math.max(most, ns), 0);
  const late = context.spec.faults.filter(({ timeNs }) => timeNs > last).length;
  return late === 0 ? [] : [
    `${formatCount(late)} of ${formatCount(context.spec.faults.length)} faults and repairs: ` +
    "the last request had ended before",
  ];
}

/** Times that contradict their definitions, which would be a fault of the engine. */
function brokenTimes({ result, times }: ServingRun): string[] {
  const { requests } = result;
  let negative = 0;
  let unequal = 0;
  times.rows.forEach((row, at) => {
    const parts = partsOf(requests, row);
    if (PARTS.some((part) => !(parts[part] >= 0))) negative++;
    const sum = PARTS.reduce((sum, part) => sum + parts[part], 0);
    if (sum !== times.e2eNs[at]) unequal++;
  });
  const over =
    result.replicas.filter(({ peakBlocks, capacityBlocks }) => peakBlocks > capacityBlocks).length;
  return [
    ...(negative === 0 ? [] : [`${formatCount(negative)} requests have a part below zero`]),
    ...(unequal === 0 ? [] : [`parts of ${formatCount(unequal)} requests do not sum to their E2E`]),
    ...(over === 0 ? [] : [`${formatCount(over)} replicas held more KV than fits`]),
  ];
}
