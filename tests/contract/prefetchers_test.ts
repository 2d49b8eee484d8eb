/**
 * What every registered prefetcher must keep inside a hierarchy, with no list to edit when one is
 * added.
 */
import { assert, assertEquals } from "@std/assert";
import { simulate } from "../../engine/hierarchy.ts";
import { registry } from "../../engine/registry.ts";
import { FEATURE_NAMES, packModel } from "../../learn/features.ts";
import { exampleHierarchy } from "../../scenario/hierarchy_example.ts";
import type { Trace } from "../../traces/trace.ts";
import { randomForest } from "../learn/naive_learned.ts";
import { checkingModule, looseRequests, traceOf, treeRequests } from "../support/traces.ts";

const module = checkingModule();
/** For the policies that go by one; each tier another. */
const models = await Promise.all(
  [3, 4, 5].map((seed) => packModel(randomForest(seed, FEATURE_NAMES))),
);
type Requests = readonly (readonly number[])[];

/** A trace whose requests belong to a few sessions in turn, one request a second. */
function withSessions(requests: Requests): Trace {
  const trace = traceOf(requests);
  const session = Uint32Array.from(requests, (_, request) => request % 5);
  const arrivalNs = Float64Array.from(requests, (_, request) => request * 1e9);
  return { ...trace, requests: { ...trace.requests, session, arrivalNs } };
}

function replay(trace: Trace, prefetcher: string, policy = "lru") {
  const scenario = exampleHierarchy({
    capacityBlocks: [12, 40, 400],
    // A block at a time: tail-first, a whole prompt is asked for before anything can be foreseen.
    touch: "root-first",
    tier: { policy },
    prefetch: { name: prefetcher, maxBlocks: 3 },
  });
  const samples = trace.requestCount;
  return simulate(scenario, trace, { module, checkBooks: true, samples, models });
}

const past = [...treeRequests(3, 120), ...looseRequests(4, 120)];
const futures: readonly Requests[] = [treeRequests(5, 90, 5, 12), looseRequests(6, 140, 300)];

/** What was seen of the past, by sample; the last one may be cut elsewhere. */
async function seen(requests: Requests, prefetcher: string, policy?: string) {
  const { samples } = await replay(withSessions(requests), prefetcher, policy);
  return samples.filter(({ request }) => request < past.length);
}

for (const { name, clocked } of registry().prefetchers) {
  Deno.test(`prefetcher ${name} learns from the past alone`, async () => {
    const [first, ...others] = await Promise.all(
      [[], ...futures].map((future) => seen([...past, ...future], name)),
    );
    assert(first.length > past.length / 2, `${first.length} samples`);
    for (const other of others) assertEquals(other.slice(0, first.length - 1), first.slice(0, -1));
  });

  Deno.test(`prefetcher ${name} gives equal results for equal traces`, async () => {
    const trace = withSessions(past);
    assertEquals(await replay(trace, name), await replay(trace, name));
  });

  Deno.test(`prefetcher ${name} is called, and its prefetches add up`, async () => {
    const { prefetch } = await replay(withSessions(past), name);
    assertEquals(prefetch.useful + prefetch.late + prefetch.wasted, prefetch.requested);
    assertEquals(prefetch.requested > 0, name !== "none");
    // Sixty requests of the same thirty blocks: what comes next is no secret.
    const loop = Array.from({ length: 60 }, () => Array.from({ length: 30 }, (_, i) => i));
    const looped = await replay(withSessions(loop), name);
    assertEquals(looped.prefetch.useful > looped.prefetch.requested / 2, name !== "none");
    const without = await replay(withSessions(loop), "none");
    // A plan is made once a request, the others speak at every block.
    const gain = name === "none" ? 0 : clocked ? 100 : 500;
    assert(looped.tiers[0].hits >= without.tiers[0].hits + gain, name);
  });
}

for (const { name } of registry().policies.filter(({ general, oracle }) => general && !oracle)) {
  Deno.test(`policy ${name} in three tiers knows nothing of what is to come`, async () => {
    const [first, second] = await Promise.all(
      futures.map((future) => seen([...past, ...future], "none", name)),
    );
    assert(first.length > past.length / 2);
    assertEquals(first, second);
  });
}
