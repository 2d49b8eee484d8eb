import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { traceInfo } from "./info.ts";
import { openTrace, parseTrace } from "./open.ts";
import { dataPath, extentsOf, parseText, refuse, utf8 } from "./testing.ts";
import { NO_PARENT, type Trace, UNKNOWN_NS } from "./trace.ts";

// deno-lint-ignore no-explicit-any
type Session = any;

const ALL = await openTrace(dataPath("weka_claude_code_rle.jsonl.gz"));

function session(requests: unknown[], fields: Record<string, unknown> = {}): string {
  const all = { id: "a", block_size: 64, hash_id_scope: "local", requests, ...fields };
  return `${JSON.stringify(all)}\n`;
}

function request(t: number, blocks: number, fields: Record<string, unknown> = {}) {
  return {
    t,
    type: "n",
    model: "m",
    in: blocks * 64 + 5,
    out: 3,
    hash_rle: [[1, blocks]],
    ...fields,
  };
}

Deno.test("readWeka() folds all sessions without expanding their ranges", () => {
  assertEquals(ALL.accesses, 85_405_325);
  assertEquals(ALL.requestCount, 46_218);
  assert(ALL.extents.firstBlock.length < 153_000, `${ALL.extents.firstBlock.length} extents`);
  assertEquals(ALL.blockTokens, 64);
  assertMatch(ALL.notes[0], /18 sessions that repeat another were left out/);
});

Deno.test("readWeka() reads repeats when asked, with the published hit ratio", async () => {
  const options = { dropRepeats: false };
  const trace = await openTrace(dataPath("weka_claude_code_rle.jsonl.gz"), options);
  assertEquals(trace.requestCount, 49_334);
  assertEquals((trace.accesses / 1e6).toFixed(1), "94.3");
  assertEquals((traceInfo(trace).ideal.block * 100).toFixed(2), "96.34");
});

Deno.test("readWeka() gives the published spread of hit ratios over sessions", async () => {
  const ratios = await sessionRatios();
  assertEquals(ratios.length, 692);
  const at = (share: number) => {
    const position = share * (ratios.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, ratios.length - 1);
    return (ratios[below] + (ratios[above] - ratios[below]) * (position - below)) * 100;
  };
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length * 100;
  const found = [at(0), at(0.25), at(0.5), at(0.75), mean];
  [60.6, 91.9, 95.5, 97.2, 92.8].forEach((expected, index) => {
    assertAlmostEquals(found[index], expected, 0.06);
  });
});

/** Hit ratio of each session alone, sorted; the published numbers leave sub-agents out. */
async function sessionRatios(): Promise<number[]> {
  const stream = (await Deno.open(dataPath("weka_claude_code_rle.jsonl.gz"))).readable;
  const text = await new Response(stream.pipeThrough(new DecompressionStream("gzip"))).text();
  const ratios: number[] = [];
  for (const line of text.trim().split("\n")) {
    const parsed: Session = JSON.parse(line);
    if (parsed.dup_of !== null) continue;
    const trace = await parseTrace(utf8(`${line}\n`), "line", { subAgents: "drop" });
    ratios.push(traceInfo(trace).ideal.block);
  }
  return ratios.sort((a, b) => a - b);
}

Deno.test("readWeka() reads raw and range-encoded sessions alike", async () => {
  const text = await Deno.readTextFile(dataPath("weka_trace_0277.json"));
  const raw = await parseText(text);
  const encode = (requests: Session[]) => {
    for (const entry of requests) {
      if (entry.type === "subagent") encode(entry.requests);
      else {
        const ranges: [number, number][] = [];
        for (const id of entry.hash_ids) {
          const last = ranges.at(-1);
          if (last !== undefined && last[0] + last[1] === id) last[1]++;
          else ranges.push([id, 1]);
        }
        entry.hash_rle = ranges;
        delete entry.hash_ids;
      }
    }
  };
  const parsed: Session = JSON.parse(text);
  encode(parsed.requests);
  assertEquals((await parseText(JSON.stringify(parsed))).hash, raw.hash);
  assertEquals((await parseText(JSON.stringify(parsed, null, 1))).hash, raw.hash, "over lines");
  assertEquals(traceInfo(raw).input.sumTokens, parsed.totals.combined_tokens.input);
  const alone = await parseText(text, { subAgents: "drop" });
  assertEquals(traceInfo(alone).input.sumTokens, parsed.totals.parent_tokens.input);
});

