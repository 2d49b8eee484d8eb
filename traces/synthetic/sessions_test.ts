import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { traceInfo } from "../info.ts";
import { openTrace } from "../open.ts";
import { dataPath } from "../testing.ts";
import { NO_PARENT, type Trace, UNKNOWN_NS } from "../trace.ts";
import { synthesize } from "./synthesize.ts";

/** Rows of each session, in order. */
function sessionsOf({ requests, requestCount }: Trace): number[][] {
  const sessions: number[][] = [];
  for (let row = 0; row < requestCount; row++) (sessions[requests.session![row]] ??= []).push(row);
  return sessions;
}

const sorted = (values: number[]) => values.toSorted((a, b) => a - b);
const at = (list: number[], share: number) => sorted(list)[Math.floor(share * (list.length - 1))];
const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;

/** Pauses between an answer and the next turn; checks that no turn comes before the answer. */
function pausesOf(trace: Trace): number[] {
  const { arrivalNs, apiNs, thinkNs, turn } = trace.requests;
  const pauses: number[] = [];
  for (const rows of sessionsOf(trace)) {
    rows.forEach((row, index) => {
      assertEquals(turn![row], index + 1);
      if (index === 0) return assertEquals(thinkNs![row], UNKNOWN_NS);
      const before = rows[index - 1];
      const pause = arrivalNs![row] - arrivalNs![before] - apiNs![before];
      assert(pause >= thinkNs![row] && thinkNs![row] >= 0, "a turn before the last answer");
      pauses.push(thinkNs![row]);
    });
  }
  return pauses;
}

/** Sessions that have begun and not ended, on average over arrivals. */
function concurrency(trace: Trace): number {
  const { arrivalNs } = trace.requests;
  const sessions = sessionsOf(trace).map((rows) => [arrivalNs![rows[0]], arrivalNs![rows.at(-1)!]]);
  const times = Array.from(
    { length: 200 },
    (_, i) => arrivalNs![Math.floor(i * trace.requestCount / 200)],
  );
  return mean(
    times.map((time) => sessions.filter(([from, to]) => from <= time && time <= to).length),
  );
}

Deno.test("chat: turns wait for answers and people, and sessions interleave", async () => {
  const trace = await synthesize({ kind: "chat", sessions: 3000 });
  const pauses = pausesOf(trace);
  assertAlmostEquals(at(pauses, 0.5) / 124e9, 1, 0.06);
  assertAlmostEquals(at(pauses, 0.9) / 2331e9, 1, 0.1);
  assertAlmostEquals(trace.requestCount / 3000, 4.18, 0.2);
  assert(concurrency(trace) > 100, String(concurrency(trace)));
  const { session } = trace.requests;
  const switches = session!.filter((number, row) => row > 0 && number !== session![row - 1]).length;
  assert(switches / trace.requestCount > 0.9);
});

Deno.test("chat: sessions begin at the rate, and system prompts have Zipf popularity", async () => {
  const trace = await synthesize({
    kind: "chat",
    sessions: 20_000,
    turns: 1,
    rate: "2 sessions/s",
  });
  const { arrivalNs, tenant } = trace.requests;
  assertAlmostEquals(trace.requestCount / (arrivalNs!.at(-1)! / 1e9), 2, 0.05);
  const counts = new Map<number, number>();
  for (const number of tenant!) counts.set(number, (counts.get(number) ?? 0) + 1);
  const shares = [...counts.values()].sort((a, b) => b - a);
  assertEquals(shares.length, 8);
  assertAlmostEquals(shares[0] / shares[1], 2, 0.15);
  assertAlmostEquals(shares[0] / shares[3], 4, 0.4);
  // Alone, a prompt shares its 8 full blocks of system prompt and nothing else.
  const ideal = traceInfo(trace).ideal.block;
  assertAlmostEquals(ideal, 8 * (20_000 - 8) / trace.accesses, 1e-9);
});

