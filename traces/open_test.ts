import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Buffer } from "node:buffer";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { FileError, TraceError } from "../errors/errors.ts";
import { LINE_BYTES_MAX } from "./lines.ts";
import { openTrace, parseTrace } from "./open.ts";
import { dataPath, mooncakeLine, parseText, refuse, utf8 } from "./testing.ts";

const TWO_LINES = mooncakeLine() + mooncakeLine({ timestamp: 5, hash_ids: [0, 2] });

Deno.test("openTrace() folds the Mooncake conversation trace", async () => {
  const trace = await openTrace(dataPath("conversation_trace.jsonl.gz"));
  assertEquals(trace.format, "mooncake");
  assertEquals(trace.requestCount, 12_031);
  assertEquals(trace.accesses, 288_500);
  assertEquals(trace.uniqueBlocks, 182_790);
  assertEquals(trace.extents.firstBlock.length, 33_391);
  assertEquals(trace.requests.arrivalNs?.at(-1), 3_536_999e6);
  assertEquals(trace.hash, "3f618fda84c41fe614dfb80de1984ab46f018c941395ce2e1e4884d3fa7991c7");
});

Deno.test("openTrace() folds the Mooncake synthetic trace", async () => {
  const trace = await openTrace(dataPath("synthetic_trace.jsonl.gz"));
  assertEquals(trace.accesses, 121_877);
  assertEquals(trace.uniqueBlocks, 43_924);
  assertEquals(trace.extents.firstBlock.length, 5_727);
});

Deno.test("openTrace() tells a missing file and a folder", async () => {
  const missing = await assertRejects(() => openTrace(dataPath("no_such_file")), FileError);
  assertEquals(missing.code, "file/not-found");
  const folder = await assertRejects(() => openTrace(dataPath("")), FileError);
  assertEquals(folder.code, "file/is-folder");
});

Deno.test("parseTrace() gives the same trace for plain, gzip and zstd bytes", async () => {
  const plain = utf8(TWO_LINES);
  const { hash } = await parseTrace(plain);
  const first = utf8(TWO_LINES.slice(0, 40));
  const second = utf8(TWO_LINES.slice(40));
  const contents: Record<string, Uint8Array> = {
    gzip: gzipSync(plain),
    "gzip of two members": Buffer.concat([gzipSync(first), gzipSync(second)]),
    zstd: zstdCompressSync(plain),
    "zstd of two frames": Buffer.concat([zstdCompressSync(first), zstdCompressSync(second)]),
  };
  for (const [name, bytes] of Object.entries(contents)) {
    assertEquals((await parseTrace(bytes, name)).hash, hash, name);
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    assertEquals((await parseTrace(stream, name)).hash, hash, `${name} as a stream`);
  }
});

Deno.test("parseTrace() tells torn and damaged gzip and zstd", async () => {
  const plain = utf8(mooncakeLine().repeat(2000));
  const gzip = gzipSync(plain);
  const zstd = zstdCompressSync(plain);
  for (const cut of [5, 20, gzip.length >> 1, gzip.length - 9, gzip.length - 1]) {
    const { code, message } = await refuse(gzip.subarray(0, cut));
    assertEquals(code, "trace/gzip-truncated", `cut at ${cut}`);
    assertMatch(message, /truncated/);
  }
  for (const cut of [6, 20, zstd.length >> 1, zstd.length - 1]) {
    assertEquals(
      (await refuse(zstd.subarray(0, cut))).code,
      "trace/zstd-truncated",
      `cut at ${cut}`,
    );
  }
  const flipped = Buffer.from(gzip);
  flipped[gzip.length >> 1] ^= 0x10;
  assertEquals((await refuse(flipped)).code, "trace/gzip-damaged");
});

Deno.test("parseTrace() takes a byte order mark, CRLF, blank lines and no final newline", async () => {
  const { hash } = await parseText(TWO_LINES);
  const variants = [
    `\ufeff${TWO_LINES}`,
    TWO_LINES.replaceAll("\n", "\r\n"),
    TWO_LINES.replaceAll("\n", "\n\n  \n"),
    TWO_LINES.trimEnd(),
    `[${TWO_LINES.trimEnd().replaceAll("\n", ",\n")}]`,
    `{"requests": [\n${TWO_LINES.trimEnd().replaceAll("\n", ",\n")}\n]}`,
  ];
  for (const [index, text] of variants.entries()) {
    const options = index === 5 ? { format: "mooncake" } : {};
    assertEquals((await parseText(text, options)).hash, hash, JSON.stringify(text.slice(0, 40)));
  }
});

