/**
 * Times to live: published figures, and equality with caches replayed block by block.
 */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { hitsWithin, openTrace, type Trace, TraceError, ttl, ttlCurve, UsageError } from "kvtier";
import { billOf, NO_CACHING } from "../../curves/bill.ts";
import { reuseAges } from "../../curves/ttl_ages.ts";
import { agesAtCapacity, hitsUnder } from "../../curves/ttl_capacity.ts";
import { Residency } from "../../curves/ttl_residency.ts";
import { FoldedReplayer } from "../../engine/folded.ts";
import { CONVERSATION, SYNTHETIC } from "../e2e/command.ts";
import { naiveReuse } from "../support/naive_reuse.ts";
import { looseRequests, numbersFrom, traceOf, treeRequests } from "../support/traces.ts";
import { naiveLives, naiveTtl, pathOf } from "./naive_ttl.ts";

const TOUCHES = ["root-first", "tail-first"] as const;

/** Small traces with gaps of 0 to 9 seconds. */
function timed(seed: number, kind: typeof treeRequests): Trace {
  const trace = traceOf(kind(seed, 40));
  const next = numbersFrom(seed + 1);
  let clock = 0;
  const arrivalNs = Float64Array.from({ length: trace.requestCount }, (_, request) => {
    if (request > 0) clock += (next() % 10) * 1e9;
    return clock;
  });
  const session = Uint32Array.from(arrivalNs, (_, request) => request % 3);
  return { ...trace, requests: { ...trace.requests, arrivalNs, session } };
}

const CASES = [1, 2, 3, 4].flatMap((
  seed,
) => [timed(seed, treeRequests), timed(seed, looseRequests)]);
const TIMES = [0, 1e9, 7e9, 30e9, Infinity];

Deno.test("idle TTLs give the published block hit ratios of both Mooncake traces", async () => {
  const published = {
    [CONVERSATION]: ["0.1034", "0.2877", "0.3434", "0.3635", "0.3664"],
    [SYNTHETIC]: ["0.3217", "0.5844", "0.6340", "0.6396", "0.6396"],
  };
  for (const [file, ratios] of Object.entries(published)) {
    const trace = await openTrace(file);
    const { rows } = await ttl(trace, { at: ["60s", "5m", "10m", "30m"], touch: "root-first" });
    assertEquals(rows.map(({ hits }) => (hits / trace.accesses).toFixed(4)), ratios);
    // On a prefix tree a parent is never older than its child.
    assertEquals(rows.map(({ prefixHits }) => prefixHits), rows.map(({ hits }) => hits));
  }
});

Deno.test("every point of the curve is what an endless cache with that TTL hits", () => {
  for (const trace of CASES) {
    for (const touch of TOUCHES) {
      const curve = ttlCurve(reuseAges(trace, naiveReuse(trace, touch)));
      for (const ttlNs of TIMES) {
        const { hits, prefixHits } = naiveTtl(trace, touch, ttlNs);
        assertEquals(hitsWithin(curve.points, ttlNs), hits);
        assertEquals(hitsWithin(curve.prefixPoints, ttlNs), prefixHits);
      }
    }
  }
});

Deno.test("resident blocks: the area and the peak of all lives", () => {
  for (const trace of CASES) {
    for (const touch of TOUCHES) {
      const residency = new Residency(reuseAges(trace, naiveReuse(trace, touch)));
      for (const ttlNs of TIMES) {
        const lives = naiveLives(trace, ttlNs);
        const area = lives.reduce((sum, [from, to]) => sum + to - from, 0);
        assertAlmostEquals(residency.mean(ttlNs)!, area / residency.spanNs, 1e-9);
        const at = [...trace.requests.arrivalNs!].map((now) =>
          lives.filter(([from, to]) => from <= now && now <= to).length
        );
        assertEquals(residency.peak(ttlNs), Math.max(...at));
      }
    }
  }
});

Deno.test("a TTL and a capacity together: block by block, expired at once or when met", () => {
  for (const trace of CASES) {
    for (const touch of TOUCHES) {
      const ages = reuseAges(trace, naiveReuse(trace, touch));
      for (const ttlNs of TIMES) {
        for (const capacity of [1, 3, 8, 20, 60]) {
          const found = hitsUnder(ages, capacity, ttlNs);
          for (const eager of [true, false]) {
            const { hits, prefixHits } = naiveTtl(trace, touch, ttlNs, capacity, eager);
            assertEquals(found, { hits, prefixHits });
          }
        }
      }
    }
  }
});

