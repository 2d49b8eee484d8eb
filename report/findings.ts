/**
 * The answer in a few sentences, and the honest notes: what every report says first and last.
 *
 * @module
 */

import type { Comparison, RunResult } from "../engine/result.ts";
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatPercent,
  formatSignedPoints,
  formatTimes,
  NO_BREAK,
  sentenceList,
  visible,
} from "./format.ts";
import { modelSentence } from "./learned.ts";
import { metric, metricContext, metricText } from "./metric_text.ts";
import { DRAW_RATIO, isOverDraw } from "./metric_values.ts";
import { type CapacityGroup, groupByCapacity, leadOverLru } from "./series.ts";

/** Models are told of one by one up to this many capacities; JSON has them all. */
const MODELS_TOLD = 3;

/** The answer names at most this many of the capacities at which LRU is beaten. */
const WINS_NAMED = 4;

/**
 * Says what a comparison found: who wins by prefix hits, who loses, what room and memory are left.
 *
 * @returns Plain sentences, one paragraph each, without line breaks.
 *
 * @example
 * ```ts
 * import { answer, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const [first] = answer(EXAMPLE_COMPARISON);
 * assertStringIncludes(first, "the best online policy is mru");
 * ```
 */
export function answer(comparison: Comparison): string[] {
  const groups = groupByCapacity(comparison);
  if (groups.length === 0) return ["No policy was run: there is nothing to compare."];
  if (comparison.trace.accesses === 0) {
    return ["The trace has no block look-ups: there is nothing to compare."];
  }
  if (comparison.trace.reuse === "none") {
    return [
      "The trace names no blocks: every request is unique by construction, so no cache can hit and " +
      "the ratios below say nothing about this traffic.",
    ];
  }
  const touches = [...new Set(groups.map((group) => group.touch))];
  return touches.flatMap((touch) => {
    const chosen = groups.filter((group) => group.touch === touch);
    const prefix = touches.length > 1 ? `Touch order ${touch}. ` : "";
    const [first, ...rest] = [...policySentences(chosen), memorySentence(chosen, comparison)];
    return [prefix + first, ...rest];
  }).concat(learnedSentences(comparison, groups));
}

/** Whether learning is worth its trouble, and what was trained on what. */
function learnedSentences(
  { learned, results }: Comparison,
  groups: readonly CapacityGroup[],
): string[] {
  if (learned === undefined) return [];
  const runs = results.filter(({ modelHash }) => modelHash !== undefined);
  const won = runs.filter((run) => leadOverLru(run) >= DRAW_RATIO);
  const lost = runs.filter((run) => leadOverLru(run) <= -DRAW_RATIO);
  const verdict = won.length === 0
    ? "LRU is enough here: learned beats it by a point at none"
    : `Learned beats LRU by a point or more at ${won.length}`;
  const losses = lost.length === 0 ? "" : `, and loses a point or more at ${lost.length}`;
  return [
    `${verdict} of ${count(runs.length, "capacity")}${losses}. Counted, for every policy: what ` +
    `follows the first ${formatCount(learned.learnRequests)} requests, which models were trained ` +
    "on. The bounds may hold at their end whatever they like of what was seen.",
    ...(groups.length > MODELS_TOLD
      ? []
      : learned.models.map((model) =>
        modelSentence(`The model for ${formatCount(model.capacityBlocks)} blocks`, model)
      )),
  ];
}

function memorySentence(groups: readonly CapacityGroup[], comparison: Comparison): string {
  const ceiling = metricText("ceilingHitRatio", groups[0].shared);
  const optimum = reach(groups, (run) => run.optimalHits);
  const lru = reach(groups, (run) => run.lruPrefixHits);
  const first = `Memory: ${ceiling}${NO_BREAK}% of look-ups are repeats, which no cache can exceed`;
  const size = blocks(optimum ?? groups[groups.length - 1], comparison);
  if (optimum === undefined) {
    return `${first}; even the optimum stays a point or more below that with ${size}, the most ` +
      "tried.";
  }
  const near = `${first}. Of the capacities tried, the optimum comes within a point of that with ` +
    size;
  if (lru === undefined) return `${near}, LRU with none.`;
  if (lru === optimum) return `${near}, and so does LRU.`;
  const times = formatTimes(lru.capacityBlocks / optimum.capacityBlocks);
  return `${near}, LRU with ${formatCount(lru.capacityBlocks)}, ${times} times as many.`;
}

