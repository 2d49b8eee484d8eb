/**
 * The decoder that is found in the tree is the one that a look at all of them finds: the checking
 * build compares the two at every choice.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { FaultSpec, ReplicaSpec, ServingSpec } from "../../engine/serving_spec.ts";
import { smallCluster, treeLoad } from "../support/routing.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();

const clusters = fc.record({
  // Racks and islands in any order, islands across racks, replicas without one.
  replicas: fc.array(
    fc.record({
      role: fc.constantFrom<ReplicaSpec["role"]>("prefill", "decode", "decode", "unified"),
      rack: fc.nat(4),
      island: fc.option(fc.nat(6), { nil: undefined }),
      blocks: fc.constantFrom(14, 20, 60),
      maxSequences: fc.integer({ min: 1, max: 6 }),
    }),
    { minLength: 2, maxLength: 30 },
  ),
  handover: fc.constantFrom<ServingSpec["handover"]>(
    ...["push", "push-layerwise", "pull", "pull-on-demand"] as const,
  ),
  deltaTransfer: fc.boolean(),
  gapNs: fc.constantFrom(1e5, 1e6, 1e7),
  outputTokens: fc.constantFrom(2, 8, 60),
  down: fc.array(fc.record({ replica: fc.nat(29), link: fc.boolean(), atMs: fc.nat(300) }), {
    maxLength: 4,
  }),
  seed: fc.nat(1000),
});

Deno.test("the tree of decoders finds what a look at all of them finds", () => {
  let handovers = 0;
  fc.assert(
    fc.property(clusters, (it) => {
      const count = it.replicas.length + 2;
      const roles = ["prefill", "decode", ...it.replicas.map(({ role }) => role)] as const;
      const faults = it.down.flatMap(({ replica, link, atMs }): FaultSpec[] => {
        const kind = link ? "link" : "replica";
        // The first two stay, so that every request can end.
        const subject = 2 + replica % it.replicas.length;
        return [
          { timeNs: atMs * 1e6, kind: `${kind}-down`, subject: link ? 2 * subject : subject },
          { timeNs: (atMs + 50) * 1e6, kind: `${kind}-up`, subject: link ? 2 * subject : subject },
        ];
      }).toSorted((a, b) => a.timeNs - b.timeNs);
      const cluster = smallCluster(count, {
        handover: it.handover,
        deltaTransfer: it.deltaTransfer,
        closedLoop: false,
        blockBytes: 1e6,
        faults,
        links: Array.from(
          { length: 2 * count },
          (_, link) => ({ name: `link ${link}`, latencyNs: 1e4, bytesPerSecond: 1e9 }),
        ),
      });
      const spec: ServingSpec = {
        ...cluster,
        replicas: cluster.replicas.map((replica, i) => ({
          ...replica,
          ...it.replicas[i - 2],
          role: roles[i],
          linkIn: 2 * i,
          linkOut: 2 * i + 1,
        })),
      };
      const { seed, gapNs, outputTokens } = it;
      const trace = treeLoad({ seed, requests: 60, gapNs, outputTokens });
      const result = serveTrace(spec, trace, { module, checkBooks: true });
      assertEquals(result.finished + result.refused, trace.requestCount);
      handovers += result.requests.decoder.filter((to, r) => to !== result.requests.replica[r])
        .length;
    }),
    { numRuns: runs(150) },
  );
  assert(handovers > 500, `${handovers} requests went to a decoder`);
});
