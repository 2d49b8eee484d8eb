/**
 * Lines of a text that arrives in pieces, without copying more than the ends of pieces.
 *
 * @module
 */

import type { ByteChunks, ReadContext } from "./context.ts";
import { refusal } from "./findings.ts";

/** Longest line that is held in memory, in bytes; a longer one is refused as it is met. */
export const LINE_BYTES_MAX = 64 * 1024 * 1024;

const NEWLINE = 10;
const RETURN = 13;

/**
 * Receives the bytes `start` to `end` of one line, without its end of line. A byte that is not part
 * of the line follows at `end`, so a scanner may look one byte too far. Returns `false` to stop.
 */
export type LineSink = (bytes: Uint8Array, start: number, end: number, line: number) => boolean;

/** Calls `sink` for each line that is not blank, with its number from 1. */
export async function readLines(
  context: Pick<ReadContext, "chunks" | "file">,
  sink: LineSink,
): Promise<void> {
  const splitter = new LineSplitter(context.file, sink);
  for await (const chunk of context.chunks as ByteChunks) {
    if (!splitter.feed(chunk)) return;
  }
  splitter.finish();
}

class LineSplitter {
  /** The beginning of a line whose end has not come yet, and room for a byte after it. */
  #carry = new Uint8Array(1 << 16);
  #carryLength = 0;
  #line = 0;

  constructor(readonly file: string, readonly sink: LineSink) {}

  /** Takes a piece; `false` when the sink wants no more. */
  feed(chunk: Uint8Array): boolean {
    let start = 0;
    if (this.#carryLength > 0) {
      const newline = chunk.indexOf(NEWLINE);
      this.#keep(newline < 0 ? chunk : chunk.subarray(0, newline));
      if (newline < 0) return true;
      if (!this.#emitCarry()) return false;
      start = newline + 1;
    }
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, start);
      if (newline < 0) break;
      if (!this.#emit(chunk, start, newline)) return false;
      start = newline + 1;
    }
    this.#keep(chunk.subarray(start));
    return true;
  }

  /** The last line may lack its newline. */
  finish(): void {
    if (this.#carryLength > 0) this.#emitCarry();
  }

  #emitCarry(): boolean {
    const length = this.#carryLength;
    this.#carryLength = 0;
    // What an earlier, longer line left behind must not look like a part of this one.
    this.#carry[length] = NEWLINE;
    return this.#emit(this.#carry, 0, length);
  }

  #emit(bytes: Uint8Array, from: number, to: number): boolean {
    this.#line++;
    let start = from;
    let end = to;
    if (end > start && bytes[end - 1] === RETURN) end--;
    if (this.#line === 1 && hasByteOrderMark(bytes, start, end)) start += 3;
    if (isBlank(bytes, start, end)) return true;
    return this.sink(bytes, start, end, this.#line);
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#carryLength + bytes.length;
    if (length > LINE_BYTES_MAX) {
      throw refusal(this.file, {
        name: "line-too-long",
        message: "a line is too long to be a request",
        place: { line: this.#line + 1 },
        found: `more than ${LINE_BYTES_MAX} bytes without an end of line`,
        expected: "one request in a line",
        mend: ["check that this is a trace; reformat it to one JSON object in a line"],
      });
    }
    if (length >= this.#carry.length) {
      const larger = new Uint8Array(Math.max(length + 1, this.#carry.length * 2));
      larger.set(this.#carry.subarray(0, this.#carryLength));
      this.#carry = larger;
    }
    this.#carry.set(bytes, this.#carryLength);
    this.#carryLength = length;
  }
}

function hasByteOrderMark(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb &&
    bytes[start + 2] === 0xbf;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== 32 && bytes[at] !== 9 && bytes[at] !== RETURN) return false;
  }
  return true;
}
