import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { exp, ln, sineOfTurns } from "./exact_math.ts";
import { Random, Zipf } from "./random.ts";

const MASK = (1n << 64n) - 1n;

/** The finaliser of splitmix64, as published. */
function mix(value: bigint): bigint {
  let z = value;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

function* published(seed: bigint, stream: string): Generator<bigint> {
  let name = 0xcbf29ce484222325n;
  for (const letter of stream) {
    name = ((name ^ BigInt(letter.charCodeAt(0))) * 0x100000001b3n) & MASK;
  }
  let state = seed ^ mix(name);
  for (;;) yield mix(state = (state + 0x9e3779b97f4a7c15n) & MASK);
}

Deno.test("Random.next() is splitmix64 over named streams", () => {
  // The published first number of seed 1234567, to check the definition above.
  assertEquals(mix((1234567n + 0x9e3779b97f4a7c15n) & MASK), 6457827717110365317n);
  for (const [seed, stream] of [[42, "arrivals"], [0, ""], [2 ** 53 - 1, "sizes"]] as const) {
    const random = new Random(seed, stream);
    const expected = published(BigInt(seed), stream);
    for (let i = 0; i < 5000; i++) assertEquals(random.next(), expected.next().value);
  }
});

Deno.test("Random: streams of one seed and seeds of one stream differ", () => {
  assertNotEquals(new Random(1, "a").next(), new Random(1, "b").next());
  assertNotEquals(new Random(1, "a").next(), new Random(2, "a").next());
});

/** Mean and variance of many draws. */
function moments(draw: () => number, count = 200_000): [mean: number, variance: number] {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  return [sum / count, squares / count - (sum / count) ** 2];
}

Deno.test("Random: the distributions have their means and variances", () => {
  const random = new Random(3, "moments");
  const cases: [draw: () => number, mean: number, variance: number][] = [
    [() => random.unit(), 0.5, 1 / 12],
    [() => random.between(3, 7), 5, 2],
    [() => random.exponential(), 1, 1],
    [() => random.normal(), 0, 1],
    [() => random.gamma(0.25), 0.25, 0.25],
    [() => random.gamma(4), 4, 4],
  ];
  for (const [draw, mean, variance] of cases) {
    const found = moments(draw);
    assertAlmostEquals(found[0], mean, 0.02);
    assertAlmostEquals(found[1], variance, 0.03 * Math.max(1, variance));
  }
});

Deno.test("Random.permutation() holds every number once and moves them", () => {
  const order = new Random(5, "order").permutation(1000);
  assertEquals([...order].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, i) => i));
  assert(order.filter((value, index) => value === index).length < 10);
});

Deno.test("Zipf.draw() has the slope of its exponent", () => {
  for (const alpha of [0.8, 1.2]) {
    const counts = new Float64Array(1000);
    const zipf = new Zipf(counts.length, alpha);
    const random = new Random(7, "zipf");
    for (let i = 0; i < 1_000_000; i++) counts[zipf.draw(random)]++;
    // Ranks 1, 2, 4, … 64 on logarithmic scales.
    const ranks = [1, 2, 4, 8, 16, 32, 64];
    for (const rank of ranks) {
      assertAlmostEquals(
        Math.log(counts[0] / counts[rank - 1]) / Math.log(rank) || alpha,
        alpha,
        0.05,
      );
    }
  }
});

Deno.test("ln, exp and sineOfTurns agree with the host to the last bits", () => {
  const random = new Random(11, "math");
  for (let i = 0; i < 20_000; i++) {
    const x = Math.exp((random.unit() - 0.5) * 200);
    assertAlmostEquals(ln(x), Math.log(x), 4e-16 * Math.max(0.01, Math.abs(Math.log(x))) + 1e-18);
    const y = (random.unit() - 0.5) * 1400;
    assertAlmostEquals(exp(y) / Math.exp(y), 1, 1e-15);
    const turns = random.unit() * 3 - 1;
    assertAlmostEquals(sineOfTurns(turns), Math.sin(2 * Math.PI * turns), 2e-15);
  }
  assertEquals([ln(1), exp(0), exp(-1000), sineOfTurns(0), sineOfTurns(0.5)], [0, 1, 0, 0, 0]);
});
