/**
 * The report of a serving simulation for a terminal: the answer, the tables, the limits.
 *
 * @module
 */

import { visible } from "../format.ts";
import { bar, type Column, drawTable, fit, fitColumns, paint, wrap } from "../text_table.ts";
import { confidenceSentence, servingAnswer, servingLine } from "./findings.ts";
import { servingLimits } from "./limits.ts";
import type { ServingRun } from "./metric.ts";
import { servingProvenance } from "./provenance.ts";
import {
  headLines,
  kindTable,
  latencyTable,
  numbersTable,
  partsTable,
  type PlainTable,
} from "./tables.ts";

/** How a terminal report of a serving simulation is laid out. */
export interface ServingTextOptions {
  /** Columns of the terminal; 100 unless told, and never fewer than 40. */
  readonly width?: number;
  /** Paint with ANSI colours: only for a terminal, and never when NO_COLOR is set. */
  readonly color?: boolean;
}

type Page = Required<ServingTextOptions>;

/**
 * Writes a serving simulation for a terminal: answer first, what it does not show last.
 *
 * @returns Lines ending in a newline, at most `width` columns wide as far as names allow.
 *
 * @example
 * ```ts
 * import { EXAMPLE_SERVING, servingRun, servingText } from "kvtier";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { result, context } = EXAMPLE_SERVING;
 * const text = servingText(servingRun(result, context), { width: 80 });
 * assertStringIncludes(text, "Where the time goes");
 * ```
 */
export function servingText(run: ServingRun, options: ServingTextOptions = {}): string {
  const page: Page = { width: Math.max(40, options.width ?? 100), color: options.color ?? false };
  const { context } = run;
  const lines = [
    paint(fit(visible(context.name), page.width), "strong", page.color),
    ...wrap(servingLine(run), page.width),
    "",
    ...servingAnswer(run).flatMap((paragraph) => wrap(paragraph, page.width)),
    ...wrap(confidenceSentence(run), page.width),
    "",
    ...(run.times.rows.length === 0 ? [] : tables(run, page)),
    ...provenance(run, page),
    ...wrap(`What this does not show: ${servingLimits(run).join(" · ")}`, page.width),
    paint(`result ${context.hashes.result}`, "faint", page.color),
  ];
  return lines.join("\n") + "\n";
}

function provenance(run: ServingRun, page: Page): string[] {
  const paragraphs = servingProvenance(run);
  return paragraphs.length === 0 ? [] : [
    ...paragraphs.flatMap((each) => wrap(each, page.width)),
    "",
  ];
}

function tables(run: ServingRun, page: Page): string[] {
  const parts = partsTable(run);
  const shares: Column = {
    head: ["share"],
    align: "left",
    expendable: 1,
    cells: parts.shares.map((share) => bar(share, BAR_WIDTH)),
  };
  const drawn = [
    draw(latencyTable(run), page),
    draw(parts, page, [shares]),
    draw(numbersTable(run), page),
    ...(["group", "store", "link"] as const).flatMap((scope) => {
      const found = kindTable(run, scope);
      return found === undefined ? [] : [draw(found, page)];
    }),
  ];
  return drawn.flatMap((lines) => [...lines, ""]);
}

const BAR_WIDTH = 24;
/** Columns of words rather than numbers. */
const WORDS = new Set(["unit", "confidence"]);

/** A table under its title; long heads take two lines. */
export function draw(found: PlainTable, page: Page, more: readonly Column[] = []): string[] {
  const heads = found.head.map(headLines);
  const isHigh = heads.some(([first]) => first !== "");
  const columns = found.head.map((name, at): Column => ({
    head: isHigh ? heads[at] : heads[at].slice(1),
    align: at === 0 || WORDS.has(name) ? "left" : "right",
    expendable: (found.expendable ?? []).indexOf(at) < 0
      ? 0
      : found.expendable!.length - found.expendable!.indexOf(at) + 1,
    cells: found.rows.map((row) => row[at]),
  }));
  const wide = more.map((column) => isHigh ? { ...column, head: ["", ...column.head] } : column);
  return [
    ...wrap(found.title, page.width).map((line) => paint(line, "strong", page.color)),
    ...(found.note === undefined ? [] : wrap(found.note, page.width)),
    ...drawTable(fitColumns([...columns, ...wide], page.width), { color: page.color }),
  ];
}
