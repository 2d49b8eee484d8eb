import { assertAlmostEquals, assertEquals } from "@std/assert";
import { TimeBuckets } from "./buckets.ts";

Deno.test("means() is what sampling every instant gives", () => {
  const intervals = [[0, 100, 1], [3, 4, 2], [17, 63, 5], [60, 200, 1], [-5, 2, 3], [40, 40, 9]];
  const buckets = new TimeBuckets(0, 100, 10);
  for (const [from, to, weight] of intervals) buckets.add(from, to, weight);
  const expected = Array.from(
    { length: 10 },
    (_, at) =>
      intervals.reduce((sum, [from, to, weight]) => {
        const inside = Math.min(to, (at + 1) * 10) - Math.max(from, at * 10);
        return sum + weight * Math.max(0, inside) / 10;
      }, 0),
  );
  buckets.means().forEach((mean, at) => assertAlmostEquals(mean, expected[at], 1e-12));
});

Deno.test("what ends with the last span stays inside", () => {
  const buckets = new TimeBuckets(10, 20, 2);
  buckets.add(10, 20);
  buckets.add(15, 25);
  assertEquals([...buckets.means()], [1, 2]);
  assertEquals([buckets.indexOf(9), buckets.indexOf(14.9), buckets.indexOf(20)], [0, 0, 1]);
});
