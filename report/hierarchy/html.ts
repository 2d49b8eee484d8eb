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
import { type Content, contentsPage, lastContents } from "../html_contents.ts";
import {
  answerBox,
  DESK_WIDTH,
  factTiles,
  figureOf,
  figureSection,
  PHONE_WIDTH,
  section,
  type Tile,
} from "../html_parts.ts";
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
    ...lastContents(runLimits(run), RUN_METRICS, { facts: facts(run) }, options),
  ];
  return await contentsPage(
    { title, description: scenario.description, line: runLine(run) },
    contents,
  );
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

function answerSection(run: Run): string {
  const tiles = run.result.lookups === 0 ? "" : `\n${factTiles(tilesOf(run))}`;
  return section("answer", "Answer", answerBox(runAnswer(run)) + tiles);
}

/** As many as stand in one row at a desk. */
const TILES_AT_MOST = 5;

function tilesOf(run: Run): Tile[] {
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

function facts({ result }: Run): [string, string][] {
  return [
    ["scenario", result.scenario],
    ["seed", String(result.seed)],
    ["trace hash", result.hashes.trace],
    ["engine hash", result.hashes.engine],
    ["scenario hash", result.hashes.scenario],
    ["result hash", result.resultHash],
  ];
}
