import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { runs } from "../tests/support/seed.ts";
import { UsageError } from "../errors/errors.ts";
import { TraceBuilder } from "./builder.ts";
import { openTrace } from "./open.ts";
import { scaleTrace } from "./scale.ts";
import type { Trace } from "./trace.ts";

interface Row {
  readonly gapNs: number;
  readonly session: number;
  readonly parent: boolean;
  readonly runs: readonly (readonly [number, number])[];
}

/** The rows of a trace, added one after the other. */
async function built(rows: readonly Row[]): Promise<Trace> {
  const builder = new TraceBuilder();
  let arrivalNs = 0;
  for (const [at, { gapNs, session, parent, runs }] of rows.entries()) {
    arrivalNs += gapNs;
    builder.add({
      arrivalNs,
      session,
      runs,
      outputTokens: at + 1,
      ...(parent && at > 0 ? { parent: at - 1 } : {}),
    });
  }
  return await builder.build();
}

/** Copies by definition: all rows of all copies, renamed, sorted, and added anew. */
async function copied(rows: readonly Row[], trace: Trace, scaled: Trace, copies: number) {
  const starts = startsOf(trace, scaled, copies);
  const all = starts.flatMap((start, copy) =>
    rows.map((row, at) => ({
      copy,
      at,
      row,
      arrivalNs: start + trace.requests.arrivalNs![at],
    }))
  ).sort((a, b) => a.arrivalNs - b.arrivalNs || a.copy - b.copy || a.at - b.at);
  const places = new Map(all.map(({ copy, at }, place) => [`${copy} ${at}`, place]));
  const builder = new TraceBuilder({ notes: [`${copies} copies side by side`] });
  for (const { copy, at, row, arrivalNs } of all) {
    builder.add({
      arrivalNs,
      session: `${copy} ${row.session}`,
      runs: row.runs.map(([first, count]) => [copy * 1000 + first, count] as const),
      outputTokens: at + 1,
      ...(row.parent && at > 0 ? { parent: places.get(`${copy} ${at - 1}`)! } : {}),
    });
  }
  return await builder.build();
}

/** When each copy begins, told from its first request: answers of one token are first requests. */
function startsOf(trace: Trace, scaled: Trace, copies: number): number[] {
  const firsts: number[] = [];
  for (let at = 0; at < scaled.requestCount; at++) {
    if (scaled.requests.outputTokens![at] === 1) firsts.push(scaled.requests.arrivalNs![at]);
  }
  assertEquals(firsts.length, copies);
  return firsts.map((ns) => ns - trace.requests.arrivalNs![0]);
}

const rows = fc.array(
  fc.record({
    gapNs: fc.nat(5),
    session: fc.nat(2),
    parent: fc.boolean(),
    runs: fc.uniqueArray(fc.tuple(fc.nat(6).map((n) => n * 10), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 3,
      selector: ([first]) => first,
    }),
  }),
  { minLength: 1, maxLength: 8 },
);

Deno.test("scaleTrace() makes the trace that naming every block anew would make", async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 2, max: 4 }), async (rows, copies) => {
      const trace = await built(rows);
      const scaled = await scaleTrace(trace, { copies });
      assertEquals(scaled.hash, (await copied(rows, trace, scaled, copies)).hash);
    }),
    { numRuns: runs(150) },
  );
});

Deno.test("copies begin at seeded times within the stagger, the first at 0", async () => {
  const trace = await built([{ gapNs: 0, session: 0, parent: false, runs: [[0, 2]] }]);
  const at = async (
    seed: number,
  ) => [...(await scaleTrace(trace, { copies: 50, staggerNs: 1e9, seed })).requests.arrivalNs!];
  const times = await at(1);
  assertEquals(times, await at(1));
  assertNotEquals(times, await at(2));
  assertEquals(times[0], 0);
  assert(times.every((ns, i) => Number.isInteger(ns) && ns < 1e9 && ns >= (times[i - 1] ?? 0)));
  assert(times.at(-1)! > 5e8);
});

Deno.test("rate changes arrivals and nothing else; nothing to do gives the same trace", async () => {
  const trace = await openTrace("tests/data/conversation_trace.jsonl.gz", { limit: 500 });
  assertEquals(await scaleTrace(trace, { rate: 1, copies: 1 }), trace);
  const fast = await scaleTrace(trace, { rate: 2 });
  assertEquals(fast.requests.arrivalNs, trace.requests.arrivalNs!.map((ns) => Math.round(ns / 2)));
  assertEquals(fast.extents, trace.extents);
  assertNotEquals(fast.hash, trace.hash);
});

Deno.test("copies of a real trace stay folded and share no block", async () => {
  const trace = await openTrace("tests/data/conversation_trace.jsonl.gz", { limit: 1000 });
  const scaled = await scaleTrace(trace, { copies: 20, staggerNs: 60e9 });
  assertEquals(scaled.requestCount, 20_000);
  assertEquals(scaled.uniqueBlocks, 20 * trace.uniqueBlocks);
  const { firstBlock, blockCount } = scaled.extents;
  // A run that one request touched first may be cut where a later request leaves it.
  assert(firstBlock.length < 20 * trace.extents.firstBlock.length * 1.5, `${firstBlock.length}`);
  let next = 0;
  for (let at = 0; at < firstBlock.length; at++) {
    assert(firstBlock[at] <= next, "blocks are numbered by first touch");
    next = Math.max(next, firstBlock[at] + blockCount[at]);
  }
  assertEquals(next, scaled.uniqueBlocks);
});

Deno.test("more copies than 32 bits number blocks are refused, not wrapped around", async () => {
  const large = await new TraceBuilder({ blockTokens: 1 })
    .add({ arrivalNs: 0, runs: [[0, 2 ** 30]] }).build();
  await assertRejects(() => scaleTrace(large, { copies: 4 }), UsageError, "too large");
  const three = await scaleTrace(large, { copies: 3 });
  assertEquals([...three.extents.firstBlock], [0, 2 ** 30, 2 ** 31]);
  const small = await new TraceBuilder().add({ arrivalNs: 0, runs: [[0, 1]] }).build();
  await assertRejects(() => scaleTrace(small, { copies: 1e9 }), UsageError, "too large");
});
