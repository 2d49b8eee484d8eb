/**
 * Every prefetcher against its definition, on random traces: what it names after each look-up.
 * Prefetchers are driven one by one, without a hierarchy.
 *
 * @module
 */
import { Driver, NO_SESSION, randomRequests, same } from "./prefetcher_alone.ts";
import { labMarkov, markov, type Rule, session, stride } from "./prefetch_rules.ts";

/** Prefetchers that name blocks when one is looked up. */
const RULES: Readonly<Record<string, Rule>> = {
  "none": () => [],
  "markov": markov(2, 2, 1),
  "markov(successors=3;confidence=1)": markov(3, 1, 1),
  "markov(successors=1;confidence=1;lookahead=5)": markov(1, 1, 5),
  "markov(successors=2;confidence=2;lookahead=3)": markov(2, 2, 3),
  "lab-markov": labMarkov(2, 2),
  "lab-markov(successors=5;confidence=1)": labMarkov(5, 1),
  "session": session(3, 2),
  "session(window=1;lookahead=4)": session(1, 4),
  "session(window=16;lookahead=16)": session(16, 16),
  "session(history=16)": session(3, 2, 16),
  "session(window=9;lookahead=9;history=32)": session(9, 9, 32),
  "stride": stride(2, 4),
  "stride(confidence=1;lookahead=2)": stride(1, 2),
  "stride(confidence=3;lookahead=1)": stride(3, 1),
};

for (const [spec, rule] of Object.entries(RULES)) {
  Deno.test(`${spec} names what its definition names`, () => {
    let named = 0;
    for (let seed = 1; seed <= 24; seed++) {
      const blocks = [3, 8, 20, 60][seed % 4];
      const requests = randomRequests(seed, 60, blocks, [0, 1, 3][seed % 3]);
      const driver = new Driver(spec, blocks);
      const max = [64, 2, 1][seed % 3];
      requests.forEach((request, r) => {
        const found = driver.replay(request, max);
        const expected = request.blocks.map((_, i) =>
          rule(requests.slice(0, r), { ...request, blocks: request.blocks.slice(0, i + 1) })
            .slice(0, max)
        );
        same(found, expected, `${spec}, seed ${seed}, request ${r}`);
        named += found.flat().length;
      });
    }
    if (spec !== "none" && named < 100) throw new Error(`only ${named} blocks were named`);
  });

  Deno.test(`${spec} knows nothing of what is to come`, () => {
    // It is told each look-up and the number of blocks in the whole trace, which must not matter.
    const past = randomRequests(7, 40, 30, 2);
    const replay = (blocks: number) => {
      const driver = new Driver(spec, blocks);
      return past.map((request) => driver.replay(request, 8));
    };
    same(replay(30_000), replay(30), spec);
  });
}

Deno.test("every registered prefetcher has a definition", () => {
  const names = new Driver("none", 1).names();
  const defined = Object.keys(RULES).map((spec) => spec.split("(")[0]);
  // `next_turn_test.ts` has the one that plans ahead.
  same(names.toSorted(), [...new Set([...defined, "next-turn"])].sort(), "");
});

Deno.test("session forgets the oldest blocks first, and no more than it must", () => {
  const driver = new Driver("session(history=16;lookahead=1)", 100);
  const request = (first: number, count: number) => ({
    session: 1,
    blocks: Array.from({ length: count }, (_, i) => first + i),
  });
  driver.replay(request(0, 8), 4);
  driver.replay(request(20, 8), 4);
  // Entries 0 to 15 are kept; the next look-up takes the place of the first.
  same(driver.replay(request(1, 1), 4), [[2]], "still there");
  same(driver.replay(request(0, 1), 4), [[]], "overwritten");
  same(driver.replay(request(20, 2), 4), [[21], [22]], "later ones are kept");
  // A request longer than the history leaves its end.
  driver.replay(request(40, 40), 4);
  same(driver.replay(request(41, 1), 4), [[]], "beyond the ring");
  same(driver.replay(request(70, 1), 4), [[71]], "within the ring");
});

Deno.test("session keeps sessions apart, and makes one stream of a trace without any", () => {
  const apart = new Driver("session", 10);
  apart.replay({ session: 1, blocks: [0, 1, 2] }, 4);
  same(apart.replay({ session: 2, blocks: [0] }, 4), [[]], "another session");
  same(apart.replay({ session: 1, blocks: [0] }, 4), [[1, 2]], "the same session");
  const stream = new Driver("session", 10);
  stream.replay({ session: NO_SESSION, blocks: [0, 1, 2] }, 4);
  same(stream.replay({ session: NO_SESSION, blocks: [0] }, 4), [[1, 2]], "no sessions");
});

Deno.test("markov overtakes an old habit, and never stops counting", () => {
  const pairs = (next: number, times: number) => ({
    session: NO_SESSION,
    blocks: Array.from({ length: times }, () => [0, next]).flat(),
  });
  const sure = new Driver("markov(successors=1;confidence=100)", 10);
  const named = sure.replay(pairs(1, 1000), 4).filter((_, i) => i % 2 === 0);
  same(named.findIndex(([block]) => block === 1), 100, "named from the hundredth time");
  same(named.slice(100).every(([block]) => block === 1), true, "and ever after");
  const driver = new Driver("markov(successors=1;confidence=1)", 10);
  driver.replay(pairs(1, 1000), 4);
  driver.replay(pairs(2, 260), 4);
  const late = driver.replay({ session: NO_SESSION, blocks: [0] }, 4);
  same(late, [[2]], "260 of late outweigh 1,000 of old");
});
