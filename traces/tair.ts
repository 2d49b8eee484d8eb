/**
 * Tair KVCache publisher logs: one JSON event in a line. `GetCacheLocation` events are the
 * requests: `trigger_time_us` and `keys`, 64-bit hashes of the prompt's blocks. Other events are
 * skipped.
 *
 * The log names neither the block size nor lengths: blocks are taken to be full and of 16 tokens,
 * if `blockTokens` does not say otherwise. `source` is taken as the tenant.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import type { ReadContext } from "./context.ts";
import { JsonRow } from "./json_row.ts";
import { readJsonRows } from "./json_rows.ts";
import { DEFAULT_BLOCK_TOKENS } from "./block_size.ts";
import { emptyRow, TraceTable } from "./table.ts";
import type { Trace } from "./trace.ts";

const REQUEST_EVENT = "GetCacheLocation";

const SLOTS = [["trigger_time_us"], ["type"], ["keys"], ["source"]] as const;
enum Slot {
  Time,
  Type,
  Keys,
  Source,
}

export async function readTair(context: ReadContext): Promise<Trace | undefined> {
  const table = new TraceTable(context, {
    format: "tair",
    mode: "hashes",
    blockTokens: DEFAULT_BLOCK_TOKENS,
    rounding: "any",
    timeKey: "trigger_time_us",
    blocksKey: "keys",
  });
  const unit = context.options.timeUnit ?? "us";
  const blockTokens = context.options.blockTokens ?? DEFAULT_BLOCK_TOKENS;
  const json = new JsonRow(context, SLOTS, Slot.Keys);
  json.scanner.words = table.words;
  const row = emptyRow();
  let others = 0;
  await readJsonRows(json, () => {
    const type = json.name(Slot.Type);
    if (type === undefined) json.reportMissing(Slot.Type, "the type of the event");
    else if (type !== REQUEST_EVENT) {
      others++;
      json.dropHashes();
      return true;
    }
    row.line = json.line;
    json.time(Slot.Time, unit, row);
    json.hashes();
    row.inputTokens = json.hashCount * blockTokens;
    row.tenant = json.name(Slot.Source);
    if (!json.bad) table.add(row, json.hashCount);
    return !table.full;
  });
  if (others > 0) context.notes.push(`${others} events other than ${REQUEST_EVENT} were skipped`);
  context.notes.push(
    `prompt lengths are not logged: blocks are taken to be full, of ${blockTokens} tokens`,
  );
  return await assemble(table);
}
