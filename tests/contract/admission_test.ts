/** Every admitter changes what is kept, where and only where its rule says so. */
import { assert, assertEquals } from "@std/assert";
import { type Counters, Replayer } from "../../engine/replayer.ts";
import { registry } from "../../engine/registry.ts";
import { checkingModule, numbersFrom, traceOf } from "../support/traces.ts";

const checking = checkingModule();
type Requests = readonly (readonly number[])[];

function replay(
  requests: Requests,
  admission: string,
  capacityBlocks = 8,
  { policy = "lru", touch = "root-first" as "root-first" | "tail-first" } = {},
): Counters {
  const replayer = new Replayer(traceOf(requests), checking);
  return replayer.run({
    policy: replayer.registry.policy(policy),
    admission: replayer.registry.admitter(admission),
    capacityBlocks,
    touch,
    seed: 1,
  });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** A shared first block, then three blocks of each request's own. */
const shared: Requests = range(0, 50).map((i) => [0, ...range(1 + 3 * i, 4 + 3 * i)]);
/** Ten hot blocks, each between two that never come again. */
const hotAndCold: Requests = range(0, 600).map((i) => [i % 10, 1000 + 2 * i, 1001 + 2 * i]);

Deno.test("always is the default and lets every miss in", () => {
  assertEquals(registry().admitters[0].name, "always");
  const counters = replay(shared, "always");
  assertEquals([counters.bypasses, counters.insertions], [0, 151]);
});

Deno.test("prefix-depth with a depth of 1 stores roots only, in both touch orders", () => {
  for (const touch of ["root-first", "tail-first"] as const) {
    const counters = replay(shared, "prefix-depth(depth=1)", 8, { touch });
    assertEquals(counters.insertions, 1, touch);
    assertEquals(counters.residentBlocks, 1, touch);
    assertEquals(counters.hits, 49, touch);
    assertEquals(counters.bypasses, 150, touch);
  }
});

Deno.test("prefix-depth keeps as many blocks of a prompt as its depth", () => {
  const prompt = [range(0, 100), range(0, 100)];
  for (const depth of [1, 7, 64, 100, 1000]) {
    const { hits, residentBlocks } = replay(prompt, `prefix-depth(depth=${depth})`, 500);
    assertEquals([hits, residentBlocks], [Math.min(depth, 100), Math.min(depth, 100)]);
  }
  assertEquals(replay(prompt, "prefix-depth", 500).hits, 64);
});

Deno.test("second-hit stores nothing that is asked for once", () => {
  assertEquals(replay([range(0, 100)], "second-hit").insertions, 0);
  const counters = replay(hotAndCold, "second-hit", 10);
  assertEquals(counters.insertions, 10);
  assertEquals(counters.hits, 600 - 20);
  assertEquals(replay(hotAndCold, "always", 10).hits, 0);
});

Deno.test("second-hit forgets a first miss after its window", () => {
  // 29 other first misses lie between two touches of a block.
  const loop = range(0, 3).map(() => range(0, 30));
  assertEquals(replay(loop, "second-hit(window=3)", 10).insertions, 30);
  assertEquals(replay(loop, "second-hit(window=2)", 10).insertions, 0);
  assertEquals(replay(loop, "second-hit(window=2.9)", 10).insertions, 0);
});

Deno.test("second-hit asks an evicted block to come twice again", () => {
  const twice = [[0], [0], [1], [1], [0], [0], [0]];
  const { insertions, hits } = replay(twice, "second-hit", 1);
  assertEquals([insertions, hits], [3, 1]);
});

Deno.test("tiny-lfu lets everything in until the tier is full, and protects what is hot", () => {
  assertEquals(replay([range(0, 8), range(0, 8)], "tiny-lfu").bypasses, 0);
  const warm = range(0, 40).map((i) => [i % 8]);
  // Shorter than the ageing period, ten capacities: what is untouched for longer is not hot.
  const scan = range(0, 30).map((i) => [100 + i]);
  const back = range(0, 8).map((i) => [i]);
  const plain = replay([...warm, ...scan, ...back], "always");
  const guarded = replay([...warm, ...scan, ...back], "tiny-lfu");
  assertEquals(plain.hits, 32);
  assert(guarded.hits > 36, `${guarded.hits} hits: the scan has displaced the hot blocks`);
  assert(guarded.bypasses > 20, `${guarded.bypasses} bypasses`);
});

Deno.test("tiny-lfu keeps what is there when the newcomer was touched as often", () => {
  const { hits, bypasses } = replay([[0], [1], [2], [0], [1]], "tiny-lfu", 2);
  assertEquals([hits, bypasses], [2, 1]);
  // One touch more than the victim, and it is in.
  const again = replay([[0], [1], [2], [2], [2]], "tiny-lfu", 2);
  assertEquals([again.hits, again.bypasses], [1, 1]);
});

Deno.test("tiny-lfu forgets in time: what was hot long ago gives way", () => {
  const phase = (first: number) => range(0, 400).map((i) => [first + (i % 8)]);
  const { hits } = replay([...phase(0), ...phase(100)], "tiny-lfu");
  assert(hits > 600, `${hits} of 784 possible hits: the second phase was kept out`);
});

Deno.test("admission spares writes on skewed traffic under every policy", () => {
  const next = numbersFrom(3);
  const skewed = range(0, 2000).map(() => [Math.min(next() % 400, next() % 400, next() % 400)]);
  for (const { name } of registry().policies.filter((entry) => entry.general)) {
    const plain = replay(skewed, "always", 40, { policy: name });
    for (const admission of ["second-hit(window=1)", "tiny-lfu"]) {
      const filtered = replay(skewed, admission, 40, { policy: name });
      assert(
        filtered.insertions < plain.insertions || plain.insertions === 0,
        `${name} ${admission}`,
      );
      assertEquals(filtered.insertions + filtered.bypasses, filtered.accesses - filtered.hits);
    }
  }
});