Deno.test("readWeka() makes sub-agents sessions with a parent", async () => {
  const agent = { t: 10, type: "subagent", requests: [request(0, 2), request(4, 3)] };
  const text = session([request(0, 4, { api_time: 2.5, think_time: 1 }), agent, request(12, 6)]);
  const { requests } = await parseText(text);
  assertEquals([...requests.arrivalNs!], [0, 10e9, 12e9, 14e9]);
  assertEquals([...requests.session!], [0, 1, 0, 1]);
  assertEquals([...requests.turn!], [1, 1, 2, 2]);
  assertEquals([...requests.parent!], [NO_PARENT, 0, NO_PARENT, 0]);
  assertEquals([...requests.apiNs!], [2.5e9, UNKNOWN_NS, UNKNOWN_NS, UNKNOWN_NS]);
});

Deno.test("readWeka() keeps the blocks of sessions apart unless their scope is shared", async () => {
  const local = session([request(0, 4), request(5, 6)]) + session([request(1, 4)]);
  const apart = await parseText(local);
  assertEquals(extents(apart), ["0+4", "6+4", "0+6"]);
  assertEquals(apart.uniqueBlocks, 10);
  const shared = await parseText(local, { scope: "shared" });
  assertEquals(extents(shared), ["0+4", "0+4", "0+6"]);
  const global = local.replaceAll('"local"', '"global"');
  assertEquals((await parseText(global)).hash, shared.hash);
  assertEquals((await parseText(global, { scope: "session" })).hash, apart.hash);
});

function extents(trace: Trace): string[] {
  return Array.from({ length: trace.requestCount }, (_, request) => extentsOf(trace, request));
}

Deno.test("readWeka() keeps the first requests in order of arrival", async () => {
  const text = session([request(0, 4), request(9, 6)]) + session([request(1, 4), request(2, 5)]);
  const trace = await parseText(text, { limit: 3 });
  assertEquals([...trace.requests.arrivalNs!], [0, 1e9, 2e9]);
  assertEquals(extents(trace), ["0+4", "4+4", "4+5"]);
});

Deno.test("readWeka() names the request and key of what it refuses", async () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [session([request(0, 1, { in: -1 })]), "bad-count", "requests[0].in"],
    [session([request(0, 1), request(1, 1, { out: "x" })]), "bad-count", "requests[1].out"],
    [session([request(5, 1), request(4, 1)]), "arrival-backwards", "requests[1].t"],
    [session([request(0, 1, { t: undefined })]), "missing-key", "requests[0].t"],
    [session([request(0, 1, { hash_rle: [[1, 0]] })]), "bad-hash", "requests[0].hash_rle[0]"],
    [session([request(0, 1, { hash_rle: [[-1, 1]] })]), "bad-hash", "requests[0].hash_rle[0]"],
    [session([request(0, 1, { hash_rle: 7 })]), "bad-hash", "requests[0].hash_rle"],
    [session([request(0, 1, { hash_rle: undefined })]), "missing-key", "requests[0].hash_ids"],
    [session([request(0, 1, { think_time: -1 })]), "bad-number", "requests[0].think_time"],
    [session([null]), "not-an-object", "requests[0]"],
    [session([{ t: 0, type: "subagent" }]), "bad-requests", "requests[0].requests"],
    [session([], { requests: 5 }), "bad-requests", "requests"],
    [session([], { block_size: 0 }), "bad-count", "block_size"],
    [
      session([request(0, 1)]) + session([], { block_size: 32 }),
      "block-size-changes",
      "block_size",
    ],
  ];
  for (const [text, name, key] of cases) {
    const { code, place } = await refuse(text);
    assertEquals([code, place?.key], [`trace/${name}`, key]);
  }
});

Deno.test("readWeka() refuses sub-agents nested without end", async () => {
  let entry: unknown = request(0, 1);
  for (let depth = 0; depth < 50; depth++) entry = { t: 0, type: "subagent", requests: [entry] };
  assertEquals((await refuse(session([request(0, 1), entry]))).code, "trace/bad-requests");
});
