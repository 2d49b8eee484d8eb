/**
 * The tables of serving reports as markup.
 *
 * @module
 */

import { escapeHtml } from "../html_page.ts";
import { scroll } from "../html_tables.ts";
import { headLines, type PlainTable } from "./tables.ts";

/** A table with its note, which scrolls sideways where it is too wide. */
export function htmlTable({ title, note, head, rows }: PlainTable): string {
  const words = new Set(["confidence", "unit"]);
  const kind = (at: number) => words.has(head[at]) ? ' class="key"' : "";
  const heads = head.map((text, at) => `<th scope="col"${kind(at)}>${headMarkup(text)}</th>`);
  const body = rows.map(([name, ...cells]) =>
    `<tr><th scope="row">${escapeHtml(name)}</th>${
      cells.map((text, at) => `<td${kind(at + 1)}>${escapeHtml(text)}</td>`).join("")
    }</tr>`
  );
  return scroll(
    title,
    `<table><thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table>`,
    note,
  );
}

function headMarkup(label: string): string {
  return headLines(label).filter((line) => line !== "").map(escapeHtml).join("<br>");
}
