/**
 * Rows of JSON Lines, or of one JSON document.
 *
 * @module
 */

import { readDocument } from "./document.ts";
import type { JsonRow } from "./json_row.ts";
import { readLines } from "./lines.ts";

/**
 * Calls `onRow` for each row of a JSON Lines file, or of a document that is an array of rows or an
 * object with one under one of `wrappers`. `onRow` returns `false` to stop.
 */
export async function readJsonRows(
  row: JsonRow,
  onRow: () => boolean,
  wrappers: readonly string[] = ["data", "rows", "requests"],
): Promise<void> {
  const { context } = row;
  if (context.head.isDocument === true) {
    context.placeKind = "row";
    const document = await readDocument(context);
    const rows = rowsOf(document, wrappers);
    for (let index = 0; index < rows.length; index++) {
      if (row.loadValue(rows[index], index + 1) && !onRow()) return;
      if (row.bad) row.dropHashes();
    }
    return;
  }
  await readLines(context, (bytes, start, end, line) => {
    const goesOn = row.load(bytes, start, end, line) ? onRow() : true;
    if (row.bad) row.dropHashes();
    return goesOn;
  });
}

function rowsOf(document: unknown, wrappers: readonly string[]): readonly unknown[] {
  if (Array.isArray(document)) return document;
  if (typeof document === "object" && document !== null) {
    for (const key of wrappers) {
      const rows = (document as Record<string, unknown>)[key];
      if (Array.isArray(rows)) return rows;
    }
  }
  return [document];
}
