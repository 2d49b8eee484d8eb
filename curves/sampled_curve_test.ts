import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { openTrace } from "../traces/open.ts";
import type { Trace } from "../traces/trace.ts";
import { reuseRuns } from "../engine/folded.ts";
import { traceOf, treeRequests } from "../tests/support/traces.ts";
import { type CurvePoint, hitsAt } from "./curve.ts";
import { lruCurve } from "./lru_curve.ts";
import { sampledCurve } from "./sampled_curve.ts";
import { sampledTrace } from "./sampled_trace.ts";

const reuse = (trace: Parameters<typeof reuseRuns>[0]) => reuseRuns(trace, "tail-first");

/** The requests that touch each block, as a text. */
function requestsOf({ requests: { firstExtent }, extents, uniqueBlocks, requestCount }: Trace) {
  const rows = Array.from({ length: uniqueBlocks }, () => "");
  for (let row = 0; row < requestCount; row++) {
    for (let e = firstExtent[row]; e < firstExtent[row + 1]; e++) {
      for (let i = 0; i < extents.blockCount[e]; i++) rows[extents.firstBlock[e] + i] += ` ${row}`;
    }
  }
  return rows;
}

Deno.test("a sample keeps one block of every four neighbours, in all its references", () => {
  const trace = traceOf(treeRequests(5, 60));
  const whole = requestsOf(trace);
  const strata = Math.floor(trace.uniqueBlocks / 4);
  for (const stream of ["a", "b"]) {
    const sample = sampledTrace(trace, 4, 42, stream);
    const kept = requestsOf(sample);
    assert(kept.length === strata || kept.length === strata + 1, `${kept.length} of ${strata}`);
    for (let at = 0; at < strata; at++) {
      assert(whole.slice(4 * at, 4 * at + 4).includes(kept[at]), `block ${at}: ${kept[at]}`);
    }
    const { blockCount } = sample.extents;
    assertEquals(blockCount.reduce((sum, count) => sum + count, 0), sample.accesses);
    assertEquals(sampledTrace(trace, 4, 42, stream), sample);
  }
  assertNotEquals(
    requestsOf(sampledTrace(trace, 4, 42, "a")),
    requestsOf(sampledTrace(trace, 4, 42, "b")),
  );
});

Deno.test("a sample of everything is the trace, and its curve the exact one", () => {
  const trace = traceOf(treeRequests(7, 80));
  const sample = sampledTrace(trace, 1, 42, "a");
  assertEquals(sample.extents.blockCount, trace.extents.blockCount);
  const curve = sampledCurve(trace, { oneIn: 1, samples: 2, seed: 1 }, reuse);
  const exact = lruCurve(reuse(trace));
  for (const [blocks, hits] of curve.points) assertEquals(hits, hitsAt(exact.points, blocks));
  assertEquals(curve.errorHits, 0);
});

Deno.test("of two samples the error is their largest difference", () => {
  const trace = traceOf(treeRequests(9, 400));
  const repeats = trace.accesses - trace.uniqueBlocks;
  const { points, errorHits } = sampledCurve(trace, { oneIn: 4, samples: 2, seed: 3 }, reuse);
  const [one, two] = ["0", "1"].map((stream) => {
    const sample = sampledTrace(trace, 4, 3, stream);
    const curve = lruCurve(reuse(sample)).points;
    const missed = (blocks: number) =>
      sample.accesses - sample.uniqueBlocks - hitsAt(curve, blocks / 4);
    return points.map(([blocks]) => Math.max(0, repeats - 4 * missed(blocks)));
  });
  // Twice the standard error of their mean, which is half of what lies between them.
  const apart = Math.max(...one.map((hits, i) => Math.abs(hits - two[i])));
  assert(apart > 0);
  assertEquals(errorHits, Math.round(apart));
});

/** Mean and largest distance of two curves at a hundred even shares of the blocks, as ratios. */
function errors(
  curve: readonly CurvePoint[],
  exact: readonly CurvePoint[],
  { uniqueBlocks, accesses }: { uniqueBlocks: number; accesses: number },
) {
  const all = Array.from({ length: 100 }, (_, i) => {
    const blocks = Math.floor(uniqueBlocks * (i + 1) / 100);
    return Math.abs(hitsAt(curve, blocks) - hitsAt(exact, blocks)) / accesses;
  });
  return { mean: all.reduce((sum, each) => sum + each, 0) / 100, max: Math.max(...all) };
}

const CASES = [
  { name: "conversation", oneIn: 16, mean: 0.0005, max: 0.004 },
  { name: "conversation", oneIn: 128, mean: 0.0015, max: 0.022 },
  { name: "synthetic", oneIn: 16, mean: 0.0015, max: 0.006 },
];

for (const { name, oneIn, mean, max } of CASES) {
  Deno.test(`eight samples of 1/${oneIn} of ${name} are within ${mean} on average`, async () => {
    const trace = await openTrace(`tests/data/${name}_trace.jsonl.gz`);
    const exact = lruCurve(reuse(trace));
    const curve = sampledCurve(trace, { oneIn, samples: 8, seed: 42 }, reuse);
    for (const points of ["points", "prefixPoints"] as const) {
      const found = errors(curve[points], exact[points], trace);
      assert(found.mean < mean, `${points}: ${found.mean}`);
      assert(found.max < max, `${points}: ${found.max}`);
    }
    // The stated error covers what was missed, and is no idle phrase.
    const missed = curve.points.map(([blocks, hits]) =>
      Math.abs(hits - hitsAt(exact.points, blocks))
    );
    assert(Math.max(...missed) <= curve.errorHits, `${Math.max(...missed)} of ${curve.errorHits}`);
    assert(curve.errorHits < 0.03 * trace.accesses);
    assert(!curve.exact);
  });
}
