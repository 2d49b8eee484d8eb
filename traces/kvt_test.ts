import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { FileError, TraceError } from "../errors/errors.ts";
import { canonicalBytes, sealTrace, sha256Hex } from "./canonical.ts";
import { encodeKvt, writeKvt } from "./kvt.ts";
import { openTrace, parseTrace } from "./open.ts";
import { dataPath, refuse } from "./testing.ts";
import type { Trace } from "./trace.ts";

const CONVERSATION = await openTrace(dataPath("conversation_trace.jsonl.gz"));
const BAILIAN = await openTrace(dataPath("qwen_bailian.jsonl"));

/** A file whose columns are changed, with all hashes made right again. */
async function forged(change: (trace: Trace) => void): Promise<Uint8Array> {
  const copy = structuredClone(BAILIAN) as Trace;
  change(copy);
  return await encodeKvt(copy);
}

Deno.test("writeKvt() writes what openTrace() reads, column by column", async () => {
  const path = await Deno.makeTempFile({ suffix: ".kvt" });
  for (const name of ["mooncake_dynamo.jsonl", "burstgpt.csv", "weka_trace_0277.json"]) {
    const trace = await openTrace(dataPath(name));
    await writeKvt(path, trace);
    assertEquals(await openTrace(path), { ...trace, path });
  }
  await Deno.remove(path);
});

Deno.test("encodeKvt() gives the same bytes for the same trace", async () => {
  assertEquals(await encodeKvt(CONVERSATION), await encodeKvt(CONVERSATION));
});

Deno.test("readKvt() applies a limit as the source's reader does", async () => {
  for (const name of ["conversation_trace.jsonl.gz", "qwen_bailian.jsonl"]) {
    const whole = await encodeKvt(await openTrace(dataPath(name)));
    const limited = await openTrace(dataPath(name), { limit: 3 });
    assertEquals((await parseTrace(whole, "file", { limit: 3 })).hash, limited.hash);
  }
});

Deno.test("trace.hash is the SHA-256 of the canonical bytes", async () => {
  assertEquals(await sha256Hex(canonicalBytes(BAILIAN)), BAILIAN.hash);
  const renamed = await sealTrace({ ...BAILIAN, path: "other", notes: ["x"], format: "y" });
  assertEquals(renamed.hash, BAILIAN.hash);
  const other = await sealTrace({ ...BAILIAN, blockTokens: 32 });
  assert(other.hash !== BAILIAN.hash);
});

Deno.test("readKvt() tells wrong magic, version, size and damage", async () => {
  const bytes = await encodeKvt(BAILIAN);
  const changed = (at: number, value: number) => {
    const copy = bytes.slice();
    copy[at] = value;
    return copy;
  };
  assertEquals((await refuse(changed(4, 0x0a))).code, "trace/not-kvt");
  const version = await refuse(changed(8, 9));
  assertEquals(version.code, "trace/kvt-version");
  assertEquals(version.place?.byteOffset, 8);
  assertEquals((await refuse(bytes.subarray(0, 30))).code, "trace/truncated");
  const torn = await refuse(bytes.subarray(0, bytes.length - 8));
  assertEquals(torn.code, "trace/truncated");
  assertEquals(torn.place?.byteOffset, bytes.length - 8);
  assertEquals((await refuse(changed(70, 0))).code, "trace/damaged");
  assertMatch((await refuse(changed(bytes.length - 8, 77))).message, /columns are damaged/);
});

Deno.test("readKvt() refuses columns that make no trace, though their hash is right", async () => {
  const cases: readonly (readonly [(trace: Trace) => void, string])[] = [
    [({ requests }) => requests.firstExtent[2] = 1e6, "firstExtent"],
    [({ requests }) => requests.firstExtent[0] = 1, "firstExtent"],
    [({ extents }) => extents.firstBlock[1] = 4_000_000_000, "firstBlock"],
    [({ extents }) => extents.blockCount[0] = 0, "firstBlock"],
    [({ extents }) => extents.blockCount[0] -= 1, "blockCount"],
    [({ requests }) => requests.arrivalNs![1] = NaN, "arrivalNs"],
    [({ requests }) => requests.arrivalNs![1] = -5, "arrivalNs"],
    [(trace) => (trace as { requestCount: number }).requestCount = 4, "arrivalNs"],
    [({ requests }) => (requests as { turn: Uint16Array }).turn = new Uint16Array(2), "turn"],
    [({ extents }) => delete (extents as { blockCount?: unknown }).blockCount, "blockCount"],
  ];
  for (const [change, key] of cases) {
    const { code, place } = await refuse(await forged(change));
    assertEquals([code, place?.key], ["trace/bad-column", key]);
    assert(place?.byteOffset !== undefined);
  }
});

Deno.test("writeKvt() leaves nothing behind when it cannot write", async () => {
  const folder = await Deno.makeTempDir();
  const error = await assertRejects(() => writeKvt(`${folder}/none/a.kvt`, BAILIAN), FileError);
  assertEquals(error.code, "file/not-found");
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("parseTrace() refuses an empty and a tiny .kvt file", async () => {
  for (const length of [1, 8, 63]) {
    const bytes = (await encodeKvt(BAILIAN)).subarray(0, length);
    await assertRejects(() => parseTrace(bytes), TraceError);
  }
});
