/**
 * Qwen-Bailian traces: one JSON object per request with `chat_id`, `parent_chat_id` (-1 for the
 * first turn), `timestamp` in seconds, lengths, `type`, `turn` and `hash_ids` of 16-token blocks.
 *
 * A session is a chain of chats, from its first turn on; the type is taken as the tenant.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import type { ReadContext } from "./context.ts";
import { JsonRow } from "./json_row.ts";
import { readJsonRows } from "./json_rows.ts";
import { emptyRow, TraceTable } from "./table.ts";
import type { Trace } from "./trace.ts";

const BLOCK_TOKENS = 16;
const TURN_MAX = 0xffff;

const SLOTS = [
  ["timestamp"],
  ["input_length"],
  ["output_length"],
  ["hash_ids"],
  ["chat_id"],
  ["parent_chat_id"],
  ["type"],
  ["turn"],
] as const;
enum Slot {
  Time,
  Input,
  Output,
  Hashes,
  Chat,
  Parent,
  Type,
  Turn,
}

export async function readQwenBailian(context: ReadContext): Promise<Trace | undefined> {
  const table = new TraceTable(context, {
    format: "qwen-bailian",
    mode: "hashes",
    blockTokens: BLOCK_TOKENS,
    rounding: "either",
    timeKey: "timestamp",
    blocksKey: "hash_ids",
  });
  const unit = context.options.timeUnit ?? "s";
  const json = new JsonRow(context, SLOTS, Slot.Hashes);
  json.scanner.words = table.words;
  const row = emptyRow();
  /** First chat of the chain that a chat belongs to. */
  const roots = new Map<string | number, string | number>();
  await readJsonRows(json, () => {
    row.line = json.line;
    json.time(Slot.Time, unit, row);
    row.inputTokens = json.count(Slot.Input);
    row.outputTokens = json.count(Slot.Output);
    row.turn = json.count(Slot.Turn, { optional: true, least: 1, most: TURN_MAX });
    row.tenant = json.name(Slot.Type);
    json.hashes();
    const chat = json.name(Slot.Chat);
    if (chat === undefined) json.reportMissing(Slot.Chat, "the number of the chat");
    else {
      const parent = json.name(Slot.Parent);
      const root = parent === undefined ? chat : roots.get(parent) ?? chat;
      roots.set(chat, root);
      row.session = root;
    }
    if (!json.bad) table.add(row, json.hashCount);
    return !table.full;
  });
  return await assemble(table);
}
