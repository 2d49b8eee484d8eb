/**
 * The first bytes of a file, looked at to tell its format.
 *
 * @module
 */

import type { FileHead } from "./context.ts";

/** Bytes that detection looks at. */
export const HEAD_BYTES = 64 * 1024;

/** Bytes that tell text from binary content. */
const BINARY_BYTES = 4096;

/** Looks at the first bytes of a file. `whole` says that there are no more. */
export function lookAt(bytes: Uint8Array, whole: boolean): FileHead {
  if (isBinary(bytes)) return { bytes, whole };
  const text = new TextDecoder().decode(bytes).trimStart();
  if (text.startsWith("{") || text.startsWith("[")) {
    const scan = scanObject(text);
    return { bytes, whole, text, keys: scan.keys, isDocument: text[0] === "[" || scan.spansLines };
  }
  return { bytes, whole, text, header: headerOf(text) };
}

/** Text has no zero bytes and hardly any other control characters. */
function isBinary(head: Uint8Array): boolean {
  const bytes = head.subarray(0, BINARY_BYTES);
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) controls++;
  }
  return controls * 20 > bytes.length;
}

/** Names of the first row of a table, in lower case with letters and digits only. */
function headerOf(text: string): readonly string[] | undefined {
  const line = text.split("\n", 1)[0];
  if (!line.includes(",")) return undefined;
  return line.split(",").map(normalName);
}

/** A column name without case, quotes, spaces and marks: `"Request tokens"` is `requesttokens`. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Keys of the first object in a text, and whether it goes on after the first line. */
function scanObject(text: string): { keys: ReadonlySet<string>; spansLines: boolean } {
  const keys = new Set<string>();
  let depth = 0;
  let at = Math.max(0, text.indexOf("{"));
  let spansLines = false;
  for (; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = stringEnd(text, at + 1);
      if (end < 0) break;
      if (depth === 1 && /^\s*:/.test(text.slice(end + 1, end + 20))) {
        keys.add(text.slice(at + 1, end));
      }
      at = end;
    } else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") {
      if (--depth <= 0) break;
    } else if (char === "\n" && !spansLines) {
      // A line that breaks off is followed by the next object; a document goes on.
      const before = text.slice(Math.max(0, at - 20), at).trimEnd().at(-1) ?? "";
      if (/^\s*\{/.test(text.slice(at + 1, at + 200)) && !"[{,:".includes(before)) break;
      spansLines = true;
    }
  }
  return { keys, spansLines };
}

function stringEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}
