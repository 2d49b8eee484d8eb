/** Laws that only show over many requests: links that vary, readers at once, sessions. */
import { assert, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import { type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule, numbersFrom } from "../support/traces.ts";

const ENGINE = { blocks: 1_000, maxSequences: 16, tokenBudget: 1_000 };

/** Times of so many transfers that never meet, as shares of the time without jitter. */
function transfers(count: number, jitter: ServingSpec["jitter"]): Float64Array {
  const base = singleEngine(STEP, ENGINE, 2);
  const link = { latencyNs: 0, bytesPerSecond: 1e9 };
  const spec: ServingSpec = {
    ...base,
    replicas: [
      { ...base.replicas[0], role: "prefill", linkOut: 0 },
      { ...base.replicas[1], role: "decode", linkIn: 1 },
    ],
    links: [{ name: "out", ...link }, { name: "in", ...link }],
    blockBytes: 100_000,
    jitter,
  };
  const rows = Array.from(
    { length: count },
    (_, i) => ({ arrivalNs: i * 1e7, blocks: [i], outputTokens: 2 }),
  );
  const { requests } = serveTrace(spec, loadOf(rows));
  return requests.decodeStartNs.map((ns, r) => (ns - requests.firstTokenNs[r]) / 100_000);
}

function moments(values: Float64Array): { readonly mean: number; readonly variation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variation: Math.sqrt(square) / mean };
}

Deno.test("jitter has its mean and its variation, and a tail its share, within 1 %", () => {
  const count = 300_000;
  for (const shape of [0.1, 0.25, 0.5]) {
    const { mean, variation } = moments(
      transfers(count, { shape, tailProbability: 0, tailFactor: 1 }),
    );
    assert(Math.abs(mean - 1) < 0.01, `mean ${mean} of ${shape}`);
    assert(Math.abs(variation / shape - 1) < 0.01, `variation ${variation} of ${shape}`);
  }
  const tail = transfers(count, { shape: 0, tailProbability: 0.1, tailFactor: 4 });
  assert(tail.every((time) => time === 1 || time === 4));
  assert(Math.abs(moments(tail).mean / (1 + 0.1 * (4 - 1)) - 1) < 0.01);
});

/** A pool that so many engines read, and the blocks of one prompt in it. */
function pool(readers: number, discipline: ServingSpec["discipline"]): ServingSpec {
  const base = singleEngine(STEP, ENGINE, 1 + readers);
  const rate = { latencyNs: 0, bytesPerSecond: 1e9 };
  return {
    ...base,
    // Ports of their own, so that the pool itself is what they share.
    links: [
      { name: "read", ...rate },
      { name: "write", ...rate },
      ...base.replicas.map((_, i) => ({ name: `in${i}`, ...rate })),
    ],
    stores: [{
      name: "pool",
      tier: 0,
      blocks: 1_000,
      writeThrough: true,
      writeBack: false,
      linkRead: 0,
      linkWrite: 1,
    }],
    replicas: base.replicas.map((each, i) => ({ ...each, stores: [0], linkIn: 2 + i })),
    blockBytes: 4_000,
    recompute: "load",
    discipline,
  };
}

Deno.test("64 who read one pool at once take as long as their bytes", () => {
  const blocks = Array.from({ length: 25 }, (_, i) => i);
  const rows: Row[] = Array.from(
    { length: 65 },
    (_, i) => ({ arrivalNs: i === 0 ? 0 : 1e6, blocks, outputTokens: 1 }),
  );
  for (const discipline of ["fifo", "fair-share"] as const) {
    const { requests, links } = serveTrace(pool(64, discipline), loadOf(rows), {
      module: checkingModule(),
      checkBooks: true,
    });
    assertEquals(new Set(requests.replica).size, 65, "each reader is an engine of its own");
    const bytes = 64 * 24 * 4_000;
    assertEquals(links[0].bytes, bytes);
    const lastNs = Math.max(...requests.loadEndNs.slice(1)) - 1e6;
    assert(lastNs >= bytes && lastNs < 1.001 * bytes, `${discipline}: ${lastNs}`);
    // Nobody has a link of its own: the mean is half of the last, or nearly all of it.
    const meanNs = requests.loadEndNs.slice(1).reduce((sum, ns) => sum + ns - 1e6, 0) / 64;
    assert(meanNs > 0.5 * lastNs, `${discipline}: ${meanNs}`);
  }
});

Deno.test("sessions interleave, and a turn comes after the turn before it has ended", () => {
  const next = numbersFrom(11);
  const rows: Row[] = Array.from({ length: 40 }, (_, session) => session).flatMap((session) => {
    let now = next() % 20_000;
    return Array.from({ length: 6 }, (_, turn) => ({
      arrivalNs: now += next() % 30_000,
      blocks: Array.from({ length: 2 + 2 * turn }, (_, i) => 100 * session + i),
      outputTokens: 1 + next() % 8,
      session,
    }));
  }).sort((a, b) => a.arrivalNs - b.arrivalNs);
  const serve = (closedLoop: boolean) =>
    serveTrace({ ...singleEngine(STEP, ENGINE), closedLoop }, loadOf(rows), {
      module: checkingModule(),
      checkBooks: true,
    }).requests;
  const closed = serve(true);
  const last = new Map<number, number>();
  let waited = 0;
  let between = 0;
  rows.forEach(({ session, arrivalNs }, r) => {
    const before = last.get(session!);
    last.set(session!, r);
    if (before === undefined) return;
    assert(closed.arrivalNs[r] >= closed.finishNs[before], `request ${r} did not wait`);
    assertEquals(closed.arrivalNs[r], Math.max(arrivalNs, closed.finishNs[before]));
    if (closed.arrivalNs[r] > arrivalNs) waited++;
    if (
      rows.some((_, o) =>
        closed.arrivalNs[o] > closed.arrivalNs[before] &&
        closed.arrivalNs[o] < closed.arrivalNs[r]
      )
    ) between++;
  });
  assert(waited > 20, `${waited} turns came before the turn before them had ended`);
  assert(between > 0.9 * 5 * 40, `others come between ${between} of 200 pairs of turns`);
  assertEquals([...serve(false).arrivalNs], rows.map(({ arrivalNs }) => arrivalNs));
});
