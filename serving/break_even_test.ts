import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { runs } from "../tests/support/seed.ts";
import { exampleHierarchy } from "../scenario/hierarchy_example.ts";
import type { TierScenario } from "../scenario/hierarchy.ts";
import { breakEven } from "./break_even.ts";

function tier(more: Partial<TierScenario>): TierScenario {
  return exampleHierarchy({ capacityBlocks: [1], tier: more }).tiers[0];
}

Deno.test("the length found is the first that loading wins, and the closed form is beside it", () => {
  fc.assert(
    fc.property(
      fc.record({
        c1: fc.double({ min: 0.1, max: 1e3, noNaN: true }),
        c2: fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 0.1, noNaN: true })),
        latency: fc.integer({ min: 0, max: 1e6 }),
        rate: fc.integer({ min: 1e6, max: 1e12 }),
      }),
      ({ c1, c2, latency, rate }) => {
        const cost = { nsPerToken: c1, nsPerTokenSquared: c2 };
        const slow = tier({ readLatencyNs: latency, readBytesPerSecond: rate });
        const tokensMax = 5_000;
        const found = breakEven(slow, { cost, bytesPerToken: 160, tokensMax, lengths: [] });
        const load = (p: number) => latency + 160e9 / rate * p;
        let first: number | undefined;
        for (let p = 1; p <= tokensMax && first === undefined; p++) {
          // Where both take as long but for rounding, either answer is right.
          if (load(p) <= (c1 * p + c2 * p * p) * (1 + 1e-12)) first = p;
        }
        if (first === undefined) assertEquals(found.fromTokens, undefined);
        else {
          assert(found.fromTokens !== undefined && Math.abs(found.fromTokens - first) <= 1);
          assert(Math.abs(Math.max(1, Math.ceil(found.crossing!)) - first) <= 1);
        }
      },
    ),
    { numRuns: runs(300) },
  );
});

Deno.test("changing one number of the link moves the length", () => {
  const input = { cost: { nsPerToken: 100, nsPerTokenSquared: 0.001 }, bytesPerToken: 1_000 };
  const from = (more: Partial<TierScenario>) =>
    breakEven(tier({ readBytesPerSecond: 50e9, readLatencyNs: 80_000, ...more }), input)
      .fromTokens!;
  assertEquals(from({}), 988);
  assert(from({ readLatencyNs: 800_000 }) > 8_000);
  assert(from({ readBytesPerSecond: 12e9 }) > 3_000);
  const scheme = { ...tier({}).scheme, bitsPerNumber: 4 };
  assert(from({ readBytesPerSecond: 12e9, scheme }) < from({ readBytesPerSecond: 12e9 }));
  const slow = { ...scheme, dequantiseBytesPerSecond: 12e9 };
  assert(from({ scheme: slow }) > from({ scheme }));
});

Deno.test("at the needed bandwidth loading takes as long as computing", () => {
  const input = {
    cost: { nsPerToken: 100, nsPerTokenSquared: 0.001 },
    bytesPerToken: 1_000,
    lengths: [600, 5_000],
  };
  const { lengths: [short, long] } = breakEven(tier({ readLatencyNs: 80_000 }), input);
  assertEquals(short.neededBytesPerSecond, undefined);
  const exact = tier({ readLatencyNs: 80_000, readBytesPerSecond: long.neededBytesPerSecond! });
  const { lengths: [, same] } = breakEven(exact, input);
  assertAlmostEquals(same.loadNs / same.computeNs, 1, 1e-12);
});

Deno.test("the reason says which of the two is slower", () => {
  const cost = { nsPerToken: 100, nsPerTokenSquared: 0 };
  const reason = (more: Partial<TierScenario>) =>
    breakEven(tier(more), { cost, bytesPerToken: 1_000 }).reason;
  assertStringIncludes(reason({ readBytesPerSecond: 1e9 }), "never up to 1048576 tokens");
  assertStringIncludes(reason({ readBytesPerSecond: 1e12, readLatencyNs: 0 }), "always");
  const late = reason({ readBytesPerSecond: 1e12, readLatencyNs: 1e6 });
  assertStringIncludes(late, "do not repay the latency");
});
