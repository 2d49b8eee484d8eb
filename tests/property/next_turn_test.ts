/** What the prefetcher next-turn does inside a hierarchy, in both movements and touch orders. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HierarchyReplayer, simulate } from "../../engine/hierarchy.ts";
import { EngineError } from "../../errors/errors.ts";
import type { HierarchyScenario } from "../../scenario/hierarchy.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import { openTrace } from "../../traces/open.ts";
import type { Trace } from "../../traces/trace.ts";
import { checkingModule, numbersFrom, traceOf } from "../support/traces.ts";

const checking = checkingModule();
const SECOND = 1e9;
const MODES = (["synchronous", "timed"] as const).flatMap((movement) =>
  (["root-first", "tail-first"] as const).map((touch) => ({ movement, touch }))
);

/** Two tiers of which the fast one holds a fifth of the sessions' prompts. */
function scenario(rest: Partial<HierarchyScenario>): HierarchyScenario {
  return exampleHierarchy({
    capacityBlocks: [60, 4000],
    prefetch: { name: "next-turn", maxBlocks: 64 },
    ...rest,
  });
}

/** Sessions of 20 blocks that take turns, one a second; `pauseNs` says how long each waits. */
function sessions(count: number, turns: number, pauseNs: (session: number) => number): Trace {
  const arrivals = Array.from(
    { length: count },
    (_, session) =>
      Array.from({ length: turns }, (_, turn) => ({
        session,
        turn,
        nowNs: Math.round(session * SECOND + turn * pauseNs(session)),
      })),
  )
    .flat().toSorted((a, b) => a.nowNs - b.nowNs);
  const trace = traceOf(
    arrivals.map(({ session, turn }) =>
      Array.from({ length: 20 + turn }, (_, i) => session * 1000 + i)
    ),
  );
  return {
    ...trace,
    requests: {
      ...trace.requests,
      session: Uint32Array.from(arrivals, ({ session }) => session),
      arrivalNs: Float64Array.from(arrivals, ({ nowNs }) => nowNs),
    },
  };
}

for (const mode of MODES) {
  const name = `${mode.movement}, ${mode.touch}`;

  Deno.test(`next-turn, ${name}: regular sessions find their prompts in the fastest tier`, async () => {
    const trace = sessions(15, 20, () => 15 * SECOND);
    const replayer = new HierarchyReplayer(trace, {}, checking);
    const plain = await replayer.run(
      scenario({ ...mode, prefetch: { name: "none", maxBlocks: 1 } }),
    );
    // Due a second before the turn; from its third request on a session is known.
    const prefetch = { name: "next-turn(wait=0.95)", maxBlocks: 64 };
    const ahead = await replayer.run(scenario({ ...mode, prefetch }), { checkBooks: true });
    const { requested, useful, late, wasted } = ahead.prefetch;
    assertEquals(useful + late + wasted, requested);
    assert(useful > 0.9 * requested, `${useful} of ${requested} were of use`);
    assert(ahead.tiers[0].hits >= plain.tiers[0].hits + useful * 0.9);
    assert(useful > 0.7 * ahead.lookups, `${useful} of ${ahead.lookups} look-ups`);
    if (mode.movement === "timed") assert(ahead.requestNs!.mean < plain.requestNs!.mean / 2);
  });

  Deno.test(`next-turn, ${name}: nothing of what is to come shows before it comes`, async () => {
    const whole = sessions(15, 20, (session) => (8 + session) * SECOND);
    const next = numbersFrom(9);
    const past = 150;
    const seen = await Promise.all([0, 1].map(async (future) => {
      // The same first requests; those after them come sooner or later, for other sessions.
      let nowNs = whole.requests.arrivalNs![past - 1];
      const arrivalNs = whole.requests.arrivalNs!.map((arrival, r) =>
        r < past || future === 0 ? arrival : nowNs += next() % (3 * SECOND)
      );
      const session = whole.requests.session!.map((session, r) =>
        r < past || future === 0 ? session : next() % 15
      );
      const trace = { ...whole, requests: { ...whole.requests, arrivalNs, session } };
      const options = { module: checking, samples: trace.requestCount };
      return (await simulate(scenario(mode), trace, options)).samples.slice(0, past - 1);
    }));
    assertEquals(seen[0].length, past - 1);
    assertEquals(seen[1], seen[0]);
  });
}

