import { assert, assertEquals, assertMatch } from "@std/assert";
import { blocksAtX, curveChart } from "./curve_chart.ts";

const INPUT = {
  width: 400,
  accesses: 1000,
  uniqueBlocks: 1000,
  ceilingHits: 400,
  lru: [[100, 0], [1000, 400]],
  optimum: [[10, 400]],
  points: [[10, 400]],
  markedBlocks: 100,
} as const;

/** Corners of a line of the chart. */
function corners(svg: string, kind: string): [number, number][] {
  const path = RegExp(`<path class="${kind}" d="M([^"]+)"`).exec(svg)![1];
  return path.split("L").map((corner) => corner.split(" ").map(Number) as [number, number]);
}

Deno.test("lines rise to the ceiling, and stay inside", () => {
  const svg = curveChart(INPUT);
  const ceiling = Number(/class="ceiling" [^>]*y1="([\d.]+)"/.exec(svg)![1]);
  for (const kind of ["lru", "optimum"]) {
    const line = corners(svg, kind);
    assertEquals(line.at(-1)![1], ceiling, kind);
    line.forEach(([x, y], index) => {
      assert(x >= 0 && x <= 400 && y >= ceiling, `${kind} ${x} ${y}`);
      assert(index === 0 || y <= line[index - 1][1], `${kind} falls at ${x}`);
    });
  }
});

Deno.test("the axis has whole per cents and powers of ten", () => {
  const texts = [...curveChart(INPUT).matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
  assertEquals(texts, [
    ...["0 %", "10 %", "20 %", "30 %", "40 %", "50 %"],
    ...["1", "10", "100", "1k", "blocks of cache (logarithmic)"],
  ]);
});

Deno.test("the smallest and the largest trace can be drawn", () => {
  for (const uniqueBlocks of [1, 2, 2 ** 31]) {
    for (const ceilingHits of [1, 1000]) {
      const svg = curveChart({ ...INPUT, uniqueBlocks, ceilingHits, lru: [[1, ceilingHits]] });
      assert(!/NaN|Infinity|undefined/.test(svg), svg);
      assertMatch(svg, /class="marker"/);
    }
  }
});

Deno.test("a position of the chart is a capacity, at its ends as well", () => {
  assertEquals([blocksAtX(-5, 400, 1000), blocksAtX(999, 400, 1000)], [1, 1000]);
  assertEquals(blocksAtX(46 + (400 - 46 - 12) / 3, 400, 1000), 10);
});
