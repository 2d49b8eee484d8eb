import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { TRACE_FORMATS } from "./formats.ts";
import { openTrace, parseTrace } from "./open.ts";
import { dataPath, extentsOf, parseText, refuse, utf8 } from "./testing.ts";

const FILES: Readonly<Record<string, readonly string[]>> = {
  "mooncake": ["conversation_trace.jsonl.gz", "mooncake_dynamo.jsonl"],
  "weka": ["weka_trace_0026.json", "weka_claude_code_rle.jsonl.gz"],
  "qwen-bailian": ["qwen_bailian.jsonl"],
  "lmcache": ["lmcache_lookup.jsonl"],
  "tair": ["tair_event_publisher_60.log"],
  "llmservingsim": ["llmservingsim_sharegpt_20.jsonl"],
  "azure": ["azure_2023_code.csv.gz", "azure_2024.csv"],
  "burstgpt": ["burstgpt.csv"],
  "splitwise": ["splitwise.csv"],
  "vidur": ["vidur_splitwise_code.csv"],
  "oracle-general": ["oracle_general.bin"],
};

for (const [format, files] of Object.entries(FILES)) {
  Deno.test(`openTrace() tells ${format} from its content`, async () => {
    for (const file of files) {
      const trace = await openTrace(dataPath(file));
      assertEquals(trace.format, format);
      const named = await openTrace(dataPath(file), { format });
      assertEquals(named.hash, trace.hash);
      const head = await openTrace(dataPath(file), { limit: 2 });
      assertEquals(head.requestCount, Math.min(2, trace.requestCount));
    }
  });
}

Deno.test("TRACE_FORMATS have a test file each, or are generic, or kvtier's own", () => {
  for (const { name } of TRACE_FORMATS) {
    assert(name in FILES || name.startsWith("generic-") || name === "kvt", name);
  }
});

Deno.test("readAzure() keeps seven digits and gives each request blocks of its own", async () => {
  const azure = await openTrace(dataPath("azure_2023_code.csv.gz"));
  assertEquals([...azure.requests.arrivalNs!.subarray(0, 3)], [0, 52_000_000, 98_189_000]);
  assertEquals(azure.reuse, "none");
  assertEquals([extentsOf(azure, 0), extentsOf(azure, 1)], ["0+301", "301+199"]);
  assertEquals(azure.uniqueBlocks, azure.accesses);
  const vidur = await openTrace(dataPath("vidur_splitwise_code.csv"));
  assertEquals(vidur.requests.inputTokens, azure.requests.inputTokens);
  const with64 = await openTrace(dataPath("azure_2023_code.csv.gz"), { blockTokens: 64 });
  assertEquals(extentsOf(with64, 0), "0+76");
  const in2024 = await openTrace(dataPath("azure_2024.csv"));
  assertEquals([...in2024.requests.arrivalNs!], [0, 7_405_000, 12_828_000, 86_399_990_069_000]);
});

Deno.test("readBurstgpt() drops failed requests unless told otherwise", async () => {
  const path = dataPath("burstgpt.csv");
  const trace = await openTrace(path);
  assertEquals(trace.requestCount, 3);
  assertMatch(trace.notes[0], /1 failed requests/);
  assertEquals([...trace.requests.session!], [0, 1, 0]);
  assertEquals([...trace.requests.apiNs!], [3.5e9, 0.25e9, 2.125e9]);
  assertEquals((await openTrace(path, { dropFailed: false })).requestCount, 4);
});

Deno.test("readQwenBailian() follows chats to their first turn", async () => {
  const trace = await openTrace(dataPath("qwen_bailian.jsonl"));
  assertEquals([...trace.requests.session!], [0, 1, 0, 0, 2]);
  assertEquals([...trace.requests.turn!], [1, 1, 2, 3, 4]);
  assertEquals([...trace.requests.tenant!], [0, 1, 0, 0, 2]);
  assertEquals(trace.requests.arrivalNs![2], 12_386_000_000);
  assertEquals(extentsOf(trace, 2), "0+2 3+2");
  const line = (await Deno.readTextFile(dataPath("qwen_bailian.jsonl"))).split("\n")[0];
  const { code, place } = await refuse(line.replace('"turn": 1', '"turn": 65536'));
  assertEquals([code, place?.key], ["trace/bad-count", "turn"]);
});

