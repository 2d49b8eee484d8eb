import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { compare } from "../engine/compare.ts";
import { UsageError } from "../errors/errors.ts";
import { traceOf, treeRequests } from "../tests/support/traces.ts";
import { openTrace } from "../traces/open.ts";
import { hitsAt, roundCapacities } from "./curve.ts";
import { traceCeiling } from "./trace_ceiling.ts";
import { traceCurves } from "./trace_curves.ts";

const conversation = await openTrace("tests/data/conversation_trace.jsonl.gz");
const synthetic = await openTrace("tests/data/synthetic_trace.jsonl.gz");
const POLICIES = ["lru", "optimal", "fifo", "sieve", "s3-fifo(small=0.2)", "optimal-demand"];
const AT = ["19", "1000", "5000", "2%", "50%", "1000000"];

for (const touch of ["root-first", "tail-first"] as const) {
  for (const trace of [conversation, synthetic]) {
    Deno.test(`${trace.path} ${touch}: curves are what compare finds at picked capacities`, async () => {
      const { curves, at } = await traceCurves(trace, { policies: POLICIES, at: AT, touch });
      const { results } = await compare(trace, { policies: POLICIES, capacities: AT, touch });
      assertEquals(curves.map(({ policy }) => policy), POLICIES);
      for (const [index, curve] of curves.entries()) {
        const found = results.filter((_, i) => i % POLICIES.length === index)
          .sort((a, b) => a.capacityBlocks - b.capacityBlocks);
        assertEquals(curve.exact, true);
        assertEquals(curve.points, found.map((run) => [run.capacityBlocks, run.hits]));
        assertEquals(curve.prefixPoints, found.map((run) => [run.capacityBlocks, run.prefixHits]));
        assertEquals(curve.points.map(([blocks]) => blocks), at);
      }
    });

    Deno.test(`${trace.path} ${touch}: whole curves are what compare finds on the way`, async () => {
      const capacities = roundCapacities(trace.uniqueBlocks).map(String);
      const policies = ["lru", "optimal", "clock"];
      const { curves } = await traceCurves(trace, { policies, touch });
      const { results } = await compare(trace, { policies, capacities, touch });
      for (const [index, run] of results.entries()) {
        const { points, prefixPoints } = curves[index % policies.length];
        assertEquals(hitsAt(points, run.capacityBlocks), run.hits, `${run.policy}`);
        assertEquals(hitsAt(prefixPoints, run.capacityBlocks), run.prefixHits, `${run.policy}`);
      }
      assertEquals(curves.map(({ exact }) => exact), [true, true, false]);
      assertEquals(curves.map(({ errorHits }) => errorHits), [0, 0, Infinity]);
    });
  }
}

Deno.test("the optimum cut short is near, and says how near", async () => {
  const whole = await traceCurves(synthetic, { policies: ["optimal"] });
  const cut = await traceCurves(synthetic, { policies: ["optimal"], replaysMax: 30 });
  const [exact, near] = [whole.curves[0], cut.curves[0]];
  assertEquals([exact.exact, near.exact], [true, false]);
  const off = Array.from({ length: 400 }, (_, i) => {
    const blocks = 1 + i * 40;
    return hitsAt(exact.points, blocks) - hitsAt(near.points, blocks);
  });
  assert(Math.min(...off) >= -1e-6);
  assert(Math.max(...off) <= near.errorHits);
  assert(near.errorHits < 0.01 * synthetic.accesses, `${near.errorHits}`);
});

Deno.test("the hash is of the numbers: not of the path, but of touch, seed, parts and capacities", async () => {
  const trace = traceOf(treeRequests(4, 50));
  const hash = async (options: Parameters<typeof traceCurves>[1]) =>
    (await traceCurves(trace, options)).resultHash;
  const plain = await hash({});
  assertEquals((await traceCurves({ ...trace, path: "elsewhere" })).resultHash, plain);
  assertEquals(await hash({ policies: ["lru", "optimal"], touch: "tail-first" }), plain);
  const others = [
    { touch: "root-first" },
    { seed: 7 },
    { at: ["9"] },
    { by: "window" },
    { policies: ["lru"] },
    { blockBytes: 1024 },
    { sample: { oneIn: 2, samples: 3 } },
  ] as const;
  for (const options of others) {
    assertNotEquals(await hash(options), plain, JSON.stringify(options));
  }
});

Deno.test("what makes no sense is refused", async () => {
  const trace = traceOf(treeRequests(4, 9));
  for (
    const options of [{ policies: ["lrru"] }, { at: ["0"] }, { at: ["1GiB"] }, { by: "colour" }]
  ) {
    await assertRejects(() => traceCurves(trace, options), UsageError);
  }
});

Deno.test("a trace without requests has empty curves and an empty ceiling", async () => {
  const trace = traceOf([]);
  const { curves, ceilingHits } = await traceCurves(trace, {
    policies: ["lru", "optimal", "fifo"],
  });
  assertEquals([curves.map(({ points }) => points), ceilingHits], [[[], [], []], 0]);
  const { rows } = await traceCeiling(trace, { policies: ["fifo"], capacities: ["3"] });
  assertEquals(rows.map(({ best }) => best), [{ policy: "lru", hits: 0, prefixHits: 0 }]);
});

Deno.test("the ceiling's rows are what compare finds, and their order is kept", async () => {
  const capacities = ["20%", "500"];
  const policies = ["fifo", "sieve", "arc"];
  const { rows, ceilingHits } = await traceCeiling(synthetic, { capacities, policies });
  const { results } = await compare(synthetic, {
    capacities,
    policies: ["lru", ...policies],
  });
  assertEquals(ceilingHits, synthetic.accesses - synthetic.uniqueBlocks);
  for (const [index, row] of rows.entries()) {
    const runs = results.slice(index * 4, index * 4 + 4);
    const online = runs.map(({ policy, hits, prefixHits }) => ({ policy, hits, prefixHits }));
    assertEquals(row.capacityBlocks, runs[0].capacityBlocks);
    assertEquals(row.online, online);
    assertEquals(row.lru, online[0]);
    assertEquals(row.best.prefixHits, Math.max(...online.map(({ prefixHits }) => prefixHits)));
    assertEquals(row.optimal.hits, runs[0].optimalHits);
    assert(ceilingHits >= row.optimal.hits && row.optimal.hits >= row.best.hits);
    assert(row.best.prefixHits >= row.lru.prefixHits);
  }
});
