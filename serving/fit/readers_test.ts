import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CalibrationError, describe } from "../../errors/errors.ts";
import { parseTrace } from "../../traces/open.ts";
import { loadModel } from "../../scenario/load.ts";
import { engineRequests } from "../reference/requests.ts";
import { computable } from "../weights.ts";
import { readAllReduces } from "./all_reduce.ts";
import { type MeasuredText, measuredText, readMeasured } from "./input.ts";
import { readRequestLog } from "./request_log.ts";
import { readContexts, readMixed, readSteps } from "./step_table.ts";
import { readTable } from "./table.ts";
import { checkModel } from "./vidur_model.ts";
import { readVidurProducts } from "./vidur_table.ts";

const of = (text: string): MeasuredText => ({ file: "m.csv", text, hash: "" });

function refused(run: () => unknown, ...said: readonly string[]): void {
  const error = assertThrows(run, CalibrationError);
  for (const part of said) assertStringIncludes(describe(error), part);
}

Deno.test("tables are refused with their place: ragged, empty, not numbers, missing columns", () => {
  assertEquals([...readTable(of("a,b\r\n1,2\r\n\r\n3,4\r\n")).numbers("b")], [2, 4]);
  refused(() => readTable(of("a,b\n1\n")), "m.csv:2", "1 fields", "expected 2");
  refused(() => readTable(of("a,b\n")), "no rows");
  refused(() => readTable(of("a,b\n1,\n")).numbers("b"), "m.csv:2", '"b" is not a number');
  refused(() => readTable(of("layer,tokens\n1,2\n")).numbers("token"), 'did you mean "tokens"');
});

Deno.test("the hash is that of the file as it lies there, compressed or not", async () => {
  const { hash, text } = await readMeasured("tests/data/serving/rtx4090_llama8b_layers.csv");
  const bytes = new TextEncoder().encode(text);
  const gzip = new Response(bytes).body!.pipeThrough(new CompressionStream("gzip"));
  const packed = new Uint8Array(await new Response(gzip).arrayBuffer());
  const read = await measuredText(packed, "x.gz");
  assertEquals(read.text, text);
  assertEquals(read.hash === hash, false);
  assertEquals((await measuredText(bytes, "x")).hash, hash);
});

Deno.test("rows of attention are of decoding alone, or of prompts with what decodes beside", () => {
  const text =
    "prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n0,0,4,16,9\n256,512,8,1024,70\n";
  const decoding = { chunk: 0, before: 0, sequences: 4, context: 16, ns: 9_000 };
  assertEquals<unknown>(readContexts(of(text)), [decoding]);
  const mixed = { chunk: 256, before: 512, sequences: 8, context: 1024, ns: 70_000 };
  assertEquals(readMixed(of(text)), [mixed]);
  assertEquals(readMixed(of(text.replaceAll("kv_prefill", "other")))[0].before, 0);
});

const ROW = {
  queued_ts: 100,
  first_token_ts: 100.5,
  last_token_ts: 101.5,
  input_toks: 32,
  output_toks: 11,
};

Deno.test("a request log is read in order of arrival, under either kind of name", () => {
  const other = {
    arrivalSeconds: 99,
    firstTokenSeconds: 99.25,
    lastTokenSeconds: 100,
    inputTokens: 7,
    outputTokens: 2,
  };
  const [first, second] = readRequestLog(of(`${JSON.stringify(ROW)}\n${JSON.stringify(other)}\n`));
  assertEquals(first, {
    arrivalNs: 0,
    firstTokenNs: 0.25e9,
    lastTokenNs: 1e9,
    inputTokens: 7,
    outputTokens: 2,
  });
  assertEquals([second.arrivalNs, second.lastTokenNs], [1e9, 2.5e9]);
});

Deno.test("a log that makes no sense is refused with its line", () => {
  const line = (more: object) =>
    of(`${JSON.stringify(ROW)}\n${JSON.stringify({ ...ROW, ...more })}`);
  refused(() => readRequestLog(of("{")), "m.csv:1", "not JSON");
  refused(() => readRequestLog(of("[1]")), "m.csv:1", "no object");
  refused(() => readRequestLog(of("\n")), "no requests");
  refused(() => readRequestLog(line({ input_toks: 0 })), "m.csv:2", "input_toks", "1 or more");
  refused(() => readRequestLog(line({ first_token_ts: 99 })), "m.csv:2", "back in time");
  const { queued_ts: _queued, ...rest } = ROW;
  refused(() => readRequestLog(of(JSON.stringify(rest))), "queued_ts is missing");
});

Deno.test("a log and a trace of other requests do not join", async () => {
  const row = { timestamp: 0, input_length: 32, output_length: 11, hash_ids: [5, 6] };
  const bytes = new TextEncoder().encode(`${JSON.stringify(row)}\n`);
  const trace = await parseTrace(bytes, "t.jsonl", { blockTokens: 16, format: "mooncake" });
  const log = readRequestLog(of(JSON.stringify(ROW)));
  const [request] = engineRequests(log, 16, trace, "log");
  assertEquals(request.blockKeys.length, 2);
  refused(() => engineRequests(log, 32, trace, "log"), "blocks of 16 tokens");
  refused(() => engineRequests([...log, ...log], 16, trace, "log"), "1 requests", "2 requests");
  const longer = [{ ...log[0], inputTokens: 31 }];
  refused(() => engineRequests(longer, 16, trace, "log"), "32 prompt tokens in request 1");
});

Deno.test("tables of another model or degree are refused", async () => {
  const table = readVidurProducts(
    await readMeasured("tests/data/serving/vidur_a100_llama3_8b_mlp.csv.gz"),
  );
  checkModel(table, computable(await loadModel("llama-3.1-8b")), "f");
  const other = computable(await loadModel("llama-3.1-70b"));
  refused(() => checkModel(table, other, "f"), "hiddenSize 4096", "hiddenSize 8192", "--model");
  const reduce = await readMeasured("tests/data/serving/vidur_h100_all_reduce.csv.gz");
  refused(() => readAllReduces(reduce, 3), "2, 4, 8 devices", "--tp");
});

Deno.test("steps count what sliding windows keep", () => {
  const text = "num_tokens,n_decode,kv_decode,prefill_chunk,step_us\n5,2,100,3,7\n";
  const [{ work, ns }] = readSteps(of(text), 2);
  assertEquals(ns, 7_000);
  assertEquals(work, {
    tokens: 5,
    sequences: 3,
    pairs: 6,
    contextTokens: 200,
    windowPairs: 5,
    windowContextTokens: 4,
  });
});
