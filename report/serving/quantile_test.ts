import { assert, assertEquals } from "@std/assert";
import { countedQuantile, nearestRank, quantile } from "./quantile.ts";

Deno.test("nearest rank: the smallest value with so many at or below it", () => {
  assertEquals([500, 501, 900, 990, 999, 1000].map((p) => nearestRank(p, 10)), [
    5,
    6,
    9,
    10,
    10,
    10,
  ]);
  assertEquals([nearestRank(990, 1000), nearestRank(999, 1000), nearestRank(999, 2000)], [
    990,
    999,
    1998,
  ]);
  assertEquals(nearestRank(1, 10), 1);
});

Deno.test("quantile() is what a count of values from below gives", () => {
  const values = Float64Array.from({ length: 137 }, (_, i) => (i * 7919) % 1009).sort();
  for (const perMille of [500, 900, 950, 990, 999]) {
    const found = quantile(values, perMille)!;
    const below = values.filter((value) => value < found).length;
    const upTo = values.filter((value) => value <= found).length;
    assert(upTo * 1000 >= perMille * values.length && below * 1000 < perMille * values.length);
  }
  assertEquals(quantile(new Float64Array(0), 500), null);
});

Deno.test("countedQuantile() is within half a bucket of the time itself", () => {
  const perOctave = 32;
  const counts = new Float64Array(1536);
  const times = Float64Array.from({ length: 1000 }, (_, i) => 1e6 * 1.005 ** i);
  for (const ns of times) counts[Math.floor(Math.log2(ns) * perOctave)]++;
  for (const perMille of [500, 900, 990, 999]) {
    const exact = quantile(times, perMille)!;
    const found = countedQuantile({ perOctave, counts }, perMille)!;
    assert(Math.abs(found / exact - 1) < 0.011, `${perMille}: ${found} is not ${exact}`);
  }
  assertEquals(countedQuantile({ perOctave, counts: new Float64Array(8) }, 500), null);
});
