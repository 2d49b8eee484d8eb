/**
 * Where the hits are lost, in words.
 *
 * @module
 */
import type { CeilingResult, CeilingRow } from "../../curves/result.ts";
import { formatCount, formatPercent, NO_BREAK, visible } from "../format.ts";
import { DRAW_RATIO, isOverDraw, ratio } from "../metric_values.ts";
import { capacityWords, shareWords } from "./shown.ts";

/**
 * Says how far a cache is from the ceiling, and what would bring it nearer: more blocks, a better
 * policy, or nothing.
 *
 * @returns Plain sentences, one paragraph each; the first one is the answer.
 */
export function ceilingAnswer(result: CeilingResult): string[] {
  const { trace, ceilingHits, rows } = result;
  if (trace.accesses === 0) return ["The trace has no block look-ups: there is no ceiling."];
  if (trace.reuse === "none") {
    return [
      "The trace names no blocks: every request is unique by construction, so no cache can hit and " +
      "the ceiling says nothing about this traffic.",
    ];
  }
  if (ceilingHits === 0) return ["No block is looked up twice: no cache can hit."];
  if (rows.length === 0) return [`The ceiling is ${shareWords(ceilingHits, trace.accesses)}.`];
  const row = widest(rows);
  return [answerOf(row, result), advice(row, result)];
}

/** The capacity at which LRU is furthest below the optimum. */
function widest(rows: readonly CeilingRow[]): CeilingRow {
  const gap = ({ optimal, lru }: CeilingRow) => optimal.hits - lru.prefixHits;
  return rows.reduce((found, row) => gap(row) > gap(found) ? row : found);
}

function answerOf(row: CeilingRow, result: CeilingResult): string {
  const { ceilingHits, trace: { accesses } } = result;
  const share = (hits: number) => shareWords(hits, accesses);
  const best = row.best === row.lru
    ? "no online policy serves more than LRU's"
    : `the best online policy (${row.best.policy})${NO_BREAK}${share(row.best.prefixHits)}, LRU`;
  return `No cache can serve more than ${share(ceilingHits)} of look-ups; with ` +
    `${capacityWords(row.capacityBlocks, result)} the optimum serves ${share(row.optimal.hits)}, ` +
    `${best} ${share(row.lru.prefixHits)}.`;
}

/** What is lost between LRU and the ceiling, and what would bring each part back. */
function advice(row: CeilingRow, result: CeilingResult): string {
  const { ceilingHits, trace: { accesses } } = result;
  const { capacity, future, choice } = lossesOf(row, ceilingHits);
  const points = (hits: number) => formatPercent(ratio(hits, accesses) ?? 0);
  const lost = ceilingHits - row.lru.prefixHits;
  if (!isOverDraw(lost, accesses)) return "LRU is within a point of the ceiling there.";
  const better = isOverDraw(choice, accesses)
    ? `which ${row.best.policy} in place of LRU brings back`
    : "a draw with LRU";
  return `Between LRU and the ceiling there are ${points(lost)} points: ${points(capacity)} are ` +
    `capacity, which only more blocks bring back; ${
      points(future)
    } the future, which the optimum ` +
    `knows and no online policy tried does; ${points(choice)} the choice of policy, ${better}.`;
}

/** The way from the ceiling down to LRU, in hits; the parts add up. */
export function lossesOf({ optimal, best, lru }: CeilingRow, ceilingHits: number) {
  return {
    /** Hits that even the optimum misses at this capacity. */
    capacity: ceilingHits - optimal.hits,
    /** Hits of the optimum that no online policy tried has. */
    future: optimal.hits - best.prefixHits,
    /** Hits that the best online policy has before LRU. */
    choice: best.prefixHits - lru.prefixHits,
  };
}

/** What a ceiling does not show, one item each, without a full stop; notes of the trace first. */
export function ceilingLimits(result: CeilingResult): string[] {
  const { trace, rows } = result;
  const behind = Math.max(
    0,
    ...rows.map(({ optimal }) => ratio(optimal.hits - optimal.prefixHits, trace.accesses) ?? 0),
  );
  const tried = rows[0]?.online.length ?? 0;
  return [
    ...trace.notes.map((note) => `Trace: ${visible(note)}`),
    "Latency, throughput or money: a hit is worth what computing its block would cost",
    "Other traffic: this is one trace, and one tier of equal blocks, empty at the start",
    "What a server can reach: the optimum reads the future",
    `Policies that were not tried: the best online one is the best of ${
      formatCount(tried)
    }, each ` +
    "with one seed, chosen after the fact",
    ...(behind < DRAW_RATIO ? [] : [
      "Whether prefix hits can reach the optimum, which is that of block hits: up to " +
      `${formatPercent(behind)} points of its hits are behind a miss here`,
    ]),
    `The other touch order: this is ${result.touch}, and LRU can move by a few points`,
  ];
}
