/**
 * Plain tables for a terminal: aligned columns, dropped or narrowed when the room is small.
 *
 * @module
 */

import { NO_BREAK } from "./format.ts";

/** One column. Cells are plain text; colour is put around them after padding. */
export interface Column {
  /** Lines of the head, top to bottom; all columns of a table have as many. */
  readonly head: readonly string[];
  readonly align: "left" | "right";
  /** Columns with the highest number are left out first when room is short; 0 always stays. */
  readonly expendable: number;
  readonly cells: readonly string[];
  /** Colours of single cells, where they differ from their row's. */
  readonly inks?: readonly (Ink | undefined)[];
}

/** Colours of a terminal that carry a meaning here. */
export type Ink = "strong" | "good" | "bad" | "faint";

const INK_CODES: Readonly<Record<Ink, string>> = {
  strong: "\u001b[1m",
  good: "\u001b[32m",
  bad: "\u001b[31m",
  faint: "\u001b[2m",
};

/** Paints text for a terminal, or leaves it alone. */
export function paint(text: string, ink: Ink | undefined, color: boolean): string {
  return color && ink !== undefined && text !== "" ? `${INK_CODES[ink]}${text}\u001b[0m` : text;
}

/** Columns of a terminal that a text without control characters takes; wide scripts take two. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const isMark = code >= 0x300 && code <= 0x36f;
    const isWide = code >= 0x1100 &&
      (code <= 0x115f || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
        (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) ||
        (code >= 0xff00 && code <= 0xff60) || (code >= 0x1f300 && code <= 0x1faff) ||
        (code >= 0x20000 && code <= 0x3fffd));
    width += isMark ? 0 : isWide ? 2 : 1;
  }
  return width;
}

/** Cuts a text to a width, with `…` in place of what is left out. */
export function fit(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (textWidth(kept) + textWidth(character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Pads to a width on the side that the alignment asks for. */
export function pad(text: string, width: number, align: Column["align"]): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + space : space + text;
}

const GAP = "  ";

function columnWidth(column: Column): number {
  return Math.max(...[...column.head, ...column.cells].map(textWidth));
}

/** Width of a table with these columns. */
export function tableWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + columnWidth(column), 0) +
    GAP.length * (columns.length - 1);
}

/** Leaves out the most expendable columns until the rest fits, or only lasting ones remain. */
export function fitColumns(columns: readonly Column[], width: number): Column[] {
  const kept = [...columns];
  while (tableWidth(kept) > width) {
    const most = Math.max(...kept.map((column) => column.expendable));
    if (most === 0) break;
    kept.splice(kept.findIndex((column) => column.expendable === most), 1);
  }
  return kept;
}

/** Splits columns over as few tables as the width needs, evenly filled, each led by `names`. */
export function splitColumns(
  columns: readonly Column[],
  names: Column,
  width: number,
): Column[][] {
  for (let perTable = columns.length; perTable > 1; perTable--) {
    const tables = Math.ceil(columns.length / perTable);
    const even = Math.ceil(columns.length / tables);
    const split = Array.from({ length: tables }, (_, i) => columns.slice(i * even, (i + 1) * even));
    if (split.every((chunk) => tableWidth([names, ...chunk]) <= width)) return split;
  }
  return columns.map((column) => [column]);
}

/**
 * Draws a table, a line per row.
 *
 * @param inkOf Colour of a row by its index; the head is faint.
 */
export function drawTable(
  columns: readonly Column[],
  options: { readonly color: boolean; readonly inkOf?: (row: number) => Ink | undefined },
): string[] {
  const widths = columns.map(columnWidth);
  const { color, inkOf } = options;
  const heads = columns[0].head.map((_, index) => {
    const cells = columns.map((column, at) => pad(column.head[index], widths[at], column.align));
    return paint(cells.join(GAP).trimEnd(), "faint", color);
  });
  const rows = columns[0].cells.map((_, index) =>
    columns.map((column, at) => {
      const ink = column.inks?.[index] ?? inkOf?.(index);
      return paint(pad(column.cells[index], widths[at], column.align), ink, color);
    }).join(GAP).trimEnd()
  );
  return [...heads, ...rows];
}

/** Breaks a paragraph into lines of at most `width` columns; a longer word gets its own line. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) + (lines.length > 0 ? indent.length : 0) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.map((text, index) => (index === 0 ? text : indent + text).replaceAll(NO_BREAK, " "));
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `width` columns filled to `share` (0 to 1) in eighths, the rest dotted. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
  return full + "·".repeat(width - textWidth(full));
}