Deno.test("ages at hit, eviction and return, and which of the two is felt", () => {
  const trace = CASES[0];
  const ages = reuseAges(trace, naiveReuse(trace, "root-first"));
  const replayer = new FoldedReplayer(trace);
  const at = (blocks: number) => agesAtCapacity(ages, blocks, replayer.lru(blocks, "root-first"));
  const small = at(4);
  assertEquals(small.hit.blocks, naiveTtl(trace, "root-first", Infinity, 4).hits);
  const reuses = trace.accesses - trace.uniqueBlocks;
  assertEquals(small.hit.blocks + small.missed.blocks, reuses);
  assertEquals(small.evicted.blocks, trace.accesses - small.hit.blocks - 4);
  assertEquals(small.boundBy, "capacity");
  assert(small.evicted.maxNs! >= small.evicted.p90Ns! && small.hit.p10Ns! <= small.hit.p50Ns!);
  const whole = at(trace.uniqueBlocks);
  assertEquals([whole.boundBy, whole.evicted.p50Ns, whole.missed.blocks], ["nothing", null, 0]);
});

Deno.test("the bill charges the leading run as reads and the rest of the prompt as writes", () => {
  for (const trace of CASES) {
    const plan = { name: "7s", ttlNs: 7e9, write: 1.25, read: 0.1 };
    const ages = reuseAges(trace, naiveReuse(trace, "tail-first"));
    const bill = billOf(trace, ages, [NO_CACHING, plan]);
    const { lead } = naiveTtl(trace, "tail-first", 7e9);
    const read = lead.reduce((sum, blocks) => sum + blocks * 16, 0);
    const all = trace.accesses * 16;
    assertEquals(bill.plans.map(({ readTokens }) => readTokens), [0, read]);
    assertAlmostEquals(bill.plans[1].cost, read * 0.1 + (all - read) * 1.25, 1e-6);
    assertEquals(bill.plans[0].cost, all);
    assertEquals(bill.cheapest, bill.plans[1].cost < all ? "7s" : "none");
    const [{ by, groups, largest, mixedCost, cheapestFor }] = bill.splits;
    assertEquals([by, groups, largest.length], ["session", 3, 3]);
    for (const { name, costs } of largest) {
      const session = Number(name.split(" ")[1]);
      const mine = lead.keys().filter((request) => request % 3 === session);
      const expected = mine.reduce((sum, r) => {
        const tokens = pathOf(trace, r).length * 16;
        return sum + lead[r] * 1.6 + (tokens - lead[r] * 16) * 1.25;
      }, 0);
      assertAlmostEquals(costs[1], expected, 1e-6);
    }
    const best = largest.reduce((sum, { costs }) => sum + Math.min(...costs), 0);
    assertAlmostEquals(mixedCost, best, 1e-6);
    assertEquals(cheapestFor[0] + cheapestFor[1], 3);
  }
});

Deno.test("a partial last block is charged by its tokens", () => {
  const whole = timed(1, treeRequests);
  const inputTokens = whole.requests.inputTokens.map((tokens) => tokens - 5);
  const trace = { ...whole, requests: { ...whole.requests, inputTokens } };
  const ages = reuseAges(trace, naiveReuse(trace, "tail-first"));
  for (const ttlNs of TIMES) {
    const { lead } = naiveTtl(trace, "tail-first", ttlNs);
    const [{ readTokens }] = billOf(trace, ages, [{ name: "x", ttlNs, write: 1.5, read: 0 }]).plans;
    const expected = lead.map((blocks, r) => Math.min(blocks * 16, inputTokens[r]));
    assertEquals(readTokens, expected.reduce((sum, tokens) => sum + tokens, 0));
  }
});

Deno.test("a trace without a clock and a time without a unit are refused", async () => {
  const error = await assertRejects(() => ttl(traceOf([[1], [1]])), TraceError, "arrival times");
  assertEquals(error.code, "trace/no-arrivals");
  await assertRejects(() => ttl(CASES[0], { at: ["60"] }), UsageError, "has no unit");
  await assertRejects(() => ttl(CASES[0], { at: ["soon"] }), UsageError, "not a time to live");
});
