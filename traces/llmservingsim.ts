/**
 * LLMServingSim workloads: one JSON object per request with `arrival_time_ns`, `input_toks`,
 * `output_toks` and the prompt's token ids in `input_tok_ids`.
 *
 * Ids become block hashes: each block of 16 tokens (or `blockTokens`) is hashed with all before it,
 * and the last, part-filled block with its length.
 *
 * @module
 */

import { assemble } from "./assemble.ts";
import { DEFAULT_BLOCK_TOKENS } from "./block_size.ts";
import { type Column, u32Column } from "./columns.ts";
import type { ReadContext } from "./context.ts";
import { JsonRow } from "./json_row.ts";
import { readJsonRows } from "./json_rows.ts";
import { emptyRow, TraceTable } from "./table.ts";
import type { Trace } from "./trace.ts";

const SLOTS = [["arrival_time_ns"], ["input_toks"], ["output_toks"], ["input_tok_ids"]] as const;
enum Slot {
  Time,
  Input,
  Output,
  Ids,
}

export async function readLlmservingsim(context: ReadContext): Promise<Trace | undefined> {
  const { options } = context;
  const blockTokens = options.blockTokens ?? DEFAULT_BLOCK_TOKENS;
  const table = new TraceTable(context, {
    format: "llmservingsim",
    mode: "hashes",
    blockTokens,
    rounding: "up",
    timeKey: "arrival_time_ns",
    blocksKey: "input_tok_ids",
  });
  const json = new JsonRow(context, SLOTS, Slot.Ids);
  json.scanner.words = u32Column();
  const row = emptyRow();
  await readJsonRows(json, () => {
    row.line = json.line;
    json.time(Slot.Time, options.timeUnit ?? "ns", row);
    row.inputTokens = json.count(Slot.Input);
    row.outputTokens = json.count(Slot.Output);
    json.hashes();
    if (!json.bad && json.hashCount !== row.inputTokens) {
      json.report(Slot.Input, {
        name: "token-count",
        message: "input_toks is not the number of token ids",
        expected: `${json.hashCount}, the length of input_tok_ids`,
      });
    }
    if (!json.bad) {
      table.add(row, hashBlocks(json.scanner.words.view(), blockTokens, table.words));
    }
    json.dropHashes();
    return !table.full;
  });
  return await assemble(table);
}

/**
 * Hashes tokens block by block, each chained to the one before, in two independent 32-bit lanes.
 *
 * @param ids Tokens as low and high words; the low ones count.
 * @returns Number of blocks.
 */
function hashBlocks(ids: Uint32Array, blockTokens: number, words: Column<Uint32Array>): number {
  let low = 0x9e3779b9;
  let high = 0x85ebca6b;
  let blocks = 0;
  for (let at = 0; at < ids.length;) {
    const end = Math.min(ids.length, at + 2 * blockTokens);
    const tokens = (end - at) / 2;
    for (; at < end; at += 2) {
      low = mix(low ^ ids[at], 0x85ebca6b, 0xc2b2ae35);
      high = mix(high ^ ids[at], 0x7feb352d, 0x846ca68b);
    }
    words.push(mix(low ^ tokens, 0x85ebca6b, 0xc2b2ae35) >>> 0);
    words.push(mix(high ^ tokens, 0x7feb352d, 0x846ca68b) >>> 0);
    blocks++;
  }
  return blocks;
}

/** A bijective mixing step: the finalizer of MurmurHash3, with the constants of the lane. */
function mix(value: number, first: number, second: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, first);
  hash = Math.imul(hash ^ (hash >>> 13), second);
  return hash ^ (hash >>> 16);
}
