// Mutated bytes of every trace format: no hang, no trap, always a TraceError with a place, or a
// sound trace. One failing case is repeated by its printed seed: FUZZ_SEED=… FUZZ_ROUNDS=1.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { TraceError } from "../../errors/errors.ts";
import { checkColumns } from "../../traces/kvt_checks.ts";
import { encodeKvt } from "../../traces/kvt.ts";
import { parseTrace } from "../../traces/open.ts";
import { inflate } from "../../traces/inflate.ts";
import { fileSource } from "../../traces/source.ts";
import type { TraceOptions } from "../../traces/options.ts";

const DATA = new URL("../data/", import.meta.url).pathname;
const ROUNDS = Number(Deno.env.get("FUZZ_ROUNDS") ?? 120);
const FIRST_SEED = Number(Deno.env.get("FUZZ_SEED") ?? 1);
const SAMPLE_BYTES = 12_000;
/** Slower than this is taken for a hang; a case takes about a millisecond. */
const CASE_MS_MAX = 5_000;

/** A file per format, and whether its first bytes may be cut at a line. */
const SAMPLES: readonly (readonly [file: string, isText: boolean])[] = [
  ["conversation_trace.jsonl.gz", true],
  ["mooncake_dynamo.jsonl", true],
  ["weka_claude_code_rle.jsonl.gz", true],
  ["weka_trace_0026.json", true],
  ["qwen_bailian.jsonl", true],
  ["lmcache_lookup.jsonl", true],
  ["tair_event_publisher_60.log", true],
  ["llmservingsim_sharegpt_20.jsonl", true],
  ["azure_2023_code.csv.gz", true],
  ["azure_2024.csv", true],
  ["burstgpt.csv", true],
  ["splitwise.csv", true],
  ["vidur_splitwise_code.csv", true],
  ["oracle_general.bin", false],
];

const POISON = [
  "NaN",
  "-1",
  "1e999",
  "0.5",
  "-0",
  "18446744073709551616",
  "-9223372036854775809",
  "4294967296",
  "null",
  "true",
  '"x"',
  "[[[[",
  "}{",
  "{}",
  "[]",
  '"',
  "\\u0001",
  "\r\n",
  "\n\n",
  ",",
  "\u0000",
  "\ufeff",
  "é",
  "subagent",
  "9".repeat(400),
];

/** Seeded random whole numbers below a bound. */
function random(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function mutate(bytes: Uint8Array, below: (bound: number) => number): Uint8Array<ArrayBuffer> {
  const at = below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + below(40));
  const front = bytes.subarray(0, at);
  switch (below(7)) {
    case 0: {
      const copy = concat(bytes);
      if (copy.length > 0) copy[Math.min(at, copy.length - 1)] ^= 1 << below(8);
      return copy;
    }
    case 1:
      return concat(front, bytes.subarray(to));
    case 2:
      return concat(front, bytes.subarray(at, to), bytes.subarray(at));
    case 3:
      return concat(front);
    case 4:
      return concat(
        front,
        Uint8Array.from({ length: 1 + below(8) }, () => below(256)),
        bytes.subarray(at),
      );
    case 5: {
      const line = bytes.indexOf(10, at) + 1;
      return concat(bytes.subarray(line), bytes.subarray(0, line));
    }
    default: {
      const poison = new TextEncoder().encode(POISON[below(POISON.length)]);
      // In place of a number, so that the poison becomes a value.
      let start = at;
      while (start < bytes.length && !(bytes[start] >= 48 && bytes[start] <= 57)) start++;
      let end = start;
      while (end < bytes.length && bytes[end] >= 48 && bytes[end] <= 57) end++;
      return concat(bytes.subarray(0, start), poison, bytes.subarray(end));
    }
  }
}

