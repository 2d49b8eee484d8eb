import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { TraceError } from "../errors/errors.ts";
import { type BuilderRequest, TraceBuilder } from "./builder.ts";
import { extentsOf } from "./testing.ts";
import { NO_PARENT } from "./trace.ts";

Deno.test("TraceBuilder.build() folds ids and runs alike", async () => {
  const byIds = new TraceBuilder().add({ blocks: [7, 8, 9, 3] }).add({ blocks: [8, 9] });
  const byRuns = new TraceBuilder().add({ runs: [[7, 2], [9, 1], [3, 1]] }).add({ runs: [[8, 2]] });
  const trace = await byIds.build();
  assertEquals([extentsOf(trace, 0), extentsOf(trace, 1)], ["0+4", "1+2"]);
  assertEquals((await byRuns.build()).hash, trace.hash);
  assertEquals([...trace.requests.inputTokens], [64, 32]);
  assertEquals(trace.requests.arrivalNs, undefined);
  assertEquals([trace.path, trace.format, trace.blockTokens], ["memory", "memory", 16]);
});

Deno.test("TraceBuilder.build() fills the columns that requests have", async () => {
  const { requests } = await new TraceBuilder({ blockTokens: 4 })
    .add({ arrivalNs: 10, session: "a", tenant: 5, outputTokens: 1, blocks: [1] })
    .add({ arrivalNs: 15, session: "b", tenant: 5, outputTokens: 2, blocks: [1], parent: 0 })
    .add({ arrivalNs: 15, session: "a", tenant: 6, outputTokens: 3, blocks: [2], thinkNs: 4 })
    .build();
  assertEquals([...requests.arrivalNs!], [0, 5, 5]);
  assertEquals([...requests.session!], [0, 1, 0]);
  assertEquals([...requests.tenant!], [0, 0, 1]);
  assertEquals([...requests.turn!], [1, 1, 2]);
  assertEquals([...requests.parent!], [NO_PARENT, 0, NO_PARENT]);
  assertEquals([...requests.thinkNs!], [-1, -1, 4]);
});

Deno.test("TraceBuilder.build() sorts when asked and keeps parents", async () => {
  const builder = new TraceBuilder({ sort: true })
    .add({ arrivalNs: 9, blocks: [1] })
    .add({ arrivalNs: 20, blocks: [2], parent: 0 })
    .add({ arrivalNs: 4, blocks: [3] });
  const { requests } = await builder.build();
  assertEquals([...requests.arrivalNs!], [0, 5, 16]);
  assertEquals([...requests.parent!], [NO_PARENT, NO_PARENT, 1]);
});

Deno.test("TraceBuilder.add() refuses values out of range and leaves nothing behind", async () => {
  const bad: BuilderRequest[] = [
    { blocks: [-1] },
    { blocks: [1, 0.5] },
    { runs: [[0, 0]] },
    { blocks: [1], inputTokens: -1 },
    { blocks: [1], inputTokens: 2 ** 32 },
    { blocks: [1], turn: 0 },
    { blocks: [1], turn: 65_536 },
    { blocks: [1], arrivalNs: NaN },
    { blocks: [1], parent: 0 },
  ];
  const builder = new TraceBuilder();
  for (const request of bad) {
    assertThrows(() => builder.add(request), TraceError, "out of range");
  }
  const { accesses } = await builder.add({ blocks: [1] }).build();
  assertEquals(accesses, 1);
  assertThrows(() => new TraceBuilder({ blockTokens: 0 }), TraceError);
});

Deno.test("TraceBuilder.build() refuses requests that make no sense together", async () => {
  const backwards = new TraceBuilder().add({ arrivalNs: 5, blocks: [1] });
  backwards.add({ arrivalNs: 4, blocks: [1] });
  assertEquals((await assertRejects(() => backwards.build(), TraceError)).place.row, 2);
  const gaps = new TraceBuilder().add({ arrivalNs: 5, blocks: [1] }).add({ blocks: [1] });
  assertEquals(
    (await assertRejects(() => gaps.build(), TraceError)).code,
    "trace/column-with-gaps",
  );
  const twice = new TraceBuilder().add({ blocks: [1, 2, 1] });
  assertEquals((await assertRejects(() => twice.build(), TraceError)).code, "trace/repeated-block");
  await assertRejects(() => new TraceBuilder().build(), TraceError);
});
