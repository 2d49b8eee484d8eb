import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../errors/errors.ts";
import { naiveReuse } from "../tests/support/naive_reuse.ts";
import { traceOf, treeRequests } from "../tests/support/traces.ts";
import type { Trace } from "../traces/trace.ts";
import { hitsAt } from "./curve.ts";
import { curveGroups } from "./groups.ts";
import { lruCurve } from "./lru_curve.ts";
import { GROUP_KEYS, parseGroupKey } from "./parts.ts";

/** A tree trace with every column that it can be split by. */
function columned(seed: number, requests: number): Trace {
  const trace = traceOf(treeRequests(seed, requests));
  const length = requests;
  return {
    ...trace,
    requests: {
      ...trace.requests,
      arrivalNs: Float64Array.from({ length }, (_, row) => row * row * 1e9),
      tenant: Uint32Array.from({ length }, (_, row) => row % 15),
      session: Uint32Array.from({ length }, (_, row) => row % 7 === 0 ? 0 : row),
      turn: Uint16Array.from({ length }, (_, row) => 1 + row % 20),
    },
    extents: { ...trace.extents, kind: Uint8Array.from(trace.extents.firstBlock, (_, e) => e % 3) },
  };
}

for (const by of GROUP_KEYS) {
  Deno.test(`parts by ${by} add up to the whole at every capacity`, () => {
    const trace = columned(3, 90);
    for (const touch of ["root-first", "tail-first"] as const) {
      const runs = naiveReuse(trace, touch);
      const groups = curveGroups(trace, runs, by);
      assert(groups.length > 1, `${groups.length}`);
      const sum = (value: (group: (typeof groups)[number]) => number) =>
        groups.reduce((total, group) => total + value(group), 0);
      assertEquals(sum(({ accesses }) => accesses), trace.accesses);
      assertEquals(sum(({ compulsoryMisses }) => compulsoryMisses), trace.uniqueBlocks);
      if (by !== "kind") assertEquals(sum(({ requests }) => requests), trace.requestCount);
      const whole = lruCurve(runs);
      for (let blocks = 1; blocks <= trace.uniqueBlocks; blocks++) {
        assertEquals(
          sum(({ curve }) => hitsAt(curve.points, blocks)),
          hitsAt(whole.points, blocks),
        );
        assertEquals(
          sum(({ curve }) => hitsAt(curve.prefixPoints, blocks)),
          hitsAt(whole.prefixPoints, blocks),
        );
      }
    }
  });
}

Deno.test("each tenant's hits are those of its own requests in the shared cache", () => {
  const trace = columned(11, 60);
  const capacity = 17;
  const held: number[] = [];
  const hits = new Map<number, number>();
  const { firstExtent, tenant } = trace.requests;
  for (let row = 0; row < trace.requestCount; row++) {
    for (let e = firstExtent[row]; e < firstExtent[row + 1]; e++) {
      for (let i = 0; i < trace.extents.blockCount[e]; i++) {
        const block = trace.extents.firstBlock[e] + i;
        const at = held.indexOf(block);
        if (at >= 0) {
          held.splice(at, 1);
          hits.set(tenant![row], (hits.get(tenant![row]) ?? 0) + 1);
        } else if (held.length === capacity) held.shift();
        held.push(block);
      }
    }
  }
  const groups = curveGroups(trace, naiveReuse(trace, "root-first"), "tenant");
  for (const { name, curve } of groups.filter(({ name }) => name.startsWith("tenant "))) {
    const number = Number(name.slice("tenant ".length));
    assertEquals(hitsAt(curve.points, capacity), hits.get(number) ?? 0, name);
  }
});

Deno.test("parts have names that say what they are", () => {
  const trace = columned(3, 90);
  const runs = naiveReuse(trace, "root-first");
  const names = (by: Parameters<typeof curveGroups>[2], windows?: number) =>
    curveGroups(trace, runs, by, windows).map(({ name }) => name);
  assertEquals(names("turn"), [
    "turn 1",
    "turn 2",
    "turns 3–4",
    "turns 5–8",
    "turns 9–16",
    "turns 17–32",
  ]);
  assertEquals(names("session-length"), ["session of 1 request", "sessions of 9–16 requests"]);
  assertEquals(names("window", 2), ["0–3961 s", "3961–7921 s"]);
  assertEquals(names("kind"), ["kind 0", "kind 1", "kind 2"]);
  assertEquals(names("tenant").length, 13);
  assertEquals(names("tenant").at(-1), "3 others");
  const { arrivalNs: _, ...untimed } = trace.requests;
  const windows = curveGroups({ ...trace, requests: untimed }, runs, "window", 3);
  assertEquals(windows.map(({ name, requests }) => [name, requests]), [
    ["requests 0–30", 30],
    ["requests 30–60", 30],
    ["requests 60–90", 30],
  ]);
});

Deno.test("a trace that lacks the column is refused, and so is a name that is no part", () => {
  const trace = traceOf(treeRequests(3, 9));
  const runs = naiveReuse(trace, "root-first");
  for (const by of GROUP_KEYS.filter((key) => key !== "window")) {
    assertThrows(() => curveGroups(trace, runs, by), UsageError, "no");
  }
  assertEquals(parseGroupKey("window=12"), { by: "window", windows: 12 });
  assertEquals(parseGroupKey("turn"), { by: "turn" });
  for (const text of ["turns", "window=0", "window=x", "tenant=3", "", "window=1.5"]) {
    assertThrows(() => parseGroupKey(text), UsageError);
  }
});
