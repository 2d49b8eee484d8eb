/** Blocks read from the HBM of other replicas, against arithmetic. */
import { assert, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { ServingSpec } from "../../engine/serving_spec.ts";
import { BYTES, cluster, inRack, LATER, pieces, row, STEP_NS } from "../support/lenders.ts";
import { loadOf, type Row } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, rows: readonly Row[]) =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

Deno.test("an island mate's prefix arrives in NVLink's latency and its bytes, to the nanosecond", () => {
  for (const discipline of ["fifo", "fair-share"] as const) {
    for (const peers of ["island", "rack", "cluster"] as const) {
      const spec = cluster(2, 2, { discipline, peers });
      const { requests, replicas, peerTokens } = serve(spec, [row(0, 0, 25), row(LATER, 0, 25)]);
      assertEquals(requests.replica[1], 1);
      assertEquals(requests.firstTokenNs[1] - LATER, 50 + BYTES / 2 + STEP_NS);
      assertEquals(requests.loadEndNs[1] - requests.loadStartNs[1], 50 + BYTES / 2);
      assertEquals([requests.peerTokens[1], requests.loadedTokens[1]], [96, 0]);
      assertEquals([replicas[0].lentBlocks, replicas[1].lentBlocks, peerTokens], [24, 0, 96]);
    }
  }
});

Deno.test("over NICs the slowest link of the way decides, and latencies add up", () => {
  const took = (spec: ServingSpec) => {
    const { requests } = serve(spec, [row(0, 0, 25), row(LATER, 0, 25)]);
    return requests.firstTokenNs[1] - LATER;
  };
  assertEquals(took(cluster(2, 1)), 300 + 500 + BYTES + STEP_NS);
  // Two racks: out of one and into the other.
  const near = cluster(2, 1);
  const apart = near.replicas.map((each, i) => ({ ...each, ...inRack(i, 2) }));
  assertEquals(took({ ...near, replicas: apart }), 880 + 2 * BYTES + STEP_NS);
});

Deno.test("the reach says who is asked: nobody, the island, the rack, or all", () => {
  // Replicas 0 and 1 are an island of their own rack, and so are 2 and 3.
  const asked = (peers: ServingSpec["peers"], island: number, reader: number) => {
    const idle = Array.from({ length: reader - 1 }, (_, i) => row(i + 1, 1_000 * (i + 1), 1));
    const rows = [row(0, 0, 25), ...idle, row(LATER, 0, 25)];
    const { requests } = serve(cluster(4, island, { peers }), rows);
    assertEquals(requests.replica[reader], reader);
    return requests.peerTokens[reader];
  };
  assertEquals(
    ["none", "island", "rack", "cluster"].map((reach) => {
      const peers = reach as ServingSpec["peers"];
      return [asked(peers, 2, 1), asked(peers, 2, 2), asked(peers, 1, 1)];
    }),
    [[0, 0, 0], [96, 0, 0], [96, 0, 96], [96, 96, 96]],
  );
});

Deno.test("`cheaper` computes where the link is slower than the steps", () => {
  // Computing takes 2,000 ns; a read saves 960 of them.
  for (const [nvlink, tokens] of [[1.2e11, 96], [1e11, 0]]) {
    const spec = cluster(2, 2, { recompute: "cheaper" }, { nvlink });
    const { requests } = serve(spec, [row(0, 0, 25), row(LATER, 0, 25)]);
    assertEquals(requests.peerTokens[1], tokens, `at ${nvlink}`);
  }
  const never = cluster(2, 2, { recompute: "recompute" });
  assertEquals(serve(never, [row(0, 0, 25), row(LATER, 0, 25)]).peerTokens, 0);
});

Deno.test("two who read from one peer share its link, or one waits for the other", () => {
  const rows = [row(0, 0, 25), row(LATER, 0, 25), row(LATER, 0, 25)];
  const took = (discipline: ServingSpec["discipline"]) => {
    const { requests, replicas } = serve(cluster(3, 3, { discipline }), rows);
    assertEquals(replicas[0].lentBlocks, 48);
    return [1, 2].map((r) => requests.loadEndNs[r] - LATER);
  };
  assertEquals(took("fair-share"), [50 + BYTES, 50 + BYTES]);
  assertEquals(took("fifo"), [50 + BYTES / 2, 50 + BYTES]);
});

