/**
 * The HTML report of `kvtier run`: one file, no request, light and dark, for telephone and paper.
 *
 * @module
 */

import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import type { Chart } from "../chart_draw.ts";
import { formatCounted } from "../format.ts";
import type { HtmlOptions } from "../html.ts";
import { escapeHtml, htmlPage } from "../html_page.ts";
import {
  answerBox,
  DESK_WIDTH,
  factTiles,
  figureOf,
  figureSection,
  list,
  PHONE_WIDTH,
  section,
  type Tile,
} from "../html_parts.ts";
import { definitionTable, pairTable } from "../html_tables.ts";
import { hierarchyCharts } from "./charts.ts";
import { runAnswer, runLine } from "./findings.ts";
import { numbersTable, tierTable } from "./html_tables.ts";
import { runLimits } from "./limits.ts";
import type { Run } from "./metric.ts";
import { RUN_METRICS, runText, runValue } from "./metrics.ts";

/**
 * Writes a replay through a hierarchy as one HTML file that needs nothing else; loads Vega on first
 * use.
 *
 * Every text that a user or a file gave is escaped, and the page's own security policy forbids
 * requests and any script but its own.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, hierarchyHtml } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const page = await hierarchyHtml(EXAMPLE_RUN.result, EXAMPLE_RUN.scenario, {
 *   command: "kvtier run scenario.yaml --trace example.jsonl",
 *   title: "Four tiers",
 * });
 * assertStringIncludes(page, "<title>Four tiers</title>");
 * ```
 */
export async function hierarchyHtml(
  result: HierarchyResult,
  scenario: HierarchyScenario,
  options: HtmlOptions,
): Promise<string> {
  const run: Run = { result, scenario };
  const title = options.title ?? result.scenario;
  const desk = await hierarchyCharts(result, scenario, { theme: "page", width: DESK_WIDTH });
  const phone = await hierarchyCharts(result, scenario, { theme: "page", width: PHONE_WIDTH });
  const parts = result.lookups === 0 ? [] : sections(run, desk, phone);
  const contents: Content[] = [
    { id: "answer", link: "Answer", html: answerSection(run) },
    ...parts,
    {
      id: "limits",
      link: "Limits",
      html: section("limits", "What this report does not show", list(runLimits(run))),
    },
    {
      id: "definitions",
      link: "Definitions",
      html: section("definitions", "Definitions", definitionTable(RUN_METRICS)),
    },
    {
      id: "repeat",
      link: "Repeat it",
      html: section("repeat", "To repeat it", repeat(run, options)),
    },
  ].filter(({ html }) => html !== "");
  const body = [
    '<a class="skip" href="#answer">To the answer</a>',
    head(run, title, contents),
    "<main>",
    ...contents.map(({ html }) => html),
    "</main>",
    "<footer></footer>",
  ];
  return await htmlPage(title, body.join("\n"));
}

interface Content {
  readonly id: string;
  readonly link: string;
  readonly html: string;
}

function sections(run: Run, desk: readonly Chart[], phone: readonly Chart[]): Content[] {
  const of = (name: string, link: string, after = ""): Content => ({
    id: name,
    link,
    html: figureSection(name, desk, phone, after),
  });
  return [
    { id: "tiers", link: "Tiers", html: section("tiers", "Tiers", tierTable(run)) },
    of("served", "Served"),
    of("residency", "Residency"),
    of("traffic", "Moved"),
    of("latency", "Time", figureOf("requests", desk, phone)),
    of("prefetch", "Prefetch"),
    {
      id: "numbers",
      link: "All numbers",
      html: section("numbers", "All numbers", numbersTable(run)),
    },
  ];
}

function head(run: Run, title: string, contents: readonly Content[]): string {
  const links = contents.map(({ id, link }) => `<li><a href="#${id}">${link}</a></li>`);
  const { description } = run.scenario;
  return [
    "<header>",
    `<h1>${escapeHtml(title)}</h1>`,
    ...(description === undefined ? [] : [`<p>${escapeHtml(description)}</p>`]),
    `<p><span class="muted">${escapeHtml(runLine(run))}</span></p>`,
    `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>`,
    "</header>",
  ].join("\n");
}

function answerSection(run: Run): string {
  const tiles = run.result.lookups === 0 ? "" : `\n${factTiles(facts(run))}`;
  return section("answer", "Answer", answerBox(runAnswer(run)) + tiles);
}

/** As many as stand in one row at a desk. */
const TILES_AT_MOST = 5;

function facts(run: Run): Tile[] {
  const { result } = run;
  const tiles: Tile[] = [
    [
      "Usable hits",
      `${runText(run, "prefixHitRatio")} %`,
      `of ${formatCounted(result.lookups, "look-up")}, in leading runs`,
    ],
    ["A look-up takes", runText(run, "latencyNsMean"), "on average, computing included"],
  ];
  if (result.requestNs !== undefined) {
    tiles.push([
      "99 of 100 requests",
      runText(run, "requestNsP99"),
      "until all KV is ready, at most",
    ]);
  }
  if (runValue(run, "gpuNsSaved") !== null) {
    tiles.push([
      "GPU time saved",
      `${runText(run, "gpuSavedRatio")} %`,
      runText(run, "gpuNsSaved"),
    ]);
  }
  if (runValue(run, "dollarsPerHour") !== null) {
    tiles.push([
      "Memory costs",
      runText(run, "dollarsPerHour"),
      "an hour, where tiers have a price",
    ]);
  }
  tiles.push(["Moved", runText(run, "bytesMoved"), "between tiers, and from the GPU"]);
  return tiles.slice(0, TILES_AT_MOST);
}

function repeat({ result }: Run, options: HtmlOptions): string {
  const facts: [string, string][] = [
    ["scenario", result.scenario],
    ["seed", String(result.seed)],
    ["trace hash", result.hashes.trace],
    ["engine hash", result.hashes.engine],
    ["scenario hash", result.hashes.scenario],
    ["result hash", result.resultHash],
  ];
  if (options.version !== undefined) facts.unshift(["kvtier", options.version]);
  return `<pre><code>${escapeHtml(options.command)}</code></pre>\n` +
    `<p>Equal trace, scenario and engine give an equal result hash on every machine.</p>\n` +
    pairTable(facts);
}
