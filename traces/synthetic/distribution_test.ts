import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parseDistribution } from "./distribution.ts";
import { parseCount, parseDuration, parseNumber, parseRate } from "./quantities.ts";
import { Random } from "./random.ts";

Deno.test("parseDuration(), parseRate(), parseCount() and parseNumber() read units", () => {
  assertEquals(
    ["5 ns", "2us", "250 ms", "1.5 s", "2 min", "1h", "2 d", "2,331 s"].map(parseDuration),
    [5, 2e3, 250e6, 1.5e9, 120e9, 3600e9, 172_800e9, 2331e9],
  );
  assertEquals(["3 req/s", "30/min", "36 sessions/h", "1,000 tokens/ms"].map(parseRate), [
    3,
    0.5,
    0.01,
    1e6,
  ]);
  assertEquals(["4,096 tokens", "7"].map(parseCount), [4096, 7]);
  assertEquals(["25 %", "0.25"].map(parseNumber), [0.25, 0.25]);
});

Deno.test("quantities without a unit, or with a wrong one, are refused", () => {
  for (const text of ["90", "90 m", "-1 s", "s", "", "200 d", "5 constructor"]) {
    assertThrows(() => parseDuration(text), RangeError, text === "200 d" ? "range" : undefined);
  }
  for (const text of ["3", "3 s", "0 req/s", "3 req/x"]) {
    assertThrows(() => parseRate(text), RangeError);
  }
  for (const text of ["1.5", "3 req/s", "-4"]) assertThrows(() => parseCount(text), RangeError);
  for (const text of ["5 s", "x"]) assertThrows(() => parseNumber(text), RangeError);
});

function draws(text: string, parse = parseNumber, count = 100_000): number[] {
  const random = new Random(5, text);
  const distribution = parseDistribution(text, parse);
  return Array.from({ length: count }, () => distribution.draw(random)).sort((a, b) => a - b);
}

const at = (sorted: number[], share: number) => sorted[Math.floor(share * (sorted.length - 1))];
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

Deno.test("parseDistribution(): each form has the figures that it names", () => {
  assertEquals(draws("12", parseNumber, 3), [12, 12, 12]);
  const even = draws("uniform(min=3; max=6)");
  assertEquals([even[0], even.at(-1)], [3, 6]);
  assertAlmostEquals(mean(even), 4.5, 0.02);
  assertAlmostEquals(mean(draws("exponential(mean=50)")), 50, 0.7);
  const turns = draws("geometric(mean=4.18)");
  assertEquals(turns[0], 1);
  assertAlmostEquals(mean(turns), 4.18, 0.05);
  const think = draws("lognormal(median=124 s; p90=2331 s)", parseDuration);
  assertAlmostEquals(at(think, 0.5) / 124e9, 1, 0.03);
  assertAlmostEquals(at(think, 0.9) / 2331e9, 1, 0.03);
  const prompts = draws("lognormal(median=1020; mean=1155)");
  assertAlmostEquals(at(prompts, 0.5), 1020, 10);
  assertAlmostEquals(mean(prompts), 1155, 10);
  const points = draws("percentiles(0=10; 50=100; 90=1000; 100=1000)");
  assertEquals([points[0], points.at(-1)], [10, 1000]);
  assertAlmostEquals(at(points, 0.5), 100, 2);
  assertAlmostEquals(at(points, 0.25), Math.sqrt(1000), 1);
  assertAlmostEquals(at(points, 0.9), 1000, 12);
});

Deno.test("parseDistribution() clamps to min and max and gives whole numbers", () => {
  const clamped = draws("lognormal(median=64; p90=512; min=10; max=100)");
  assertEquals([clamped[0], clamped.at(-1)], [10, 100]);
  assert(clamped.every(Number.isInteger));
});

Deno.test("parseDistribution() refuses what makes no sense", () => {
  const bad = [
    "normal(mean=3)",
    "uniform(min=3)",
    "uniform(min=6; max=3)",
    "geometric(mean=0.5)",
    "lognormal(median=5)",
    "lognormal(median=500; p90=5)",
    "lognormal(median=5; p90=6; p90=7)",
    "percentiles(50=3)",
    "percentiles(0=9; 100=3)",
    "percentiles(0=1; 120=3)",
    "exponential(median=3)",
    "uniform(min=1; max=2",
    "constructor(min=1)",
  ];
  for (const text of bad) assertThrows(() => parseDistribution(text, parseNumber), RangeError);
});
