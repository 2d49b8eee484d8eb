/**
 * The report of `kvtier run` for a terminal: the answer, the tables, the limits.
 *
 * @module
 */

import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { formatBytesShort, visible } from "../format.ts";
import { bar, type Column, drawTable, fit, fitColumns, paint } from "../text_table.ts";
import { splitColumns, wrap } from "../text_table.ts";
import { runAnswer, runLine } from "./findings.ts";
import { runLimits } from "./limits.ts";
import type { Run } from "./metric.ts";
import { runMetric, runText, runValue } from "./metrics.ts";
import { matrixRows, placeNames } from "./places.ts";
import { residency, tierCell, tierColumns, tierHead, tierLabels } from "./tier_columns.ts";

/** How a terminal report of a hierarchy is laid out. */
export interface HierarchyTextOptions {
  /** Columns of the terminal; 100 unless told, and never fewer than 40. */
  readonly width?: number;
  /** Paint with ANSI colours: only for a terminal, and never when NO_COLOR is set. */
  readonly color?: boolean;
}

interface Page {
  readonly width: number;
  readonly color: boolean;
}

/**
 * Writes a replay through a hierarchy for a terminal: answer first, what it does not show last.
 *
 * @returns Lines ending in a newline, at most `width` columns wide as far as names allow.
 *
 * @example
 * ```ts
 * import { EXAMPLE_RUN, hierarchyText } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const text = hierarchyText(EXAMPLE_RUN.result, EXAMPLE_RUN.scenario, { width: 80 });
 * assertStringIncludes(text, "What moved");
 * ```
 */
export function hierarchyText(
  result: HierarchyResult,
  scenario: HierarchyScenario,
  options: HierarchyTextOptions = {},
): string {
  const page: Page = { width: Math.max(40, options.width ?? 100), color: options.color ?? false };
  const run: Run = { result, scenario };
  const lines = [
    paint(fit(visible(result.scenario), page.width), "strong", page.color),
    ...wrap(runLine(run), page.width),
    "",
    ...runAnswer(run).flatMap((paragraph) => wrap(paragraph, page.width)),
    "",
    ...(result.lookups === 0 ? [] : tables(run, page)),
    ...wrap(`What this does not show: ${runLimits(run).join(" · ")}`, page.width),
    paint(`result ${result.resultHash}`, "faint", page.color),
  ];
  return lines.join("\n") + "\n";
}

function tables(run: Run, page: Page): string[] {
  return [tierTable, matrixTable, latencyTable, residencyLines]
    .map((table) => table(run, page))
    .filter((lines) => lines.length > 0)
    .flatMap((lines) => [...lines, ""]);
}

function title(text: string, page: Page): string[] {
  return wrap(text, page.width).map((line) => paint(line, "strong", page.color));
}

/** Words of a head over two lines, so that columns are as narrow as their numbers. */
function headOf(label: string): string[] {
  const words = label.split(" ");
  const first = words.slice(0, Math.ceil(words.length / 2)).join(" ");
  return words.length === 1 ? ["", label] : [first, label.slice(first.length + 1)];
}

function tierTable(run: Run, page: Page): string[] {
  const tiers = [...run.result.tiers.keys()];
  const columns: Column[] = [
    { head: ["", "tier (policy)"], align: "left", expendable: 0, cells: tierLabels(run) },
    ...tierColumns(run).map(({ name, expendable }): Column => ({
      head: headOf(tierHead(name)),
      align: "right",
      expendable,
      cells: tiers.map((tier) => tierCell(run, name, tier)),
    })),
  ];
  return [
    ...title("Tiers, fastest first; ratios of all look-ups", page),
    ...drawTable(fitColumns(columns, page.width), { color: page.color }),
  ];
}

/** Source × target, a line for each cause and source; an empty cell moved nothing. */
function matrixTable(run: Run, page: Page): string[] {
  const rows = matrixRows(run.result);
  if (rows.length === 0) return [];
  const names = placeNames(run.result);
  const labels: Column = {
    head: ["from"],
    align: "left",
    expendable: 0,
    cells: rows.map(({ label }) => label),
  };
  const columns = names.map((name, target): Column => ({
    head: [`to ${name}`],
    align: "right",
    expendable: 0,
    cells: rows.map(({ cause, source }) => {
      const bytes = run.result.trafficBytes[cause][source][target];
      return bytes === 0 ? "·" : formatBytesShort(bytes);
    }),
  })).filter(({ cells }) => cells.some((text) => text !== "·"));
  const parts = splitColumns(columns, labels, page.width);
  return [
    ...title(`What moved: ${runText(run, "bytesMoved")}, bytes by cause, source and target`, page),
    ...parts.flatMap((part, index) => [
      ...(index === 0 ? [] : [""]),
      ...drawTable([labels, ...part], { color: page.color }),
    ]),
  ];
}

const PARTS = ["loadNsMean", "waitNsMean", "dequantiseNsMean", "computeNsMean"];
const PERCENTILES = [
  "requestNsMean",
  "requestNsP50",
  "requestNsP90",
  "requestNsP95",
  "requestNsP99",
  "requestNsMax",
];
const BAR_WIDTH = 24;

function latencyTable(run: Run, page: Page): string[] {
  const total = runValue(run, "latencyNsMean") ?? 0;
  if (total === 0) return [];
  const parts = PARTS.filter((name) => (runValue(run, name) ?? 0) > 0);
  const columns: Column[] = [
    {
      head: ["part"],
      align: "left",
      expendable: 0,
      cells: parts.map((name) => runMetric(name).label),
    },
    {
      head: ["per look-up"],
      align: "right",
      expendable: 0,
      cells: parts.map((name) => runText(run, name)),
    },
    {
      head: ["share"],
      align: "left",
      expendable: 1,
      cells: parts.map((name) => bar((runValue(run, name) ?? 0) / total, BAR_WIDTH)),
    },
  ];
  const times = PERCENTILES.map((name) => `${runMetric(name).label} ${runText(run, name)}`);
  return [
    ...title(`Where the time goes: ${runText(run, "latencyNsMean")} per look-up`, page),
    ...drawTable(fitColumns(columns, page.width), { color: page.color }),
    ...(run.result.requestNs === undefined
      ? []
      : wrap(`Until all KV of a prompt is ready: ${times.join(" · ")}`, page.width)),
  ];
}

const LEVELS = [..."▁▂▃▄▅▆▇█"];

/** A line of bars, each the mean of as many values as fit a column. */
export function sparkline(values: readonly number[], width: number): string {
  const columns = Math.min(width, values.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    const part = values.slice(from, to);
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    const level = Math.round(Math.min(1, Math.max(0, mean)) * (LEVELS.length - 1));
    return LEVELS[level];
  }).join("");
}

const SPARK_WIDTH = 60;

function residencyLines(run: Run, page: Page): string[] {
  const { result } = run;
  if (result.samples.length < 2) return [];
  const names = result.tiers.map(({ name }) => fit(visible(name), 16));
  const label = Math.max(...names.map((name) => name.length));
  const width = Math.max(8, Math.min(SPARK_WIDTH, page.width - label - 2));
  return [
    ...title("How full each tier was, from the first request to the last", page),
    ...names.map((name, tier) =>
      `${name.padEnd(label)}  ${sparkline(residency(result, tier), width)}`
    ),
  ];
}
