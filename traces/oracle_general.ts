/**
 * libCacheSim's `oracleGeneral` binary: single block accesses of a general cache trace.
 *
 * Records of 24 bytes, little-endian: time u32 (s), id u64, size u32, next access i64. Each record
 * is a request for one block; sizes and next accesses are not used.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import type { FileHead, ReadContext } from "./context.ts";
import { refusal } from "./findings.ts";
import { emptyRow, TraceTable } from "./table.ts";
import { splitTime } from "./time.ts";
import type { Trace } from "./trace.ts";

const RECORD_BYTES = 24;
const RECORDS_LOOKED_AT = 64;

/** Times that do not decrease and next accesses that lie ahead are hardly met by chance. */
export function detectOracleGeneral({ bytes, text, whole }: FileHead): boolean {
  if (text !== undefined || bytes.length < RECORD_BYTES) return false;
  if (whole && bytes.length % RECORD_BYTES !== 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records = Math.min(RECORDS_LOOKED_AT, Math.floor(bytes.length / RECORD_BYTES));
  let last = 0;
  for (let record = 0; record < records; record++) {
    const at = record * RECORD_BYTES;
    const time = view.getUint32(at, true);
    const nextHigh = view.getInt32(at + 20, true);
    const nextLow = view.getInt32(at + 16, true);
    const isNever = nextHigh === -1 && (nextLow === -1 || nextLow === -2);
    const isAhead = nextHigh >= 0 && nextHigh < 1 << 16;
    if (time < last || !(isNever || isAhead)) return false;
    last = time;
  }
  return true;
}

export async function readOracleGeneral(context: ReadContext): Promise<Trace | undefined> {
  context.placeKind = "row";
  const table = new TraceTable(context, {
    format: "oracle-general",
    mode: "hashes",
    blockTokens: 1,
    rounding: "any",
    timeKey: "time",
    blocksKey: "id",
  });
  const row = emptyRow();
  const blockTokens = context.options.blockTokens ?? 1;
  let rest = new Uint8Array(0);
  for await (const chunk of context.chunks) {
    let bytes: Uint8Array = chunk;
    if (rest.length > 0) {
      bytes = new Uint8Array(rest.length + chunk.length);
      bytes.set(rest);
      bytes.set(chunk, rest.length);
    }
    const used = bytes.length - bytes.length % RECORD_BYTES;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < used && !table.full; at += RECORD_BYTES) {
      row.line = table.rows + 1;
      row.inputTokens = blockTokens;
      splitTime(view.getUint32(at, true), context.options.timeUnit ?? "s", row);
      table.words.push(view.getUint32(at + 4, true));
      table.words.push(view.getUint32(at + 8, true));
      table.add(row, 1);
    }
    rest = bytes.slice(used);
    if (table.full) break;
  }
  if (rest.length > 0 && !table.full) throw tornRecord(context, table.rows, rest.length);
  context.notes.push("each record is a request for one block; record sizes are not used");
  return await assemble(table);
}

function tornRecord(context: ReadContext, rows: number, found: number): Error {
  return refusal(context.file, {
    name: "truncated",
    message: "the last record breaks off",
    place: { row: rows + 1, byteOffset: rows * RECORD_BYTES },
    found: `${found} bytes`,
    expected: `records of ${RECORD_BYTES} bytes`,
    mend: ["fetch the file again"],
  });
}
