/**
 * The tables of the HTML report.
 *
 * @module
 */

import type { Comparison } from "../engine/result.ts";
import { formatBytes, formatCount, formatPercent } from "./format.ts";
import { gapLines, hasUnusable, headlineText, mostUnusable } from "./headline.ts";
import { escapeHtml } from "./html_page.ts";
import { metric, metricContext, metricText } from "./metric_text.ts";
import type { MetricHead } from "./metric.ts";
import { METRICS } from "./metrics.ts";
import {
  type CapacityGroup,
  type Row,
  seriesOf,
  shownName,
  type Standing,
  standing,
} from "./series.ts";

const SIGNS: Readonly<Record<Standing, string>> = { best: "*", above: "+", draw: "", below: "−" };

/** A region that scrolls sideways and can be reached by keyboard, under a note that does not. */
export function scroll(label: string, table: string, note = "", kind = ""): string {
  const before = note === "" ? "" : `<p class="muted note">${escapeHtml(note)}</p>\n`;
  return `${before}<div class="scroll${kind}" role="region" tabindex="0" aria-label="${
    escapeHtml(label)
  }">` +
    `${table}</div>`;
}

function rowHead(row: Pick<Row, "label" | "isBound" | "isSchedule">): string {
  return escapeHtml(shownName(row));
}

/** Policies × capacities: prefix hit ratios in percent, with signs against LRU, then the gaps. */
export function ratioMatrix(groups: readonly CapacityGroup[], comparison: Comparison): string {
  const series = seriesOf(groups);
  const showsUnusable = hasUnusable(series);
  const heads = groups.map((group) => capacityHead(group, comparison));
  if (showsUnusable) heads.push('<th scope="col">most hits<br>behind<br>a miss</th>');
  const rows = series.map((one) => {
    const cells = one.rows.map((row, index) => ratioCell(row, groups[index]));
    if (showsUnusable) cells.push(`<td>${formatPercent(mostUnusable(one))}</td>`);
    const kind = one.isBound ? ' class="bound"' : "";
    return `<tr${kind}><th scope="row">${rowHead(one)}</th>${cells.join("")}</tr>`;
  });
  const gaps = gapLines(groups).map(({ label, cells }) => {
    const texts = cells.map((text) => `<td>${text}<sup></sup></td>`);
    if (showsUnusable) texts.push("<td></td>");
    return `<tr class="muted"><th scope="row">${escapeHtml(label)}</th>${texts.join("")}</tr>`;
  });
  const table = `<table><thead><tr><th scope="col">policy</th>${heads.join("")}</tr></thead>` +
    `<tbody>${[...rows, ...gaps].join("\n")}</tbody></table>`;
  const behind = showsUnusable
    ? " The last column is the most block hits behind a miss at any capacity, in points."
    : "";
  return scroll(
    "Prefix hit ratio by policy and capacity",
    table,
    "Prefix hits in percent of look-ups, by capacity in blocks (and as a share of all distinct " +
      "blocks). Against LRU at the same capacity: * the best policy, + a point or more above, − a " +
      `point or more below, no sign: a draw.${behind}`,
  );
}

function capacityHead(group: CapacityGroup, comparison: Comparison): string {
  const context = metricContext(comparison);
  const bytes = metric("capacityBytes").value(group.shared, context);
  const share = metricText("capacityRatio", group.shared, context);
  return `<th scope="col">${formatCount(group.capacityBlocks)}<br><span class="muted">` +
    `${share} %${bytes === null ? "" : `<br>${formatBytes(bytes)}`}</span></th>`;
}

function ratioCell(row: Row | undefined, group: CapacityGroup): string {
  const text = headlineText(row, group);
  if (row?.result === undefined || row.isBound) return `<td>${text}<sup></sup></td>`;
  const stand = standing(group, row.result);
  return `<td class="${stand}">${text}<sup>${SIGNS[stand]}</sup></td>`;
}