Deno.test("of a peer and a store, the one that is expected to be sooner is read", () => {
  const from = (readBytesPerSecond: number) => {
    const spec = cluster(2, 2);
    const at = spec.links.length;
    const { stores, peerTokens, loadedTokens } = serve({
      ...spec,
      links: [
        ...spec.links,
        { name: "read", latencyNs: 50, bytesPerSecond: readBytesPerSecond },
        { name: "write", latencyNs: 0, bytesPerSecond: 1e12 },
      ],
      stores: [{
        name: "dram",
        tier: 0,
        blocks: 100,
        writeThrough: true,
        writeBack: false,
        linkRead: at,
        linkWrite: at + 1,
        reach: "local",
      }],
      replicas: spec.replicas.map((each) => ({ ...each, stores: [0] })),
    }, [row(0, 0, 25), row(LATER, 0, 25)]);
    return [stores[0].hits, peerTokens, loadedTokens];
  };
  assertEquals(from(1.9e9), [0, 96, 0]);
  assertEquals(from(2.1e9), [24, 0, 96]);
});

Deno.test("the peer with the longest run is asked; where runs part, several serve one request", () => {
  const [a, b] = [0, 100];
  const rows = [
    pieces(0, [a, 10]), // replica 0 has a
    pieces(LATER, [a, 10], [b, 10], [900, 1]), // 1 borrows a, and has b, too
    row(2 * LATER, 2_000, 5),
    pieces(3 * LATER, [a, 10], [b, 10], [901, 1]), // 0 borrows b: the newest in 1 now
    row(4 * LATER, 3_000, 29), // 1 evicts a
    row(5 * LATER, 4_000, 1),
    row(6 * LATER, 5_000, 30), // 0 evicts b
    row(7 * LATER, 6_000, 1),
    pieces(8 * LATER, [a, 10], [b, 10], [902, 1]), // 2 needs both
  ];
  const { requests, replicas, links } = serve(cluster(3, 3, {}, { blocks: 40 }), rows);
  assertEquals(requests.replica[8], 2);
  assertEquals(requests.peerTokens.filter((tokens) => tokens > 0), Uint32Array.of(40, 40, 80));
  assertEquals(replicas.map(({ lentBlocks }) => lentBlocks), [20, 20, 0]);
  assertEquals(links.slice(0, 3).map(({ transfers }) => transfers), [2, 2, 0]);
  // Both at once, each over its own link.
  assertEquals(requests.loadEndNs[8] - 8 * LATER, 50 + 10 * 4_000 / 2);
});

Deno.test("a decoder lends the answer that it wrote: the next turn reads it", () => {
  const base = cluster(2, 2, { handover: "push" });
  const spec: ServingSpec = {
    ...base,
    replicas: base.replicas.map((each, i) => ({ ...each, role: i === 0 ? "prefill" : "decode" })),
  };
  const turns = [
    { ...row(0, 0, 10, 41), session: 0 },
    { ...row(0, 0, 30, 1), session: 0 },
  ];
  const { requests, replicas } = serve(spec, turns);
  // 10 blocks are where they were computed; the 10 of the answer come from the decoder.
  assertEquals([requests.cachedTokens[1], requests.peerTokens[1]], [40, 40]);
  assertEquals(replicas.map(({ lentBlocks }) => lentBlocks), [0, 10]);
});

Deno.test("NVLink's bandwidth and latency move TTFT where peers are read, and nothing elsewhere", () => {
  const rows = Array.from({ length: 60 }, (_, i) => row(i * 3_000, (i % 5) * 100, 25, 4));
  const meanNs = (peers: ServingSpec["peers"], nvlink: number, latencyNs = 50) => {
    const spec = cluster(4, 4, { peers, recompute: "cheaper" }, { nvlink });
    const linked = spec.links.map((link, i) => i < 4 ? { ...link, latencyNs } : link);
    const { requests } = serve({ ...spec, links: linked }, rows);
    return requests.firstTokenNs.reduce((sum, ns, r) => sum + ns - requests.arrivalNs[r], 0) / 60;
  };
  assertEquals(meanNs("none", 1e11), meanNs("none", 1e12));
  assert(meanNs("island", 1e13) < meanNs("island", 3e11));
  assert(meanNs("island", 1e13) < meanNs("island", 1e13, 400));
  assert(meanNs("island", 1e12) < meanNs("none", 1e12));
});
