import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openTrace } from "./open.ts";
import { dataPath, extentsOf, mooncakeLine, parseText, refuse } from "./testing.ts";

Deno.test("readMooncake() takes Dynamo's names, sessions and delays", async () => {
  const trace = await openTrace(dataPath("mooncake_dynamo.jsonl"));
  assertEquals(trace.format, "mooncake");
  assertEquals([...trace.requests.arrivalNs!], [0, 1500e6, 2000.5e6, 4000e6]);
  assertEquals([...trace.requests.session!], [0, 1, 0, 2]);
  assertEquals([...trace.requests.turn!], [1, 1, 2, 1]);
  assertEquals([...trace.requests.thinkNs!], [-1, -1, 2000.5e6, -1]);
  assertMatch(trace.notes[0], /1 turn with a delay and no time/);
});

Deno.test("readMooncake() names a missing key and what comes near", async () => {
  const problem = await refuse(mooncakeLine({ input_length: undefined, input_lenght: 5 }));
  assertEquals(problem.code, "trace/unknown-format");
  const line = mooncakeLine() + mooncakeLine({ output_length: undefined, output_lenght: 5 });
  const { code, place, mend } = await refuse(line);
  assertEquals(code, "trace/missing-key");
  assertEquals(place?.line, 2);
  assertEquals(place?.key, "output_length");
  assertEquals(mend, ['did you mean "output_lenght"?']);
});

Deno.test("readMooncake() refuses what is no count or no time, with line and column", async () => {
  const good = mooncakeLine();
  const cases: readonly (readonly [Record<string, unknown> | string, string, string])[] = [
    [{ input_length: -5 }, "bad-count", "input_length"],
    [{ input_length: 1.5 }, "bad-count", "input_length"],
    [{ input_length: "12" }, "bad-count", "input_length"],
    [{ input_length: 4294967296 }, "bad-count", "input_length"],
    [{ output_length: [1] }, "bad-count", "output_length"],
    [{ output_length: null }, "missing-key", "output_length"],
    [{ timestamp: -1 }, "bad-time", "timestamp"],
    [{ timestamp: true }, "bad-time", "timestamp"],
    [{ timestamp: "yesterday" }, "bad-time", "timestamp"],
    [{ timestamp: 1e30 }, "arrival-span", "timestamp"],
    [{ hash_ids: {} }, "bad-hashes", "hash_ids"],
    [{ hash_ids: [0, 1.5] }, "bad-hash", "hash_ids[1]"],
    [{ hash_ids: [0, null] }, "bad-hash", "hash_ids[1]"],
    [{ hash_ids: [0, 1, 0] }, "repeated-block", "hash_ids[2]"],
    [{ session_id: {} }, "bad-name", "session_id"],
    [good.replace("1024", "NaN"), "bad-json", ""],
    [good.replace("[0,1]", "[0,18446744073709551616]"), "bad-hash", "hash_ids[1]"],
    ["[1]", "not-an-object", ""],
  ];
  for (const [row, name, key] of cases) {
    const line = typeof row === "string" ? row.trim() : mooncakeLine(row).trim();
    const { code, place } = await refuse(`${good}${line}\n`);
    assertEquals(code, `trace/${name}`, line);
    assertEquals(place?.line, 2, line);
    assertEquals(place?.key ?? "", key, line);
  }
  const { place, found, sourceLine } = await refuse(good + mooncakeLine({ input_length: -5 }));
  assertEquals(sourceLine?.slice(place!.column! - 1, place!.column! + 1), found);
});

Deno.test("readMooncake() keeps 64-bit and text hashes apart", async () => {
  const big = '{"timestamp":0,"input_length":1024,"output_length":1,"hash_ids":[IDS]}\n';
  const near = big.replace("IDS", "9007199254740993,9007199254740992") +
    big.replace("IDS", "9007199254740993,-9007199254740992");
  const trace = await parseText(near);
  assertEquals(trace.uniqueBlocks, 3);
  assertEquals(extentsOf(trace, 1), "0+1 2+1");
  const texts = await parseText(near.replaceAll(/-?\d{16}/g, (digits) => `"0x${digits}"`));
  assertEquals(texts.hash, trace.hash);
  const mixed = await refuse(big.replace("IDS", '1,"b"') + big.replace("IDS", "1,2"));
  assertEquals(mixed.code, "trace/mixed-hashes");
});

Deno.test("readMooncake() infers a block size that explains the hash counts", async () => {
  const lines = [5, 16, 17, 100].map((input_length) =>
    mooncakeLine({
      input_length,
      hash_ids: Array.from({ length: Math.ceil(input_length / 16) }, (_, index) => index),
    })
  );
  const trace = await parseText(lines.join(""));
  assertEquals(trace.blockTokens, 16);
  assertStringIncludes(trace.notes[0], "block size 16 inferred");
  assertEquals((await parseText(lines.join(""), { blockTokens: 32 })).blockTokens, 32);
});

Deno.test("readMooncake() survives values nested without end", async () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  const line = mooncakeLine().trim().replace("1024", deep);
  const { code, place } = await refuse(`${mooncakeLine()}${line}\n`);
  assertEquals(code === "trace/bad-count" || code === "trace/bad-json", true, code);
  assertEquals(place?.line, 2);
});
