/** Laws of replay over random traces; a failure prints the seed that repeats it. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { Replayer, type RunSpec } from "../../engine/replayer.ts";
import { registry } from "../../engine/registry.ts";
import { checkingModule, looseRequests, traceOf, treeRequests } from "../support/traces.ts";

const checking = checkingModule();
const requests = fc.oneof(
  fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 120 }) })
    .map(({ seed, count }) => treeRequests(seed, count)),
  fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 120 }) })
    .map(({ seed, count }) => looseRequests(seed, count)),
);
const capacity = fc.integer({ min: 1, max: 64 });
const touch = fc.constantFrom("root-first" as const, "tail-first" as const);
const online = registry().policies.filter((entry) => !entry.oracle).map((entry) => entry.name);

function spec(replayer: Replayer, policy: string, rest: Partial<RunSpec>): RunSpec {
  const { registry } = replayer;
  return {
    policy: registry.policy(policy),
    admission: registry.admitter("always"),
    capacityBlocks: 8,
    touch: "root-first",
    seed: 7,
    ...rest,
  };
}

/**
 * Each block once a request. Tail-first, a block that stands twice in a request is looked up twice
 * at one instant and weighs two hits, which MIN does not know: it bounds requests without repeats.
 */
function paths(all: readonly (readonly number[])[]): number[][] {
  return all.map((request) => [...new Set(request)]);
}

/** LRU as its definition says: newest last, evict the first. */
function plainLru(all: readonly (readonly number[])[], capacity: number): number {
  const held: number[] = [];
  let hits = 0;
  for (const block of all.flat()) {
    const at = held.indexOf(block);
    if (at >= 0) {
      hits++;
      held.splice(at, 1);
    } else if (held.length === capacity) held.shift();
    held.push(block);
  }
  return hits;
}

Deno.test("LRU equals its definition", () => {
  fc.assert(fc.property(requests, capacity, (all, capacityBlocks) => {
    const replayer = new Replayer(traceOf(all), checking);
    const expected = plainLru(all, capacityBlocks);
    for (const engine of ["general", "kernel"] as const) {
      assertEquals(replayer.run(spec(replayer, "lru", { capacityBlocks, engine })).hits, expected);
    }
  }));
});

Deno.test("LRU inclusion: a larger LRU never hits less", () => {
  fc.assert(fc.property(requests, capacity, (all, capacityBlocks) => {
    const replayer = new Replayer(traceOf(all), checking);
    const small = replayer.run(spec(replayer, "lru", { capacityBlocks }));
    const large = replayer.run(spec(replayer, "lru", { capacityBlocks: capacityBlocks + 1 }));
    assert(large.hits >= small.hits);
  }));
});

Deno.test("the optimum grows with capacity, and its gains shrink", () => {
  fc.assert(fc.property(requests, touch, (all, touch) => {
    const replayer = new Replayer(traceOf(touch === "tail-first" ? paths(all) : all), checking);
    const hits = Array.from(
      { length: 20 },
      (_, i) => replayer.run(spec(replayer, "optimal", { capacityBlocks: i + 1, touch })).hits,
    );
    const gains = hits.slice(1).map((value, i) => value - hits[i]);
    for (const gain of gains) assert(gain >= 0);
    for (let i = 1; i < gains.length; i++) assert(gains[i] <= gains[i - 1], String(hits));
  }));
});

Deno.test("no policy is above the optimum", () => {
  fc.assert(
    fc.property(
      requests,
      capacity,
      touch,
      fc.constantFrom(...online),
      (all, capacityBlocks, touch, policy) => {
        const replayer = new Replayer(traceOf(touch === "tail-first" ? paths(all) : all), checking);
        const rest = { capacityBlocks, touch };
        const bound = replayer.run(spec(replayer, "optimal", rest)).hits;
        const demand = replayer.run(spec(replayer, "optimal-demand", rest)).hits;
        assert(replayer.run(spec(replayer, policy, rest)).hits <= bound);
        assert(demand <= bound);
      },
    ),
    { numRuns: runs(400) },
  );
});

Deno.test("the seed decides: equal seeds give equal counters, and seeds matter somewhere", () => {
  const all = looseRequests(5, 400);
  const replayer = new Replayer(traceOf(all), checking);
  for (const { name } of registry().policies.filter((entry) => entry.seeded)) {
    const hits = Array.from({ length: 8 }, (_, seed) => {
      const one = replayer.run(spec(replayer, name, { seed }));
      assertEquals(replayer.run(spec(replayer, name, { seed })), one);
      return one.hits;
    });
    assert(new Set(hits).size > 1, `${name} is called seeded, but no seed changed it`);
  }
});
