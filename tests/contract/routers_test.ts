/** What every registered router must keep, with no list to edit when one is added. */
import { assert, assertEquals } from "@std/assert";
import { registry } from "../../engine/registry.ts";
import { serveTrace } from "../../engine/serving.ts";
import { ROUTER_NOTES } from "../../report/router_notes.ts";
import { firstOf, smallCluster, treeLoad, variant } from "../support/routing.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const { routers } = registry();
const KINDS = ["unified", "split", "stores"] as const;
const VIEWS = [
  { stalenessNs: 0, speculativeView: false, routerSample: 0 },
  { stalenessNs: 0, speculativeView: true, routerSample: 1 },
  { stalenessNs: 30e6, speculativeView: false, routerSample: 1 },
  { stalenessNs: 30e6, speculativeView: true, routerSample: 0 },
];
/** Replica 1 is down while the burst is routed, and comes back. */
const FAULTS = [
  { timeNs: 100e6, kind: "replica-down", subject: 1 },
  { timeNs: 600e6, kind: "replica-up", subject: 1 },
] as const;
const busy = treeLoad({ seed: 7, requests: 250, gapNs: 4e6, sessions: 25 });

Deno.test("every registered router has a note, and every note is registered", () => {
  assertEquals(
    ROUTER_NOTES.map(({ name }) => name).toSorted(),
    routers.map(({ name }) => name).toSorted(),
  );
  for (const note of ROUTER_NOTES) {
    for (const text of [note.idea, note.source, note.cost, note.loses]) {
      assert(text.length > 3, note.name);
    }
  }
});

for (const { name: router } of routers) {
  Deno.test(`${router} completes every request on replicas that compute prompts and are up`, () => {
    for (const kind of KINDS) {
      for (const view of VIEWS) {
        const spec = variant(smallCluster(5, { router, ...view, faults: FAULTS }), kind);
        const result = serveTrace(spec, busy, { module });
        assertEquals(result.finished, busy.requestCount, `${kind} ${JSON.stringify(view)}`);
        for (const [request, replica] of result.requests.replica.entries()) {
          assert(spec.replicas[replica].role !== "decode", router);
          const { firstTokenNs, arrivalNs, retries } = result.requests;
          const whileDown = arrivalNs[request] > FAULTS[0].timeNs &&
            firstTokenNs[request] < FAULTS[1].timeNs;
          if (whileDown && retries[request] === 0) assert(replica !== 1, `${router} ${request}`);
        }
      }
    }
  });

  Deno.test(`${router} decides alike with one seed, and in both builds`, () => {
    for (const view of VIEWS) {
      const spec = variant(smallCluster(5, { router, ...view }), "stores");
      // The checking build is larger, and its assertions take memory.
      const { memoryBytes: _more, ...checked } = serveTrace(spec, busy, { module });
      const { memoryBytes: _less, ...released } = serveTrace(spec, busy);
      assertEquals(released, checked);
    }
  });

  Deno.test(`${router} does not know of requests to come`, () => {
    const count = 120;
    for (const view of VIEWS) {
      // Answers take their names from the turns that repeat them, which a cut trace lacks.
      const spec = smallCluster(5, { router, ...view, cacheAnswers: false, closedLoop: false });
      const whole = serveTrace(spec, busy, { module }).requests.replica.slice(0, count);
      const cut = serveTrace(spec, firstOf(busy, count), { module }).requests.replica;
      assertEquals(cut, whole, JSON.stringify(view));
    }
  });

  Deno.test(`${router} does not know how long answers will be`, () => {
    // All arrive before the first token of any, so nothing can have been learnt.
    const burst = treeLoad({ seed: 3, requests: 40, gapNs: 1e3 });
    const longer = {
      ...burst,
      requests: { ...burst.requests, outputTokens: burst.requests.outputTokens!.map((n) => 9 - n) },
    };
    for (const view of VIEWS) {
      // No preemption: it begins prompts anew, and would move nothing but times.
      const spec = smallCluster(5, { router, ...view }, 1000);
      const first = serveTrace(spec, burst, { module }).requests.replica;
      assertEquals(serveTrace(spec, longer, { module }).requests.replica, first);
    }
  });
}
