/** What happens over time sums to what happened: on the build with assertions. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "kvtier";
import { runs } from "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { LinkTimeline, ServingResult } from "../../engine/serving_result.ts";
import { type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { anyCluster, anyLoad, loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, rows: readonly Row[]) =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

const sum = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

/** Prefill replicas that send to one decoder over links of their own and one that they share. */
function senders(count: number, over: Partial<ServingSpec> = {}): ServingSpec {
  const base = singleEngine(STEP, { blocks: 1_000, maxSequences: 16, tokenBudget: 1_000 });
  const link = { latencyNs: 300, bytesPerSecond: 2e9 };
  return {
    ...base,
    replicas: Array.from({ length: count + 1 }, (_, i) => ({
      ...base.replicas[0],
      node: i,
      role: i < count ? "prefill" as const : "decode" as const,
      ...(i < count ? { linkOut: i } : { linkIn: count }),
    })),
    links: [
      ...Array.from({ length: count }, (_, i) => ({ ...link, name: `out${i}` })),
      { name: "in", latencyNs: 500, bytesPerSecond: 1e9 },
    ],
    blockBytes: 4_000,
    timelineColumns: 256,
    ...over,
  };
}

/** A prompt of 25 blocks: 2,000 ns to compute, 100,000 bytes to send. */
const prompt = (arrivalNs: number, first: number): Row => ({
  arrivalNs,
  blocks: Array.from({ length: 25 }, (_, i) => first + i),
  outputTokens: 2,
});

type Flow = readonly [fromNs: number, toNs: number, bytesPerNs: number];

/** What flows of known rates leave in columns, by their definition. */
function columnsOf(flows: readonly Flow[], columnNs: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) =>
    sum(flows.map(([fromNs, toNs, rate]) => {
      const overlap = Math.min(toNs, (at + 1) * columnNs) - Math.max(fromNs, at * columnNs);
      return Math.max(0, overlap) * rate;
    })));
}

/** Checks what each link carried, when and how fast. */
function assertFlows({ timeline }: ServingResult, flows: readonly (readonly Flow[])[]): void {
  assertEquals(timeline!.links.length, flows.length);
  for (const { links, carriedBytes } of timeline!.links) {
    const expected = columnsOf(flows[links[0]], timeline!.columnNs, carriedBytes.length);
    carriedBytes.forEach((bytes, at) => assertAlmostEquals(bytes, expected[at], 1e-6));
  }
}

Deno.test("one transfer: its bytes are in the columns in which they flowed", () => {
  const fifo = serve(senders(1), [prompt(0, 0)]);
  assertEquals(fifo.timeline!.columnNs, 1_024);
  assertFlows(fifo, [[[2_000, 52_000, 2]], [[2_000, 102_000, 1]]]);
  // Under fair share it has the rate of the slower link on both.
  const fair = serve(senders(1, { discipline: "fair-share" }), [prompt(0, 0)]);
  assertFlows(fair, [[[2_000, 102_000, 1]], [[2_000, 102_000, 1]]]);
});

Deno.test("two flows: half each of what they share, or one after the other", () => {
  const rows = [prompt(0, 0), prompt(0, 100)];
  const fair = serve(senders(2, { discipline: "fair-share" }), rows);
  const half: Flow = [2_000, 202_000, 0.5];
  assertFlows(fair, [[half], [half], [[2_000, 202_000, 1]]]);
  const fifo = serve(senders(2), rows);
  assertFlows(fifo, [[[2_000, 52_000, 2]], [[2_000, 52_000, 2]], [[2_000, 202_000, 1]]]);
  // One that comes later takes half from then on: 50 alone, 100 shared, 50 alone.
  const later = serve(senders(2, { discipline: "fair-share" }), [
    prompt(0, 0),
    prompt(50_000, 100),
  ]);
  assertFlows(later, [
    [[2_000, 52_000, 1], [52_000, 152_000, 0.5]],
    [[52_000, 152_000, 0.5], [152_000, 202_000, 1]],
    [[2_000, 202_000, 1]],
  ]);
});

