/**
 * The HTML report of a serving simulation: one file, no request, light and dark, for telephone and
 * paper.
 *
 * @module
 */

import type { Chart } from "../chart_draw.ts";
import { formatCount } from "../format.ts";
import type { HtmlOptions } from "../html.ts";
import { type Content, contentsPage, lastContents } from "../html_contents.ts";
import { escapeHtml } from "../html_page.ts";
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
import { scroll } from "../html_tables.ts";
import { servingCharts } from "./charts.ts";
import { servingConfidence } from "./confidence.ts";
import { confidenceSentence, servingAnswer, servingLine, sloText } from "./findings.ts";
import { servingLimits } from "./limits.ts";
import { servingProvenance } from "./provenance.ts";
import type { ServingMetric, ServingRun, ServingScope } from "./metric.ts";
import {
  SERVING_METRICS,
  servingMetric,
  servingMetricsOf,
  servingNumber,
  servingValue,
} from "./metrics.ts";
import { htmlTable } from "./html_table.ts";
import { kindTable, latencyTable, numbersTable, partsTable } from "./tables.ts";
import { placesOf, type PlainTable, withSign } from "./tables.ts";

/**
 * Writes a serving simulation as one HTML file that needs nothing else; loads Vega on first use.
 *
 * Every text that a user or a file gave is escaped, and the page's own security policy forbids
 * requests and any script but its own.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingHtml, servingRun } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const run = servingRun(EXAMPLE_SERVING.result, EXAMPLE_SERVING.context);
 * const page = await servingHtml(run, {
 *   command: "kvtier latency example.jsonl --scenario two.yaml",
 *   title: "Two replicas",
 * });
 * assertStringIncludes(page, "<title>Two replicas</title>");
 * ```
 */
export async function servingHtml(run: ServingRun, options: HtmlOptions): Promise<string> {
  const title = options.title ?? run.context.name;
  const desk = await servingCharts(run, { theme: "page", width: DESK_WIDTH });
  const phone = await servingCharts(run, { theme: "page", width: PHONE_WIDTH });
  const contents: Content[] = [
    { id: "answer", link: "Answer", html: answerSection(run) },
    ...(run.times.rows.length === 0 ? [] : sections(run, desk, phone)),
    ...lastContents(servingLimits(run), definitions(), {
      facts: facts(run),
      sources: servingProvenance(run),
    }, options),
  ];
  return await contentsPage(
    { title, description: run.context.description, line: servingLine(run) },
    contents,
  );
}

function sections(run: ServingRun, desk: readonly Chart[], phone: readonly Chart[]): Content[] {
  const figure = (name: string) => figureOf(name, desk, phone);
  const tables = (id: string, link: string, found: readonly (PlainTable | undefined)[]) => {
    const [first, ...more] = found.filter((one) => one !== undefined);
    if (first === undefined) return { id, link, html: "" };
    const rest = more.map((one) => `<h3>${escapeHtml(one.title)}</h3>\n${htmlTable(one)}`);
    return { id, link, html: section(id, first.title, [htmlTable(first), ...rest].join("\n")) };
  };
  const ofKinds = (["group", "store", "link"] as const).map((scope) => kindTable(run, scope));
  return [
    tables("latency", "Latency", [latencyTable(run)]),
    { id: "percentiles", link: "Curves", html: figureSection("percentiles", desk, phone) },
    {
      id: "parts",
      link: "Parts",
      html: figureSection("parts", desk, phone, htmlTable(partsTable(run))),
    },
    {
      id: "system",
      link: "Over time",
      html: figureSection("system", desk, phone, withTitles(["ttft"], desk, figure)),
    },
    {
      id: "busy",
      link: "GPUs",
      html: figureSection("busy", desk, phone, withTitles(["occupancy", "fleet"], desk, figure)),
    },
    linkFigures(desk, phone),
    tables("kinds", "By kind", ofKinds),
    tables("numbers", "Numbers", [numbersTable(run)]),
    { id: "all", link: "All numbers", html: section("all", "All numbers", allNumbers(run)) },
  ];
}

/** Links over time first, where there is a timeline. */
function linkFigures(desk: readonly Chart[], phone: readonly Chart[]): Content {
  const [first, ...more] = ["use", "links"].filter((name) =>
    desk.some((chart) => chart.name === name)
  );
  if (first === undefined) return { id: "links", link: "Links", html: "" };
  const figure = (name: string) => figureOf(name, desk, phone);
  return {
    id: first,
    link: "Links",
    html: figureSection(first, desk, phone, withTitles(more, desk, figure)),
  };
}

