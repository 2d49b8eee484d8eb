/**
 * What the pages of all reports are made of.
 *
 * @module
 */

import type { Chart } from "./chart_draw.ts";
import { escapeHtml } from "./html_page.ts";

/** Widths at which charts are drawn, in CSS pixels. */
export const DESK_WIDTH = 1000;
export const PHONE_WIDTH = 356;

/** A section with its heading; `content` is markup. */
export function section(id: string, title: string, content: string): string {
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${
    escapeHtml(title)
  }</h2>\n${content}\n` +
    `</section>`;
}

/** A list of plain texts. */
export function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`;
}

/** The answer: plain sentences, set apart. */
export function answerBox(paragraphs: readonly string[]): string {
  const texts = paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join("\n");
  return `<div class="answer">\n${texts}\n</div>`;
}

/** A number to see at once: its name, its value, a note. */
export type Tile = readonly [name: string, value: string, note: string];

/** Numbers to see at once. */
export function factTiles(tiles: readonly Tile[]): string {
  const cells = tiles.map(([name, value, note]) =>
    `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(note)}</small>` +
    `</dd></div>`
  );
  return `<dl class="facts">${cells.join("\n")}</dl>`;
}

/** A section with a chart of that name, drawn for a desk and a telephone; nothing without it. */
export function figureSection(
  name: string,
  desk: readonly Chart[],
  phone: readonly Chart[],
  after = "",
): string {
  const figure = figureOf(name, desk, phone);
  const title = desk.find((chart) => chart.name === name)?.title ?? "";
  return figure === "" ? "" : section(name, title, figure + after);
}

/** A chart of that name with its caption. */
export function figureOf(name: string, desk: readonly Chart[], phone: readonly Chart[]): string {
  const large = desk.find((chart) => chart.name === name);
  const small = phone.find((chart) => chart.name === name);
  if (large === undefined || small === undefined) return "";
  return [
    "<figure>",
    picture(large, "desk"),
    picture(small, "phone"),
    `<figcaption>${escapeHtml(large.caption)}</figcaption>`,
    "</figure>",
  ].join("\n");
}

/** The numbers are in the tables, so a reader of screens hears only what the picture is. */
function picture(chart: Chart, kind: "desk" | "phone"): string {
  return `<div class="${kind}" role="img" aria-label="Chart: ${escapeHtml(chart.title)}">` +
    `${chart.svg}</div>`;
}

/** The last part of a path, with either kind of slash. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).filter((part) => part !== "").pop() ?? path;
}