async function sample(file: string, isText: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of inflate(await fileSource(DATA + file))) pieces.push(piece);
  const whole = concat(...pieces);
  if (!isText || whole.length <= SAMPLE_BYTES) return whole;
  const end = whole.lastIndexOf(10, SAMPLE_BYTES) + 1 || whole.indexOf(10) + 1;
  return whole.slice(0, end === 0 ? whole.length : end);
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Reads hostile bytes; anything but a sound trace or a placed refusal fails. */
async function read(
  bytes: Uint8Array,
  label: string,
  options: TraceOptions = {},
  parse = parseTrace,
): Promise<boolean> {
  const start = performance.now();
  try {
    const trace = await parse(bytes, "hostile", options);
    assertEquals(checkColumns(trace), undefined, label);
    return true;
  } catch (error) {
    if (!(error instanceof TraceError)) {
      throw new Error(`${label}: ${error instanceof Error ? error.stack : error}`);
    }
    for (const { code, message, place } of error.problems) {
      assert(code.startsWith("trace/") && message.startsWith("Cannot read trace: "), label);
      assert(place?.file === "hostile", `${label}: ${message} has no place`);
    }
    return false;
  } finally {
    assert(performance.now() - start < CASE_MS_MAX, `${label} takes too long`);
  }
}

Deno.test("the fuzz harness notices traps, refusals without a place and unsound traces", async () => {
  const bytes = await sample("qwen_bailian.jsonl", true);
  const trap = () => Promise.reject(new RangeError("unreachable"));
  await assertRejects(() => read(bytes, "canary", {}, trap), Error, "unreachable");
  const problem = { code: "trace/x", message: "Cannot read trace: x" };
  const placeless = () => Promise.reject(new TraceError(problem));
  await assertRejects(() => read(bytes, "canary", {}, placeless), Error, "no place");
  const unsound: typeof parseTrace = async (...args) => ({
    ...await parseTrace(...args),
    accesses: 1,
  });
  await assertRejects(() => read(bytes, "canary", {}, unsound), Error);
});

for (const [file, isText] of SAMPLES) {
  Deno.test(`parseTrace() survives mutations of ${file}`, async () => {
    const bytes = await sample(file, isText);
    assert(await read(bytes, `${file} as it is`));
    let refused = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed++) {
      const below = random(seed * 7919);
      let mutated = mutate(bytes, below);
      for (let more = below(3); more > 0; more--) mutated = mutate(mutated, below);
      const options = below(4) === 0 ? { sort: true, limit: 1 + below(50) } : {};
      if (!await read(mutated, `${file} FUZZ_SEED=${seed}`, options)) refused++;
    }
    assert(ROUNDS < 50 || refused > 0, "no mutation was ever refused, so nothing was tested");
  });
}

Deno.test("parseTrace() survives mutations of compressed bytes and .kvt files", async () => {
  const text = await sample("conversation_trace.jsonl.gz", true);
  const trace = await parseTrace(text, "text");
  const files = [await gzip(text), await encodeKvt(trace) as Uint8Array<ArrayBuffer>];
  for (const [index, bytes] of files.entries()) {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed++) {
      await read(mutate(bytes, random(seed * 104_729)), `file ${index} FUZZ_SEED=${seed}`);
    }
  }
});

Deno.test("parseTrace() is told of every flipped bit of a .kvt file", async () => {
  const lines = '{"timestamp":0,"input_length":600,"output_length":1,"hash_ids":[5,6]}\n'.repeat(3);
  const bytes = await encodeKvt(await parseTrace(new TextEncoder().encode(lines), "lines"));
  for (let at = 0; at < bytes.length; at++) {
    const copy = bytes.slice();
    copy[at] ^= 1 << (at % 8);
    assert(!await read(copy, `bit flipped in byte ${at}`), `byte ${at} is not guarded`);
  }
});

for (const [file, isText] of SAMPLES) {
  Deno.test(`parseTrace() does not depend on how ${file} is cut into pieces`, async () => {
    const bytes = await sample(file, isText);
    const { hash } = await parseTrace(bytes, file);
    const below = random(bytes.length);
    const packed = await gzip(bytes);
    for (const longest of [1, 7, 300, 5000]) {
      if (longest === 1 && bytes.length > 50_000) continue;
      for (const content of [bytes, packed]) {
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < content.length;) {
              const end = Math.min(content.length, at + 1 + below(longest));
              controller.enqueue(content.slice(at, end));
              at = end;
            }
            controller.close();
          },
        });
        assertEquals(
          (await parseTrace(stream, file)).hash,
          hash,
          `pieces of up to ${longest} bytes`,
        );
      }
    }
  });
}
