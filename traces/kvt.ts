/**
 * `.kvt`: a folded trace as a file, opened without parsing.
 *
 * ```text
 * 0    magic 89 4B 56 54 0D 0A 1A 0A | version u32 | metaBytes u32
 * 16   canonicalBytes f64 | first 8 bytes of the SHA-256 of bytes 0 to 64 (these 8 zero) and meta
 * 32   SHA-256 of the canonical bytes, which is the trace's hash
 * 64   meta: JSON { path, format, notes }, padded with spaces to a multiple of 8
 *      canonical bytes (see canonical.ts)
 * ```
 *
 * @module
 */

import type { Place } from "../errors/errors.ts";
import {
  canonicalBytes,
  COLUMN_ENTRY_BYTES,
  COLUMN_KINDS,
  type ColumnKind,
  roundUp8,
  SCALAR_BYTES,
  sha256Hex,
  toHex,
} from "./canonical.ts";
import type { FileHead, ReadContext } from "./context.ts";
import { readAll } from "./document.ts";
import { refusal } from "./findings.ts";
import { checkColumns } from "./kvt_checks.ts";
import { firstRequests } from "./limit.ts";
import { writeFileAtomic } from "./source.ts";
import type { Extents, Requests, Trace } from "./trace.ts";

const MAGIC = [0x89, 0x4b, 0x56, 0x54, 0x0d, 0x0a, 0x1a, 0x0a];
/** Version of the layout; raised by any change of it. */
export const KVT_VERSION = 1;
const PREAMBLE_BYTES = 64;
const META_HASH_AT = 24;
const HASH_AT = 32;
/** Largest file that is opened: typed arrays cannot be much larger in all hosts. */
const FILE_BYTES_MAX = 2 ** 31;

/** Where in a file something is wrong, and what. */
type Fault = { message: string; place: Place; found?: string; expected?: string };

/**
 * The bytes of a `.kvt` file.
 *
 * @example
 * ```ts
 * import { encodeKvt, parseTrace, TraceBuilder } from "kvtier";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = await new TraceBuilder({ blockTokens: 16 }).add({ blocks: [7, 8, 9] }).build();
 * const copy = await parseTrace(await encodeKvt(trace), "copy.kvt");
 * assertEquals(copy.hash, trace.hash);
 * ```
 */
export async function encodeKvt(trace: Trace): Promise<Uint8Array> {
  const canonical = canonicalBytes(trace);
  const { path, format, notes } = trace;
  const json = new TextEncoder().encode(JSON.stringify({ path, format, notes }));
  const metaBytes = roundUp8(json.length);
  const bytes = new Uint8Array(PREAMBLE_BYTES + metaBytes + canonical.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, KVT_VERSION, true);
  view.setUint32(12, metaBytes, true);
  view.setFloat64(16, canonical.length, true);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", canonical));
  bytes.set(hash, HASH_AT);
  bytes.fill(0x20, PREAMBLE_BYTES, PREAMBLE_BYTES + metaBytes);
  bytes.set(json, PREAMBLE_BYTES);
  bytes.set(await metaHash(bytes, metaBytes), META_HASH_AT);
  bytes.set(canonical, PREAMBLE_BYTES + metaBytes);
  return bytes;
}

/**
 * Writes a trace as a `.kvt` file; the file is there whole or not at all.
 *
 * @throws {FileError} If it cannot be written.
 */
export async function writeKvt(path: string, trace: Trace): Promise<void> {
  await writeFileAtomic(path, await encodeKvt(trace));
}

/** Whether a file begins as a `.kvt` file does, be it whole or not. */
export function detectKvt({ bytes }: FileHead): boolean {
  return bytes.length > 0 && bytes[0] === MAGIC[0] &&
    MAGIC.slice(0, 4).every((byte, index) => index >= bytes.length || bytes[index] === byte);
}

