import { assert, assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import { TraceError } from "../errors/errors.ts";
import { TraceBuilder } from "./builder.ts";
import { traceHead, traceInfo } from "./info.ts";
import { kindShares, kindSharesOfText } from "./kinds.ts";
import { encodeKvt } from "./kvt.ts";
import { openTrace, parseTrace } from "./open.ts";
import { scaleTrace } from "./scale.ts";
import { dataPath, parseText, randomBelow, refuse } from "./testing.ts";
import type { Trace } from "./trace.ts";

interface Line {
  readonly blocks: readonly number[];
  readonly kinds?: unknown;
  readonly time?: number;
}

function jsonl(lines: readonly Line[]): string {
  return lines.map(({ blocks, kinds, time }, index) =>
    JSON.stringify({
      timestamp: time ?? index,
      prompt_tokens: blocks.length * 16,
      output_tokens: 1,
      blocks,
      kinds,
    }) + "\n"
  ).join("");
}

/** Extents as `first+count:kind`. */
function labels(trace: Trace): string[] {
  return traceHead(trace, 100).map(({ extents }) => extents);
}

/** The kind of every single reference. */
function kindOfEach({ extents, kindNames }: Trace): string[] {
  return [...extents.firstBlock].flatMap((_, e) =>
    new Array(extents.blockCount[e]).fill(kindNames![extents.kind![e]])
  );
}

const LINES: readonly Line[] = [
  { blocks: [1, 2, 3, 4], kinds: [["system", 2], ["question", 2]] },
  { blocks: [1, 2, 3, 4, 5, 6], kinds: [["system", 1], ["system", 1], ["tool", 0], ["tool", 4]] },
  { blocks: [1, 2] },
];

Deno.test("generic JSON Lines split extents where the kind changes, and nowhere else", async () => {
  const trace = await parseText(jsonl(LINES));
  assertEquals(labels(trace), ["0+2:system 2+2:question", "0+2:system 2+4:tool", "0+2:unlabelled"]);
  assertEquals(trace.kindNames, ["system", "question", "tool", "unlabelled"]);
  const { kinds, ...info } = traceInfo(trace);
  assertEquals(kinds?.map(({ name, accesses, share }) => [name, accesses, share]), [
    ["system", 4, 4 / 12],
    ["question", 2, 2 / 12],
    ["tool", 4, 4 / 12],
    ["unlabelled", 2, 2 / 12],
  ]);
  // Only folding and the hash differ from the same file without kinds.
  const plain = await parseText(jsonl(LINES.map(({ blocks }) => ({ blocks }))));
  assertEquals([plain.kindNames, plain.extents.kind], [undefined, undefined]);
  const { hash, extentCount, foldingFactor } = traceInfo(plain);
  assertEquals({ ...info, hash, extentCount, foldingFactor }, traceInfo(plain));
  assertNotEquals(trace.hash, plain.hash);
});

Deno.test("kinds are of the request, wherever --sort puts it, and in lengths-only files", async () => {
  const late = LINES.map((line, index) => ({ ...line, time: 9 - index }));
  const trace = await parseText(jsonl(late), { sort: true });
  assertEquals(labels(trace), ["0+2:unlabelled", "0+2:system 2+4:tool", "0+2:system 2+2:question"]);
  assertEquals(trace.kindNames, ["unlabelled", "system", "tool", "question"]);
  const row = { timestamp: 0, prompt_tokens: 40, output_tokens: 1, kinds: [["a", 1], ["b", 2]] };
  assertEquals(labels(await parseText(`${JSON.stringify(row)}\n`)), ["0+1:a 1+2:b"]);
});

Deno.test("a CSV cell names kinds, under any name of its column", async () => {
  const csv = "time,prompt_tokens,output_tokens,blocks,parts\n" +
    "0,64,1,1 2 3 4,system:1; tool result: 3\n1,32,1,1 2,\n";
  const trace = await parseText(csv, { columns: { kinds: "parts" } });
  assertEquals(labels(trace), ["0+1:system 1+3:tool result", "0+2:unlabelled"]);
  assertEquals((await parseText(csv)).kindNames, undefined);
  const bad = await refuse(csv.replace("system:1", "system"), { columns: { kinds: "parts" } });
  assertEquals([bad.code, bad.place?.line, bad.place?.key], ["trace/bad-kinds", 2, "parts"]);
});

Deno.test("kinds that make no sense are refused with their place", async () => {
  const wrong: readonly unknown[] = [
    "system",
    [["system"]],
    [["", 4]],
    [["a\nb", 4]],
    [["a", -1]],
    [["a", 1.5]],
    [["a", "4"]],
    [[4, "a"]],
    { a: 4 },
    [["a", 4, 5]],
  ];
  for (const kinds of wrong) {
    const { code, place, expected } = await refuse(jsonl([{ blocks: [1, 2, 3, 4], kinds }]));
    assertEquals([code, place?.line, place?.key], ["trace/bad-kinds", 1, "kinds"]);
    assertMatch(expected!, /\["system", 12\]/);
  }
  for (const blocks of [3, 5]) {
    const sum = await refuse(jsonl([...LINES, { blocks: [1, 2, 3, 4], kinds: [["a", blocks]] }]));
    assertEquals([sum.code, sum.place?.line], ["trace/kind-count", 4]);
    assertEquals(sum.found, `kinds of ${blocks} blocks`);
  }
  assertEquals(kindShares([]), []);
  assertEquals(kindSharesOfText("a:b:3"), [["a:b", 3]]);
  assertEquals(kindSharesOfText("a: ;b:2"), undefined);
});

Deno.test("255 kinds are read, 256 refused", async () => {
  const lines = (count: number) =>
    jsonl(Array.from({ length: count }, (_, at) => ({ blocks: [at], kinds: [[`k${at}`, 1]] })));
  assertEquals((await parseText(lines(255))).kindNames?.length, 255);
  const { code, found } = await refuse(lines(256));
  assertEquals([code, found], ["trace/too-many-kinds", "256 distinct kinds"]);
});

/** A prefix tree whose requests cut their kinds at random places. */
async function randomTrace(seed: number): Promise<Trace> {
  const below = randomBelow(seed);
  const builder = new TraceBuilder();
  for (let row = 0; row < 40; row++) {
    const shared = 1 + below(20);
    const own = below(9);
    const cut = below(shared + own + 1);
    const kinds: [string, number][] = [["head", cut], [`k${below(4)}`, shared + own - cut]];
    builder.add({
      arrivalNs: row,
      runs: own === 0 ? [[0, shared]] : [[0, shared], [1000 * (row + 1), own]],
      ...(below(5) === 0 ? {} : { kinds }),
    });
  }
  return await builder.build();
}

Deno.test(".kvt keeps kinds and their names, and --limit gives what a short source gives", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const trace = await randomTrace(seed);
    const bytes = await encodeKvt(trace);
    const copy = await parseTrace(bytes, "memory");
    assertEquals([copy.hash, copy.kindNames], [trace.hash, trace.kindNames]);
    assertEquals(labels(copy), labels(trace));
  }
  for (const limit of [1, 2, 3]) {
    const whole = await encodeKvt(await parseText(jsonl(LINES)));
    const short = await parseText(jsonl(LINES), { limit });
    const cut = await parseTrace(whole, "file", { limit });
    assertEquals([cut.hash, cut.kindNames], [short.hash, short.kindNames]);
  }
});

