/// <reference lib="dom" />
/**
 * What was read: counts, ceiling, evidence of reuse, notes.
 *
 * @module
 */
import { formatCount, formatDuration, formatPercent } from "../../report/format.ts";
import { escapeHtml } from "../../report/html_page.ts";
import { factTiles, fileName, list, type Tile } from "../../report/html_parts.ts";
import type { TraceInfo } from "../../traces/info.ts";
import { fill, show } from "./elements.ts";

/** Shows a trace. */
export function showTrace(info: TraceInfo): void {
  const name = fileName(info.path);
  document.title = `${name} · kvtier`;
  const tiles: Tile[] = [
    ["Requests", formatCount(info.requestCount), requestsNote(info)],
    ["Block look-ups", formatCount(info.accesses), foldingNote(info)],
    [
      "Distinct blocks",
      formatCount(info.uniqueBlocks),
      `of ${formatCount(info.blockTokens)} tokens`,
    ],
    [
      "Ceiling",
      info.reuse === "none" ? "–" : `${formatPercent(info.ideal.block)} %`,
      info.reuse === "none" ? "nothing to measure" : "a cache without limit, prefix hits",
    ],
  ];
  const evidence = info.reuse === "none" ? "warning" : "muted";
  fill(
    "facts-content",
    [
      `<p><code>${escapeHtml(name)}</code>, read as ${escapeHtml(info.format)}</p>`,
      factTiles(tiles),
      `<p class="${evidence}">${escapeHtml(info.reuseSentence)}</p>`,
      info.isPrefixTree || info.reuse === "none" ? "" : `<p class="muted">${NOT_A_TREE}</p>`,
      info.notes.length === 0 ? "" : `<h3>Notes of the reader</h3>${list(info.notes)}`,
    ].join("\n"),
  );
  show("facts", true);
}

const NOT_A_TREE = "Not a prefix tree: some block follows different ones. The optimum is that of " +
  "block hits and may lie above what a prefix cache can use.";

function requestsNote({ sessionCount, spanNs }: TraceInfo): string {
  const sessions = sessionCount === undefined
    ? []
    : [`${formatCount(sessionCount)} ${sessionCount === 1 ? "session" : "sessions"}`];
  const span = spanNs === undefined || spanNs === 0 ? [] : [`in ${formatDuration(spanNs)}`];
  return [...sessions, ...span].join(" ");
}

function foldingNote({ extentCount, foldingFactor }: TraceInfo): string {
  return `in ${formatCount(extentCount)} extents, ${foldingFactor.toFixed(1)} each`;
}
