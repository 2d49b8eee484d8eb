/**
 * A trace as text for a terminal: its statistics, its first requests, its findings.
 *
 * @module
 */
import type { Finding } from "../traces/findings.ts";
import type { TokenStatistics, TraceInfo, TraceRow } from "../traces/info.ts";
import { formatCount, formatCounted, formatPercent, visible } from "./format.ts";
import { type Column, drawTable, fitColumns, wrap } from "./text_table.ts";

/** How text about a trace is laid out. */
export interface TraceTextOptions {
  /** Columns of the terminal; 100 unless told. */
  readonly width?: number;
  /** Paint with ANSI colours. */
  readonly color?: boolean;
}

/**
 * The statistics of a trace.
 *
 * @example
 * ```ts
 * import { openTrace, traceInfo, traceInfoText } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
 * assertStringIncludes(traceInfoText(traceInfo(trace)), "288,500 references");
 * ```
 */
export function traceInfoText(info: TraceInfo, options: TraceTextOptions = {}): string {
  const { width = 100 } = options;
  const rows: [string, string][] = [
    ["format", `${info.format}, blocks of ${formatCounted(info.blockTokens, "token")}`],
    ["requests", requestsText(info)],
    ...(info.spanNs === undefined ? [] : [["time", timeText(info)] as [string, string]]),
    ["input", tokensText(info.input)],
    ...(info.output === undefined ? [] : [["output", tokensText(info.output)] as [string, string]]),
    ["blocks", blocksText(info)],
    [
      "folded",
      `${formatCounted(info.extentCount, "extent")}, ${
        info.foldingFactor.toFixed(1)
      } references each`,
    ],
    ["structure", structureText(info)],
    ["ceiling", ceilingText(info)],
    ["reuse", info.reuseSentence],
    ...info.notes.map((note): [string, string] => ["note", note]),
    ["hash", info.hash],
  ];
  const left = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.flatMap(([name, text]) =>
    wrap(visible(text), Math.max(20, width - left), "").map((line, index) =>
      (index === 0 ? name : "").padEnd(left) + line
    )
  );
  return `${visible(info.path)}\n\n${lines.join("\n")}\n`;
}

function requestsText(info: TraceInfo): string {
  const sessions = info.sessionCount === undefined
    ? "no session ids"
    : `${formatCounted(info.sessionCount, "session")}`;
  const tenants = info.tenantCount === undefined
    ? ""
    : `, ${formatCount(info.tenantCount)} tenants or models`;
  return `${formatCount(info.requestCount)}, ${sessions}${tenants}`;
}

function timeText(info: TraceInfo): string {
  const seconds = (info.spanNs ?? 0) / 1e9;
  const rate = info.requestsPerSecond === undefined
    ? ""
    : `, ${info.requestsPerSecond.toFixed(2)} requests/s`;
  const distinct = info.distinctArrivals === undefined
    ? ""
    : `, ${formatCounted(info.distinctArrivals, "distinct arrival")}`;
  return `${seconds.toFixed(3)} s${rate}${distinct}`;
}

function tokensText(tokens: TokenStatistics): string {
  return `${formatCounted(tokens.sumTokens, "token")}; mean ${
    tokens.meanTokens.toFixed(1)
  }, median ` +
    `${formatCount(tokens.medianTokens)}, p95 ${formatCount(tokens.p95Tokens)}, max ` +
    formatCount(tokens.maxTokens);
}

function blocksText(info: TraceInfo): string {
  return `${formatCount(info.accesses)} references to ${formatCount(info.uniqueBlocks)} distinct`;
}

function structureText(info: TraceInfo): string {
  const tree = info.isPrefixTree
    ? "a prefix tree: every block always follows the same one"
    : "not a prefix tree: some block follows different ones";
  return `${tree}; block 0 is in ${formatPercent(info.firstBlockShare)} % of requests`;
}

function ceilingText(info: TraceInfo): string {
  const { block, token, fullBlock, requestMean } = info.ideal;
  return `block ${formatPercent(block)} %, token ${formatPercent(token)} %, full block ` +
    `${formatPercent(fullBlock)} %, request mean ${formatPercent(requestMean)} % ` +
    "(hit ratios of a cache without limit)";
}

/** The first requests of a trace as a table. */
export function traceHeadText(rows: readonly TraceRow[], options: TraceTextOptions = {}): string {
  const { width = 100, color = false } = options;
  const column = (head: string, expendable: number, cell: (row: TraceRow) => string): Column => ({
    head: [head],
    align: head === "extents (first+count)" ? "left" : "right",
    expendable,
    cells: rows.map(cell),
  });
  const optional = (value: number | undefined) => value === undefined ? "–" : formatCount(value);
  const columns = fitColumns([
    column("request", 0, (row) => formatCount(row.request + 1)),
    column(
      "arrival s",
      1,
      (row) => row.arrivalNs === undefined ? "–" : (row.arrivalNs / 1e9).toFixed(3),
    ),
    column("session", 2, (row) => optional(row.session)),
    column("turn", 3, (row) => optional(row.turn)),
    column("input", 0, (row) => formatCount(row.inputTokens)),
    column("output", 1, (row) => optional(row.outputTokens)),
    column("extents (first+count)", 0, (row) => row.extents),
  ], Math.max(width, 60));
  return `${drawTable(columns, { color }).join("\n")}\n`;
}

/** One finding as lines: severity, place, what is wrong, how to mend it. */
export function findingText(finding: Finding): string {
  const { place = {}, severity, name, message, found, expected } = finding;
  const at = [
    place.file ?? "",
    place.line === undefined ? "" : `:${place.line}`,
    place.column === undefined ? "" : `:${place.column}`,
    place.row === undefined ? "" : ` row ${place.row}`,
    place.byteOffset === undefined ? "" : ` byte ${place.byteOffset}`,
    place.key === undefined ? "" : ` "${place.key}"`,
  ].join("");
  const seen = found === undefined ? "" : `; found ${found}`;
  const wanted = expected === undefined ? "" : `; expected ${expected}`;
  return [
    `${severity}: ${visible(`${at}: ${message}${seen}${wanted}`)} [${name}]`,
    ...(finding.mend ?? []).map((sentence) => `  = ${sentence}`),
  ].join("\n");
}
