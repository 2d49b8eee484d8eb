import { assert, assertEquals } from "@std/assert";
import { traceOf, treeRequests } from "../../tests/support/traces.ts";
import { traceCurves } from "../../curves/trace_curves.ts";
import { hitsAt } from "../../curves/curve.ts";
import { curveChart } from "./terminal_chart.ts";

const trace = traceOf(treeRequests(3, 200));

/** Column and height (from the bottom) of each mark. */
function marks(lines: readonly string[], sign: string): (readonly [number, number])[] {
  const rows = lines.filter((line) => line.includes("┤")).map((line) => line.split("┤")[1]);
  return rows.flatMap((row, index) =>
    [...row].flatMap((cell, column) =>
      cell === sign ? [[column, rows.length - 1 - index] as const] : []
    )
  );
}

Deno.test("an exact curve has one mark in every column, at the height of its hits", async () => {
  const result = await traceCurves(trace, { policies: ["lru"] });
  const lines = curveChart(result, 100, false);
  const found = marks(lines, "●").toSorted(([a], [b]) => a - b);
  assertEquals(found.map(([column]) => column), found.map((_, column) => column));
  assertEquals(found.length, 82);
  const { points } = result.curves[0];
  assertEquals(found.at(-1)?.[1], 12);
  for (const [column, height] of found) {
    const blocks = Math.round(trace.uniqueBlocks ** (column / 81));
    assertEquals(height, Math.round(12 * hitsAt(points, blocks) / result.ceilingHits), `${blocks}`);
  }
});

Deno.test("a replayed curve has marks where it was replayed, and nowhere else", async () => {
  const result = await traceCurves(trace, { policies: ["clock"] });
  const found = marks(curveChart(result, 100, false), "●");
  assertEquals(found.length, result.curves[0].points.length);
});

Deno.test("the first curve asked for is seen where two meet; the ceiling is a dashed line", async () => {
  const result = await traceCurves(trace, {
    policies: ["lru", "optimal"],
    at: ["5", "50", "100%"],
  });
  const lines = curveChart(result, 80, false);
  assertEquals(marks(lines, "●").length, 3);
  assert(marks(lines, "○").length <= 2);
  assert(marks(lines, "╌").every(([, height]) => height === 12));
});

Deno.test("one capacity, or no hits, is no chart", async () => {
  assertEquals(curveChart(await traceCurves(trace, { at: ["5"] }), 100, false), []);
  const alone = traceOf([[1, 2, 3], [4, 5]]);
  assertEquals(curveChart(await traceCurves(alone), 100, false), []);
});
