/**
 * Curves as one HTML file that needs nothing else: answer, charts, tables, limits.
 *
 * @module
 */
import type { CurveResult } from "../../curves/result.ts";
import { traceLine } from "../findings.ts";
import type { HtmlOptions } from "../html.ts";
import { escapeHtml, htmlPage } from "../html_page.ts";
import {
  answerBox,
  DESK_WIDTH,
  figureSection,
  fileName,
  list,
  PHONE_WIDTH,
  section,
} from "../html_parts.ts";
import { definitionTable, pairTable, scroll } from "../html_tables.ts";
import { metric } from "../metric_text.ts";
import { curveCharts } from "./curve_charts.ts";
import { curveAnswer, curveLimits } from "./curve_findings.ts";
import { curveColumns, groupColumns, type TextColumn } from "./tables.ts";

const DEFINED = ["prefixHitRatio", "blockHitRatio", "optimalHitRatio", "ceilingHitRatio"];

/**
 * Writes curves as one HTML file; loads Vega on first use.
 *
 * @example
 * ```ts
 * import { curveHtml, TraceBuilder, traceCurves } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const builder = new TraceBuilder({ blockTokens: 16 });
 * for (let round = 0; round < 3; round++) builder.add({ runs: [[0, 9]] });
 * const result = await traceCurves(await builder.build());
 * assertStringIncludes(await curveHtml(result, { command: "kvtier curve a.jsonl" }), "<svg");
 * ```
 */
export async function curveHtml(result: CurveResult, options: HtmlOptions): Promise<string> {
  const { trace, groups } = result;
  const title = options.title ?? `Hits over capacities on ${fileName(trace.path)}`;
  const desk = await curveCharts(result, { theme: "page", width: DESK_WIDTH });
  const phone = await curveCharts(result, { theme: "page", width: PHONE_WIDTH });
  const links = [
    ["answer", "Answer"],
    ...desk.map(({ name, title }) => [name, title]),
    ["limits", "Limits"],
    ["definitions", "Definitions"],
    ["repeat", "Repeat it"],
  ].map(([id, text]) => `<li><a href="#${id}">${escapeHtml(text)}</a></li>`);
  const tables: Readonly<Record<string, string>> = {
    curves: columnTable(
      "Hit ratio by capacity",
      curveColumns(result),
      "Hit ratios in percent of look-ups.",
    ),
    parts: groups.length === 0 ? "" : columnTable("LRU by part", groupColumns(result), ""),
  };
  const body = [
    '<a class="skip" href="#answer">To the answer</a>',
    `<header>\n<h1>${escapeHtml(title)}</h1>`,
    `<p><code>${escapeHtml(trace.path)}</code><br>`,
    `<span class="muted">${escapeHtml(traceLine(result))}</span></p>`,
    `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>\n</header>`,
    "<main>",
    section("answer", "Answer", answerBox(curveAnswer(result))),
    ...desk.map(({ name }) => figureSection(name, desk, phone, tables[name])),
    section("limits", "What this report does not show", list(curveLimits(result))),
    section("definitions", "Definitions", definitionTable(DEFINED.map(metric))),
    section("repeat", "To repeat it", repeat(result, options)),
    "</main>",
    "<footer></footer>",
  ];
  return await htmlPage(title, body.join("\n"));
}

function columnTable(label: string, columns: readonly TextColumn[], note: string): string {
  const heads = columns.map(({ head: [upper, lower] }) => {
    const above = upper === "" ? "" : `${escapeHtml(upper)}<br>`;
    return `<th scope="col">${above}${escapeHtml(lower)}</th>`;
  });
  const rows = columns[0].cells.map((first, row) => {
    const cells = columns.slice(1).map(({ cells }) => `<td>${escapeHtml(cells[row])}</td>`);
    return `<tr><th scope="row">${escapeHtml(first)}</th>${cells.join("")}</tr>`;
  });
  const table =
    `<table><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody>` +
    "</table>";
  return scroll(label, table, note);
}

function repeat({ trace, engine, touch, seed, resultHash }: CurveResult, options: HtmlOptions) {
  const facts: [string, string][] = [
    ...(options.version === undefined ? [] : [["kvtier", options.version] as [string, string]]),
    ["trace", trace.path],
    ["trace hash", trace.hash],
    ["engine hash", engine.hash],
    ["boundary version", String(engine.abiVersion)],
    ["touch order", touch],
    ["seed", String(seed)],
    ["result hash", resultHash],
  ];
  return `<pre><code>${escapeHtml(options.command)}</code></pre>\n` +
    "<p>Equal trace, engine and command give an equal result hash on every machine.</p>\n" +
    pairTable(facts);
}
