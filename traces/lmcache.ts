/**
 * LMCache lookup-hash logs: one JSON object per look-up with `timestamp` in seconds, `model_name`,
 * `chunk_size` (tokens of a block), `seq_len` and `chunk_hashes` (64-bit integers or texts).
 *
 * There are no output lengths.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import type { ReadContext } from "./context.ts";
import { JsonRow } from "./json_row.ts";
import { readJsonRows } from "./json_rows.ts";
import { BLOCK_TOKENS_MAX } from "./options.ts";
import { emptyRow, TraceTable } from "./table.ts";
import type { Trace } from "./trace.ts";

const SLOTS = [["timestamp"], ["seq_len"], ["chunk_hashes"], ["chunk_size"], [
  "model_name",
]] as const;
enum Slot {
  Time,
  Input,
  Hashes,
  ChunkSize,
  Model,
}

export async function readLmcache(context: ReadContext): Promise<Trace | undefined> {
  const table = new TraceTable(context, {
    format: "lmcache",
    mode: "hashes",
    blockTokens: 256,
    rounding: "either",
    timeKey: "timestamp",
    blocksKey: "chunk_hashes",
  });
  const unit = context.options.timeUnit ?? "s";
  const json = new JsonRow(context, SLOTS, Slot.Hashes);
  json.scanner.words = table.words;
  const row = emptyRow();
  await readJsonRows(json, () => {
    row.line = json.line;
    json.time(Slot.Time, unit, row);
    row.inputTokens = json.count(Slot.Input);
    row.tenant = json.name(Slot.Model);
    json.hashes();
    const chunkSize = json.count(Slot.ChunkSize, { least: 1, most: BLOCK_TOKENS_MAX });
    if (table.rows === 0 && !json.bad) table.blockTokens = chunkSize;
    if (chunkSize !== table.blockTokens && !json.bad) {
      json.report(Slot.ChunkSize, {
        name: "block-size-changes",
        message: "look-ups have different chunk sizes",
        expected: `${table.blockTokens}, as in the first look-up`,
      });
    }
    if (!json.bad) table.add(row, json.hashCount);
    return !table.full;
  });
  return await assemble(table);
}