Deno.test("chat: an answer becomes part of the next prompt, up to the limit", async () => {
  const spec = { kind: "chat", sessions: 200, firstTokens: 100, userTokens: 40, turns: 12 };
  const sizes = { ...spec, outputTokens: 300, systemTokens: 50 };
  const whole = await synthesize(sizes);
  const [rows] = sessionsOf(whole);
  const inputs = (trace: Trace, list: number[]) =>
    list.map((row) => trace.requests.inputTokens[row]);
  assertEquals(inputs(whole, rows).slice(0, 4), [150, 490, 830, 1170]);
  const ended = await synthesize({ ...sizes, contextTokens: 1000 });
  assertEquals(sessionsOf(ended).map((list) => list.length), new Array(200).fill(2));
  for (const onLimit of ["drop-oldest", "summarise"]) {
    const cut = await synthesize({ ...sizes, contextTokens: 1200, onLimit });
    assertEquals(cut.requestCount, 2400);
    for (const rows of sessionsOf(cut)) {
      for (const row of rows) assert(cut.requests.inputTokens[row] + 300 <= 1200);
    }
  }
  const third = async (onLimit: string) => {
    const trace = await synthesize({ ...sizes, contextTokens: 1200, onLimit });
    return inputs(trace, sessionsOf(trace)[0])[3];
  };
  // The fourth turn does not fit: system prompt, what is kept of 1,200, the new message.
  assertEquals(await third("drop-oldest"), 50 + 600 + 40);
  assertEquals(await third("summarise"), 50 + 120 + 40);
  // Dropping the oldest text renames all later blocks: what fits is read again after each cut.
  const dropped = await synthesize({ ...sizes, contextTokens: 1200, onLimit: "drop-oldest" });
  assert(traceInfo(dropped).ideal.block < traceInfo(whole).ideal.block - 0.1);
});

Deno.test("chat: arrivals do not move when lengths change", async () => {
  const starts = async (userTokens: number) => {
    const trace = await synthesize({ kind: "chat", sessions: 50, firstTokens: userTokens });
    return sorted(sessionsOf(trace).map((rows) => trace.requests.arrivalNs![rows[0]]));
  };
  assertEquals(await starts(10), await starts(1000));
});

Deno.test("chat: prompts say nothing about answers", async () => {
  const even = "uniform(min=1; max=1000)";
  const spec = { kind: "chat", sessions: 5000, turns: 1, firstTokens: even, outputTokens: even };
  const { inputTokens, outputTokens } = (await synthesize(spec)).requests;
  const products = [...inputTokens].map((tokens, row) =>
    (tokens - 128 - 500) * (outputTokens![row] - 500)
  );
  // The variance of each is 1000² / 12; four standard deviations of their correlation.
  assert(Math.abs(mean(products) / (1e6 / 12)) < 4 / Math.sqrt(5000));
});

/** Block hit ratio of each session by itself, parents only, in ascending order. */
function sessionRatios(trace: Trace): number[] {
  const { requests: { firstExtent, parent }, extents } = trace;
  const ratios: number[] = [];
  for (const rows of sessionsOf(trace)) {
    if (parent !== undefined && parent[rows[0]] !== NO_PARENT) continue;
    const seen = new Set<number>();
    let hits = 0;
    let all = 0;
    for (const row of rows) {
      let leading = true;
      for (let extent = firstExtent[row]; extent < firstExtent[row + 1]; extent++) {
        const from = extents.firstBlock[extent];
        for (let block = from; block < from + extents.blockCount[extent]; block++) {
          all++;
          leading &&= seen.has(block);
          if (leading) hits++;
          else seen.add(block);
        }
      }
    }
    ratios.push(hits / all);
  }
  return sorted(ratios);
}

Deno.test("agents: close to the WEKA sessions in size, reuse, spread and pauses", async () => {
  const weka = await openTrace(dataPath("weka_claude_code_rle.jsonl.gz"));
  const made = await synthesize({ kind: "agents", sessions: 692, promptScope: "session" });
  const [real, ours] = [traceInfo(weka), traceInfo(made)];
  assertAlmostEquals(ours.requestCount / real.requestCount, 1, 0.06);
  assertAlmostEquals(ours.ideal.block, real.ideal.block, 0.012);
  assertAlmostEquals(ours.input.meanTokens / real.input.meanTokens, 1, 0.2);
  assertAlmostEquals(ours.output!.medianTokens / real.output!.medianTokens, 1, 0.05);
  const ratios = sessionRatios(made);
  // Published: P25 92, median 96, P75 97, mean 93 per cent.
  assertAlmostEquals(at(ratios, 0.25), 0.92, 0.02);
  assertAlmostEquals(at(ratios, 0.5), 0.96, 0.02);
  assertAlmostEquals(at(ratios, 0.75), 0.97, 0.02);
  assertAlmostEquals(mean(ratios), 0.93, 0.02);
  const tool = at([...weka.requests.thinkNs!].filter((ns) => ns > 0), 0.5);
  assertAlmostEquals(at(pausesOf(made), 0.5) / tool, 1, 0.25);
});

Deno.test("agents: a rewritten history is read again, all but the system prompt", async () => {
  const spec = { kind: "agents", sessions: 20, promptScope: "session", subAgentShare: 0 };
  const ratio = async (rewriteShare: number) => {
    const trace = await synthesize({ ...spec, rewriteShare, contextTokens: 10_000_000 });
    const systemBlocks = Math.floor(14_378 / 64) * (trace.requestCount - 20);
    return [traceInfo(trace).ideal.block, systemBlocks / trace.accesses];
  };
  const [rewritten, system] = await ratio(1);
  assertAlmostEquals(rewritten, system, 1e-9);
  const [kept] = await ratio(0);
  const [seldom] = await ratio(0.0116);
  assert(seldom < kept - 0.003 && seldom > kept - 0.05, `${seldom} ${kept}`);
});