function reach(
  groups: readonly CapacityGroup[],
  hits: (run: RunResult) => number,
): CapacityGroup | undefined {
  return groups.find(({ shared }) => {
    const repeats = shared.accesses - shared.compulsoryMisses;
    return (repeats - hits(shared)) / shared.accesses < DRAW_RATIO;
  });
}

function blocks(group: CapacityGroup, comparison: Comparison): string {
  const context = metricContext(comparison);
  const bytes = metric("capacityBytes").value(group.shared, context);
  const size = bytes === null ? "" : `, ${formatBytes(bytes).replace(" ", NO_BREAK)}`;
  const share = metricText("capacityRatio", group.shared, context);
  return `${capacity(group)} (${share}${NO_BREAK}% of all distinct ones${size})`;
}

function capacity({ capacityBlocks }: { readonly capacityBlocks: number }): string {
  return formatCounted(capacityBlocks, "block").replace(" ", NO_BREAK);
}

type Won = CapacityGroup & { readonly bestOnline: NonNullable<CapacityGroup["bestOnline"]> };

function policySentences(groups: readonly CapacityGroup[]): string[] {
  const compared = groups.filter((group): group is Won => group.bestOnline !== undefined);
  if (compared.length === 0) return [];
  const sentences = [winSentence, lossSentence, unusableSentence, gapSentence];
  return sentences.map((sentence) => sentence(compared)).filter((text) => text !== "");
}

const MEASURE = "By prefix hits (all that a prefix cache can use)";

function winSentence(groups: readonly Won[]): string {
  const lead = (group: Won) => leadOverLru(group.bestOnline.result);
  const won = groups.filter((group) => lead(group) >= DRAW_RATIO);
  const tried = count(groups.length, "capacity");
  if (won.length === 0) {
    const where = groups.length === 1 ? "this capacity" : `any of ${tried}`;
    return `${MEASURE}, no online policy is a point or more above LRU at ${where}: a draw.`;
  }
  const widest = [...won].sort((left, right) => lead(right) - lead(left)).slice(0, WINS_NAMED);
  const named = groups.filter((group) => widest.includes(group)).map((group, index) => {
    const unit = index === 0 ? " points against LRU" : "";
    return `${group.bestOnline.label} at ${capacity(group)} ` +
      `(${formatSignedPoints(lead(group))}${unit}${rivals(group)})`;
  });
  const draws = groups.length - won.length;
  const rest = draws === 0
    ? ""
    : ` At the other ${draws === 1 ? "capacity" : `${draws} of ${tried}`} none is a point or ` +
      "more above LRU: a draw.";
  return won.length > named.length
    ? `${MEASURE}, the best online policy is a point or more above LRU at ${won.length} of ` +
      `${tried}, furthest ${sentenceList(named)}.${rest}`
    : `${MEASURE}, the best online policy is ${sentenceList(named)}.${rest}`;
}

/** How many policies draw with the best one: it leads them by less than a point. */
function rivals({ bestOnline, rows }: Won): string {
  const { prefixHits, accesses } = bestOnline.result;
  const near = rows.filter((row) =>
    !row.isBound && row.label !== bestOnline.label && row.result !== undefined &&
    !isOverDraw(prefixHits - row.result.prefixHits, accesses)
  );
  if (near.length === 0) return "";
  return `; ${near.length === 1 ? near[0].label : `${near.length} others`} within a point of it`;
}

/** Every online run, with its name. */
function onlineRuns(groups: readonly CapacityGroup[]): { label: string; result: RunResult }[] {
  return groups.flatMap(({ rows }) =>
    rows.flatMap(({ label, isBound, result }) =>
      isBound || result === undefined ? [] : [{ label, result }]
    )
  );
}

/** How many policies of all these are among the runs: `18 of 22 policies`. */
function shareOfPolicies(
  runs: readonly { label: string }[],
  groups: readonly CapacityGroup[],
): string {
  const all = new Set(onlineRuns(groups).map(({ label }) => label)).size;
  return `${new Set(runs.map(({ label }) => label)).size} of ${count(all, "policy")}`;
}

function lossSentence(groups: readonly Won[]): string {
  const losses = onlineRuns(groups).filter(({ result }) => leadOverLru(result) <= -DRAW_RATIO);
  if (losses.length === 0) return "";
  const worst = losses.reduce((found, loss) =>
    leadOverLru(loss.result) < leadOverLru(found.result) ? loss : found
  );
  return `Losses: ${
    shareOfPolicies(losses, groups)
  } a point or more below LRU somewhere, at worst ` +
    `${worst.label} (${formatSignedPoints(leadOverLru(worst.result))} at ` +
    `${formatCount(worst.result.capacityBlocks)}).`;
}