Deno.test("the names of kinds are part of the hash", async () => {
  const renamed = LINES.map(({ blocks, kinds }) => ({
    blocks,
    ...(kinds === undefined
      ? {}
      : { kinds: JSON.parse(JSON.stringify(kinds).replaceAll("tool", "code")) }),
  }));
  const [a, b] = [await parseText(jsonl(LINES)), await parseText(jsonl(renamed))];
  assertEquals([...a.extents.kind!], [...b.extents.kind!]);
  assertNotEquals(a.hash, b.hash);
});

Deno.test("copies of a trace keep the kind of every reference", async () => {
  const trace = await randomTrace(5);
  const scaled = await scaleTrace(trace, { copies: 2 });
  const counts = (each: Trace) => Object.groupBy(kindOfEach(each), (kind) => kind);
  for (const [kind, all] of Object.entries(counts(trace))) {
    assertEquals(counts(scaled)[kind]?.length, all!.length * 2, kind);
  }
});

Deno.test("a .kvt file whose kinds have no names, or names no kinds, is refused", async () => {
  const trace = await parseText(jsonl(LINES));
  const { kind: _, ...unkind } = trace.extents;
  const cases: readonly (readonly [Partial<Trace>, string])[] = [
    [{ kindNames: ["a", "b", "c"] }, "kind"],
    [{ kindNames: ["a", "b", "c", "a"] }, "kindNames"],
    [{ kindNames: ["a", "b", "c", ""] }, "kindNames"],
    [{ extents: unkind }, "kindNames"],
  ];
  for (const [change, key] of cases) {
    const { code, place } = await refuse(await encodeKvt({ ...trace, ...change }));
    assertEquals([code, place?.key], ["trace/bad-column", key]);
  }
  const { kindNames: __, ...nameless } = trace;
  const numbered = await parseTrace(await encodeKvt(nameless), "file");
  assertEquals(labels(numbered)[1], "0+2:kind 0 2+4:kind 2");
});