Deno.test("next-turn: a session that comes back before its plan is due is not fetched for", async () => {
  // Two long pauses and then short ones: what is expected is longer than what comes.
  const seconds = [0, 100, 200, 230, 260, 290, 320, 350, 380];
  const trace = sessions(15, seconds.length, () => 15 * SECOND);
  const arrivalNs = trace.requests.arrivalNs!.map((_, r) =>
    (seconds[Math.floor(r / 15)] + r % 15) * SECOND
  );
  const hurried = { ...trace, requests: { ...trace.requests, arrivalNs } };
  for (const mode of MODES) {
    const requested = await Promise.all([1, 0.25].map(async (wait) => {
      const prefetch = { name: `next-turn(wait=${wait})`, maxBlocks: 64 };
      const result = await simulate(scenario({ ...mode, prefetch }), hurried, { module: checking });
      return result.prefetch.requested;
    }));
    assertEquals(requested[0], 0);
    assert(requested[1] > 1000, "plans that are due sooner are carried out");
  }
});

Deno.test("next-turn, timed: a block asked for on its way is late", async () => {
  const trace = sessions(15, 20, () => 15 * SECOND);
  const prefetch = { name: "next-turn(wait=0.999999)", maxBlocks: 64 };
  const slow = scenario({ movement: "timed", prefetch });
  const [fast, low] = slow.tiers;
  const tiers = [fast, { ...low, readLatencyNs: 2_000_000 }];
  const { late, useful, wasted, requested } = (await simulate({ ...slow, tiers }, trace)).prefetch;
  assert(late > 0.5 * requested, `${late} of ${requested} were late`);
  assertEquals(useful + late + wasted, requested);
});

Deno.test("next-turn fetches at most maxBlocks of a prompt, root first", async () => {
  const trace = sessions(15, 20, () => 15 * SECOND);
  for (const mode of MODES) {
    const prefetch = { name: "next-turn(wait=0.95)", maxBlocks: 5 };
    const { prefetch: found, tiers } = await simulate(scenario({ ...mode, prefetch }), trace);
    // 17 turns of each session have a plan made two returns later, the last ones perhaps no more.
    assert(found.requested <= 5 * 15 * 17, `${found.requested}`);
    assert(found.useful > 0.9 * found.requested && found.useful > 5 * 15 * 15);
    assert(tiers[0].prefixHits >= found.useful * 0.9, "what helps is the leading run");
  }
});

Deno.test("next-turn needs arrival times in either movement", async () => {
  for (const movement of ["synchronous", "timed"] as const) {
    await assertRejects(
      () => simulate(scenario({ movement }), traceOf([[1]])),
      EngineError,
      "when requests arrive",
    );
  }
});

const file = (name: string) =>
  decodeURIComponent(new URL(`../data/${name}_trace.jsonl.gz`, import.meta.url).pathname);

for (const [name, least] of [["conversation", 0.05], ["synthetic", 0.1]] as const) {
  Deno.test(`next-turn on the ${name} trace, tail-first: of use, and most of it waste`, async () => {
    const trace = await openTrace(file(name));
    const replayer = new HierarchyReplayer(trace);
    const tiers = (rest: Partial<HierarchyScenario>) =>
      exampleHierarchy({ capacityBlocks: [2000, 10_000, 40_000], ...rest });
    for (const movement of ["synchronous", "timed"] as const) {
      const found = await Promise.all(
        ["next-turn", "session(lookahead=8)", "markov"].map((name) =>
          replayer.run(tiers({ movement, prefetch: { name, maxBlocks: 512 } }))
        ),
      );
      const shares = found.map(({ prefetch: { useful, late, wasted, requested } }) => {
        assertEquals(useful + late + wasted, requested);
        return useful / requested;
      });
      assert(shares[0] > least && shares[0] < 0.3, `${shares[0]}`);
      assert(shares[0] > 5 * Math.max(...shares.slice(1)), `${shares}`);
    }
  });
}