/** Reads a `.kvt` file; limits apply, the other options do not. */
export async function readKvt(context: ReadContext): Promise<Trace> {
  const bytes = await readAll(context, FILE_BYTES_MAX);
  const trace = await decodeKvt(bytes, context.file);
  const { limit } = context.options;
  return limit === undefined ? trace : await firstRequests(trace, limit);
}

async function decodeKvt(bytes: Uint8Array<ArrayBuffer>, file: string): Promise<Trace> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkPreamble(bytes, view, file);
  const metaBytes = view.getUint32(12, true);
  const canonicalSize = view.getFloat64(16, true);
  const start = PREAMBLE_BYTES + metaBytes;
  if (start % 8 !== 0 || start + canonicalSize !== bytes.length) {
    fail(file, "truncated", {
      message: "the file has another size than it says",
      place: { byteOffset: bytes.length },
      found: `${bytes.length} bytes`,
      expected: `${start + canonicalSize} bytes`,
    });
  }
  const wanted = toHex(await metaHash(bytes, metaBytes));
  if (toHex(bytes.subarray(META_HASH_AT, META_HASH_AT + 8)) !== wanted) {
    fail(file, "damaged", { message: "its first part is damaged", place: { byteOffset: 0 } });
  }
  const canonical = bytes.subarray(start);
  const hash = toHex(bytes.subarray(HASH_AT, HASH_AT + 32));
  if (await sha256Hex(canonical) !== hash) {
    fail(file, "damaged", {
      message: "its columns are damaged",
      place: { byteOffset: start },
      expected: `SHA-256 ${hash}`,
    });
  }
  const meta = readMeta(bytes.subarray(PREAMBLE_BYTES, start), file);
  return { ...readCanonical(canonical, start, file), ...meta, path: file, hash };
}

function checkPreamble(bytes: Uint8Array, view: DataView, file: string): void {
  const magic = [...bytes.subarray(0, MAGIC.length)];
  if (!MAGIC.every((byte, index) => magic[index] === byte)) {
    fail(file, "not-kvt", {
      message: "it is no .kvt file, or was changed as text on its way",
      place: { byteOffset: 0 },
      found: toHex(bytes.subarray(0, MAGIC.length)),
      expected: toHex(Uint8Array.from(MAGIC)),
    });
  }
  if (bytes.length < PREAMBLE_BYTES) {
    fail(file, "truncated", {
      message: "the file breaks off",
      place: { byteOffset: bytes.length },
      found: `${bytes.length} bytes`,
      expected: `at least ${PREAMBLE_BYTES} bytes`,
    });
  }
  const version = view.getUint32(8, true);
  if (version !== KVT_VERSION) {
    fail(file, "kvt-version", {
      message: "it was written in another version of the format",
      place: { byteOffset: 8 },
      found: `version ${version}`,
      expected: `version ${KVT_VERSION}`,
    });
  }
}

/** First 8 bytes of the SHA-256 of the preamble, without this field, and the meta part. */
async function metaHash(
  bytes: Uint8Array<ArrayBuffer>,
  metaBytes: number,
): Promise<Uint8Array> {
  const copy = bytes.slice(0, PREAMBLE_BYTES + metaBytes);
  copy.fill(0, META_HASH_AT, META_HASH_AT + 8);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", copy), 0, 8);
}

function readMeta(bytes: Uint8Array, file: string): Pick<Trace, "format" | "notes"> {
  const place = { byteOffset: PREAMBLE_BYTES };
  try {
    const meta = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const { format, notes } = meta;
    const isGood = typeof format === "string" && Array.isArray(notes) &&
      notes.every((note) => typeof note === "string");
    if (isGood) return { format, notes };
  } catch {
    // Told below, as any other fault of this part.
  }
  return fail(file, "damaged", { message: "its description is damaged", place });
}