Deno.test("agents: sub-agents share a prompt or their parent's, and the parent waits", async () => {
  const common = { kind: "agents", sessions: 30, subAgentShare: 0.1, subAgents: 2 };
  for (const subAgentPrefix of ["role", "parent"]) {
    const trace = await synthesize({ ...common, subAgentPrefix });
    const { parent, arrivalNs, apiNs, session, inputTokens, firstExtent } = trace.requests;
    const sessions = sessionsOf(trace);
    const children = sessions.filter(([row]) => parent![row] !== NO_PARENT);
    assert(children.length > 100);
    for (const rows of children) {
      const started = parent![rows[0]];
      assert(arrivalNs![rows[0]] >= arrivalNs![started] + apiNs![started]);
      const last = rows.at(-1)!;
      const siblings = sessions[session![started]];
      const next = siblings[siblings.indexOf(started) + 1];
      assert(arrivalNs![next] >= arrivalNs![last] + apiNs![last], "the parent did not wait");
      const first = trace.extents.firstBlock[firstExtent[rows[0]]];
      const isFork = first === trace.extents.firstBlock[firstExtent[started]];
      assertEquals(isFork, subAgentPrefix === "parent");
      if (isFork) assert(inputTokens[rows[0]] > inputTokens[started]);
    }
  }
});

Deno.test("agents-tracelab has TraceLab's pauses", async () => {
  const tools = pausesOf(await synthesize({ kind: "agents-tracelab", humanShare: 0 }));
  assertAlmostEquals(at(tools, 0.5) / 1e9, 1, 0.06);
  const people = pausesOf(await synthesize({ kind: "agents-tracelab", humanShare: 1 }));
  assertAlmostEquals(at(people, 0.5) / 121.5e9, 1, 0.06);
  assertAlmostEquals(people.filter((ns) => ns > 300e9).length / people.length, 0.257, 0.02);
});

Deno.test("kvcache-sim: the published numbers, turns back to back", async () => {
  const trace = await synthesize({ kind: "kvcache-sim" });
  const info = traceInfo(trace);
  assertEquals([info.requestCount, info.sessionCount, info.blockTokens], [12_000, 3000, 16]);
  assertAlmostEquals(info.requestsPerSecond!, 30, 0.8);
  const { session, inputTokens } = trace.requests;
  const switches = session!.filter((number, row) => row > 0 && number !== session![row - 1]).length;
  assertEquals(switches, 2999);
  const firsts = sessionsOf(trace).map(([row]) => inputTokens[row] - 128 - 4096);
  assert(Math.min(...firsts) >= 256 && Math.max(...firsts) <= 2048);
  assertAlmostEquals(mean(firsts), 1152, 30);
  // Each session's later turns and the eight blocks of its system prompt are all there is to reuse.
  assertEquals(trace.uniqueBlocks, 8 * 8 + ownBlocks(trace, 8));
});

/** Full blocks of the last prompt of each session, beyond those of the system prompt. */
function ownBlocks(trace: Trace, systemBlocks: number): number {
  const { inputTokens } = trace.requests;
  const last = sessionsOf(trace).map((rows) => Math.floor(inputTokens[rows.at(-1)!] / 16));
  return last.reduce((sum, blocks) => sum + blocks - systemBlocks, 0);
}

Deno.test("kvcache-sim-agents: 15 to 50 turns that grow by 384 to 4,352 tokens", async () => {
  const trace = await synthesize({ kind: "kvcache-sim-agents" });
  const sessions = sessionsOf(trace);
  assertEquals(sessions.length, 500);
  const turns = sessions.map((rows) => rows.length);
  assertEquals([Math.min(...turns), Math.max(...turns)], [15, 50]);
  const { inputTokens } = trace.requests;
  for (const rows of sessions) {
    const first = inputTokens[rows[0]] - 256 - 2048;
    assert(first >= 128 && first <= 1024);
    const growth = rows.slice(1).map((row, index) => inputTokens[row] - inputTokens[rows[index]]);
    assert(Math.min(...growth) >= 384 && Math.max(...growth) <= 4352);
  }
});

Deno.test("kvcache-sim with documents shares them by popularity, in the order drawn", async () => {
  const shared = traceInfo(await synthesize({ kind: "kvcache-sim", sharedDocuments: 200 }));
  const alone = traceInfo(await synthesize({ kind: "kvcache-sim" }));
  assert(shared.uniqueBlocks < alone.uniqueBlocks * 0.8);
  assertNotEquals(shared.hash, alone.hash);
});
