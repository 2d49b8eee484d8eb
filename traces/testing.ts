/**
 * What the tests of `traces/` share.
 *
 * @module
 */

import { assert, assertRejects } from "@std/assert";
import { type Problem, TraceError } from "../errors/errors.ts";
import { parseTrace } from "./open.ts";
import type { TraceOptions } from "./options.ts";
import type { Trace } from "./trace.ts";

/** Path of a file in `tests/data`. */
export function dataPath(file: string): string {
  return new URL(`../tests/data/${file}`, import.meta.url).pathname;
}

/** Text as bytes. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Reads a text as a trace file. */
export function parseText(text: string, options: TraceOptions = {}): Promise<Trace> {
  return parseTrace(utf8(text), "file", options);
}

/** Reads a text that must be refused, and gives the first problem. */
export async function refuse(
  content: string | Uint8Array,
  options: TraceOptions = {},
): Promise<Problem> {
  const bytes = typeof content === "string" ? utf8(content) : content;
  const error = await assertRejects(() => parseTrace(bytes, "file", options), TraceError);
  assert(error.problems.every(({ place }) => place?.file === "file"));
  return error.problems[0];
}

/** One line of a Mooncake file. */
export function mooncakeLine(fields: Record<string, unknown> = {}): string {
  const row = { timestamp: 0, input_length: 1024, output_length: 4, hash_ids: [0, 1], ...fields };
  return `${JSON.stringify(row)}\n`;
}

/** Extents of a request as `first+count`. */
export function extentsOf({ requests, extents }: Trace, request: number): string {
  const shown: string[] = [];
  for (let e = requests.firstExtent[request]; e < requests.firstExtent[request + 1]; e++) {
    shown.push(`${extents.firstBlock[e]}+${extents.blockCount[e]}`);
  }
  return shown.join(" ");
}

/** Seeded random whole numbers below a bound. */
export function randomBelow(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 4294967296 * bound);
  };
}
