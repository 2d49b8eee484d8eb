/**
 * What a replay through a hierarchy found, in a few sentences: what every report says first.
 *
 * @module
 */

import { CAUSES } from "../../engine/hierarchy_result.ts";
import { formatCount, formatCounted, NO_BREAK, sentenceList, visible } from "../format.ts";
import { modelSentence } from "../learned.ts";
import { DRAW_RATIO } from "../metric_values.ts";
import { sumTiers } from "./books.ts";
import type { Run } from "./metric.ts";
import { moveText, runText, runValue, tierText, tierValue } from "./metrics.ts";
import { links, placeName } from "./places.ts";

/**
 * Says what a replay found: what each tier served, what a look-up took, what moved, what it costs.
 *
 * @returns Plain sentences, one paragraph each, without line breaks.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, runAnswer } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const [first] = runAnswer(EXAMPLE_RUN);
 * assertStringIncludes(first, "of 100,000 block look-ups");
 * ```
 */
export function runAnswer(run: Run): string[] {
  if (run.result.lookups === 0) {
    return ["No look-up was counted: the trace is empty, or the warm-up took all of it."];
  }
  return [
    servedSentence(run),
    timeSentence(run),
    worthSentence(run),
    slowestSentence(run),
    movedSentence(run),
    prefetchSentence(run),
    ...learnedSentences(run),
  ].filter((sentence) => sentence !== "");
}

/** Whether learning is worth its trouble, and what each model learned from; last, as it is long. */
function learnedSentences({ result }: Run): string[] {
  const { learned, learnRequests } = result;
  if (learned !== undefined) {
    const models = learned.tiers.map((model) => modelSentence(visible(model.name), model));
    return [learned.verdict, ...models];
  }
  if (learnRequests === undefined || result.tiers.some(({ modelHash }) => modelHash)) return [];
  return [
    `Counted: what follows the first ${formatCount(learnRequests)} requests, which the scenario ` +
    "keeps for learning; no tier is learned.",
  ];
}

function percent(text: string): string {
  return `${text}${NO_BREAK}%`;
}

function unbroken(text: string): string {
  return text.replaceAll(" ", NO_BREAK);
}

function servedSentence(run: Run): string {
  const { result } = run;
  const tiers = result.tiers.map((_, tier) =>
    `${placeName(result, tier)} ${percent(tierText(run, "hitRatio", tier))}`
  );
  const usable = percent(runText(run, "prefixHitRatio"));
  return `Served: of ${formatCounted(result.lookups, "block look-up")} ${sentenceList(tiers)}; ` +
    `${percent(runText(run, "missRatio"))} missed, and ` +
    `${percent(runText(run, "recomputeRatio"))} are blocks that were let go before. ` +
    `In leading runs, all that a prefix cache can use: ${usable}.`;
}

function timeSentence(run: Run): string {
  const { result, scenario } = run;
  const parts = (["compute", "load", "wait", "dequantise"] as const)
    .filter((part) => result.latencyNs[part] > 0)
    .map((part) => `${unbroken(runText(run, `${part}NsMean`))} ${PART_WORDS[part]}`);
  const overlap = scenario.movement === "timed" ? " (what overlaps counted each)" : "";
  const first = `A look-up took ${unbroken(runText(run, "latencyNsMean"))} on average${overlap}` +
    (parts.length === 0 ? "." : `: ${sentenceList(parts)}.`);
  if (result.requestNs === undefined) {
    return scenario.movement === "timed"
      ? first
      : `${first} No clock: transfers add up, none waits.`;
  }
  return `${first} All KV of a prompt was ready after ${
    unbroken(runText(run, "requestNsP50"))
  } (half of the requests), ${unbroken(runText(run, "requestNsP99"))} (99 of 100).`;
}

const PART_WORDS = {
  compute: "computing",
  load: "moving",
  wait: "queueing",
  dequantise: "dequantising",
} as const;

