/**
 * A sizing result as text, Markdown, HTML and CSV.
 *
 * @module
 */
import { stringify } from "@std/csv";
import type { SizeResult } from "../../curves/size_result.ts";
import { axisStyle, type Canvas, isNarrow, type Spec } from "../chart_input.ts";
import { plainHtml } from "../plain/html.ts";
import { plainMarkdown } from "../plain/markdown.ts";
import { plainText, type PlainTextOptions } from "../plain/text.ts";
import { sharePercent, type SizeReportOptions, targetRow } from "./findings.ts";
import { sizeReport } from "./report.ts";

export type { SizeReportOptions } from "./findings.ts";

/** Writes a sizing result for a terminal. */
export function sizeText(
  result: SizeResult,
  options: SizeReportOptions & PlainTextOptions = {},
): string {
  return plainText(sizeReport(result, options), options);
}

/** Writes a sizing result as Markdown. */
export function sizeMarkdown(
  result: SizeResult,
  options: SizeReportOptions & { readonly command?: string } = {},
): string {
  return plainMarkdown(sizeReport(result, options), options.command);
}

/** Writes a sizing result as a page that needs nothing else; loads Vega on first use. */
export async function sizeHtml(
  result: SizeResult,
  options: SizeReportOptions & { readonly command: string },
): Promise<string> {
  const chart = {
    name: "picture",
    title: "Prefix hit ratio against memory",
    caption: "LRU, exact at every capacity. Dashed: the target and the memory that reaches it.",
    spec: (canvas: Canvas) => sizeSpec(result, canvas),
  };
  return await plainHtml(sizeReport(result, options), [chart], options.command);
}

function sizeSpec(result: SizeResult, canvas: Canvas): Spec {
  const { samples, trace, target } = result;
  const { capacityBlocks, prefixHits } = targetRow(result);
  const percent = (hits: number) => (100 * hits) / Math.max(1, trace.accesses);
  const blocks = {
    type: "quantitative",
    scale: { type: "log", nice: false },
    axis: axisStyle("blocks of memory (log scale)", { grid: false }),
  };
  const ratio = { type: "quantitative", axis: axisStyle("prefix hit ratio, %", { tickCount: 6 }) };
  const rule = { type: "rule", color: canvas.theme.muted, strokeDash: [5, 4] };
  return {
    height: isNarrow(canvas) ? 260 : 360,
    layer: [
      {
        data: { values: samples.map(([at, hits]) => ({ blocks: at, percent: percent(hits) })) },
        mark: { type: "line", strokeWidth: 2, color: canvas.theme.series[0] },
        encoding: { x: { field: "blocks", ...blocks }, y: { field: "percent", ...ratio } },
      },
      { data: { values: [{}] }, mark: rule, encoding: { y: { datum: percent(prefixHits) } } },
      {
        data: { values: [{}] },
        mark: rule,
        encoding: { x: { datum: Math.max(1, capacityBlocks) } },
      },
      {
        data: { values: [{}] },
        mark: {
          type: "text",
          text: `${sharePercent(target)} % of the ceiling`,
          align: "right",
          baseline: "bottom",
          dx: -4,
          dy: -3,
          color: canvas.theme.muted,
        },
        encoding: {
          x: { datum: Math.max(1, capacityBlocks) },
          y: { datum: percent(prefixHits) },
        },
      },
    ],
  };
}

/**
 * Writes the shares of a sizing result as CSV (RFC 4180), raw values.
 *
 * @example
 * ```ts
 * import { size, sizeCsv, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 5]] });
 * const lines = sizeCsv(await size(await builder.build(), { shares: [1] })).split("\r\n");
 * assertEquals(lines[2].split(",").slice(0, 3), ["1", "5", "10"]);
 * ```
 */
export function sizeCsv(result: SizeResult): string {
  const { rows, trace, engine, touch, blockBytes, resultHash } = result;
  const head = [
    ...["share", "capacityBlocks", "prefixHits", "blockHits", "optimumBlocks"],
    ...["capacityBytes", "accesses", "ceilingPrefixHits", "touch", "tracePath", "reuse"],
    ...["traceHash", "engineHash", "resultHash"],
  ];
  return stringify([
    head,
    ...rows.map((row) => [
      ...[row.share, row.capacityBlocks, row.prefixHits, row.blockHits, row.optimumBlocks],
      blockBytes === undefined ? "" : row.capacityBlocks * blockBytes,
      ...[trace.accesses, result.ceilingPrefixHits, touch, trace.path, trace.reuse],
      ...[trace.hash, engine.hash, resultHash],
    ]),
  ]);
}
