import { assertEquals, assertMatch } from "@std/assert";
import {
  blocksOfStep,
  CAPACITY_STEPS,
  capacitySentence,
  sizeText,
  type SizingInput,
  stepOfBlocks,
  targetOf,
  targetSentence,
} from "./sizing.ts";

/** LRU serves half of 100 look-ups with 40 blocks; the optimum with 10. */
const INPUT: SizingInput = {
  accesses: 100,
  ceilingHits: 50,
  lru: [[20, 0], [40, 50]],
  optimum: [[10, 50]],
  isOptimumExact: true,
};

Deno.test("a target takes the smallest cache that reaches it", () => {
  assertEquals(targetOf(INPUT, 1), { lruBlocks: 40, optimumBlocks: 10, hits: 50 });
  assertEquals(targetOf(INPUT, 0.5), { lruBlocks: 30, optimumBlocks: 5, hits: 25 });
  // 25.5 hits do not exist: the next whole one counts.
  assertEquals(targetOf(INPUT, 0.51).hits, 26);
});

Deno.test("the answers say ratio, size, bytes, and what the optimum needs", () => {
  assertEquals(
    targetSentence(INPUT, 0.5),
    "50 % of the ceiling (25.0 of 50.0 % of look-ups) takes LRU 30 blocks. The optimum needs " +
      "5 blocks: 6.0 times less.",
  );
  assertEquals(
    capacitySentence({ ...INPUT, blockBytes: 2 ** 30 }, 30),
    "30 blocks (30.0 GiB): LRU serves 25.0 % of look-ups, 50.0 % of the ceiling; the optimum " +
      "50.0 % of look-ups, 100.0 % of the ceiling.",
  );
});

Deno.test("a curve of the optimum that is not exact is a bound, and is called one", () => {
  const guessed = { ...INPUT, isOptimumExact: false };
  assertMatch(targetSentence(guessed, 0.5), /needs at most 5 blocks/);
  assertMatch(capacitySentence(guessed, 5), /the optimum at least 25\.0 %/);
});

Deno.test("without a curve of the optimum nothing is said of it", () => {
  const { optimum: _, ...alone } = INPUT;
  assertMatch(targetSentence(alone, 0.5), /takes LRU 30 blocks\.$/);
  assertMatch(capacitySentence(alone, 30), /50\.0 % of the ceiling\.$/);
});

Deno.test("the slider reaches one block and all of them, and finds its way back", () => {
  for (const uniqueBlocks of [1, 2, 3, 1000, 182_790]) {
    assertEquals(blocksOfStep(0, uniqueBlocks), 1);
    assertEquals(blocksOfStep(CAPACITY_STEPS, uniqueBlocks), uniqueBlocks);
    assertEquals(stepOfBlocks(uniqueBlocks, uniqueBlocks), CAPACITY_STEPS);
  }
  assertEquals(stepOfBlocks(1, 1000), 0);
  assertEquals(stepOfBlocks(2000, 1000), CAPACITY_STEPS);
  assertEquals(blocksOfStep(stepOfBlocks(1000, 1_000_000), 1_000_000), 1000);
});

Deno.test("one block is one block", () => {
  assertEquals([sizeText(1), sizeText(2, 512)], ["1 block", "2 blocks (1.00 KiB)"]);
});
