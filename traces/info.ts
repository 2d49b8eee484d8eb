/**
 * Statistics of a trace: what it holds and how much reuse there is at best.
 *
 * @module
 */

import { IntervalMap } from "./ranges.ts";
import { isPrefixTree } from "./prefix_tree.ts";
import { kindName, type ReuseEvidence, type Trace } from "./trace.ts";

/** Sum, mean and nearest-rank percentiles of a column of tokens. */
export interface TokenStatistics {
  readonly sumTokens: number;
  readonly meanTokens: number;
  readonly medianTokens: number;
  readonly p95Tokens: number;
  readonly p99Tokens: number;
  readonly maxTokens: number;
}

/**
 * Hit ratios of a cache without limit, which no policy can exceed. Published ratios differ by their
 * definition alone, so each has its name.
 */
export interface IdealRatios {
  /** Blocks of the leading run that was touched before / all blocks; a part-filled block counts. */
  readonly block: number;
  /** The same in tokens / all prompt tokens. */
  readonly token: number;
  /** Blocks of the leading run / full blocks, as FAST'25 counts; at most 1. */
  readonly fullBlock: number;
  /** Mean over requests of each one's token ratio. */
  readonly requestMean: number;
  /**
   * Blocks touched before anywhere in the request / all blocks; equals `block` in a prefix tree.
   */
  readonly anyBlock: number;
}

/** References of one kind. */
export interface KindCount {
  readonly name: string;
  readonly accesses: number;
  /** Of all references: 0 to 1. */
  readonly share: number;
}

/** What {@linkcode traceInfo} gives. */
export interface TraceInfo {
  readonly path: string;
  readonly format: string;
  readonly hash: string;
  readonly blockTokens: number;
  readonly requestCount: number;
  readonly sessionCount?: number;
  readonly tenantCount?: number;
  /** Time from the first to the last arrival. */
  readonly spanNs?: number;
  /** Requests / span; absent if there is no span. */
  readonly requestsPerSecond?: number;
  readonly distinctArrivals?: number;
  readonly input: TokenStatistics;
  readonly output?: TokenStatistics;
  /** Block references. */
  readonly accesses: number;
  readonly uniqueBlocks: number;
  readonly extentCount: number;
  /** References per extent. */
  readonly foldingFactor: number;
  readonly ideal: IdealRatios;
  /** Whether each block always follows the same block (or none). */
  readonly isPrefixTree: boolean;
  /** Share of requests that touch block 0, the first block of the trace. */
  readonly firstBlockShare: number;
  /** What the references hold, where the source says it: in order of first appearance. */
  readonly kinds?: readonly KindCount[];
  readonly reuse: ReuseEvidence;
  /** What the source says about reuse, as a sentence. */
  readonly reuseSentence: string;
  readonly notes: readonly string[];
}

/**
 * Counts a trace without expanding it.
 *
 * @example
 * ```ts
 * import { openTrace, traceInfo } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const info = traceInfo(await openTrace("tests/data/synthetic_trace.jsonl.gz"));
 * assertEquals(info.uniqueBlocks, 43_924);
 * assertEquals(info.ideal.block.toFixed(4), "0.6396");
 * ```
 */
export function traceInfo(trace: Trace): TraceInfo {
  const { requests, extents } = trace;
  const { arrivalNs, session, tenant, inputTokens, outputTokens } = requests;
  const spanNs = arrivalNs === undefined ? undefined : arrivalNs[arrivalNs.length - 1];
  return {
    path: trace.path,
    format: trace.format,
    hash: trace.hash,
    blockTokens: trace.blockTokens,
    requestCount: trace.requestCount,
    sessionCount: session === undefined ? undefined : countNumbers(session),
    tenantCount: tenant === undefined ? undefined : countNumbers(tenant),
    spanNs,
    requestsPerSecond: spanNs === undefined || spanNs === 0
      ? undefined
      : trace.requestCount / (spanNs / 1e9),
    distinctArrivals: arrivalNs === undefined ? undefined : countDistinct(arrivalNs),
    input: tokenStatistics(inputTokens),
    output: outputTokens === undefined ? undefined : tokenStatistics(outputTokens),
    accesses: trace.accesses,
    uniqueBlocks: trace.uniqueBlocks,
    extentCount: extents.firstBlock.length,
    foldingFactor: extents.firstBlock.length === 0 ? 1 : trace.accesses / extents.firstBlock.length,
    ideal: idealRatios(trace),
    isPrefixTree: isPrefixTree(trace),
    firstBlockShare: firstBlockShare(trace),
    ...(extents.kind === undefined ? {} : { kinds: kindCounts(trace, extents.kind) }),
    reuse: trace.reuse,
    reuseSentence: reuseSentence(trace),
    notes: trace.notes,
  };
}

/** The request's column of dense numbers has as many of them as its largest one, plus one. */
function countNumbers(numbers: Uint32Array): number {
  let most = -1;
  for (const number of numbers) if (number > most) most = number;
  return most + 1;
}