Deno.test("fewer columns are folded ones: the same sums, twice as wide as often as it takes", () => {
  const rows = [prompt(0, 0), prompt(0, 100), prompt(10_000, 200)];
  const [fine, coarse, least] = [1_024, 64, 2].map((timelineColumns) =>
    serve(senders(2, { timelineColumns }), rows).timeline!
  );
  assertEquals([fine, coarse, least].map(({ columnNs }) => columnNs), [1_024, 8_192, 262_144]);
  for (const wide of [coarse, least]) {
    const each = wide.columnNs / fine.columnNs;
    for (const [row, { carriedBytes }] of wide.links.entries()) {
      const parts = fine.links[row].carriedBytes;
      carriedBytes.forEach((bytes, at) =>
        assertAlmostEquals(bytes, sum(parts.subarray(at * each, (at + 1) * each)), 1e-6)
      );
    }
  }
});

Deno.test("a link that is cut carries up to then, and again once it is mended", () => {
  const faults: ServingSpec["faults"] = [
    { timeNs: 50_000, kind: "link-down", subject: 1 },
    { timeNs: 80_000, kind: "link-up", subject: 1 },
  ];
  for (const discipline of ["fifo", "fair-share"] as const) {
    const result = serve(senders(1, { discipline, faults }), [prompt(0, 0)]);
    const out: Flow[] = discipline === "fifo"
      ? [[2_000, 50_000, 2], [80_000, 130_000, 2]]
      : [[2_000, 50_000, 1], [80_000, 180_000, 1]];
    assertFlows(result, [out, [[2_000, 50_000, 1], [80_000, 180_000, 1]]]);
    const [{ carriedBytes, busyNs, bytes }] = result.links.slice(1);
    assertEquals([bytes, busyNs], [100_000, 148_000]);
    assertAlmostEquals(carriedBytes, 148_000, 1e-6);
  }
});

Deno.test("first come: time set aside for what is lost is free again where it is the last", () => {
  // The second waits for the first on the shared link until its own is cut; the third comes then.
  const faults: ServingSpec["faults"] = [
    { timeNs: 50_000, kind: "link-down", subject: 1 },
    { timeNs: 1_000_000, kind: "link-up", subject: 1 },
  ];
  const rows = [prompt(0, 0), prompt(0, 100), prompt(60_000, 200)];
  const { requests, links } = serve(senders(2, { faults }), rows);
  assertEquals([...requests.decodeStartNs], [102_800, 1_100_800, 202_800]);
  // 48,000 ns of the lost one, and all of the one that went again.
  assertEquals(links.map(({ busyNs }) => busyNs), [100_000, 48_000 + 50_000, 300_000]);
});

Deno.test("replicas: time in steps, and blocks as they are taken, those of a stretch half the time", () => {
  const engine = { blocks: 100, maxSequences: 4, tokenBudget: 100 };
  const spec = { ...singleEngine(STEP, engine), timelineColumns: 256 };
  // 16 tokens in a step of 1,160 ns; then 8 more, one in each step of 1,010 ns: a block for them at
  // once, and a second one underway.
  const row = { arrivalNs: 5_000, blocks: [1, 2, 3, 4], outputTokens: 9 };
  const { timeline, endNs } = serve(spec, [row]);
  const [{ busyNs, heldBlockNs }] = timeline!.roles;
  const prompt = 5_000 + 1_160;
  assertEquals(endNs, prompt + 8 * 1_010);
  const columns = (flows: Flow[]) => columnsOf(flows, timeline!.columnNs, busyNs.length);
  assertEquals([...busyNs], columns([[5_000, endNs, 1]]));
  assertEquals([...heldBlockNs], columns([[5_000, prompt, 4], [prompt, endNs, 4 + 1 + 1 / 2]]));
});