const FULL_COLUMNS = [
  "prefixHitRatio",
  "prefixGapToOptimal",
  "prefixGapClosed",
  "blockHitRatio",
  "unusableHitRatio",
  "tokenHitRatio",
  "requestHitRatioMean",
  "prefixHits",
  "hits",
  "misses",
  "compulsoryMisses",
  "capacityMisses",
  "policyMisses",
  "insertions",
  "evictions",
  "bypasses",
];

const SIGN_OF_FORMAT: Readonly<Record<string, string>> = {
  percent: ", %",
  share: ", %",
  points: ", points",
};

/** Every run with every column that matters; sortable where scripts run. */
export function fullTable(groups: readonly CapacityGroup[], comparison: Comparison): string {
  const context = metricContext(comparison);
  const columns = FULL_COLUMNS.map(metric);
  const heads = columns.map((column) => {
    const sign = SIGN_OF_FORMAT[column.format] ?? "";
    const first = column.better === "lower" ? "ascending" : "descending";
    return `<th scope="col" data-first="${first}">${escapeHtml(column.label + sign)}</th>`;
  });
  const touches = new Set(groups.map((group) => group.touch));
  const rows = groups.flatMap((group) =>
    group.rows.flatMap((row) => {
      const { result } = row;
      if (result === undefined) return [];
      const cells = columns.map((column) => {
        const isShown = column.isShown?.(result) ?? true;
        const value = isShown ? column.value(result, context) : null;
        const text = metricText(column.name, result, context);
        return `<td data-value="${value ?? ""}">${escapeHtml(text)}</td>`;
      });
      const capacity = formatCount(group.capacityBlocks);
      const touch = touches.size > 1 ? ` ${group.touch}` : "";
      const name = escapeHtml(row.label);
      return `<tr${row.isBound ? ' class="bound"' : ""}>` +
        `<th scope="row" data-value="${name}">${rowHead(row)}</th>` +
        `<td data-value="${group.capacityBlocks}">${capacity}${touch}</td>${cells.join("")}</tr>`;
    })
  );
  const table = `<table class="sortable"><thead><tr>` +
    `<th scope="col" data-first="ascending">policy</th>` +
    `<th scope="col" data-first="ascending">capacity</th>${heads.join("")}</tr></thead>` +
    `<tbody>${rows.join("\n")}</tbody></table>`;
  const note = `${touchText(groups)}. Capacity, hits, misses, insertions, evictions and bypasses ` +
    "are blocks. Gap closed: share of the way from LRU to the optimum in prefix hits, – where it " +
    "is shorter than a point. Where scripts run, a click on a head sorts.";
  return scroll("All runs", table, note, " tall");
}

function touchText(groups: readonly CapacityGroup[]): string {
  return [...new Set(groups.map((group) => `Touched ${group.touch}`))].join(" and ");
}

/** What each number means, from a table of metrics. */
export function definitionTable(metrics: readonly MetricHead[] = METRICS): string {
  const rows = metrics.map((entry) =>
    `<tr><th scope="row"><strong>${
      escapeHtml(entry.label)
    }</strong><br><code>${entry.name}</code>` +
    `</th><td>${escapeHtml(entry.meaning)}</td><td>${escapeHtml(entry.formula)}</td>` +
    `<td>${escapeHtml(entry.doesNotShow)}</td></tr>`
  );
  const heads = ["metric", "meaning", "formula", "does not show"]
    .map((head) => `<th scope="col">${head}</th>`).join("");
  const table = `<table class="words"><thead><tr>${heads}</tr></thead><tbody>${rows.join("\n")}` +
    `</tbody></table>`;
  return scroll("Definitions of the metrics", table);
}

/** Facts as two columns: a name and its value. */
export function pairTable(pairs: readonly (readonly [string, string])[]): string {
  const rows = pairs.map(([name, value]) =>
    `<tr><th scope="row">${escapeHtml(name)}</th><td><code>${escapeHtml(value)}</code></td></tr>`
  );
  return `<table class="pairs"><tbody>${rows.join("\n")}</tbody></table>`;
}
