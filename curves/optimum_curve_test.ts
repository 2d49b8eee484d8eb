import { assert, assertEquals } from "@std/assert";
import { hitsAt } from "./curve.ts";
import { optimumCurve, type OptimumOptions } from "./optimum_curve.ts";

/** A concave whole curve with these steps. */
function stepped(steps: readonly number[]): { hits: number[]; facts: OptimumOptions } {
  const hits = [0];
  for (const step of steps) hits.push(hits[hits.length - 1] + step);
  const ceilingHits = hits[hits.length - 1];
  return { hits, facts: { uniqueBlocks: steps.length, ceilingHits, isPrefixTree: true } };
}

function replayOf(hits: readonly number[], seen: number[] = []) {
  return (blocks: number) => {
    seen.push(blocks);
    return { hits: hits[blocks], prefixHits: hits[blocks] };
  };
}

const SHAPES: readonly (readonly number[])[] = [
  [1],
  [0],
  [5, 0],
  [3, 3, 3],
  [3, 2, 1],
  [9, 7, 7, 7, 2, 2, 1, 1, 1, 0, 0, 0],
  [50, 30, 30, 12, 12, 12, 11, 3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 0, 0],
  [100, 99, 98, 97, 50, 50, 1, 1, 1, 1, 1, 1, 1, 1, 1],
];

for (const steps of SHAPES) {
  Deno.test(`the curve with steps ${steps} is found at every capacity`, () => {
    const { hits, facts } = stepped(steps);
    const curve = optimumCurve(replayOf(hits), facts);
    assertEquals([curve.exact, curve.errorHits], [true, 0]);
    for (let blocks = 0; blocks < hits.length; blocks++) {
      assertEquals(hitsAt(curve.points, blocks), hits[blocks], `at ${blocks}`);
    }
    assertEquals(hitsAt(curve.points, 1000), hits[hits.length - 1]);
  });
}

Deno.test("a long line takes few replays, none of them twice", () => {
  const steps = [...Array(50).fill(40), ...Array(5_000).fill(7), ...Array(100_000).fill(0)];
  const { hits, facts } = stepped(steps);
  const seen: number[] = [];
  const curve = optimumCurve(replayOf(hits, seen), facts);
  assert(curve.exact);
  assertEquals(curve.points, [[50, 2_000], [5_050, 37_000]]);
  assert(seen.length <= 6, `${seen}`);
  assertEquals(new Set(seen).size, seen.length);
});

Deno.test("a curve cut short says how far off its lines may be, and is no further", () => {
  const steps = Array.from({ length: 400 }, (_, i) => Math.round(4_000 / (i + 1)));
  const { hits, facts } = stepped(steps);
  const seen: number[] = [];
  const curve = optimumCurve(replayOf(hits, seen), { ...facts, replaysMax: 12 });
  assert(!curve.exact);
  assert(seen.length <= 12);
  const off = hits.map((each, blocks) => each - hitsAt(curve.points, blocks));
  assert(Math.min(...off) >= -1e-9, "the line is never above a concave curve");
  assert(Math.max(...off) <= curve.errorHits, `${Math.max(...off)} of ${curve.errorHits}`);
  assert(curve.errorHits < facts.ceilingHits / 10);
  // What replays it could afford were spent where the doubt was greatest.
  const more = optimumCurve(replayOf(hits), { ...facts, replaysMax: 24 });
  assert(more.errorHits < curve.errorHits);
});

Deno.test("without a prefix tree prefix hits stand at the replayed capacities only", () => {
  const { hits, facts } = stepped([9, 7, 7, 7, 2, 2, 1, 1, 1, 0, 0, 0]);
  const seen: number[] = [];
  const replay = (blocks: number) => {
    seen.push(blocks);
    return { hits: hits[blocks], prefixHits: blocks };
  };
  const curve = optimumCurve(replay, { ...facts, isPrefixTree: false });
  assertEquals(curve.prefixPoints, seen.toSorted((a, b) => a - b).map((at) => [at, at]));
});

Deno.test("a trace without reuse has a curve without points, and no replay", () => {
  const never = () => {
    throw new Error("replayed");
  };
  for (const uniqueBlocks of [0, 9]) {
    const curve = optimumCurve(never, { uniqueBlocks, ceilingHits: 0, isPrefixTree: true });
    assertEquals(curve.points, []);
    assert(curve.exact);
  }
});
