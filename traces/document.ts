/**
 * A JSON document that spans lines, read whole.
 *
 * @module
 */

import type { ReadContext } from "./context.ts";
import { parseExact } from "./exact_json.ts";
import { refusal } from "./findings.ts";

/** Largest document that is read whole, in bytes. */
export const DOCUMENT_BYTES_MAX = 256 * 1024 * 1024;

/** All bytes of a source, refused when there are too many. */
export async function readAll(
  context: Pick<ReadContext, "chunks" | "file">,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of context.chunks) {
    pieces.push(chunk);
    size += chunk.length;
    if (size > most) {
      throw refusal(context.file, {
        name: "document-too-large",
        message: "the file is too large to be read whole",
        place: { byteOffset: most },
        found: `more than ${most} bytes`,
        expected: "a smaller document, or JSON Lines with one object in a line",
      });
    }
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The value of a document. */
export async function readDocument(context: ReadContext): Promise<unknown> {
  const bytes = await readAll(context, DOCUMENT_BYTES_MAX);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refusal(context.file, {
      name: "not-utf8",
      message: "the file is not UTF-8",
      place: { byteOffset: 0 },
      mend: ["convert the file to UTF-8"],
    });
  }
  try {
    return parseExact(text);
  } catch (error) {
    const position = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length);
    const before = text.slice(0, position).split("\n");
    throw refusal(context.file, {
      name: "bad-json",
      message: "the file is not valid JSON",
      place: { line: before.length, column: before[before.length - 1].length + 1 },
      found: JSON.stringify(text.slice(position, position + 20)),
      expected: "one JSON document",
      sourceLine: text.split("\n", before.length)[before.length - 1].slice(0, 4096),
    });
  }
}
