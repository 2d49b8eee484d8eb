/**
 * The prefetcher next-turn against its definition: when it plans, and what.
 *
 * @module
 */
import { Driver, NO_SESSION, numbersFrom, same } from "./prefetcher_alone.ts";
import type { Asked } from "./prefetch_rules.ts";

interface Arrived extends Asked {
  readonly nowNs: number;
}

const MS = 1_000_000;

/** The session of each request: as told, or from the ends of the prompts before it. */
function sessionsOf(all: readonly Arrived[]): number[] {
  const found: number[] = [];
  let fresh = 0;
  const endsAt = (block: number, { blocks }: Arrived) =>
    block === blocks.at(-1) || (blocks.length > 2 && block === blocks.at(-2));
  all.forEach((request, r) => {
    if (request.session !== NO_SESSION) return found.push(request.session);
    const before = request.blocks.toReversed()
      .map((block) => all.findLastIndex((other, o) => o < r && endsAt(block, other)))
      .find((other) => other >= 0);
    found.push(before === undefined ? fresh++ : found[before]);
  });
  return found;
}

/** When the plan after the last request but `later` is due; -1 for never. */
function dueNs(all: readonly Arrived[], later: number, wait: number, prior: number, least: number) {
  const sessions = sessionsOf(all);
  const r = all.length - 1 - later;
  const pauses = (of: (session: number) => boolean) =>
    all.flatMap(({ nowNs }, i) => {
      const last = sessions.lastIndexOf(sessions[i], i - 1);
      if (i === 0 || last < 0 || !of(sessions[i])) return [];
      return [Math.log(Math.max(nowNs - all[last].nowNs, MS))];
    });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const own = pauses((session) => session === sessions[r]);
  const every = pauses(() => true);
  if (sessions.lastIndexOf(sessions[r]) !== r) return -1;
  if (every.length === 0 || own.length < least) return -1;
  const mean = sum(every) / every.length;
  const weight = prior + own.length;
  const expected = weight === 0 ? mean : (prior * mean + sum(own)) / weight;
  return all[r].nowNs + wait * Math.exp(expected);
}

/** Sessions that come back with all their blocks and some more, the last one now and then anew. */
function turns(seed: number, count: number, hasSessions: boolean): Arrived[] {
  const next = numbersFrom(seed);
  const prompts = Array.from({ length: 4 }, (_, session) => [0, 1 + session]);
  let fresh = 100;
  let nowNs = 0;
  return Array.from({ length: count }, () => {
    const session = next() % prompts.length;
    const kept = next() % 3 === 0 ? prompts[session].slice(0, -1) : prompts[session];
    const added = Array.from({ length: next() % 3 }, () => fresh++);
    prompts[session] = next() % 12 === 0 ? [fresh++] : [...kept, ...added];
    nowNs += next() % 4 === 0 ? 0 : next() % (300 * MS);
    return { nowNs, session: hasSessions ? session : NO_SESSION, blocks: prompts[session] };
  });
}

const SPECS: readonly (readonly [string, number, number, number])[] = [
  ["next-turn", 0.5, 2, 2],
  ["next-turn(wait=1;prior=0;returns=0)", 1, 0, 0],
  ["next-turn(wait=0;returns=1)", 0, 2, 1],
  ["next-turn(wait=3;prior=10;returns=5)", 3, 10, 5],
];

for (const [spec, ...rule] of SPECS) {
  Deno.test(`${spec} plans when and what its definition plans`, () => {
    let planned = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const tailFirst = seed % 3 === 0;
      const all = turns(seed, 120, seed % 2 === 0);
      const driver = new Driver(spec, 1000);
      all.forEach((request, r) => {
        driver.arrive(request, request.nowNs, tailFirst);
        // Where requests overlap, one may end after the next has arrived.
        for (const later of r > 0 ? [0, 1] : [0]) {
          const expected = dueNs(all.slice(0, r + 1), later, ...rule);
          const found = driver.planNs(r - later);
          const apart = Math.abs(found - expected);
          same(apart <= 1 + 1e-9 * Math.abs(expected), true, `${found} for ${expected}`);
          if (expected >= 0) planned++;
        }
        same(driver.plan(r), request.blocks, `seed ${seed}, request ${r}`);
      });
    }
    if (planned < 100) throw new Error(`only ${planned} plans were made`);
  });
}

Deno.test("next-turn's plan is off when the session has come back", () => {
  const driver = new Driver("next-turn(returns=0)", 100);
  const request = (session: number, blocks: number[]) => ({ session, blocks });
  driver.arrive(request(1, [1, 2]), 0, false);
  driver.arrive(request(2, [7]), 5 * MS, false);
  driver.arrive(request(1, [1, 2, 3]), 10 * MS, false);
  same(driver.plan(0), [], "session 1 is back");
  same(driver.plan(1), [7], "session 2 is not");
  same(driver.plan(2), [1, 2, 3], "the last prompt");
});

Deno.test("next-turn tells conversations apart that share their system prompt", () => {
  const driver = new Driver("next-turn(wait=1;prior=0;returns=0)", 100);
  const request = (blocks: number[]) => ({ session: NO_SESSION, blocks });
  driver.arrive(request([0, 1]), 0, true);
  driver.arrive(request([0, 2]), 1 * MS, true);
  same(driver.planNs(1), -1, "nobody has come back yet");
  driver.arrive(request([0, 1, 4]), 100 * MS, true);
  driver.arrive(request([0, 2, 5]), 501 * MS, true);
  same(Math.round(driver.planNs(2) / MS), 100 + 100, "its own pause");
  same(Math.round(driver.planNs(3) / MS), 501 + 500, "its own pause");
  // The last block of a prompt may have been partly filled, so that it is another one now.
  driver.arrive(request([0, 1, 6, 7]), 701 * MS, true);
  same(driver.plan(2), [], "session 1 is back, without its block 4");
  driver.arrive(request([0, 8]), 900 * MS, true);
  same(driver.plan(4), [0, 1, 6, 7], "a system prompt is no session");
  same(driver.plan(5), [0, 8], "a new session");
});
