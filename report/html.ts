/**
 * The HTML report: one file, no request, light and dark, readable on a telephone and on paper.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import { type ChartName, comparisonCharts } from "./charts.ts";
import { answer, limits, traceLine } from "./findings.ts";
import { formatCounted, formatSignedPoints } from "./format.ts";
import { escapeHtml, htmlPage } from "./html_page.ts";
import {
  answerBox,
  DESK_WIDTH,
  factTiles,
  figureSection,
  fileName,
  list,
  PHONE_WIDTH,
  section,
  type Tile,
} from "./html_parts.ts";
import { definitionTable, fullTable, pairTable, ratioMatrix } from "./html_tables.ts";
import { metricText } from "./metric_text.ts";
import { type CapacityGroup, decisiveGroup, groupByCapacity, leadOverLru } from "./series.ts";
import { parametersInForce } from "./series.ts";

/** What surrounds the numbers of an HTML report. */
export interface HtmlOptions {
  /** The exact command line that repeats it. */
  readonly command: string;
  /** Heading of the report; made of the name of the trace unless told. */
  readonly title?: string;
  /** Version of kvtier. */
  readonly version?: string;
}

/**
 * Writes a comparison as one HTML file that needs nothing else; loads Vega on first use.
 *
 * Every text that a user or a file gave is escaped, and the page's own security policy forbids
 * requests and any script but its own.
 *
 * @example
 * ```ts
 * import { comparisonHtml, EXAMPLE_COMPARISON } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const page = await comparisonHtml(EXAMPLE_COMPARISON, {
 *   command: "kvtier compare example.jsonl",
 *   title: "Example",
 * });
 * assertStringIncludes(page, "<title>Example</title>");
 * ```
 */
export async function comparisonHtml(
  comparison: Comparison,
  options: HtmlOptions,
): Promise<string> {
  const title = options.title ?? `Eviction policies on ${fileName(comparison.trace.path)}`;
  const groups = groupByCapacity(comparison);
  const desk = await comparisonCharts(comparison, { theme: "page", width: DESK_WIDTH });
  const phone = await comparisonCharts(comparison, { theme: "page", width: PHONE_WIDTH });
  const figure = (name: ChartName) => figureSection(name, desk, phone);
  const charts = groups.length === 0 ? [] : [
    figure("hit-ratio") + ratioMatrix(groups, comparison),
    figure("gap"),
    figure("miss-kinds"),
    figure("definitions"),
    section("runs", "All runs", fullTable(groups, comparison)),
  ];
  const body = [
    '<a class="skip" href="#answer">To the answer</a>',
    head(comparison, title),
    "<main>",
    answerSection(comparison, groups),
    ...charts,
    section("limits", "What this report does not show", list(limits(comparison))),
    section("definitions-of-metrics", "Definitions", definitionTable()),
    section("repeat", "To repeat it", repeat(comparison, options)),
    "</main>",
    "<footer></footer>",
  ];
  return htmlPage(title, body.join("\n"));
}

const CONTENTS: readonly (readonly [string, string])[] = [
  ["answer", "Answer"],
  ["hit-ratio", "Hit ratio"],
  ["gap", "Gap"],
  ["miss-kinds", "Not saved"],
  ["definitions", "Four ratios"],
  ["runs", "All runs"],
  ["limits", "Limits"],
  ["definitions-of-metrics", "Definitions"],
  ["repeat", "Repeat it"],
];

function head(comparison: Comparison, title: string): string {
  const links = CONTENTS.filter(([id]) => comparison.results.length > 0 || isAlways(id))
    .map(([id, text]) => `<li><a href="#${id}">${text}</a></li>`);
  return [
    "<header>",
    `<h1>${escapeHtml(title)}</h1>`,
    `<p><code>${escapeHtml(comparison.trace.path)}</code><br>`,
    `<span class="muted">${escapeHtml(traceLine(comparison))}</span></p>`,
    `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>`,
    "</header>",
  ].join("\n");
}

function isAlways(id: string): boolean {
  return ["answer", "limits", "definitions-of-metrics", "repeat"].includes(id);
}

function answerSection(comparison: Comparison, groups: readonly CapacityGroup[]): string {
  const tiles = groups.length === 0 || comparison.trace.accesses === 0 ? "" : facts(groups);
  return section("answer", "Answer", `${answerBox(answer(comparison))}\n${tiles}`);
}

function facts(groups: readonly CapacityGroup[]): string {
  const group = decisiveGroup(groups);
  const where = `at ${formatCounted(group.capacityBlocks, "block")}`;
  const tiles: Tile[] = [
    ["Ceiling", `${metricText("ceilingHitRatio", group.shared)} %`, "an endless cache"],
    ["Optimum", `${metricText("optimalHitRatio", group.shared)} %`, where],
  ];
  if (group.bestOnline !== undefined) {
    const { label, result } = group.bestOnline;
    const lead = formatSignedPoints(leadOverLru(result));
    tiles.push([
      "Best online policy",
      `${metricText("prefixHitRatio", result)} %`,
      `${label}, ${where}: ${lead} points against LRU`,
    ]);
    tiles.push(["Gap left", `${metricText("prefixGapToOptimal", result)} points`, where]);
  }
  return `${factTiles(tiles)}\n<p class="muted">Prefix hit ratios; the ` +
    `capacity shown is the one at which LRU is furthest below the optimum.</p>`;
}

function repeat(comparison: Comparison, options: HtmlOptions): string {
  const { trace, engine, resultHash } = comparison;
  const seeds = [...new Set(comparison.results.map((run) => run.seed))];
  const facts: [string, string][] = [
    ["trace", trace.path],
    ["format", trace.format],
    ["trace hash", trace.hash],
    ["engine hash", engine.hash],
    ["boundary version", String(engine.abiVersion)],
    ["seeds", seeds.join(", ")],
    ...parametersInForce(comparison).map(([name, text]): [string, string] => [
      `parameters of ${name}`,
      text,
    ]),
    ["result hash", resultHash],
  ];
  if (options.version !== undefined) facts.unshift(["kvtier", options.version]);
  return `<pre><code>${escapeHtml(options.command)}</code></pre>\n` +
    `<p>Equal trace, engine and command give an equal result hash on every machine.</p>\n` +
    pairTable(facts);
}
