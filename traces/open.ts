/**
 * Opening a trace: bytes in, columns out, whatever the format.
 *
 * @module
 */

import { blobSource } from "./blob_source.ts";
import type { ByteChunks, FileHead, ReadContext, TraceFormat } from "./context.ts";
import { Findings, refusal } from "./findings.ts";
import { TRACE_FORMATS } from "./formats.ts";
import { HEAD_BYTES, lookAt } from "./head.ts";
import { type ByteSource, bytesSource, inflate, streamSource } from "./inflate.ts";
import { checkOptions, type TraceOptions } from "./options.ts";
import { fileSource } from "./source.ts";
import type { Trace } from "./trace.ts";

/**
 * Reads a trace file: plain, gzip or zstd, its format told from its content.
 *
 * Streams, so that memory holds the columns and not the text.
 *
 * @param path The file; `.kvt` files open in place of the text that they were made of.
 * @returns Columns in order of arrival, times in nanoseconds from the first request.
 * @throws {TraceError} If the content makes no sense; holds the first findings, each with a place.
 * @throws {FileError} If the file cannot be read.
 *
 * @example
 * ```ts
 * import { openTrace } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await openTrace("tests/data/conversation_trace.jsonl.gz");
 * assertEquals(trace.format, "mooncake");
 * assertEquals(trace.requestCount, 12_031);
 * assertEquals(trace.accesses, 288_500);
 * ```
 */
export async function openTrace(path: string, options: TraceOptions = {}): Promise<Trace> {
  return await openSource(await fileSource(path), options);
}

/**
 * Reads a trace from bytes, a stream, or a file that the host holds, as {@linkcode openTrace} does
 * from a path. Runs in browsers.
 *
 * @param content The bytes of a file, compressed or not; a `Blob` (or `File`) is streamed.
 * @param name A name for places in errors and for `trace.path`.
 * @throws {TraceError} If the content makes no sense.
 * @throws {FileError} If a `Blob` cannot be read any more.
 *
 * @example
 * ```ts
 * import { parseTrace } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const line = '{"timestamp": 0, "input_length": 700, "output_length": 5, "hash_ids": [0, 1]}\n';
 * const trace = await parseTrace(new TextEncoder().encode(line), "one.jsonl");
 * assertEquals([...trace.extents.blockCount], [2]);
 * ```
 */
export async function parseTrace(
  content: Uint8Array | Blob | ReadableStream<Uint8Array>,
  name = "trace",
  options: TraceOptions = {},
): Promise<Trace> {
  return await openSource(sourceOf(content, name), options);
}

function sourceOf(
  content: Uint8Array | Blob | ReadableStream<Uint8Array>,
  name: string,
): ByteSource {
  if (content instanceof Uint8Array) return bytesSource(content, name);
  if (content instanceof Blob) return blobSource(content, name);
  return streamSource(content, name);
}

async function openSource(source: ByteSource, options: TraceOptions): Promise<Trace> {
  const findings = new Findings(source.name);
  const trace = await readSource(source, options, findings);
  findings.check();
  if (trace === undefined) throw findings.toError();
  return trace;
}

/**
 * Reads a source with all its findings.
 *
 * @returns The trace, or `undefined` when the findings hold errors.
 */
export async function readSource(
  source: ByteSource,
  options: TraceOptions,
  findings: Findings,
): Promise<Trace | undefined> {
  checkOptions(source.name, options, TRACE_FORMATS.map(({ name }) => name));
  const counter = { rows: 0 };
  const chunks = inflate(watch(source, options, counter))[Symbol.asyncIterator]();
  try {
    const { head, pieces } = await peek(chunks);
    const context: ReadContext = {
      file: source.name,
      options,
      findings,
      notes: [],
      chunks: resume(pieces, chunks),
      head,
      placeKind: "line",
      get rows() {
        return counter.rows;
      },
      set rows(value) {
        counter.rows = value;
      },
    };
    return await formatOf(context).read(context);
  } finally {
    await chunks.return?.(undefined);
  }
}

/** Counts bytes for the progress function and heeds the signal, at each chunk. */
function watch(source: ByteSource, options: TraceOptions, counter: { rows: number }): ByteSource {
  const { onProgress, signal } = options;
  if (onProgress === undefined && signal === undefined) return source;
  return {
    ...source,
    async *open() {
      let bytesRead = 0;
      signal?.throwIfAborted();
      for await (const chunk of source.open()) {
        signal?.throwIfAborted();
        yield chunk;
        bytesRead += chunk.length;
        onProgress?.(bytesRead, source.totalBytes, counter.rows);
      }
    },
  };
}

/** Takes pieces until there is enough to tell the format. */
async function peek(chunks: AsyncIterator<Uint8Array>) {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  while (size < HEAD_BYTES && !whole) {
    const { done, value } = await chunks.next();
    if (done) whole = true;
    else {
      pieces.push(value);
      size += value.length;
    }
  }
  const bytes = new Uint8Array(Math.min(size, HEAD_BYTES));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.subarray(0, bytes.length - at), at);
    at = Math.min(bytes.length, at + piece.length);
  }
  const isWhole = whole && size <= HEAD_BYTES;
  return { head: lookAt(bytes, isWhole), pieces };
}

async function* resume(pieces: Uint8Array[], rest: AsyncIterator<Uint8Array>): ByteChunks {
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
  for (;;) {
    const { done, value } = await rest.next();
    if (done) return;
    yield value;
  }
}

function formatOf({ file, options, head }: ReadContext): TraceFormat {
  const named = TRACE_FORMATS.find(({ name }) => name === options.format);
  if (named !== undefined) return named;
  if (head.bytes.length === 0) {
    throw refusal(file, {
      name: "empty-file",
      message: "the file is empty",
      expected: "at least one request",
    });
  }
  const mapped = options.columns === undefined ? undefined : genericName(head);
  const format = TRACE_FORMATS.find(({ name, detect }) =>
    mapped === undefined ? detect(head) : name === mapped
  );
  if (format !== undefined) return format;
  throw refusal(file, {
    name: "unknown-format",
    message: "its format cannot be told from its content",
    place: { byteOffset: 0 },
    found: describeHead(head),
    expected: `one of ${TRACE_FORMATS.map(({ name }) => name).join(", ")}`,
    mend: ["name the format with --format, or map the columns of a table with --columns"],
  });
}

/** A map of columns asks for a generic format, whatever the columns look like. */
function genericName({ keys, header }: FileHead): string | undefined {
  if (keys !== undefined) return "generic-jsonl";
  return header === undefined ? undefined : "generic-csv";
}

function describeHead({ bytes, text, keys, header }: FileHead): string {
  if (text === undefined) {
    const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
    return `binary content that begins with ${start.join(" ")}`;
  }
  if (keys !== undefined) return `a JSON object with keys ${[...keys].slice(0, 12).join(", ")}`;
  if (header !== undefined) return `a table with columns ${header.slice(0, 12).join(", ")}`;
  return `a text that begins with ${JSON.stringify(text.slice(0, 40))}`;
}