Deno.test("parseTrace() refuses empty, binary and unknown content", async () => {
  assertEquals((await refuse("")).code, "trace/empty-file");
  assertEquals((await refuse("\n\n")).code, "trace/unknown-format");
  const binary = await refuse(Uint8Array.from({ length: 4000 }, (_, index) => index * 37));
  assertEquals(binary.code, "trace/unknown-format");
  assertStringIncludes(binary.expected!, "mooncake, weka");
  assertStringIncludes((await refuse('{"a": 1}\n')).found!, "keys a");
  assertEquals((await refuse("", { format: "mooncake" })).code, "trace/no-requests");
});

Deno.test("parseTrace() refuses unknown names and values of options", async () => {
  const { code, mend } = await refuse(TWO_LINES, { format: "moncake" });
  assertEquals(code, "trace/bad-option");
  assertEquals(mend, ['did you mean "mooncake"?']);
  assertEquals((await refuse(TWO_LINES, { limit: 0 })).place?.key, "limit");
  assertEquals((await refuse(TWO_LINES, { blockTokens: 1.5 })).place?.key, "blockTokens");
  // deno-lint-ignore no-explicit-any
  assertEquals((await refuse(TWO_LINES, { timeUnit: "h" } as any)).place?.key, "timeUnit");
});

Deno.test("parseTrace() refuses arrivals that go back, and sorts them when asked", async () => {
  const lines = [0, 30, 10, 20].map((timestamp, index) =>
    mooncakeLine({ timestamp, hash_ids: [0, index + 1] })
  );
  const problem = await refuse(lines.join(""));
  assertEquals(problem.code, "trace/arrival-backwards");
  assertEquals(problem.place, { file: "file", line: 3, key: "timestamp" });
  assertStringIncludes(problem.mend!.join(), "--sort");
  const sorted = await parseText(lines.join(""), { sort: true });
  const { hash } = await parseText([lines[0], lines[2], lines[3], lines[1]].join(""));
  assertEquals(sorted.hash, hash);
  const limited = await parseText(lines.join(""), { sort: true, limit: 3 });
  assertEquals([...limited.requests.arrivalNs!], [0, 10e6, 20e6]);
});

Deno.test("parseTrace() stops at the limit without reading on", async () => {
  const { requestCount, hash } = await parseText(`${TWO_LINES}nonsense`, { limit: 2 });
  assertEquals(requestCount, 2);
  assertEquals(hash, (await parseText(TWO_LINES)).hash);
});

Deno.test("parseTrace() tells a line that breaks off and two objects in a line", async () => {
  const torn = await refuse(TWO_LINES + mooncakeLine().slice(0, 30));
  assertEquals(torn.code, "trace/bad-json");
  assertEquals(torn.place?.line, 3);
  const double = await refuse(mooncakeLine() + mooncakeLine().trim() + mooncakeLine());
  assertMatch(double.message, /two JSON objects stand in one line/);
  assertEquals(double.place?.line, 2);
  assertEquals(double.place?.column, mooncakeLine().length);
});

Deno.test("parseTrace() refuses bytes that are not UTF-8", async () => {
  const bytes = utf8(mooncakeLine({ session_id: "abc" }));
  bytes[bytes.indexOf(97)] = 0xff;
  const index = bytes.length - 4;
  bytes[index] = 0xff;
  assertEquals((await refuse(bytes)).code, "trace/not-utf8");
});

Deno.test("parseTrace() refuses an endless line without holding it", async () => {
  let sent = 0;
  const piece = new Uint8Array(1 << 20).fill(32);
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += piece.length;
      controller.enqueue(sent === piece.length ? utf8('{"hash_ids":[1],"input_length":') : piece);
      if (sent > 2 ** 31) controller.close();
    },
  });
  const error = await assertRejects(() => parseTrace(stream, "file"), TraceError);
  assertEquals(error.code, "trace/line-too-long");
  assertEquals(error.place.line, 1);
  assert(sent < LINE_BYTES_MAX + (8 << 20), `${sent} bytes were taken`);
});

Deno.test("parseTrace() collects findings, shows the first 20 and counts the others", async () => {
  const text = mooncakeLine() + mooncakeLine({ input_length: -1 }).repeat(50);
  const error = await assertRejects(() => parseText(text), TraceError);
  assertEquals(error.problems.length, 20);
  assertEquals(error.problems[0].place?.line, 2);
  assertMatch(error.problems[19].message, /31 more findings/);
});

Deno.test("openTrace() tells its progress and heeds a signal", async () => {
  const path = dataPath("conversation_trace.jsonl.gz");
  const calls: [number, number | undefined, number][] = [];
  await openTrace(path, { onProgress: (...call) => calls.push(call) });
  assertEquals(calls.at(-1)?.[0], calls.at(-1)?.[1]);
  assert(calls.length > 1);
  const abort = new AbortController();
  const reason = new Error("enough");
  const opening = openTrace(path, {
    signal: abort.signal,
    onProgress: () => abort.abort(reason),
  });
  assertEquals(await opening.catch((error) => error), reason);
});
