/**
 * A TTL result as text, Markdown, HTML and CSV.
 *
 * @module
 */
import { stringify } from "@std/csv";
import type { TtlResult } from "../../curves/ttl_result.ts";
import { axisStyle, type Canvas, isNarrow, type Spec } from "../chart_input.ts";
import { plainHtml } from "../plain/html.ts";
import { plainMarkdown } from "../plain/markdown.ts";
import { plainText, type PlainTextOptions } from "../plain/text.ts";
import { ttlReport, type TtlReportOptions } from "./report.ts";

/** Writes a TTL result for a terminal. */
export function ttlText(
  result: TtlResult,
  options: TtlReportOptions & PlainTextOptions = {},
): string {
  return plainText(ttlReport(result, options), options);
}

/** Writes a TTL result as Markdown. */
export function ttlMarkdown(
  result: TtlResult,
  options: TtlReportOptions & { readonly command?: string } = {},
): string {
  return plainMarkdown(ttlReport(result, options), options.command);
}

/** Writes a TTL result as a page that needs nothing else; loads Vega on first use. */
export async function ttlHtml(
  result: TtlResult,
  options: TtlReportOptions & { readonly command: string },
): Promise<string> {
  const chart = {
    name: "curve",
    title: "Hit ratio against idle TTL",
    caption: "Prefix hits of an endless cache that forgets blocks idle for longer than the TTL. " +
      "Every step is exact.",
    spec: (canvas: Canvas) => ttlSpec(result, canvas),
  };
  return await plainHtml(ttlReport(result, options), [chart], options.command);
}

/** Steps that a chart can show; more would be drawn over one another. */
const STEPS_MAX = 600;

function ttlSpec({ curve, trace }: TtlResult, canvas: Canvas): Spec {
  const points = curve.prefixPoints.filter(([ttlNs]) => ttlNs > 0);
  const every = Math.ceil(points.length / STEPS_MAX);
  const values = points.filter((_, index) => index % every === 0 || index === points.length - 1)
    .map(([ttlNs, hits]) => ({
      seconds: ttlNs / 1e9,
      percent: (100 * hits) / Math.max(1, trace.accesses),
    }));
  return {
    data: { values },
    height: isNarrow(canvas) ? 260 : 360,
    mark: {
      type: "line",
      interpolate: "step-after",
      strokeWidth: 2,
      color: canvas.theme.series[0],
    },
    encoding: {
      x: {
        field: "seconds",
        type: "quantitative",
        scale: { type: "log", nice: false },
        axis: axisStyle("idle TTL in seconds (log scale)", { grid: false }),
      },
      y: {
        field: "percent",
        type: "quantitative",
        axis: axisStyle("prefix hit ratio, %", { tickCount: 6 }),
      },
    },
  };
}

const COLUMNS = [
  ...["ttlNs", "hits", "prefixHits", "hitTokens"],
  ...["residentBlocksMean", "residentBlocksPeak"],
] as const;

/**
 * Writes the rows of a TTL result as CSV (RFC 4180), raw values; an endless TTL is an empty field.
 *
 * @example
 * ```ts
 * import { TraceBuilder, ttl, ttlCsv } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (const arrivalNs of [0, 5e9]) builder.add({ arrivalNs, runs: [[0, 3]] });
 * const lines = ttlCsv(await ttl(await builder.build(), { at: ["5s"] })).split("\r\n");
 * assertEquals(lines[1].split(",").slice(0, 3), ["5000000000", "3", "3"]);
 * ```
 */
export function ttlCsv(result: TtlResult): string {
  const { rows, touch, trace, engine, resultHash } = result;
  const head = [
    ...COLUMNS,
    ...["accesses", "inputTokens", "touch", "tracePath", "reuse"],
    ...["traceHash", "engineHash", "resultHash"],
  ];
  return stringify([
    head,
    ...rows.map((row) => [
      ...COLUMNS.map((name) => row[name] === Infinity ? "" : row[name] ?? ""),
      ...[trace.accesses, result.inputTokens, touch, trace.path, trace.reuse],
      ...[trace.hash, engine.hash, resultHash],
    ]),
  ]);
}
