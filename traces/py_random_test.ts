import { assertEquals } from "@std/assert";
import { PyRandom } from "./py_random.ts";

// Every expected value was printed by CPython 3.11.

Deno.test("PyRandom.random() gives CPython's numbers, for small, large and negative seeds", () => {
  const cases: [seed: number, units: number[], below1000: number[]][] = [
    [0, [0.8444218515250481, 0.7579544029403025], [430, 41, 265]],
    [1, [0.13436424411240122, 0.8474337369372327], [782, 64, 261]],
    [2 ** 40 + 5, [0.5043802970418443, 0.2686044399723282], [948, 28, 543]],
    [-7, [0.32383276483316237, 0.15084917392450192], [666, 49, 74]],
  ];
  for (const [seed, units, below1000] of cases) {
    const random = new PyRandom(seed);
    assertEquals([random.random(), random.random()], units);
    assertEquals(Array.from({ length: 3 }, () => random.randrange(0, 1000)), below1000);
  }
});

Deno.test("PyRandom.random() goes on when the state is used up", () => {
  const random = new PyRandom(7);
  for (let i = 0; i < 700; i++) random.random();
  assertEquals(random.random(), 0.33805157034346633);
});

Deno.test("PyRandom draws with and without replacement as CPython does", () => {
  const random = new PyRandom(2024);
  assertEquals(random.randint(-5, 5), 2);
  assertEquals(random.choice([10, 20, 30, 40, 50]), 20);
  assertEquals(random.choices([1, 2, 3, 4], 5), [3, 2, 4, 2, 3]);
  assertEquals(random.choices([1, 2, 3], 6, [5, 1, 1]), [1, 1, 2, 1, 1, 2]);
  const range = (length: number) => Array.from({ length }, (_, index) => index);
  assertEquals(random.sample(range(10), 4), [3, 4, 5, 8]);
  assertEquals(random.sample(range(1000), 6), [76, 748, 792, 887, 211, 705]);
  // 21 items are the most that Python copies for so few draws.
  assertEquals(random.sample(range(21), 5), [14, 4, 17, 6, 13]);
  assertEquals(random.sample(range(22), 5), [1, 11, 20, 13, 14]);
  assertEquals(random.random(), 0.12418351862815613);
});
