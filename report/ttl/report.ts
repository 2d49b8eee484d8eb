/**
 * A TTL result as a report: answer, tables, limits.
 *
 * @module
 */
import type { TtlResult, TtlRow } from "../../curves/ttl_result.ts";
import { formatBytes, formatCount, formatDollars, formatPercent, NO_VALUE } from "../format.ts";
import { fileName } from "../html_parts.ts";
import { fingerprints, type PlainReport, type PlainTable, traceFacts } from "../plain/report.ts";
import { ageText, hitPercent, relative, ttlAnswer, ttlLimits, ttlName } from "./findings.ts";

/** What a report says beside the result. */
export interface TtlReportOptions {
  /** Dollars for a million uncached input tokens. */
  readonly pricePerMillion?: number;
}

/** Lays the result out. */
export function ttlReport(result: TtlResult, options: TtlReportOptions = {}): PlainReport {
  const { pricePerMillion } = options;
  return {
    title: `Times to live on ${fileName(result.trace.path)}`,
    path: result.trace.path,
    facts: `${traceFacts(result.trace)}, ${ageText(result.spanNs)}`,
    answer: ttlAnswer(result, pricePerMillion),
    tables: [
      ttlTable(result),
      ...(result.ages.length === 0 ? [] : [togetherTable(result), agesTable(result)]),
      billTable(result, pricePerMillion),
      ...result.bill.splits.map((_, split) => splitTable(result, split)),
    ],
    limits: ttlLimits(result),
    repeat: fingerprints(result.trace, result.engine),
    resultHash: result.resultHash,
  };
}

function ttlTable(result: TtlResult): PlainTable {
  const { rows, blockBytes, trace, inputTokens } = result;
  const top = rows[rows.length - 1].prefixHits;
  const bytes = (blocks: number | null) =>
    blocks === null ? NO_VALUE : formatBytes(blocks * blockBytes!);
  const cells = (row: TtlRow) => [
    ttlName(row.ttlNs),
    hitPercent(row.prefixHits, result),
    hitPercent(row.hits, result),
    formatPercent(inputTokens === 0 ? 0 : row.hitTokens / inputTokens),
    row.residentBlocksMean === null ? NO_VALUE : formatCount(row.residentBlocksMean),
    formatCount(row.residentBlocksPeak),
    ...(blockBytes === undefined ? [] : [
      bytes(row.residentBlocksMean),
      bytes(row.residentBlocksPeak),
    ]),
  ];
  return {
    id: "ttl",
    title: "Hits and held blocks of an endless cache, by idle TTL",
    head: [
      ...["TTL", "prefix hit %", "block hit %", "token hit %", "held, mean", "held, peak"],
      ...(blockBytes === undefined ? [] : ["mean", "peak"]),
    ],
    rows: rows.map(cells),
    bars: rows.map(({ prefixHits }) => top === 0 ? 0 : prefixHits / top),
    note: `A hit renews its block; ${formatCount(trace.uniqueBlocks)} blocks are ever used.`,
  };
}

function togetherTable(result: TtlResult): PlainTable {
  const { together, rows, ages } = result;
  const line = (capacityBlocks: number) =>
    together.filter((cell) => cell.capacityBlocks === capacityBlocks)
      .map(({ prefixHits }) => hitPercent(prefixHits, result));
  return {
    id: "together",
    title: "Prefix hits in percent with a capacity and a TTL, LRU",
    head: ["blocks", ...rows.map(({ ttlNs }) => ttlName(ttlNs))],
    rows: ages.map(({ capacityBlocks }) => [formatCount(capacityBlocks), ...line(capacityBlocks)]),
    note: "Exact for LRU whose hits renew the TTL: what expires is the end of LRU's own order.",
  };
}

const BOUND = {
  capacity: "capacity: blocks leave before their reuse comes",
  reuse: "reuse: blocks wait longer than most reuses take",
  nothing: "nothing: no block has to leave",
} as const;

function agesTable({ ages }: TtlResult): PlainTable {
  return {
    id: "ages",
    title: "Idle time when a block was hit, evicted, and missed on its return, LRU",
    head: ["blocks", "hit p50", "hit p90", "evicted p50", "evicted p90", "missed p50", "bound by"],
    rows: ages.map(({ capacityBlocks, hit, evicted, missed, boundBy }) => [
      formatCount(capacityBlocks),
      ageText(hit.p50Ns),
      ageText(hit.p90Ns),
      ageText(evicted.p50Ns),
      ageText(evicted.p90Ns),
      ageText(missed.p50Ns),
      BOUND[boundBy].split(":")[0],
    ]),
    note: `Bound by ${Object.values(BOUND).join("; ")}. Medians are compared, of evictions with ` +
      "all reuses. A TTL beyond the oldest block at hit or eviction changes nothing.",
  };
}

function billTable({ bill, inputTokens }: TtlResult, price: number | undefined): PlainTable {
  const money = (cost: number) => price === undefined ? [] : [formatDollars(cost * price / 1e6)];
  const mixed = bill.splits.map(({ by, mixedCost }) => [
    `each ${by} its best`,
    ...Array<string>(4).fill(NO_VALUE),
    formatPercent(relative({ cost: mixedCost }, inputTokens)),
    ...money(mixedCost),
  ]);
  return {
    id: "bill",
    title: "A provider's bill, in multiples of the price of an uncached input token",
    head: [
      ...["plan", "TTL", "write ×", "read ×", "tokens read %", "price %"],
      ...(price === undefined ? [] : ["input"]),
    ],
    rows: [
      ...bill.plans.map((plan) => [
        plan.name,
        plan.ttlNs === 0 ? NO_VALUE : ttlName(plan.ttlNs),
        String(plan.write),
        String(plan.read),
        formatPercent(inputTokens === 0 ? 0 : plan.readTokens / inputTokens),
        formatPercent(relative(plan, inputTokens)),
        ...money(plan.cost),
      ]),
      ...mixed,
    ],
    best: bill.plans.findIndex(({ name }) => name === bill.cheapest),
    note: "Price: charge ÷ charge without caching. * the cheapest plan for all." +
      (mixed.length === 0 ? "" : " A group's best is known only afterwards."),
  };
}

function splitTable({ bill }: TtlResult, index: number): PlainTable {
  const { by, groups, cheapestFor, largest } = bill.splits[index];
  const counts = bill.plans.map(({ name }, plan) => `${name} ${formatCount(cheapestFor[plan])}`);
  return {
    id: by,
    title: `Price in percent by ${by}, those with the most prompt tokens`,
    head: [by, "requests", "tokens", ...bill.plans.map(({ name }) => name), "cheapest"],
    rows: largest.map((group) => [
      group.name,
      formatCount(group.requests),
      formatCount(group.inputTokens),
      ...group.costs.map((cost) => formatPercent(relative({ cost }, group.inputTokens))),
      group.cheapest,
    ]),
    note: `Cheapest for how many of ${formatCount(groups)}: ${counts.join(", ")}.`,
  };
}
