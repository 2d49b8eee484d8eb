/**
 * A sizing result as a report: answer, tables, limits.
 *
 * @module
 */
import type { MixResult, SizeResult } from "../../curves/size_result.ts";
import {
  formatBytes,
  formatCount,
  formatDollars,
  formatDuration,
  formatJoules,
  formatPercent,
  NO_VALUE,
} from "../format.ts";
import { fileName } from "../html_parts.ts";
import { fingerprints, type PlainReport, type PlainTable, traceFacts } from "../plain/report.ts";
import {
  answerMix,
  QUESTIONS,
  ratioPercent,
  sharePercent,
  sizeAnswer,
  sizeLimits,
  type SizeReportOptions,
} from "./findings.ts";

/** Lays the result out. */
export function sizeReport(result: SizeResult, options: SizeReportOptions = {}): PlainReport {
  const { mixes } = result;
  return {
    title: `Memory for ${fileName(result.trace.path)}`,
    path: result.trace.path,
    facts: traceFacts(result.trace),
    answer: sizeAnswer(result, options),
    tables: [
      sharesTable(result),
      curveTable(result),
      ...(mixes === undefined ? [] : [mixesTable(result, mixes.mixes)]),
      ...(mixes?.mixes ?? []).filter((mix) => mix.question === "given" || mix === answerMix(result))
        .map((mix) => tiersTable(result, mix)),
    ],
    limits: sizeLimits(result, options),
    repeat: [
      ...fingerprints(result.trace, result.engine),
      ...(mixes === undefined ? [] : [
        ["prefill, ns a token", String(mixes.weights.prefillNsPerToken)] as const,
        ["GPU, dollars an hour", String(mixes.weights.gpuDollarsPerHour)] as const,
      ]),
    ],
    resultHash: result.resultHash,
  };
}

function sharesTable(result: SizeResult): PlainTable {
  const { rows, blockBytes, target, trace } = result;
  const bytes = (blocks: number) =>
    blockBytes === undefined ? [] : [formatBytes(blocks * blockBytes)];
  return {
    id: "shares",
    title: "Memory for a share of the ceiling",
    head: [
      "share %",
      "LRU blocks",
      ...(blockBytes === undefined ? [] : ["LRU"]),
      ...["prefix hit %", "block hit %", "of all blocks %", "optimum blocks"],
      ...(blockBytes === undefined ? [] : ["optimum"]),
    ],
    rows: rows.map((row) => [
      sharePercent(row.share),
      formatCount(row.capacityBlocks),
      ...bytes(row.capacityBlocks),
      ratioPercent(row.prefixHits, result),
      ratioPercent(row.blockHits, result),
      formatPercent(row.capacityBlocks / Math.max(1, trace.uniqueBlocks)),
      formatCount(row.optimumBlocks),
      ...bytes(row.optimumBlocks),
    ]),
    best: rows.findIndex(({ share }) => share === target),
    note: "The ceiling is an endless prefix cache; each size is the smallest, to the block.",
  };
}

/** Every how many samples the terminal has a line. */
const LINES_EVERY = 4;

function curveTable(result: SizeResult): PlainTable {
  const { samples, ceilingPrefixHits, blockBytes } = result;
  const last = samples.length - 1;
  const shown = samples.filter((_, index) => index % LINES_EVERY === last % LINES_EVERY);
  const share = (hits: number) => ceilingPrefixHits === 0 ? 0 : hits / ceilingPrefixHits;
  return {
    id: "curve",
    title: "Prefix hits of LRU by capacity, each twice the one before",
    head: [
      "blocks",
      ...(blockBytes === undefined ? [] : ["memory"]),
      ...["prefix hit %", "of the ceiling %"],
    ],
    rows: shown.map(([blocks, hits]) => [
      formatCount(blocks),
      ...(blockBytes === undefined ? [] : [formatBytes(blocks * blockBytes)]),
      ratioPercent(hits, result),
      formatPercent(share(hits)),
    ]),
    bars: shown.map(([, hits]) => share(hits)),
  };
}

function mixesTable(result: SizeResult, mixes: readonly MixResult[]): PlainTable {
  const best = answerMix(result);
  return {
    id: "mixes",
    title: "Mixes of tiers, dollars a month",
    head: [
      ...["mix", "net", "GPU saved", "memory", "of the ceiling %", "prefix hit %"],
      ...["GPU time saved", "loading", "energy"],
    ],
    rows: mixes.map((mix) => [
      QUESTIONS[mix.question],
      formatDollars(mix.netDollarsPerMonth),
      formatDollars(mix.gpuDollarsPerMonth),
      formatDollars(mix.dollarsPerMonth),
      formatPercent(mix.prefixHits / Math.max(1, result.ceilingPrefixHits)),
      ratioPercent(mix.prefixHits, result),
      formatDuration(mix.savedNs),
      formatDuration(mix.loadNs),
      formatJoules(mix.joules),
    ]),
    ...(best === undefined ? {} : { best: mixes.indexOf(best) }),
    note:
      "Net is GPU saved − memory; GPU saved is (GPU time saved − loading), at the rate of the " +
      "trace. Times and energy are of the trace.",
  };
}

function tiersTable(result: SizeResult, mix: MixResult): PlainTable {
  return {
    id: `tiers-${mix.question}`,
    title: `Tiers: ${QUESTIONS[mix.question]}`,
    head: [
      ...["tier", "size", "blocks", "hits %", "$ a month", "load a block", "read %", "written %"],
      ...["loading", "energy"],
    ],
    rows: mix.tiers.map((tier) => [
      tier.fixed ? `${tier.name} (given)` : tier.name,
      formatBytes(tier.capacityBytes),
      formatCount(tier.capacityBlocks),
      ratioPercent(tier.prefixHits, result),
      tier.dollarsPerMonth === 0 ? NO_VALUE : formatDollars(tier.dollarsPerMonth),
      formatDuration(tier.loadNsPerBlock),
      formatPercent(tier.readLoad),
      formatPercent(tier.writeLoad),
      formatDuration(tier.loadNs),
      formatJoules(tier.joules),
    ]),
    note: "Read and written: mean rate, in percent of the bandwidth of one device.",
  };
}
