/**
 * Mooncake traces, and the shapes that grew out of them (Dynamo, Agentic Mooncake).
 *
 * One JSON object per request: `timestamp` in ms, `input_length`, `output_length`, and `hash_ids`
 * of 512-token blocks, the last of which may be partly filled. Rows that share `session_id` are
 * turns of one conversation. Other keys are ignored.
 *
 * @module
 */

import { plural } from "../errors/plural.ts";
import { assemble } from "./assemble.ts";
import type { FileHead, ReadContext } from "./context.ts";
import { JsonRow } from "./json_row.ts";
import { readJsonRows } from "./json_rows.ts";
import { emptyRow, type Row, TraceTable } from "./table.ts";
import { type Instant, toNs } from "./time.ts";
import type { Trace } from "./trace.ts";

/** Tokens of a block in the published traces. */
const BLOCK_TOKENS = 512;

const SLOTS = [
  ["timestamp", "created_time"],
  ["input_length", "input_tokens"],
  ["output_length", "output_tokens"],
  ["hash_ids"],
  ["session_id"],
  ["delay", "delay_ms"],
  ["model"],
] as const;
enum Slot {
  Time,
  Input,
  Output,
  Hashes,
  Session,
  Delay,
  Model,
}

export function detectMooncake({ keys }: FileHead): boolean {
  if (keys === undefined || keys.has("chat_id")) return false;
  return keys.has("hash_ids") && (keys.has("input_length") || keys.has("input_tokens"));
}

export async function readMooncake(context: ReadContext): Promise<Trace | undefined> {
  const table = new TraceTable(context, {
    format: "mooncake",
    mode: "hashes",
    blockTokens: BLOCK_TOKENS,
    inferBlockTokens: true,
    rounding: "up",
    timeKey: "timestamp",
    blocksKey: "hash_ids",
  });
  const unit = context.options.timeUnit ?? "ms";
  const json = new JsonRow(context, SLOTS, Slot.Hashes);
  json.scanner.words = table.words;
  const row = emptyRow();
  const clock = new SessionClock(context);
  await readJsonRows(json, () => {
    row.line = json.line;
    row.thinkNs = toNs(json.amount(Slot.Delay), unit);
    row.session = json.name(Slot.Session);
    if (json.has(Slot.Time) || !clock.continueSession(row)) json.time(Slot.Time, unit, row);
    row.inputTokens = json.count(Slot.Input);
    row.outputTokens = json.count(Slot.Output);
    row.tenant = json.name(Slot.Model);
    json.hashes();
    clock.note(row);
    if (!json.bad) table.add(row, json.hashCount);
    return !table.full;
  });
  clock.finish();
  return await assemble(table);
}

/**
 * Arrivals of closed-loop turns, which have a delay after the turn before and no time of their own.
 *
 * When that turn ended is not known, so its arrival is taken: the earliest time possible.
 */
class SessionClock {
  readonly #last = new Map<string | number, Instant>();
  #continued = 0;

  constructor(readonly context: ReadContext) {}

  /** Gives the row the arrival of its session's last turn plus its delay, if both are known. */
  continueSession(row: Row): boolean {
    const last = row.session === undefined ? undefined : this.#last.get(row.session);
    if (last === undefined || Number.isNaN(row.thinkNs)) return false;
    this.#continued++;
    row.seconds = last.seconds;
    row.nanos = last.nanos + row.thinkNs;
    return true;
  }

  note(row: Row): void {
    if (row.session === undefined) return;
    this.#last.set(row.session, { seconds: row.seconds, nanos: row.nanos });
  }

  finish(): void {
    if (this.#continued === 0) return;
    this.context.notes.push(
      `${this.#continued} ${plural(this.#continued, "turn")} with a delay and no time: taken as ` +
        "arrival of the turn before plus delay",
    );
  }
}