Deno.test("TraceBuilder refuses kinds that make no sense, and leaves nothing of the request", async () => {
  const builder = new TraceBuilder();
  const error = assertThrows(() => builder.add({ blocks: [1], kinds: [["", 1]] }), TraceError);
  assertEquals(error.code, "trace/bad-kinds");
  const trace = await builder.add({ blocks: [1, 2], kinds: [["a", 1], ["b", 1]] }).build();
  assertEquals(labels(trace), ["0+1:a 1+1:b"]);
});

Deno.test("WEKA sessions say how long tools and system prompt are; only --kinds labels them", async () => {
  const path = dataPath("weka_trace_0277.json");
  const [plain, trace] = [await openTrace(path), await openTrace(path, { kinds: true })];
  assertEquals(plain.kindNames, undefined);
  assertEquals(trace.kindNames, ["tools", "system", "conversation"]);
  // 12,166 tokens of tools and 2,875 of the system prompt, in blocks of 64.
  assertEquals(labels(trace)[0], "0+190:tools 190+45:system 235+70:conversation");
  // A sub-agent has its own: 7,401 and 1,022.
  assertEquals(labels(trace)[1], "305+115:tools 420+16:system 436+51:conversation");
  const info = traceInfo(trace);
  assertEquals({ ...info.ideal }, { ...traceInfo(plain).ideal });
  assertEquals([trace.accesses, trace.uniqueBlocks], [plain.accesses, plain.uniqueBlocks]);
  assert(info.notes.some((note) => note.includes("tool_tokens")), info.notes.join());
});

Deno.test("WEKA sessions without these counts are conversation; nonsense is refused", async () => {
  const session = (extra: object) =>
    JSON.stringify({
      block_size: 64,
      hash_id_scope: "local",
      ...extra,
      requests: [{ t: 0, in: 200, out: 1, hash_ids: [5, 6, 7] }],
    });
  const options = { kinds: true };
  assertEquals(labels(await parseText(session({}), options)), ["0+3:conversation"]);
  const leading = session({ tool_tokens: 100, system_tokens: 1e6 });
  assertEquals(labels(await parseText(leading, options)), ["0+1:tools 1+2:system"]);
  const { code, place } = await refuse(session({ tool_tokens: -1 }), options);
  assertEquals([code, place?.key], ["trace/bad-count", "tool_tokens"]);
  assertEquals((await parseText(session({ tool_tokens: -1 }))).requestCount, 1);
});
