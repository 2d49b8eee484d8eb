import { assertEquals } from "@std/assert";
import { TraceBuilder } from "./builder.ts";
import { ExtentWriter, IntervalMap } from "./ranges.ts";
import { mooncakeLine, parseText, randomBelow } from "./testing.ts";

Deno.test("IntervalMap.touch() numbers ids as a plain map does", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const below = randomBelow(seed);
    const space = [20, 500, 20_000][seed % 3];
    const map = new IntervalMap();
    const plain = new Map<number, number>();
    let next = 0;
    for (let step = 0; step < 400; step++) {
      const first = below(space);
      const count = 1 + below(seed % 2 === 0 ? 3 : 40);
      const parts: number[] = [];
      const before = plain.size;
      next = map.touch(first, count, next, (block, blocks, isNew) => {
        for (let index = 0; index < blocks; index++) {
          assertEquals(block + index >= before, isNew);
          parts.push(block + index);
        }
      });
      const expected = Array.from({ length: count }, (_, index) => {
        const id = first + index;
        if (!plain.has(id)) plain.set(id, plain.size);
        return plain.get(id)!;
      });
      assertEquals(parts, expected, `seed ${seed} step ${step}`);
      assertEquals(next, plain.size);
    }
  }
});

Deno.test("IntervalMap.touch() stays quick for many scattered ids", () => {
  const map = new IntervalMap();
  let next = 0;
  for (let step = 0; step < 200_000; step++) {
    next = map.touch(2 * ((step * 77_777) % 200_003), 1, next, () => {});
  }
  assertEquals(next, 200_000);
});

Deno.test("ExtentWriter.add() joins neighbours within a request only", () => {
  const extents = new ExtentWriter();
  extents.startRequest();
  extents.add(0, 2);
  extents.add(2, 3);
  extents.add(9, 1);
  extents.startRequest();
  extents.add(10, 1);
  assertEquals([...extents.firstBlock.view()], [0, 9, 10]);
  assertEquals([...extents.blockCount.view()], [5, 1, 1]);
});

Deno.test("folding by ranges and folding by hashes give the same trace", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const below = randomBelow(seed);
    const builder = new TraceBuilder({ blockTokens: 512 });
    let text = "";
    for (let row = 0; row < 60; row++) {
      const first = below(200);
      const ids = Array.from({ length: 1 + below(30) }, (_, index) => first + index);
      const tail = 1000 + below(50);
      if (below(2) === 0) ids.push(tail, tail + 1);
      const input_length = ids.length * 512;
      text += mooncakeLine({ timestamp: row, input_length, hash_ids: ids });
      builder.add({ arrivalNs: row * 1e6, outputTokens: 4, blocks: ids });
    }
    assertEquals((await builder.build()).hash, (await parseText(text)).hash, `seed ${seed}`);
  }
});
