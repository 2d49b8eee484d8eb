/**
 * What a serving simulation found, in a few sentences: what every report says first.
 *
 * @module
 */

import {
  formatCount,
  formatCounted,
  formatDuration,
  formatPercent,
  NO_BREAK,
  sentenceList,
} from "../format.ts";
import { visible } from "../format.ts";
import { fileName } from "../html_parts.ts";
import { overallConfidence, servingConfidence } from "./confidence.ts";
import type { ServingRun } from "./metric.ts";
import type { Saturation } from "../../serving/evidence/saturation.ts";
import { servingMetric, servingNumber, servingValue } from "./metrics.ts";
import { gpusOf } from "./metrics_load.ts";
import { linkSentence } from "./findings_links.ts";
import { PARTS } from "./times.ts";

const unbroken = (text: string) => text.replaceAll(" ", NO_BREAK);

/**
 * Says what a simulation found: whether the cluster keeps up, how long users wait and for what,
 * what is served within the promise, what the GPUs did, what it costs. Each paragraph says how far
 * its numbers may be believed.
 *
 * @returns Plain sentences, one paragraph each, without line breaks.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingAnswer, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const [first] = servingAnswer(servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context));
 * assertStringIncludes(first, "first token");
 * ```
 */
export function servingAnswer(run: ServingRun): string[] {
  if (run.times.rows.length === 0) {
    const { refused } = run.result;
    return [
      refused > 0
        ? `No request finished: ${formatCount(refused)} refused, as no replica has room for the KV.`
        : "No request finished.",
    ];
  }
  return [
    saturationSentence(run),
    latencySentence(run),
    promiseSentence(run),
    partsSentence(run),
    rateSentence(run),
    reuseSentence(run),
    linkSentence(run),
    costSentence(run),
    lossSentence(run),
    notesSentence([run]),
  ].filter((sentence) => sentence !== "");
}

/** A value with its unit, on one line. */
function say(run: ServingRun, name: string): string {
  const { format } = servingMetric(name);
  return unbroken(servingNumber(run, name) + (format === "percent" ? " %" : ""));
}

function confidence(run: ServingRun, name: string): string {
  return `(confidence: ${servingConfidence(run, servingMetric(name)).level})`;
}

function saturationSentence(run: ServingRun): string {
  switch (run.saturation.state) {
    case "saturated":
      return run.saturation.by.map((cause) => SATURATED[cause](run)).join(" ");
    case "offline":
      return "All requests come at once: this is a batch, and latencies are its length.";
    default:
      return "";
  }
}

/** Why a run is called saturated, by what says so. */
const SATURATED: Record<Saturation["by"][number], (run: ServingRun) => string> = {
  queue: (run) =>
    `Saturated: the queue keeps ${say(run, "queueGrowthRatio")} of the requests that arrive, and ` +
    `${
      formatCount(Math.round(servingValue(run, "waitingAtEnd") ?? 0))
    } wait at the end. Latencies below would grow with a longer ` +
    "trace: take the rates for what this cluster can do.",
  turns: (run) =>
    `Saturated: turns of sessions come ${say(run, "turnDelayNsMean")} later than in the trace on ` +
    `average, ${say(run, "turnDelayNsP99")} in the worst of 100, as ` +
    `${say(run, "heldBackRatio")} of the time of sessions is waiting that the trace does not ` +
    "have. Sessions that wait ask for less: latencies below are of a lighter load than the " +
    "trace's.",
};

function latencySentence(run: ServingRun): string {
  const then = run.times.tpotNs.length === 0
    ? ""
    : `; each later token takes ${say(run, "tpotNsP50")} in half of them, at most ` +
      `${say(run, "tpotNsP99")} in 99 of 100`;
  return `Latency: half of the requests have their first token after ${say(run, "ttftNsP50")}, ` +
    `99 of 100 after ${say(run, "ttftNsP99")}${then}. Whole answers take ` +
    `${say(run, "e2eNsMean")} on average ${confidence(run, "ttftNsP99")}.`;
}

/** A promise in words: `TTFT ≤ 2.00 s and TPOT ≤ 50.0 ms`. */
export function sloText({ context: { slo } }: ServingRun): string {
  const parts = [
    ...(slo?.ttftNs === undefined ? [] : [`TTFT ≤ ${formatDuration(slo.ttftNs)}`]),
    ...(slo?.tpotNs === undefined ? [] : [`TPOT ≤ ${formatDuration(slo.tpotNs)}`]),
  ];
  return parts.map(unbroken).join(" and ");
}

function promiseSentence(run: ServingRun): string {
  if (servingValue(run, "sloRatio") === null) return "";
  return `Promise: ${say(run, "sloRatio")} of the requests keep ${sloText(run)}; goodput ` +
    `${say(run, "goodputRequestsPerSecond")} requests/s ${confidence(run, "sloRatio")}.`;
}

/** Parts below a hundredth of E2E are left out. */
const PART_AT_LEAST = 0.01;

