/**
 * The slow path of JSON Lines: parses a line, and explains why it cannot be parsed.
 *
 * @module
 */

import { nearest } from "../errors/nearest.ts";
import type { ReadContext } from "./context.ts";
import { parseExact, showValue } from "./exact_json.ts";

/** The value of a line, or `undefined` after a report of what is wrong with it. */
export function parseLine(context: ReadContext, bytes: Uint8Array, line: number): unknown {
  try {
    return parseExact(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    reportSyntax(context, bytes, line, error);
    return undefined;
  }
}

function reportSyntax(
  { findings, placeKind }: ReadContext,
  bytes: Uint8Array,
  line: number,
  error: unknown,
): void {
  const notText = error instanceof TypeError;
  const name = notText ? "not-utf8" : "bad-json";
  if (!findings.wants(name)) return findings.count(name, "error");
  const text = new TextDecoder().decode(bytes);
  const { message, column } = notText
    ? { message: "the line is not UTF-8", column: text.indexOf("\ufffd") + 1 || undefined }
    : explainSyntax(text, String((error as Error).message));
  findings.add({
    name,
    severity: "error",
    message,
    place: placeKind === "line" ? { line, column } : { row: line },
    found: showValue(text.slice(Math.max(0, (column ?? 1) - 20), (column ?? 1) + 20)),
    expected: "one JSON object in a line",
    mend: notText ? ["convert the file to UTF-8"] : [],
    sourceLine: text.slice(0, 4096),
  });
}

/** Where V8 stopped: told as a position, or as the text around it (ten characters before). */
function columnOf(text: string, message: string): number | undefined {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position) + 1;
  const around = /, \.\.\."([^]*)" is not valid|, \.\.\."([^]*)"\.\.\. is not valid/.exec(message);
  const piece = around?.[1] ?? around?.[2];
  const at = piece === undefined ? -1 : text.indexOf(piece);
  return at < 0 ? undefined : at + 11;
}

function explainSyntax(text: string, message: string): { message: string; column?: number } {
  const word = /[:,[]\s*(NaN|-?Infinity|undefined|None)\b/.exec(text);
  if (word !== null) {
    const column = word.index + word[0].length - word[1].length + 1;
    return { message: `the line holds ${word[1]}, which JSON does not have`, column };
  }
  const column = columnOf(text, message);
  const before = column === undefined ? "" : text.slice(0, column - 1).trimEnd();
  if (column !== undefined && before.endsWith("}") && text[column - 1] === "{") {
    return { message: "two JSON objects stand in one line", column };
  }
  if (
    /end of (JSON )?input|Unterminated|Expected .* after/i.test(message) && column === undefined
  ) {
    return { message: "the line breaks off", column: text.length + 1 };
  }
  return { message: "the line is not valid JSON", column };
}

/** Column, from 1, at which the value of a key begins in a line. */
export function columnOfValue(text: string | undefined, key: string): number | undefined {
  const name = JSON.stringify(key);
  const at = text?.indexOf(name) ?? -1;
  if (text === undefined || at < 0) return undefined;
  const colon = /\s*:\s*/y;
  colon.lastIndex = at + name.length;
  return colon.test(text) ? colon.lastIndex + 1 : at + 1;
}

/** What to say of a key that is not there: the keys that are, and those that come near. */
export function missingKey(
  object: Record<string, unknown>,
  slots: readonly (readonly string[])[],
  slot: number,
): { message: string; found: string; mend: string[] } {
  const keys = Object.keys(object);
  const strangers = keys.filter((key) => !slots.some((names) => names.includes(key)));
  const near = [...new Set(slots[slot].flatMap((key) => nearest(key, strangers)))];
  return {
    message: `${slots[slot][0]} is missing`,
    found: `keys ${keys.slice(0, 12).join(", ")}`,
    mend: near.length === 0 ? [] : [`did you mean "${near.join('" or "')}"?`],
  };
}