/** Distinct values of a column that does not decrease. */
function countDistinct(sorted: Float64Array): number {
  let count = sorted.length === 0 ? 0 : 1;
  for (let row = 1; row < sorted.length; row++) if (sorted[row] !== sorted[row - 1]) count++;
  return count;
}

/** Percentiles are nearest-rank: the smallest value that so many percent do not exceed. */
function tokenStatistics(column: Uint32Array): TokenStatistics {
  const sorted = column.slice().sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  const rank = (percent: number) =>
    sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)];
  return {
    sumTokens: sum,
    meanTokens: sum / sorted.length,
    medianTokens: rank(50),
    p95Tokens: rank(95),
    p99Tokens: rank(99),
    maxTokens: sorted[sorted.length - 1],
  };
}

/** Replays the extents into a cache without limit. */
function idealRatios(trace: Trace): IdealRatios {
  const { requests: { inputTokens, firstExtent }, extents: { firstBlock, blockCount } } = trace;
  const seen = new IntervalMap();
  let leading = 0;
  let isLeading = true;
  let anyHits = 0;
  const part = (_: number, count: number, isNew: boolean) => {
    if (isNew) isLeading = false;
    else {
      anyHits += count;
      if (isLeading) leading += count;
    }
  };
  const sums = { blocks: 0, full: 0, hits: 0, tokens: 0, hitTokens: 0, ratios: 0 };
  let next = 0;
  for (let row = 0; row < trace.requestCount; row++) {
    leading = 0;
    isLeading = true;
    const before = sums.blocks;
    for (let extent = firstExtent[row]; extent < firstExtent[row + 1]; extent++) {
      sums.blocks += blockCount[extent];
      next = seen.touch(firstBlock[extent], blockCount[extent], next, part);
    }
    const input = inputTokens[row];
    const hitTokens = Math.min(leading * trace.blockTokens, input);
    sums.full += Math.min(Math.floor(input / trace.blockTokens), sums.blocks - before);
    sums.hits += leading;
    sums.tokens += input;
    sums.hitTokens += hitTokens;
    if (input > 0) sums.ratios += hitTokens / input;
  }
  const { blocks } = sums;
  return {
    block: ratio(sums.hits, blocks),
    token: ratio(sums.hitTokens, sums.tokens),
    fullBlock: Math.min(1, ratio(sums.hits, sums.full)),
    requestMean: ratio(sums.ratios, trace.requestCount),
    anyBlock: ratio(anyHits, blocks),
  };
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function firstBlockShare({ requests: { firstExtent }, extents, requestCount }: Trace): number {
  let count = 0;
  for (let row = 0; row < requestCount; row++) {
    for (let extent = firstExtent[row]; extent < firstExtent[row + 1]; extent++) {
      if (extents.firstBlock[extent] !== 0) continue;
      count++;
      break;
    }
  }
  return ratio(count, requestCount);
}

function kindCounts(trace: Trace, kind: Uint8Array): KindCount[] {
  const counts = new Map<number, number>();
  kind.forEach((number, extent) =>
    counts.set(number, (counts.get(number) ?? 0) + trace.extents.blockCount[extent])
  );
  return [...counts].map(([number, accesses]) => ({
    name: kindName(trace, number),
    accesses,
    share: ratio(accesses, trace.accesses),
  }));
}

function reuseSentence({ reuse, format }: Trace): string {
  return reuse === "hashes"
    ? `Reuse is measured: the ${format} source names the blocks of each prompt.`
    : `No reuse evidence: the ${format} source has lengths and times only, so each prompt has blocks of its own and hit ratios mean nothing.`;
}

/** One request of {@linkcode traceHead}. */
export interface TraceRow {
  /** Row of the request, from 0. */
  readonly request: number;
  readonly arrivalNs?: number;
  readonly session?: number;
  readonly tenant?: number;
  readonly turn?: number;
  readonly inputTokens: number;
  readonly outputTokens?: number;
  /** Extents as `first+count`, root first; with `:kind` where the trace has kinds. */
  readonly extents: string;
}

/**
 * The first requests of a trace, as rows to print.
 *
 * @param count Rows wanted. Default 10.
 *
 * @example
 * ```ts
 * import { openTrace, traceHead } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
 * assertEquals(traceHead(trace, 2)[1].extents, "0+1 14+14");
 * ```
 */
export function traceHead(trace: Trace, count = 10): TraceRow[] {
  const { requests, extents } = trace;
  const rows: TraceRow[] = [];
  for (let request = 0; request < Math.min(count, trace.requestCount); request++) {
    const shown: string[] = [];
    for (let e = requests.firstExtent[request]; e < requests.firstExtent[request + 1]; e++) {
      const kind = extents.kind === undefined ? "" : `:${kindName(trace, extents.kind[e])}`;
      shown.push(`${extents.firstBlock[e]}+${extents.blockCount[e]}${kind}`);
    }
    rows.push({
      request,
      arrivalNs: requests.arrivalNs?.[request],
      session: requests.session?.[request],
      tenant: requests.tenant?.[request],
      turn: requests.turn?.[request],
      inputTokens: requests.inputTokens[request],
      outputTokens: requests.outputTokens?.[request],
      extents: shown.join(" "),
    });
  }
  return rows;
}
