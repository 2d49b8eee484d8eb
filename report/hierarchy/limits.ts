/**
 * What a replay through a hierarchy does not show: what every report ends with.
 *
 * @module
 */

import { sentenceList, visible } from "../format.ts";
import { brokenBooks } from "./books_check.ts";
import { type Run, warmupOf } from "./metric.ts";
import { runValue } from "./metrics.ts";

/**
 * What a replay does not show, one item each, without a full stop; what is wrong with it first.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, runLimits } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(runLimits(EXAMPLE_RUN).join(), "Other traffic");
 * ```
 */
export function runLimits(run: Run): string[] {
  const { result, scenario } = run;
  return [
    ...brokenBooks(result).map((what) => `The books do not balance: ${what}`),
    ...clockLimits(run),
    "Other traffic: this is one trace and one seed; `kvtier sweep` tells how far it carries",
    "The best that these tiers could do: no optimum stands beside these numbers",
    ...quantisedLimit(run),
    ...moneyLimits(run),
    ...sharedLimit(run),
    ...(warmupOf(run) === 0
      ? ["A warm start: tiers were empty at the first request, and every first use is counted"]
      : []),
    ...(scenario.calibration === undefined
      ? ["Your hardware: bandwidths and latencies are the scenario's, not measured here"]
      : []),
  ];
}

function clockLimits({ scenario }: Run): string[] {
  if (scenario.movement === "synchronous") {
    return [
      "Time on a clock: every move ends before the next look-up, so that nothing overlaps, nothing " +
      "queues, and a prefetch can never pay",
    ];
  }
  return [
    "The GPU's own queue: requests compute side by side, however many there are",
    "Overlap layer by layer: a prompt is ready when its last block is",
  ];
}

function quantisedLimit({ scenario }: Run): string[] {
  const native = scenario.bitsPerNumber ?? 16;
  const narrow = scenario.tiers.filter(({ scheme }) => scheme.bitsPerNumber < native);
  if (narrow.length === 0) return [];
  const names = narrow.map(({ name, scheme }) => `${visible(name)} in ${scheme.name}`);
  return [`Answers: what ${sentenceList(names)} costs in quality is not measured`];
}

function moneyLimits(run: Run): string[] {
  const { scenario } = run;
  const free = scenario.tiers.filter(({ dollarsPerGiBHour }) => dollarsPerGiBHour === 0);
  const unpriced = free.length === 0
    ? []
    : free.length === scenario.tiers.length
    ? ["Money: no tier has a price"]
    : [`Money: ${sentenceList(free.map(({ name }) => visible(name)))} has no price, GPUs neither`];
  const saved = runValue(run, "gpuNsSaved") === null ? [] : [
    "What a tier alone is worth: GPU time saved is shared out by prefix hits, and without the " +
    "tier others would hold some of its blocks",
  ];
  return [...unpriced, ...saved];
}

function sharedLimit({ scenario }: Run): string[] {
  const shared = scenario.tiers.filter(({ scope }) => scope === "shared");
  if (shared.length === 0) return [];
  const names = sentenceList(shared.map(({ name }) => visible(name)));
  return [`Others on ${names}: a shared tier is used here by one replica alone`];
}
