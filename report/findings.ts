/**
 * The answer in a few sentences, and the honest notes: what every report says first and last.
 *
 * @module
 */

import type { Comparison, RunResult } from "../engine/result.ts";
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatSignedPoints,
  formatTimes,
  NO_BREAK,
  sentenceList,
  visible,
} from "./format.ts";
import { metric, metricContext, metricText } from "./metric_text.ts";
import { type CapacityGroup, DRAW_RATIO, groupByCapacity, leadOverLru } from "./series.ts";

/** The answer names at most this many of the capacities at which LRU is beaten. */
const WINS_NAMED = 4;

/**
 * Says what a comparison found: the ceiling, who reaches it with how much, who wins, who loses.
 *
 * @returns Plain sentences, one paragraph each, without line breaks.
 *
 * @example
 * ```ts
 * import { answer, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(answer(EXAMPLE_COMPARISON).length, 3);
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
    const [first, ...rest] = [ceilingSentence(chosen, comparison), ...policySentences(chosen)];
    return [prefix + first, ...rest];
  });
}

function ceilingSentence(groups: readonly CapacityGroup[], comparison: Comparison): string {
  const ceiling = metricText("ceilingHitRatio", groups[0].shared);
  const optimum = reach(groups, (run) => run.optimalHits);
  const lru = reach(groups, (run) => run.lruHits);
  const first =
    `Ceiling ${ceiling}${NO_BREAK}%: the share of look-ups that are repeats; no cache ` +
    "of any size hits more.";
  const size = blocks(optimum ?? groups[groups.length - 1], comparison);
  if (optimum === undefined) {
    return `${first} Even the optimum stays a point or more below it with ${size}, the most tried.`;
  }
  const near = `${first} Of the capacities tried, the optimum comes within one point of it with ` +
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
  const unit = group.capacityBlocks === 1 ? "block" : "blocks";
  return `${formatCount(group.capacityBlocks)} ${unit} (${share}${NO_BREAK}% of the unique ` +
    `ones${size})`;
}

type Won = CapacityGroup & { readonly bestOnline: NonNullable<CapacityGroup["bestOnline"]> };

function policySentences(groups: readonly CapacityGroup[]): string[] {
  const compared = groups.filter((group): group is Won => group.bestOnline !== undefined);
  if (compared.length === 0) return [];
  return [winSentence(compared), lossSentence(compared), gapSentence(compared)]
    .filter((sentence) => sentence !== "");
}

function winSentence(groups: readonly Won[]): string {
  const lead = (group: Won) => leadOverLru(group.bestOnline.result);
  const won = groups.filter((group) => lead(group) >= DRAW_RATIO);
  const tried = count(groups.length, "capacity");
  if (won.length === 0) {
    return `Best online policy: none is a point or more above LRU at ${
      groups.length === 1 ? "this capacity" : `any of ${tried}`
    }; below one point is a draw.`;
  }
  const widest = [...won].sort((left, right) => lead(right) - lead(left)).slice(0, WINS_NAMED);
  const named = groups.filter((group) => widest.includes(group)).map((group) =>
    `${group.bestOnline.label} ${formatSignedPoints(lead(group))} points at ` +
    formatCount(group.capacityBlocks)
  );
  const among = won.length > named.length ? "widest leads: " : "";
  const draws = groups.length - won.length;
  const rest = draws === 0
    ? ""
    : `; a draw (below one point) at the other ${draws === 1 ? "one" : draws}`;
  return `Best online policy: a point or more above LRU at ${won.length} of ${tried} ` +
    `(${among}${sentenceList(named)} blocks)${rest}.`;
}

function lossSentence(groups: readonly CapacityGroup[]): string {
  const runs = groups.flatMap((group) => group.rows).filter((row) => !row.isBound);
  const losses = runs.flatMap(({ label, result }) =>
    result !== undefined && leadOverLru(result) <= -DRAW_RATIO ? [{ label, result }] : []
  );
  if (losses.length === 0) return "";
  const worst = losses.reduce((found, loss) =>
    leadOverLru(loss.result) < leadOverLru(found.result) ? loss : found
  );
  const losers = new Set(losses.map((loss) => loss.label)).size;
  const policies = new Set(runs.map((row) => row.label)).size;
  return `Losses: ${losers} of ${count(policies, "online policy")} a point or more below LRU at ` +
    `some capacity, at worst ${worst.label} ${formatSignedPoints(leadOverLru(worst.result))} ` +
    `points at ${formatCount(worst.result.capacityBlocks)} blocks.`;
}

function gapSentence(groups: readonly Won[]): string {
  const gap = (group: Won) => metric("gapToOptimal").value(group.bestOnline.result) ?? 0;
  const widest = groups.reduce((found, group) => gap(group) > gap(found) ? group : found);
  if (gap(widest) < DRAW_RATIO) {
    return "Room left: the best online policy is within one point of the optimum everywhere.";
  }
  const { label, result } = widest.bestOnline;
  return `Room left: at most ${formatPercent(gap(widest))} points, at ` +
    `${formatCount(widest.capacityBlocks)} blocks: optimum ${
      metricText("optimalHitRatio", result)
    }` +
    `${NO_BREAK}%, best online (${label}) ${metricText("blockHitRatio", result)}${NO_BREAK}%.`;
}

function count(number: number, word: "capacity" | "online policy"): string {
  const plural = word === "capacity" ? "capacities" : "online policies";
  return `${number} ${number === 1 ? word : plural}`;
}

/** What a comparison does not show, one sentence each; the notes of the trace come first. */
export function limits(comparison: Comparison): string[] {
  const { trace, results } = comparison;
  const seeds = new Set(results.map((run) => run.seed));
  const touches = [...new Set(results.map((run) => run.touch))];
  const notes = trace.notes.map((note) => `Trace: ${visible(note)}`);
  return [
    ...notes,
    "Hit ratios are not latency, throughput or money: a hit is worth what its recomputation costs.",
    "One trace and one tier of equal blocks, empty at the start: other traffic may rank the " +
    "policies otherwise.",
    "The optimum reads the future. It bounds every policy; no server can run it.",
    "A block hit behind a miss saves nothing in a prefix cache: compare prefix or token hits there.",
    `Touch order ${sentenceList(touches)}; the other order can move LRU by a few points.`,
    ...(seeds.size === 1
      ? ["One seed: a policy that draws random numbers may move by a fraction of a point."]
      : []),
  ];
}

/** The trace in one line: requests, look-ups, unique blocks, folding. */
export function traceLine(comparison: Comparison): string {
  const { trace } = comparison;
  return [
    `${formatCount(trace.requests)} requests`,
    `${formatCount(trace.accesses)} block look-ups`,
    `${formatCount(trace.uniqueBlocks)} unique blocks of ${formatCount(trace.blockTokens)} tokens`,
    `${formatCount(trace.extents)} extents`,
  ].join(" · ");
}
