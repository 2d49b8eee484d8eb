/**
 * A comparison of runs as one HTML file: policies with intervals, latency against bytes moved.
 *
 * @module
 */

import type { HtmlOptions } from "../html.ts";
import { escapeHtml, htmlPage } from "../html_page.ts";
import { answerBox, DESK_WIDTH, figureSection, list, PHONE_WIDTH, section } from "../html_parts.ts";
import { definitionTable, scroll } from "../html_tables.ts";
import { runsCharts } from "./runs_charts.ts";
import { headText, intervalText, meanText, runsAnswer, runsLimits } from "./runs_findings.ts";
import {
  groupsOf,
  headOf,
  metricNamesOf,
  type RunsTable,
  type RunStanding,
  standingsOf,
} from "./runs.ts";
import { MARKS, MARKS_LEGEND } from "./runs_text.ts";

/** What surrounds the numbers of a comparison of runs. */
export interface RunsHtmlOptions extends HtmlOptions {
  /** The metric that ranks; the first of the table unless told. */
  readonly metric?: string;
  /** Hash over all runs. */
  readonly resultHash?: string;
}

const CLASSES: Readonly<Record<RunStanding, string>> = {
  best: "best",
  draw: "draw",
  behind: "below",
  oracle: "draw",
};

/**
 * Writes a comparison of runs as one HTML file that needs nothing else; loads Vega on first use.
 *
 * @example
 * ```ts
 * import { runsHtml } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const row = (policy: string, mean: number) => ({
 *   varied: { policy },
 *   metrics: { prefixHitRatio: { mean, low: mean - 0.01, high: mean + 0.01, n: 5 } },
 * });
 * const page = await runsHtml({ by: "policy", rows: [row("lru", 0.31), row("arc", 0.34)] }, {
 *   command: "kvtier sweep grid.yaml",
 * });
 * assertStringIncludes(page, "<svg");
 * ```
 */
export async function runsHtml(table: RunsTable, options: RunsHtmlOptions): Promise<string> {
  const title = options.title ?? "Runs compared";
  const metric = options.metric ?? metricNamesOf(table)[0];
  const draw = { theme: "page", ...(metric === undefined ? {} : { metric }) } as const;
  const desk = await runsCharts(table, { ...draw, width: DESK_WIDTH });
  const phone = await runsCharts(table, { ...draw, width: PHONE_WIDTH });
  const names = metricNamesOf(table);
  const links = [
    ["answer", "Answer"],
    ...desk.map(({ name, title }) => [name, title]),
    ["runs", "All runs"],
    ...(table.grounds === undefined ? [] : [["confidence", "Confidence"]]),
    ["limits", "Limits"],
    ["repeat", "Repeat it"],
  ].map(([id, text]) => `<li><a href="#${id}">${escapeHtml(text)}</a></li>`);
  const repeated = options.resultHash === undefined
    ? ""
    : `\n<p>result <code>${escapeHtml(options.resultHash)}</code></p>`;
  const body = [
    '<a class="skip" href="#answer">To the answer</a>',
    `<header>\n<h1>${escapeHtml(title)}</h1>`,
    `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>\n</header>`,
    "<main>",
    section("answer", "Answer", answerBox(runsAnswer(table, metric))),
    ...desk.map(({ name }) => figureSection(name, desk, phone)),
    section("runs", "All runs", rowsTable(table, names)),
    ...(table.grounds === undefined
      ? []
      : [section("confidence", "How far absolute numbers may be believed", list(table.grounds))]),
    section("limits", "What this report does not show", list(runsLimits(table))),
    section("definitions", "Definitions", definitionTable(names.map(headOf))),
    section(
      "repeat",
      "To repeat it",
      `<pre><code>${escapeHtml(options.command)}</code></pre>${repeated}`,
    ),
    "</main>",
    "<footer></footer>",
  ];
  return await htmlPage(title, body.join("\n"));
}

/** Every row with every metric and its interval; sortable where scripts run. */
function rowsTable(table: RunsTable, names: readonly string[]): string {
  const keys = [...new Set(table.rows.flatMap(({ varied }) => Object.keys(varied)))];
  const heads = [
    ...keys.map((key) => `<th scope="col" data-first="ascending">${escapeHtml(key)}</th>`),
    '<th scope="col" data-first="descending">runs</th>',
    ...names.map((name) => {
      const first = headOf(name).better === "lower" ? "ascending" : "descending";
      return `<th scope="col" data-first="${first}">${escapeHtml(headText(name))}</th>`;
    }),
  ];
  const rows = groupsOf(table).flatMap((group) => {
    const stands = names.map((name) => standingsOf(group, name));
    return group.rows.map(({ varied, metrics }, at) => {
      const values = keys.map((key, index) => {
        const text = escapeHtml(varied[key] ?? "");
        const tag = index === 0 ? 'th scope="row"' : 'td class="key"';
        return `<${tag} data-value="${text}">${text}</${tag.slice(0, 2)}>`;
      });
      const runs = Math.max(0, ...Object.values(metrics).map(({ n }) => n));
      const cells = names.map((name, index) => {
        const spread = metrics[name];
        const standing = stands[index][at];
        const kind = standing === undefined ? "" : ` class="${CLASSES[standing]}"`;
        const mark = standing === undefined || standing === "behind" ? "" : MARKS[standing];
        const range = intervalText(name, spread);
        const level = spread?.confidence === undefined
          ? ""
          : `<br><span class="muted">confidence ${spread.confidence}</span>`;
        return `<td${kind} data-value="${spread?.mean ?? ""}">${
          escapeHtml(meanText(name, spread))
        }<sup>${mark}</sup>${
          range === "–" ? "" : `<br><span class="muted">${escapeHtml(range)}</span>`
        }${level}</td>`;
      });
      return `<tr>${values.join("")}<td data-value="${runs}">${runs}</td>${cells.join("")}</tr>`;
    });
  });
  const html = `<table class="sortable"><thead><tr>${heads.join("")}</tr></thead>` +
    `<tbody>${rows.join("\n")}</tbody></table>`;
  return scroll(
    "All runs",
    html,
    `${MARKS_LEGEND} Where scripts run, a click on a head sorts.`,
    " tall",
  );
}
