/**
 * The canonical bytes of a trace: what its hash is taken of, and what a `.kvt` file holds.
 *
 * ```text
 * 0   blockTokens u32 | reuse u32 (0 none, 1 hashes) | requestCount u32 | columnCount u32
 * 16  accesses f64 | uniqueBlocks f64
 * 32  per column: id u32 | type u32 (byte width) | length u32 | zero u32 | offset f64
 *     columns, each from a multiple of 8, padded with zeros; all little-endian
 * ```
 *
 * @module
 */

import type { Extents, Requests, ReuseEvidence, Trace } from "./trace.ts";

export const SCALAR_BYTES = 32;
export const COLUMN_ENTRY_BYTES = 24;

type ColumnArray = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** Where a column lives in a trace, and how it is stored. The order and the ids never change. */
export interface ColumnKind {
  readonly id: number;
  readonly table: "requests" | "extents" | "trace";
  readonly name: keyof Requests | keyof Extents | "kindNames";
  /** Bytes of one element: 8 f64, 4 u32, 2 u16, 1 u8. */
  readonly width: 8 | 4 | 2 | 1;
  readonly required: boolean;
}

/** All columns, in the order of the canonical bytes. */
export const COLUMN_KINDS: readonly ColumnKind[] = [
  { id: 1, table: "requests", name: "arrivalNs", width: 8, required: false },
  { id: 2, table: "requests", name: "session", width: 4, required: false },
  { id: 3, table: "requests", name: "tenant", width: 4, required: false },
  { id: 4, table: "requests", name: "inputTokens", width: 4, required: true },
  { id: 5, table: "requests", name: "outputTokens", width: 4, required: false },
  { id: 6, table: "requests", name: "turn", width: 2, required: false },
  { id: 7, table: "requests", name: "thinkNs", width: 8, required: false },
  { id: 8, table: "requests", name: "apiNs", width: 8, required: false },
  { id: 9, table: "requests", name: "parent", width: 4, required: false },
  { id: 10, table: "requests", name: "firstExtent", width: 4, required: true },
  { id: 11, table: "extents", name: "firstBlock", width: 4, required: true },
  { id: 12, table: "extents", name: "blockCount", width: 4, required: true },
  { id: 13, table: "extents", name: "kind", width: 1, required: false },
  // UTF-8 text, a line for each name.
  { id: 14, table: "trace", name: "kindNames", width: 1, required: false },
];

/** Everything of a trace but its hash. */
export type TraceParts = Omit<Trace, "hash">;

/** The canonical bytes of a trace, in a buffer of their own. */
export function canonicalBytes(trace: TraceParts): Uint8Array<ArrayBuffer> {
  const present: { kind: ColumnKind; data: ColumnArray; offset: number }[] = [];
  for (const kind of COLUMN_KINDS) {
    const data = columnOf(trace, kind);
    if (data !== undefined) present.push({ kind, data, offset: 0 });
  }
  let size = SCALAR_BYTES + present.length * COLUMN_ENTRY_BYTES;
  for (const column of present) {
    column.offset = size;
    size += roundUp8(column.data.byteLength);
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, trace.blockTokens, true);
  view.setUint32(4, reuseCode(trace.reuse), true);
  view.setUint32(8, trace.requestCount, true);
  view.setUint32(12, present.length, true);
  view.setFloat64(16, trace.accesses, true);
  view.setFloat64(24, trace.uniqueBlocks, true);
  present.forEach(({ kind, data, offset }, index) => {
    const at = SCALAR_BYTES + index * COLUMN_ENTRY_BYTES;
    view.setUint32(at, kind.id, true);
    view.setUint32(at + 4, kind.width, true);
    view.setUint32(at + 8, data.length, true);
    view.setFloat64(at + 16, offset, true);
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
  });
  return bytes;
}

/** Number of the reuse evidence in the canonical bytes. */
export function reuseCode(reuse: ReuseEvidence): number {
  return reuse === "hashes" ? 1 : 0;
}

function columnOf(trace: TraceParts, kind: ColumnKind): ColumnArray | undefined {
  if (kind.table === "trace") {
    return trace.kindNames && new TextEncoder().encode(trace.kindNames.join("\n"));
  }
  if (kind.table === "requests") return trace.requests[kind.name as keyof Requests];
  return trace.extents[kind.name as keyof Extents];
}

/** The next multiple of 8. */
export function roundUp8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** SHA-256 of bytes, as lower-case hexadecimal. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Bytes as lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Completes a trace with the hash of its canonical bytes. */
export async function sealTrace(parts: TraceParts): Promise<Trace> {
  return { ...parts, hash: await sha256Hex(canonicalBytes(parts)) };
}