function worthSentence(run: Run): string {
  const saved = runValue(run, "gpuNsSaved");
  const price = runValue(run, "dollarsPerHour");
  const perToken = runValue(run, "dollarsPerMillionTokens");
  const cost = price === null
    ? ""
    : ` Tiers with a price cost ${runText(run, "dollarsPerHour")} an hour` +
      (perToken === null
        ? "."
        : `, ${runText(run, "dollarsPerMillionTokens")} per million prompt tokens at this pace.`);
  if (saved === null) return cost.trimStart();
  return `Saved: ${unbroken(runText(run, "gpuNsSaved"))} of GPU time, ` +
    `${percent(runText(run, "gpuSavedRatio"))} of the prefill without any cache.${cost}`;
}

/** Whether the slowest tier earns its place: hits that count, and faster than computing. */
function slowestSentence(run: Run): string {
  const last = run.result.tiers.length - 1;
  if (last === 0) return "";
  const name = placeName(run.result, last);
  const usable = tierValue(run, "prefixHitRatio", last) ?? 0;
  const served = `${
    percent(tierText(run, "prefixHitRatio", last))
  } of the look-ups in leading runs`;
  if (usable < DRAW_RATIO) {
    return `Slowest tier: ${name} served ${served}, less than a point: nothing here shows that it ` +
      "is worth having.";
  }
  return [`Slowest tier: ${name} served ${served}.`, speedWords(run, last), priceWords(run, last)]
    .filter((words) => words !== "").join(" ");
}

function speedWords(run: Run, tier: number): string {
  const load = tierValue(run, "loadNsPerBlock", tier);
  const compute = runValue(run, "computeNsPerBlock");
  if (load === null || compute === null || compute === 0) return "";
  const loading = unbroken(tierText(run, "loadNsPerBlock", tier));
  const computing = unbroken(runText(run, "computeNsPerBlock"));
  return load < compute
    ? `A block takes ${loading} to read, where nobody waits, and ${computing} to compute: loading is faster.`
    : `A block takes ${loading} to read and ${computing} to compute: computing is faster.`;
}

function priceWords(run: Run, tier: number): string {
  if (tierValue(run, "dollarsPerGpuHourSaved", tier) === null) return "";
  return `It costs ${tierText(run, "dollarsPerGpuHourSaved", tier)} for each GPU hour that it ` +
    "saves: worth it where a GPU costs more.";
}

function movedSentence(run: Run): string {
  const all = links(run.result);
  if (all.length === 0) return "Nothing moved.";
  const most = all.reduce((found, link) => link.bytes > found.bytes ? link : found);
  const demoted = run.result.demotedBytes.reduce((sum, bytes) => sum + bytes, 0);
  const causes = CAUSES.map((name, cause) => ({ name, cause }))
    .filter(({ cause }) => all.some((link) => link.cause === cause))
    .map(({ name, cause }) => `${unbroken(moveText(run, "causeBytes", { cause }))} for ${name}`);
  const biggest = `${placeName(run.result, most.source)} → ${placeName(run.result, most.target)}`;
  const share = demoted === 0
    ? ""
    : ` Making room (demotions) is ${percent(runText(run, "demotedRatio"))} of all that moved.`;
  return `Moved: ${unbroken(runText(run, "bytesMoved"))}, of it ${sentenceList(causes)}; most ` +
    `${unbroken(biggest)} (${unbroken(moveText(run, "linkBytes", most))}).${share}`;
}

function prefetchSentence(run: Run): string {
  const { prefetch } = run.result;
  if (prefetch.requested === 0) {
    return run.scenario.prefetch.name === "none"
      ? ""
      : `Prefetch: ${run.scenario.prefetch.name} asked for nothing.`;
  }
  return `Prefetch: of ${formatCounted(prefetch.requested, "block")} ` +
    `${percent(runText(run, "prefetchUsefulRatio"))} came in time, ` +
    `${percent(runText(run, "prefetchLateRatio"))} late, ` +
    `${percent(runText(run, "prefetchWastedRatio"))} for nothing.`;
}

/** The replay in one line: scenario, size, movement. */
export function runLine({ result, scenario }: Run): string {
  const capacity = sumTiers(result, ({ residentBlocks }) => residentBlocks);
  return [
    `${formatCounted(result.requests, "request")}`,
    `${formatCounted(result.lookups, "block look-up")}`,
    `${formatCounted(capacity, "block")} held at the end`,
    `${scenario.containment} tiers`,
    `${scenario.movement} movement`,
    `seed ${result.seed}`,
  ].join(" · ");
}
