import { assert, assertEquals } from "@std/assert";
import { dataPath, mooncakeLine, utf8 } from "./testing.ts";
import { validateBytes, validateTrace } from "./validate.ts";

/** A healthy file of so many lines, with one line changed. */
function file(lines: number, change: Record<number, Record<string, unknown>> = {}): Uint8Array {
  let text = "";
  for (let row = 1; row <= lines; row++) {
    text += mooncakeLine({ timestamp: row, hash_ids: [0, row], ...change[row] });
  }
  return utf8(text);
}

Deno.test("validateTrace() passes both Mooncake traces when strict", async () => {
  for (const name of ["conversation_trace.jsonl.gz", "synthetic_trace.jsonl.gz"]) {
    const { isValid, errorCount, warningCount, counts } = await validateTrace(dataPath(name), {
      strict: true,
    });
    assertEquals([isValid, errorCount, warningCount], [true, 0, 0], name);
    assertEquals(counts, { "no-sessions": 1, "equal-arrivals": 1 });
  }
});

Deno.test("validateBytes() tells corrupted rows with line and column", async () => {
  const cases: readonly (readonly [Record<string, unknown>, string, string])[] = [
    [{ hash_ids: [0] }, "hash-count", "hash_ids"],
    [{ hash_ids: [0, 5, 5] }, "repeated-block", "hash_ids[2]"],
    [{ timestamp: 3 }, "arrival-backwards", "timestamp"],
    [{ input_length: -3 }, "bad-count", "input_length"],
  ];
  for (const [change, name, key] of cases) {
    const validation = await validateBytes(file(150, { 77: change }), "file", { strict: true });
    assertEquals(validation.isValid, false);
    const finding = validation.findings.find((candidate) => candidate.name === name);
    assert(finding !== undefined, name);
    assertEquals(finding.place?.line, 77);
    assertEquals(finding.place?.key, key);
  }
});

Deno.test("validateBytes() takes prompts rounded down where a format does either, and no others", async () => {
  // 40 tokens are two and a half blocks of 16.
  const qwen = (hashes: number) =>
    `${
      JSON.stringify({
        ...{ chat_id: 1, parent_chat_id: -1, timestamp: 1, input_length: 40, output_length: 1 },
        ...{ type: "text", turn: 1, hash_ids: Array.from({ length: hashes }, (_, i) => i) },
      })
    }\n`;
  const counts = async (text: string) => (await validateBytes(utf8(text))).counts["hash-count"];
  const found = await Promise.all([1, 2, 3, 4].map((hashes) => counts(qwen(hashes))));
  assertEquals(found, [1, undefined, undefined, 1]);
  const mooncake = async (hash_ids: number[]) => {
    const { counts } = await validateBytes(file(150, { 9: { input_length: 1200, hash_ids } }));
    return counts["hash-count"];
  };
  const strict = await Promise.all([[0, 9], [0, 9, 500]].map(mooncake));
  assertEquals(strict, [1, undefined], "Mooncake rounds up");
});

Deno.test("validateBytes() makes warnings fail only when strict", async () => {
  const bytes = file(150, { 9: { hash_ids: [0] } });
  assertEquals((await validateBytes(bytes)).isValid, true);
  const { isValid, counts, warningCount } = await validateBytes(bytes, "file", { strict: true });
  assertEquals([isValid, warningCount, counts["hash-count"]], [false, 1, 1]);
});

Deno.test("validateBytes() remarks on the trace as a whole", async () => {
  const tiny = await validateBytes(file(5));
  assertEquals(Object.keys(tiny.counts), ["few-requests", "no-sessions"]);
  const still: Record<number, Record<string, unknown>> = {};
  for (let row = 1; row <= 120; row++) still[row] = { timestamp: 7, output_length: 0 };
  const { counts, findings } = await validateBytes(file(120, still));
  assertEquals(counts["no-span"], 1);
  const silent = findings.find(({ name }) => name === "zero-outputs");
  assertEquals([silent?.severity, silent?.found], ["warning", "120 of 120 requests"]);
  const azure = await validateTrace(dataPath("azure_2023_code.csv.gz"));
  assertEquals(azure.counts["no-reuse-evidence"], 1);
  const twoParents = file(120, { 100: { hash_ids: [50, 60] } });
  assertEquals((await validateBytes(twoParents)).counts["two-parents"], 1);
});

Deno.test("validateBytes() counts all findings and keeps the first 20 of a name", async () => {
  const change: Record<number, Record<string, unknown>> = {};
  for (let row = 1; row <= 100; row++) change[row] = { input_length: "x" };
  const { findings, counts, errorCount } = await validateBytes(file(150, change));
  assertEquals(counts["bad-count"], 100);
  assertEquals(errorCount, 100);
  assertEquals(findings.filter(({ name }) => name === "bad-count").length, 20);
});

Deno.test("validateBytes() turns a refusal into a finding", async () => {
  const { isValid, findings } = await validateBytes(new Uint8Array(0));
  assertEquals(isValid, false);
  assertEquals(findings[0].name, "empty-file");
});
