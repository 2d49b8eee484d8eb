/**
 * The trace formats, one line each. Adding one is a file beside this one and a line here.
 *
 * @module
 */

import type { FileHead, ReadContext, TraceFormat } from "./context.ts";
import { detectGeneric } from "./generic_columns.ts";
import { detectKvt, readKvt } from "./kvt.ts";
import { detectMooncake, readMooncake } from "./mooncake.ts";
import { detectOracleGeneral, readOracleGeneral } from "./oracle_general.ts";

/** Whether a table has these columns, or the first JSON object these keys. */
const columns = (...names: string[]) => ({ header }: FileHead): boolean =>
  names.every((name) => header?.includes(name) === true);
const keys = (...names: string[]) => (head: FileHead): boolean =>
  names.every((name) => head.keys?.has(name) === true);

// Readers of all but the most common formats are loaded when they are needed.
// deno-fmt-ignore
const lazy = {
  weka: async (context: ReadContext) => (await import("./weka.ts")).readWeka(context),
  bailian: async (context: ReadContext) =>
    (await import("./qwen_bailian.ts")).readQwenBailian(context),
  lmcache: async (context: ReadContext) => (await import("./lmcache.ts")).readLmcache(context),
  tair: async (context: ReadContext) => (await import("./tair.ts")).readTair(context),
  llmservingsim: async (context: ReadContext) =>
    (await import("./llmservingsim.ts")).readLlmservingsim(context),
  azure: async (context: ReadContext) => (await import("./azure.ts")).readAzure(context),
  burstgpt: async (context: ReadContext) => (await import("./burstgpt.ts")).readBurstgpt(context),
  splitwise: async (context: ReadContext) =>
    (await import("./splitwise.ts")).readSplitwise(context),
  vidur: async (context: ReadContext) => (await import("./vidur.ts")).readVidur(context),
  genericJsonl: async (context: ReadContext) =>
    (await import("./generic.ts")).readGenericJsonl(context),
  genericCsv: async (context: ReadContext) =>
    (await import("./generic.ts")).readGenericCsv(context),
};

/** All formats, in the order in which detection asks them. */
// deno-fmt-ignore
export const TRACE_FORMATS: readonly TraceFormat[] = [
  { name: "kvt", describe: "kvtier's own folded binary", detect: detectKvt, read: readKvt },
  { name: "mooncake", describe: "Mooncake JSONL: timestamp in ms, lengths, hash_ids (also Dynamo and Agentic Mooncake)", detect: detectMooncake, read: readMooncake },
  { name: "weka", describe: "WEKA Claude Code sessions: a JSON object per session, hash_ids or hash_rle", detect: (head) => keys("hash_id_scope")(head) || keys("block_size", "requests")(head), read: lazy.weka },
  { name: "qwen-bailian", describe: "Qwen-Bailian JSONL: chat_id, timestamp in s, lengths, 16-token hash_ids", detect: keys("chat_id", "hash_ids"), read: lazy.bailian },
  { name: "lmcache", describe: "LMCache lookup-hash JSONL: chunk_hashes, chunk_size, seq_len", detect: keys("chunk_hashes"), read: lazy.lmcache },
  { name: "tair", describe: "Tair KVCache publisher log: GetCacheLocation events with 64-bit keys", detect: keys("trigger_time_us", "type"), read: lazy.tair },
  { name: "llmservingsim", describe: "LLMServingSim JSONL: real token ids, hashed into blocks here", detect: keys("input_tok_ids"), read: lazy.llmservingsim },
  { name: "azure", describe: "Azure LLM inference CSV (2023, 2024): times and lengths", detect: columns("contexttokens", "generatedtokens"), read: lazy.azure },
  { name: "burstgpt", describe: "BurstGPT CSV: times, models and lengths, sessions if it has them", detect: columns("requesttokens", "responsetokens"), read: lazy.burstgpt },
  { name: "splitwise", describe: "Splitwise-sim CSV: times, applications and lengths", detect: columns("promptsize", "tokensize", "arrivaltimestamp"), read: lazy.splitwise },
  { name: "vidur", describe: "Vidur CSV: times and lengths", detect: columns("arrivedat", "numprefilltokens"), read: lazy.vidur },
  { name: "generic-jsonl", describe: "other JSON Lines, by a map of columns or by usual names", detect: (head) => head.keys !== undefined && detectGeneric(head), read: lazy.genericJsonl },
  { name: "generic-csv", describe: "other CSV with a header, by a map of columns or by usual names", detect: (head) => head.header !== undefined && detectGeneric(head), read: lazy.genericCsv },
  { name: "oracle-general", describe: "libCacheSim oracleGeneral: binary records of one block each", detect: detectOracleGeneral, read: readOracleGeneral },
];
