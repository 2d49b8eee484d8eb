/**
 * Several serving simulations as one HTML file: who is best in what, and the trade-off.
 *
 * @module
 */

import {
  groupsOf,
  rowLabel,
  type RunsGroup,
  type RunsTable,
  standingsOf,
} from "../hierarchy/runs.ts";
import { MARKS } from "../hierarchy/runs_text.ts";
import type { HtmlOptions } from "../html.ts";
import { escapeHtml, htmlPage } from "../html_page.ts";
import { answerBox, DESK_WIDTH, figureSection, list, PHONE_WIDTH, section } from "../html_parts.ts";
import { definitionTable, pairTable, scroll } from "../html_tables.ts";
import { tradeOffCharts } from "./comparison_charts.ts";
import { comparedMetrics, runsOf, type ServingComparison, servingRunsTable } from "./comparison.ts";
import { COMPARISON_LEGEND, COMPARISON_LIMITS, comparisonAnswer } from "./comparison_text.ts";
import { servingMetric, servingNumber } from "./metrics.ts";
import { headOf } from "./tables.ts";

/**
 * Writes a comparison of serving simulations as one HTML file that needs nothing else; loads Vega
 * on first use.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingComparisonHtml, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * const runs = ["round-robin", "random"].map((router) => ({ varied: { router }, run }));
 * const page = await servingComparisonHtml({ runs, by: "router" }, { command: "kvtier route" });
 * assertStringIncludes(page, "best by TTFT p99 is round-robin");
 * ```
 */
export async function servingComparisonHtml(
  comparison: ServingComparison,
  options: HtmlOptions,
): Promise<string> {
  const title = options.title ?? "Serving simulations compared";
  const table = servingRunsTable(comparison);
  const desk = await tradeOffCharts(comparison, table, { theme: "page", width: DESK_WIDTH });
  const phone = await tradeOffCharts(comparison, table, { theme: "page", width: PHONE_WIDTH });
  const links = [
    ["answer", "Answer"],
    ["runs", "Runs"],
    ...desk.map(({ name, title }) => [name, title]),
    ["limits", "Limits"],
    ["definitions", "Definitions"],
    ["repeat", "Repeat it"],
  ].map(([id, text]) => `<li><a href="#${id}">${escapeHtml(text)}</a></li>`);
  const definitions = comparedMetrics(comparison).map((name) => servingMetric(name));
  const body = [
    '<a class="skip" href="#answer">To the answer</a>',
    `<header>\n<h1>${escapeHtml(title)}</h1>`,
    `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>\n</header>`,
    "<main>",
    section("answer", "Answer", answerBox(comparisonAnswer(comparison))),
    section("runs", "Runs", tables(comparison, table)),
    ...desk.map(({ name }) => figureSection(name, desk, phone)),
    section("limits", "What this report does not show", list(COMPARISON_LIMITS)),
    section("definitions", "Definitions", definitionTable(definitions)),
    section("repeat", "To repeat it", repeat(comparison, table, options)),
    "</main>",
    "<footer></footer>",
  ];
  return await htmlPage(title, body.join("\n"));
}

function repeat(comparison: ServingComparison, table: RunsTable, options: HtmlOptions): string {
  const hashes = comparison.runs.map(({ run, varied }): [string, string] => [
    Object.values(varied).join(" · ") || rowLabel(table.rows[0], table),
    run.context.hashes.result,
  ]);
  return `<pre><code>${escapeHtml(options.command)}</code></pre>\n${pairTable(hashes)}`;
}

function tables(comparison: ServingComparison, table: RunsTable): string {
  const groups = groupsOf(table);
  return `<p class="muted note">${
    escapeHtml(`${COMPARISON_LEGEND} Where scripts run, a click on a head sorts.`)
  }</p>\n` + groups.map((group) => {
    const heading = group.title === "" ? "" : `<h3>${escapeHtml(group.title)}</h3>\n`;
    return heading + groupMarkup(comparison, table, group);
  }).join("\n");
}

/** Classes of cells of the page's style; a draw has no colour. */
const CLASSES: Readonly<Record<string, string>> = { best: ' class="best"' };

function groupMarkup(comparison: ServingComparison, table: RunsTable, group: RunsGroup): string {
  const names = comparedMetrics(comparison);
  const runs = runsOf(comparison, table, group);
  const stands = names.map((name) => standingsOf(group, name));
  const heads = names.map((name) => {
    const entry = servingMetric(name);
    const first = entry.better === "lower" ? "ascending" : "descending";
    return `<th scope="col" data-first="${first}">${escapeHtml(headOf(entry))}</th>`;
  });
  const rows = group.rows.map((row, at) => {
    const label = escapeHtml(rowLabel(row, table));
    const cells = names.map((name, column) => {
      const { run } = runs[at];
      const standing = stands[column][at];
      const mark = standing === "best" || standing === "draw" ? MARKS[standing] : "";
      return `<td${CLASSES[standing ?? ""] ?? ""} data-value="${
        servingMetric(name).value(run) ?? ""
      }">${escapeHtml(servingNumber(run, name))}<sup>${mark}</sup></td>`;
    });
    return `<tr><th scope="row" data-value="${label}">${label}</th>${cells.join("")}</tr>`;
  });
  return scroll(
    group.title === "" ? "Runs" : group.title,
    `<table class="sortable"><thead><tr><th scope="col" data-first="ascending">${
      escapeHtml(table.by ?? "run")
    }</th>${heads.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table>`,
  );
}
