/**
 * The tables of the HTML report of a replay through a hierarchy.
 *
 * @module
 */

import { escapeHtml } from "../html_page.ts";
import { scroll } from "../html_tables.ts";
import type { Run } from "./metric.ts";
import { runMetric, runMetricsOf, runText, runValue, tierText, tierValue } from "./metrics.ts";
import { tierCell, tierColumns, tierHead, tierLabels } from "./tier_columns.ts";

/** What a page has no room for stands with all other numbers below. */
const LEFT_OUT = ["evictions", "waitNsMean"];

/** Tiers, fastest first, with what matters most; sortable where scripts run. */
export function tierTable(run: Run): string {
  const columns = tierColumns(run).filter(({ name }) => !LEFT_OUT.includes(name));
  const heads = columns.map(({ name }) => {
    const first = runMetric(name, "tier").better === "lower" ? "ascending" : "descending";
    return `<th scope="col" data-first="${first}">${escapeHtml(tierHead(name))}</th>`;
  });
  const rows = tierLabels(run).map((label, tier) => {
    const cells = columns.map(({ name }) =>
      `<td data-value="${tierValue(run, name, tier) ?? ""}">` +
      `${escapeHtml(tierCell(run, name, tier))}</td>`
    );
    return `<tr><th scope="row" data-value="${tier}">${escapeHtml(label)}</th>${
      cells.join("")
    }</tr>`;
  });
  const table = `<table class="sortable"><thead><tr>` +
    `<th scope="col" data-first="ascending">tier (policy)</th>${heads.join("")}</tr></thead>` +
    `<tbody>${rows.join("\n")}</tbody></table>`;
  return scroll(
    "Tiers",
    table,
    "Fastest first. Hit ratios are of all look-ups, not of those that " +
      "reached the tier. Where scripts run, a click on a head sorts.",
  );
}

/** Every metric of the run and of each tier: nothing that the table of metrics has is left out. */
export function numbersTable(run: Run): string {
  const whole = runMetricsOf("run").map((entry) => {
    const unit = entry.format === "percent" ? " %" : "";
    const text = runText(run, entry.name) + (runValue(run, entry.name) === null ? "" : unit);
    return `<tr>${rowHead(entry.name, entry.meaning)}<td>${escapeHtml(text)}</td></tr>`;
  });
  const tiers = [...run.result.tiers.keys()];
  const heads = run.result.tiers.map(({ name }) => `<th scope="col">${escapeHtml(name)}</th>`);
  const each = runMetricsOf("tier").map((entry) => {
    const cells = tiers.map((tier) => {
      const unit = entry.format === "percent" ? " %" : "";
      const text = tierText(run, entry.name, tier) +
        (tierValue(run, entry.name, tier) === null ? "" : unit);
      return `<td>${escapeHtml(text)}</td>`;
    });
    return `<tr>${rowHead(entry.name, entry.meaning)}${cells.join("")}</tr>`;
  });
  const table = (head: string, rows: readonly string[]) =>
    `<table><thead><tr><th scope="col">metric</th>${head}</tr></thead>` +
    `<tbody>${rows.join("\n")}</tbody></table>`;
  return "<h3>Of the whole run</h3>\n" +
    scroll("Metrics of the whole run", table('<th scope="col">value</th>', whole), "", " tall") +
    "\n<h3>Of each tier</h3>\n" +
    scroll("Metrics of each tier", table(heads.join(""), each), "", " tall");
}

function rowHead(name: string, meaning: string): string {
  return `<th scope="row" title="${escapeHtml(meaning)}"><code>${name}</code></th>`;
}