/** Further charts of a section under headings of their own. */
function withTitles(
  names: readonly string[],
  desk: readonly Chart[],
  figure: (name: string) => string,
): string {
  return names.map((name) => {
    const html = figure(name);
    const title = desk.find((chart) => chart.name === name)?.title ?? "";
    return html === "" ? "" : `\n<h3>${escapeHtml(title)}</h3>\n${html}`;
  }).join("");
}

function answerSection(run: ServingRun): string {
  const tiles = run.times.rows.length === 0 ? "" : `\n${factTiles(tilesOf(run))}`;
  return section(
    "answer",
    "Answer",
    answerBox([...servingAnswer(run), confidenceSentence(run)]) + tiles,
  );
}

function tilesOf(run: ServingRun): Tile[] {
  const sure = (name: string) => `confidence ${servingConfidence(run, servingMetric(name)).level}`;
  const note = (name: string, before: string) =>
    `${before}${servingNumber(run, name)} · ${sure(name)}`;
  const tiles: Tile[] = [
    ["First token", servingNumber(run, "ttftNsP50"), note("ttftNsP99", "p99 ")],
    ["Each later token", servingNumber(run, "tpotNsP50"), note("tpotNsP99", "p99 ")],
  ];
  if (servingValue(run, "sloRatio") !== null) {
    tiles.push([
      "Promise kept",
      `${servingNumber(run, "sloRatio")} %`,
      `${sloText(run)} · ${sure("sloRatio")}`,
    ]);
  }
  tiles.push([
    "Output",
    `${servingNumber(run, "outputTokensPerSecond")}/s`,
    `tokens, on ${formatCount(servingValue(run, "gpus") ?? 0)} GPUs · ${
      sure("outputTokensPerSecond")
    }`,
  ]);
  if (servingValue(run, "dollarsPerMillionOutputTokens") !== null) {
    const cost = servingNumber(run, "dollarsPerMillionOutputTokens");
    tiles.push([
      "A million tokens",
      cost,
      `generated, all reading included · ${sure("dollarsPerMillionOutputTokens")}`,
    ]);
  }
  return tiles;
}

/** Every metric of the run and of each kind: nothing that the table of metrics has is left out. */
function allNumbers(run: ServingRun): string {
  const whole = servingMetricsOf("run").map((entry) => {
    const { level, why } = servingConfidence(run, entry);
    return `<tr>${rowHead(entry)}<td>${escapeHtml(withSign(run, entry))}</td>` +
      `<td class="key" title="${escapeHtml(why)}">${level}</td></tr>`;
  });
  const heads = '<th scope="col">value</th><th scope="col" class="key">confidence</th>';
  const kinds = (["group", "store", "link"] as const).map((scope) => kindNumbers(run, scope));
  return scroll("Metrics of the whole run", tableOf(heads, whole), "", " tall") + kinds.join("");
}

const KIND_TITLES = {
  group: "Of each group of GPUs",
  store: "Of each kind of store",
  link: "Of each kind of link",
} as const;

function kindNumbers(run: ServingRun, scope: Exclude<ServingScope, "run">): string {
  const places = placesOf(run, scope);
  if (places.length === 0) return "";
  const heads = places.map((name) => `<th scope="col">${escapeHtml(name)}</th>`);
  const rows = servingMetricsOf(scope).map((entry) => {
    const cells = places.map((_, at) => `<td>${escapeHtml(withSign(run, entry, at))}</td>`);
    return `<tr>${rowHead(entry)}${cells.join("")}</tr>`;
  });
  return `\n<h3>${KIND_TITLES[scope]}</h3>\n` +
    scroll(KIND_TITLES[scope], tableOf(heads.join(""), rows), "", " tall");
}

function tableOf(heads: string, rows: readonly string[]): string {
  return `<table><thead><tr><th scope="col">metric</th>${heads}</tr></thead>` +
    `<tbody>${rows.join("\n")}</tbody></table>`;
}

function rowHead({ name, meaning }: ServingMetric): string {
  return `<th scope="row" title="${escapeHtml(meaning)}"><code>${name}</code></th>`;
}

/** Names that several scopes share are explained once. */
function definitions(): ServingMetric[] {
  const seen = new Set<string>();
  return SERVING_METRICS.filter(({ name }) => !seen.has(name) && seen.add(name) !== undefined);
}

function facts({ context }: ServingRun): [string, string][] {
  const { hashes, spec } = context;
  return [
    ["scenario", context.path ?? context.name],
    ["seed", String(spec.seed)],
    ["trace hash", hashes.trace],
    ["engine hash", hashes.engine],
    ["cluster hash", hashes.spec],
    ["result hash", hashes.result],
  ];
}