function readCanonical(bytes: Uint8Array, start: number, file: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < SCALAR_BYTES) {
    fail(file, "truncated", { message: "the file breaks off", place: { byteOffset: start } });
  }
  const scalars = {
    blockTokens: view.getUint32(0, true),
    reuse: view.getUint32(4, true) === 1 ? "hashes" as const : "none" as const,
    requestCount: view.getUint32(8, true),
    accesses: view.getFloat64(16, true),
    uniqueBlocks: view.getFloat64(24, true),
  };
  const columnCount = view.getUint32(12, true);
  const tables: Tables = { requests: {}, extents: {}, trace: {} };
  let last = 0;
  for (let index = 0; index < columnCount; index++) {
    const at = SCALAR_BYTES + index * COLUMN_ENTRY_BYTES;
    const place = { byteOffset: start + at };
    if (at + COLUMN_ENTRY_BYTES > bytes.length) {
      fail(file, "bad-column", { message: "its table of columns breaks off", place });
    }
    const id = view.getUint32(at, true);
    const kind = COLUMN_KINDS.find((candidate) => candidate.id === id);
    if (kind === undefined || id <= last || view.getUint32(at + 4, true) !== kind.width) {
      fail(file, "bad-column", {
        message: "its table of columns makes no sense",
        place,
        found: `column ${id} of ${view.getUint32(at + 4, true)} bytes, after column ${last}`,
      });
    }
    last = id;
    const length = view.getUint32(at + 8, true);
    const offset = view.getFloat64(at + 16, true);
    const isInside = offset % 8 === 0 && offset >= SCALAR_BYTES &&
      offset + length * kind.width <= bytes.length;
    if (!isInside) {
      fail(file, "bad-column", {
        message: `column ${kind.name} lies outside the file`,
        place: { ...place, key: kind.name },
        found: `${length} values from byte ${start + offset}`,
        expected: `at most ${start + bytes.length} bytes in all`,
      });
    }
    tables[kind.table][kind.name] = columnView(bytes, offset, length, kind);
  }
  for (const { name, table, required } of COLUMN_KINDS) {
    if (!required || tables[table][name] !== undefined) continue;
    fail(file, "bad-column", {
      message: `column ${name} is missing`,
      place: { byteOffset: start + SCALAR_BYTES, key: name },
    });
  }
  return checkedParts({ ...scalars, ...tablesOf(tables, start, file) }, start, file);
}

/** Columns by name, as they lie in the file. */
type Tables = Record<ColumnKind["table"], Record<string, unknown>>;

function tablesOf({ requests, extents, trace }: Tables, start: number, file: string) {
  const tables = {
    requests: requests as unknown as Requests,
    extents: extents as unknown as Extents,
  };
  const bytes = trace.kindNames as Uint8Array<ArrayBuffer> | undefined;
  if (bytes === undefined) return tables;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { ...tables, kindNames: text.split("\n") };
  } catch {
    return fail(file, "bad-column", {
      message: "column kindNames is no text",
      place: { byteOffset: start, key: "kindNames" },
    });
  }
}

function checkedParts<Parts extends Parameters<typeof checkColumns>[0]>(
  parts: Parts,
  start: number,
  file: string,
): Parts {
  const fault = checkColumns(parts);
  if (fault !== undefined) {
    const { key, row, ...rest } = fault;
    fail(file, "bad-column", { ...rest, place: { byteOffset: start, key, row } });
  }
  return parts;
}

/** A column in place; hosts are little-endian, as all that run WebAssembly fast are. */
function columnView(bytes: Uint8Array, offset: number, length: number, { width }: ColumnKind) {
  const at = bytes.byteOffset + offset;
  const { buffer } = bytes;
  if (width === 8) return new Float64Array(buffer, at, length);
  if (width === 4) return new Uint32Array(buffer, at, length);
  if (width === 2) return new Uint16Array(buffer, at, length);
  return new Uint8Array(buffer, at, length);
}

function fail(file: string, name: string, fault: Fault): never {
  throw refusal(file, { name, ...fault, mend: ["write the file again from the trace's source"] });
}