function partsSentence(run: ServingRun): string {
  const whole = servingValue(run, "e2eNsMean") ?? 0;
  if (whole === 0) return "";
  const parts = PARTS
    .map((part) => ({ part, share: (servingValue(run, `${part}NsMean`) ?? 0) / whole }))
    .filter(({ share }) => share >= PART_AT_LEAST)
    .map(({ part, share }) => `${part} ${formatPercent(share)}${NO_BREAK}%`);
  return `The time of an answer goes to ${sentenceList(parts)}.`;
}

function rateSentence(run: ServingRun): string {
  const gpus = gpusOf(run);
  return `Served: ${say(run, "requestsPerSecond")} requests/s, ` +
    `${say(run, "inputTokensPerSecond")} prompt tokens/s and ` +
    `${say(run, "outputTokensPerSecond")} output tokens/s ` +
    `${confidence(run, "outputTokensPerSecond")}. Of ${formatCount(gpus)} ` +
    `${gpus === 1 ? "GPU" : "GPUs"} ${say(run, "activeGpuRatio")} were active, busy ` +
    `${say(run, "busyRatio")} of the time; running requests held ` +
    `${say(run, "hbmOccupancyMean")} of KV memory on average.`;
}

function reuseSentence(run: ServingRun): string {
  if (run.context.trace.reuse === "none") {
    return "Reuse: none, as the trace does not name its blocks; a prefix cache would do better.";
  }
  const lent = servingValue(run, "peerTokenRatio") === null
    ? ""
    : `, ${say(run, "peerTokenRatio")} read from peers`;
  const loaded = run.kinds.stores.length === 0
    ? ""
    : `, ${say(run, "loadedTokenRatio")} loaded from stores`;
  const found = `${say(run, "cachedTokenRatio")} were in HBM${lent}${loaded}`;
  return `Reuse: of the prompt tokens ${found} and ` +
    `${say(run, "computedTokenRatio")} computed ${confidence(run, "cachedTokenRatio")}.`;
}

function costSentence(run: ServingRun): string {
  const dollars = servingValue(run, "dollarsPerMillionTokens");
  const joules = servingValue(run, "joulesPerOutputToken");
  const parts = [
    ...(dollars === null ? [] : [
      `${say(run, "dollarsPerMillionTokens")} for a million tokens, ` +
      `${say(run, "dollarsPerMillionOutputTokens")} for a million generated ones`,
    ]),
    ...(joules === null ? [] : [`${say(run, "joulesPerOutputToken")} for a generated token`]),
  ];
  const named = dollars === null ? "joulesPerOutputToken" : "dollarsPerMillionTokens";
  return parts.length === 0 ? "" : `Cost: ${parts.join("; ")} ${confidence(run, named)}.`;
}

function lossSentence(run: ServingRun): string {
  const parts = (["refused", "unfinished", "preemptions", "retries"] as const)
    .map((name) => [name, servingValue(run, name) ?? 0] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${formatCounted(count, LOSSES[name][0])}${LOSSES[name][1]}`);
  return parts.length === 0 ? "" : `Besides: ${sentenceList(parts)}.`;
}

/** What runs could not keep of what was asked, or what had no effect; each once. */
export function notesSentence(runs: readonly ServingRun[]): string {
  const notes = new Set(runs.flatMap(({ context }) => context.notes ?? []));
  return notes.size === 0 ? "" : `Note: ${[...notes].map(visible).join("; ")}.`;
}

/** What is counted, and what of it. */
const LOSSES = {
  refused: ["request", " refused (no replica has room for the KV)"],
  unfinished: ["request", " unfinished"],
  preemptions: ["preemption", ""],
  retries: ["request", " routed anew after a failure"],
} as const;

/** The simulation in one line: size, fleet, router, trace. */
export function servingLine({ result, context, kinds }: ServingRun): string {
  const { spec, trace, model } = context;
  const fleet = kinds.groups.map(({ name, group, gpus, replicas }) =>
    `${formatCount(gpus)} ${visible(group.gpu)} ${visible(name)} ` +
    `(${formatCount(replicas.length)} × ${group.gpusPerReplica})`
  );
  const view = spec.stalenessNs > 0 ? `, view ${formatDuration(spec.stalenessNs)} old` : "";
  const left = result.leftOut === 0
    ? ""
    : `, ${formatCount(result.leftOut)} left out as warm-up (${
      formatDuration(result.countedFromNs)
    })`;
  return [
    `${formatCounted(result.requests.state.length, "request")} of ` +
    `${visible(fileName(trace.path))}${left}`,
    visible(model),
    fleet.join(" + "),
    `${visible(spec.router)}${view}`,
    `seed ${spec.seed}`,
  ].map(unbroken).join(" · ");
}

/** How far the numbers of a run may be believed, as a sentence. */
export function confidenceSentence(run: ServingRun): string {
  const { level, why } = overallConfidence(run);
  return `Confidence of absolute numbers: ${level}, as ${why}.`;
}
