/**
 * What curves say in one sentence, and what they do not show.
 *
 * @module
 */
import { capacityFor, type Curve, type CurvePoint } from "../../curves/curve.ts";
import type { CurveResult } from "../../curves/result.ts";
import { formatCount, formatPercent, NO_BREAK, sentenceList, visible } from "../format.ts";
import { ratio } from "../metric_values.ts";
import { shownName } from "../series.ts";
import { capacityWords, shareWords, shownHits } from "./shown.ts";

/** The part of the ceiling that the answer is about, as a share. */
const TARGET = 0.9;

/** Curves beyond these are in the table only. */
const NAMED_AT_MOST = 4;

/** A bound's block hits bound all prefix hits, so they are what stands beside them. */
export function headlinePoints(curve: Curve): readonly CurvePoint[] {
  return isBound(curve) ? curve.points : curve.prefixPoints;
}

/** Whether the policy of a curve sees the future. */
export function isBound({ policy }: Curve): boolean {
  return /^optimal\b/.test(policy);
}

/** The name as readers see it: whoever reads the future is marked. */
export function curveName(curve: Curve): string {
  const isSchedule = curve.policy !== "optimal";
  return shownName({ label: curve.policy, isBound: isBound(curve), isSchedule });
}

/**
 * Says what curves found: how much memory gives nine tenths of the ceiling, or the hits at the
 * capacities that were picked.
 *
 * @returns Plain sentences, one paragraph each; the first one is the answer.
 */
export function curveAnswer(result: CurveResult): string[] {
  const { trace, ceilingHits, curves } = result;
  if (trace.accesses === 0) return ["The trace has no block look-ups: there is no curve."];
  if (trace.reuse === "none") {
    return [
      "The trace names no blocks: every request is unique by construction, so no cache can hit and " +
      "the curves say nothing about this traffic.",
    ];
  }
  if (ceilingHits === 0) return ["No block is looked up twice: no cache can hit."];
  if (curves.length === 0) return ["No curve was asked for."];
  return [result.at === undefined ? sizeSentence(result) : pickedSentence(result)];
}

/** How much each policy needs for the target, the first one with all that is known of it. */
function sizeSentence(result: CurveResult): string {
  const { ceilingHits, trace: { accesses }, curves } = result;
  const wanted = Math.ceil(TARGET * ceilingHits);
  const aim = `${TARGET * 100}${NO_BREAK}% of the ceiling (${shareWords(ceilingHits, accesses)} ` +
    "of look-ups are repeats, which no cache exceeds)";
  const [first, ...others] = curves.slice(0, NAMED_AT_MOST).map((curve) => {
    const blocks = capacityFor(headlinePoints(curve), wanted);
    return { curve, blocks };
  });
  const rest = others.map(({ curve, blocks }) =>
    `${curveName(curve)} ${blocks === undefined ? "none tried" : `${about(curve)}${count(blocks)}`}`
  );
  const also = rest.length === 0 ? "" : `; ${sentenceList(rest)}`;
  if (first.blocks === undefined) {
    return `No capacity tried gives ${curveName(first.curve)} ${aim}${also}.`;
  }
  const { curve, blocks } = first;
  return `For ${aim}, ${curveName(curve)} needs ${about(curve)}` +
    `${capacityWords(blocks, result)}${also}.`;
}

function count(blocks: number): string {
  return `${formatCount(blocks)}${NO_BREAK}${blocks === 1 ? "block" : "blocks"}`;
}

/** Between points that are not exact a capacity is a guess. */
function about(curve: Curve): string {
  return curve.exact ? "" : "about ";
}

/** Hits at the picked capacity that tells the policies apart best. */
function pickedSentence(result: CurveResult): string {
  const { ceilingHits, trace: { accesses }, curves, at = [] } = result;
  const chosen = curves.slice(0, NAMED_AT_MOST);
  const hits = (curve: Curve, blocks: number) =>
    shownHits(curve, headlinePoints(curve), blocks) ?? 0;
  const spread = (blocks: number) => {
    const all = chosen.map((curve) => hits(curve, blocks));
    return Math.max(...all) - Math.min(...all);
  };
  const decisive = at.reduce((most, one) => spread(one) > spread(most) ? one : most, at[0]);
  const clauses = chosen.map((curve) =>
    `${curveName(curve)} hits ${shareWords(hits(curve, decisive), accesses)}`
  );
  return `With ${capacityWords(decisive, result)} ${sentenceList(clauses)} of look-ups; no cache ` +
    `hits more than ${shareWords(ceilingHits, accesses)}.`;
}

/** What curves do not show, one item each, without a full stop; notes of the trace first. */
export function curveLimits(result: CurveResult): string[] {
  const { trace, curves, groups, sampling, at } = result;
  const replayed = curves.filter(({ errorHits }) => errorHits === Infinity);
  const cut = curves.find(({ policy, exact }) => policy === "optimal" && !exact);
  return [
    ...trace.notes.map((note) => `Trace: ${visible(note)}`),
    "Latency, throughput or money: a hit is worth what computing its block would cost",
    "Other traffic: this is one trace, and one tier of equal blocks, empty at the start",
    ...(curves.some(isBound) ? ["What a server can reach: the optimum reads the future"] : []),
    ...(replayed.length === 0 || at !== undefined ? [] : [
      `What ${sentenceList(replayed.map(({ policy }) => policy))} would do between the replayed ` +
      "capacities: there the curve is a straight line, and nothing bounds how far off that is",
    ]),
    ...(cut === undefined ? [] : [
      "The optimum at every capacity: its replays ran out, and between two points it may be up to " +
      `${errorPoints(cut, trace.accesses)} points of hit ratio above the line`,
    ]),
    ...(sampling === undefined ? [] : [
      `LRU exactly: its curve is the mean of ${sampling.samples} samples of one block in ` +
      `${formatCount(sampling.oneIn)}, and by their spread within ` +
      `${errorPoints(curves.find(({ policy }) => policy === "lru"), trace.accesses)} points ` +
      "nineteen times in twenty",
    ]),
    ...(groups.length === 0
      ? []
      : ["Caches of their own: the parts share one cache, and none is kept from another's blocks"]),
    `The other touch order: this is ${result.touch}, and LRU can move by a few points`,
  ];
}

function errorPoints(curve: Curve | undefined, accesses: number): string {
  const share = ratio(curve?.errorHits ?? 0, accesses) ?? 0;
  return share < 0.001 ? (share * 100).toPrecision(1) : formatPercent(share);
}