function unusableRatio(run: RunResult): number {
  return metric("unusableHitRatio").value(run) ?? 0;
}

function unusableSentence(groups: readonly Won[]): string {
  const found = onlineRuns(groups).filter(({ result }) => unusableRatio(result) >= DRAW_RATIO);
  if (found.length === 0) return "";
  const most = found.reduce((most, one) =>
    unusableRatio(one.result) > unusableRatio(most.result) ? one : most
  );
  return `Hits behind a miss, which save nothing: a point or more in ${
    shareOfPolicies(found, groups)
  }, at most ${metricText("unusableHitRatio", most.result)} in ${most.label} at ` +
    `${capacity(most.result)}.${blockLeader(groups)}`;
}

/** Names the policy that block hits would make the best, where these hits cannot be used. */
function blockLeader(groups: readonly Won[]): string {
  const leaders = groups.flatMap((group) => {
    const [leader] = onlineRuns([group]).sort((a, b) => b.result.hits - a.result.hits);
    const misleads = leader.result.hits > group.bestOnline.result.hits &&
      unusableRatio(leader.result) >= DRAW_RATIO;
    return misleads ? [leader] : [];
  });
  if (leaders.length === 0) return "";
  const { label, result } = leaders.reduce((most, one) =>
    unusableRatio(one.result) > unusableRatio(most.result) ? one : most
  );
  return ` By block hits ${label} would lead at ${
    formatCount(result.capacityBlocks)
  }, but of its ` +
    `${metricText("blockHitRatio", result)}${NO_BREAK}% only ` +
    `${metricText("prefixHitRatio", result)} are usable.`;
}

function gapSentence(groups: readonly Won[]): string {
  const gap = (group: Won) => metric("prefixGapToOptimal").value(group.bestOnline.result) ?? 0;
  const widest = groups.reduce((found, group) => gap(group) > gap(found) ? group : found);
  if (gap(widest) < DRAW_RATIO) {
    return "Room left: the best online policy is within a point of the optimum everywhere.";
  }
  const { label, result } = widest.bestOnline;
  return `Room left: at most ${formatPercent(gap(widest))} points, at ${capacity(widest)} ` +
    `(optimum ${metricText("optimalHitRatio", result)}${NO_BREAK}%, best online ${label} ` +
    `${metricText("prefixHitRatio", result)}${NO_BREAK}%).`;
}

function count(number: number, word: "capacity" | "policy"): string {
  const plural = word === "capacity" ? "capacities" : "policies";
  return `${number} ${number === 1 ? word : plural}`;
}

/** What a comparison does not show, one item each, without a full stop; notes of the trace first. */
export function limits(comparison: Comparison): string[] {
  const { trace, results } = comparison;
  const seeds = new Set(results.map((run) => run.seed));
  const touches = [...new Set(results.map((run) => run.touch))];
  const beyond = Math.max(
    0,
    ...results.map((run) => (run.optimalHits - run.optimalPrefixHits) / Math.max(1, run.accesses)),
  );
  const notes = trace.notes.map((note) => `Trace: ${visible(note)}`);
  return [
    ...notes,
    "Latency, throughput or money: a hit is worth what computing its block would cost",
    "Other traffic: this is one trace, and one tier of equal blocks" +
    (comparison.learned === undefined ? ", empty at the start" : ""),
    "What a server can reach: the optimum reads the future",
    ...(beyond < DRAW_RATIO ? [] : [
      "Whether prefix hits can reach the optimum, which is that of block hits: up to " +
      `${formatPercent(beyond)} points of its hits are behind a miss here`,
    ]),
    `The other touch order: this is ${sentenceList(touches)}, and LRU can move by a few points`,
    ...(seeds.size === 1 && results.some((run) => run.seeded)
      ? ["Chance: one seed, and some of these policies draw random numbers"]
      : []),
  ];
}

/** The trace in one line: requests, look-ups, distinct blocks, folding. */
export function traceLine({ trace }: Pick<Comparison, "trace">): string {
  return [
    `${formatCounted(trace.requests, "request")}`,
    `${formatCounted(trace.accesses, "block look-up")}`,
    `${formatCounted(trace.uniqueBlocks, "distinct block")} of ${
      formatCounted(trace.blockTokens, "token")
    }`,
    `${formatCounted(trace.extents, "extent")}`,
  ].join(" · ");
}