function checkLink(spec: ServingSpec, result: ServingResult, row: LinkTimeline): void {
  const { columnNs } = result.timeline!;
  const links = row.links.map((at) => result.links[at]);
  const carried = sum(links.map(({ carriedBytes }) => carriedBytes));
  assertAlmostEquals(sum(row.carriedBytes), carried, 1e-9 * carried + 1e-6);
  const most = sum(row.links.map((at) => spec.links[at].bytesPerSecond)) * columnNs / 1e9;
  row.carriedBytes.forEach((bytes) =>
    assert(bytes >= 0 && bytes <= most * (1 + 1e-9), `${bytes} of ${most} bytes in a column`)
  );
  if (spec.jitter.shape > 0) return;
  const arrived = sum(links.map(({ bytes }) => bytes));
  // Parts of prompts may be called off before they have arrived.
  const isWhole = spec.faults.length === 0 && spec.handover !== "push-layerwise";
  if (isWhole) assertAlmostEquals(carried, arrived, 1e-9 * arrived);
  else assert(carried >= arrived * (1 - 1e-9), `${arrived} of ${carried} bytes arrived`);
}

function checkRoles(spec: ServingSpec, { timeline, replicas, endNs }: ServingResult): void {
  for (const row of timeline!.roles) {
    const own = replicas.filter((_, at) => spec.replicas[at].role === row.role);
    assertEquals(row.replicas, own.length);
    assertAlmostEquals(sum(row.busyNs), sum(own.map(({ busyNs }) => busyNs)), 1e-3);
    const held = sum(own.map(({ meanHeldBlocks }) => meanHeldBlocks * endNs));
    assertAlmostEquals(sum(row.heldBlockNs), held, 1e-9 * held + 1e-3);
    const wholeNs = own.length * timeline!.columnNs * (1 + 1e-9);
    const blocks = Math.max(...own.map(({ capacityBlocks }) => capacityBlocks));
    assert(row.busyNs.every((ns) => ns <= wholeNs), "more time in steps than there is");
    assert(row.heldBlockNs.every((ns) => ns <= blocks * wholeNs), "more blocks than there are");
  }
}

Deno.test("columns sum to totals, and no link carries more than it can, whatever breaks", () => {
  const columns = fc.constantFrom(2, 16, 256);
  fc.assert(
    fc.property(anyCluster, anyLoad, columns, (spec, rows, timelineColumns) => {
      const result = serve({ ...spec, timelineColumns }, rows);
      const { timeline, endNs } = result;
      const count = timeline!.roles[0].busyNs.length;
      assert(count <= timelineColumns && count * timeline!.columnNs >= endNs);
      for (const row of timeline!.links) checkLink(spec, result, row);
      checkRoles(spec, result);
    }),
    { numRuns: runs(400) },
  );
});

Deno.test("a timeline changes nothing else; without columns there is none", () => {
  fc.assert(
    fc.property(anyCluster, anyLoad, (spec, rows) => {
      const plain = serve(spec, rows);
      assertEquals(plain.timeline, undefined);
      const { timeline, ...rest } = serve({ ...spec, timelineColumns: 32 }, rows);
      assert(timeline !== undefined);
      assertEquals({ ...rest, memoryBytes: 0 }, { ...plain, memoryBytes: 0 });
    }),
    { numRuns: runs(60) },
  );
});

Deno.test("of more links than rows, large kinds share one; small ones keep theirs", () => {
  const spec = senders(600);
  const result = serve(spec, Array.from({ length: 40 }, (_, at) => prompt(at * 1_000, at * 100)));
  const [out, into] = result.timeline!.links;
  assertEquals(result.timeline!.links.length, 2);
  assertEquals([out.kind, out.links.length], ["out#", 600]);
  assertEquals([into.kind, into.links], ["in", [600]]);
  for (const row of [out, into]) checkLink(spec, result, row);
});

Deno.test("columns are an even number", () => {
  assertThrows(() => serve(senders(1, { timelineColumns: 3 }), [prompt(0, 0)]), UsageError);
});