Deno.test("readLmcache() keeps 64-bit hashes exact and heeds the chunk size", async () => {
  const trace = await openTrace(dataPath("lmcache_lookup.jsonl"));
  assertEquals(trace.blockTokens, 256);
  assertEquals(trace.uniqueBlocks, 5);
  assertEquals([0, 1, 2].map((row) => extentsOf(trace, row)), ["0+2", "0+3", "3+2"]);
  assertEquals([...trace.requests.arrivalNs!], [0, 1.25e9, 1.25e9]);
  assertEquals(trace.requests.outputTokens, undefined);
  const text = await Deno.readTextFile(dataPath("lmcache_lookup.jsonl"));
  const { code } = await refuse(
    text.replace(/256(?=.*r3)/, "256").replace(/256([^\n]*)$/m, "128$1"),
  );
  assertEquals(code, "trace/block-size-changes");
});

Deno.test("readTair() takes the look-ups of a log", async () => {
  const trace = await openTrace(dataPath("tair_event_publisher_60.log"));
  assertEquals([trace.requestCount, trace.accesses, trace.uniqueBlocks], [21, 705, 284]);
  assertMatch(trace.notes[0], /39 events other than GetCacheLocation were skipped/);
  assertEquals(trace.requests.inputTokens[0], 9 * 16);
  assertEquals(trace.requests.arrivalNs![1] % 1000, 0);
  const wider = await openTrace(dataPath("tair_event_publisher_60.log"), { blockTokens: 64 });
  assertEquals(wider.requests.inputTokens[0], 9 * 64);
});

Deno.test("readLlmservingsim() hashes token ids block by block", async () => {
  const path = dataPath("llmservingsim_sharegpt_20.jsonl");
  const trace = await openTrace(path);
  const rows = (await Deno.readTextFile(path)).trim().split("\n").map((line) => JSON.parse(line));
  // The same by texts of whole prefixes.
  const seen = new Map<string, number>();
  let accesses = 0;
  for (const { input_tok_ids } of rows) {
    for (let end = 16; end < input_tok_ids.length + 16; end += 16) {
      const prefix = input_tok_ids.slice(0, end).join();
      if (!seen.has(prefix)) seen.set(prefix, seen.size);
      accesses++;
    }
  }
  assertEquals([trace.accesses, trace.uniqueBlocks], [accesses, seen.size]);
  const bad = JSON.stringify({ ...rows[0], input_toks: 3 });
  assertEquals((await refuse(bad)).code, "trace/token-count");
});

Deno.test("readOracleGeneral() takes a block per record and tells a torn one", async () => {
  const bytes = await Deno.readFile(dataPath("oracle_general.bin"));
  const trace = await parseTrace(bytes);
  assertEquals([trace.requestCount, trace.uniqueBlocks, trace.blockTokens], [6, 4, 1]);
  assertEquals([...trace.extents.firstBlock], [0, 1, 0, 2, 1, 3]);
  assertEquals([...trace.requests.arrivalNs!], [0, 0, 1e9, 1e9, 2e9, 2e9]);
  const { code, place } = await refuse(bytes.subarray(0, 100), { format: "oracle-general" });
  assertEquals([code, place?.row, place?.byteOffset], ["trace/truncated", 5, 96]);
});

Deno.test("readSplitwise() reads times, applications and lengths", async () => {
  const { requests } = await openTrace(dataPath("splitwise.csv"));
  assertEquals([...requests.arrivalNs!], [0, 233e6, 1483e6]);
  assertEquals([...requests.tenant!], [0, 0, 1]);
  assertEquals([...requests.outputTokens!], [1, 128, 129]);
});

Deno.test("readCsvRows() takes quotes and tells wrong rows with line and column", async () => {
  const head = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
  const quoted = await parseText(`${head}"2023-11-16 18:17:03.5","10","2"\n`);
  assertEquals(quoted.requests.inputTokens[0], 10);
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ["2023-11-16 18:17:03,x,2", "bad-count", "ContextTokens"],
    ["2023-11-16 18:17:03,10,-2", "bad-count", "GeneratedTokens"],
    ["2023-11-16 18:17:03,10,", "bad-count", "GeneratedTokens"],
    ["2023-11-16 18:17:03,10,NaN", "bad-count", "GeneratedTokens"],
    ["2023-02-30 18:17:03,10,2", "bad-time", "TIMESTAMP"],
    ["soon,10,2", "bad-time", "TIMESTAMP"],
    ["2023-11-16 18:17:03,10", "field-count", undefined],
    ['2023-11-16 18:17:03,"10,2', "bad-csv", undefined],
    ["2023-11-16 18:17:02,10,2", "arrival-backwards", "TIMESTAMP"],
  ];
  for (const [row, name, key] of cases) {
    const { code, place } = await refuse(`${head}2023-11-16 18:17:02.5,1,1\n${row}\n`);
    assertEquals([code, place?.line, place?.key], [`trace/${name}`, 3, key], row);
  }
  const missing = await refuse("TIMESTAMP,ContextTokens,GeneratedTokns\n", { format: "azure" });
  assertEquals(missing.code, "trace/missing-column");
  assertEquals(missing.mend, ['did you mean "GeneratedTokns"?']);
});

Deno.test("readGenericCsv() finds usual names, or takes a map", async () => {
  const usual = await parseText("arrival_time_ms,prompt_tokens,user\n1000,32,a\n1500,40,b\n");
  assertEquals(usual.format, "generic-csv");
  assertEquals([...usual.requests.arrivalNs!], [0, 500e6]);
  assertEquals([...usual.requests.tenant!], [0, 1]);
  assertStringIncludes(usual.notes[0], "ms");
  const columns = { time: "when", input: "len", output: "gen" };
  const mapped = await parseText("gen,len,when\n1,32,0.5\n2,40,2\n", { columns });
  assertEquals([...mapped.requests.arrivalNs!], [0, 1.5e9]);
  assertEquals([...mapped.requests.outputTokens!], [1, 2]);
  const epoch = await parseText("time,prompt_tokens\n1700000000000,3\n1700000001000,4\n");
  assertEquals(epoch.requests.arrivalNs![1], 1e9, "milliseconds since 1970");
  const { code } = await refuse("a,b\n1,2\n", { columns: { input: "c" } });
  assertEquals(code, "trace/missing-column");
});

Deno.test("readGenericJsonl() reads block hashes and lengths by map or usual names", async () => {
  const line = (time: number, blocks: unknown) =>
    `${JSON.stringify({ time, promptTokens: 30, blocks, conversationId: "x" })}\n`;
  const trace = await parseText(line(1, ["a", "b"]) + line(2, ["a", "c"]));
  assertEquals([trace.format, trace.uniqueBlocks, trace.reuse], ["generic-jsonl", 3, "hashes"]);
  assertEquals([...trace.requests.turn!], [1, 2]);
  const plain = await parseText('{"n":5,"at":"2024-05-10T00:00:00Z"}\n', {
    columns: { input: "n", time: "at" },
  });
  assertEquals([plain.reuse, plain.accesses], ["none", 1]);
  const exact = '{"ts":1763975741548745123,"n":1}\n{"ts":1763975741548745125,"n":1}\n';
  const nanos = await parseText(exact, { columns: { input: "n", time: "ts" } });
  assertEquals([...nanos.requests.arrivalNs!], [0, 2]);
});

Deno.test("readers agree on gzip and plain bytes of a file with sub-agents", async () => {
  const bytes = await Deno.readFile(dataPath("weka_trace_0291.json"));
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  assertEquals(gunzipSync(packed).length, bytes.length);
  assertEquals((await parseTrace(packed)).hash, (await parseTrace(bytes)).hash);
  assertEquals(utf8("").length, 0);
});
