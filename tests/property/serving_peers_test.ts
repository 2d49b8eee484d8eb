/** Blocks read from the HBM of other replicas: arithmetic, pins, and what breaks under a read. */
import { assert, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import {
  type FaultSpec,
  type LinkSpec,
  type ServingSpec,
  singleEngine,
} from "../../engine/serving_spec.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, rows: readonly Row[]) =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

const row = (arrivalNs: number, first: number, blocks: number, outputTokens = 1): Row => ({
  arrivalNs,
  blocks: Array.from({ length: blocks }, (_, i) => first + i),
  outputTokens,
});

/** A request whose prompt is made of runs of blocks, each by its first and its length. */
const pieces = (arrivalNs: number, ...runs: [first: number, blocks: number][]): Row => ({
  arrivalNs,
  blocks: runs.flatMap(([first, blocks]) => Array.from({ length: blocks }, (_, i) => first + i)),
  outputTokens: 1,
});

/** In order: NVLink of each replica, ports out, ports in, uplinks of two racks. */
function links(replicas: number, nvlink: number): LinkSpec[] {
  const each = (name: string, latencyNs: number, bytesPerSecond: number, count = replicas) =>
    Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, latencyNs, bytesPerSecond }));
  return [
    ...each("nvlink", 50, nvlink),
    ...each("out", 300, 2e9),
    ...each("in", 500, 1e9),
    ...each("up", 40, 5e8, 2),
  ];
}

/** Engines that take requests in turn; every `islandReplicas` of them are an island, and a rack. */
function cluster(
  replicas: number,
  islandReplicas: number,
  rest: Partial<ServingSpec> = {},
  { blocks = 1_000, nvlink = 2e9 } = {},
): ServingSpec {
  const base = singleEngine(STEP, { blocks, maxSequences: 16, tokenBudget: 1_000 }, replicas);
  return {
    ...base,
    links: links(replicas, nvlink),
    replicas: base.replicas.map((each, i) => ({
      ...each,
      rack: Math.min(1, Math.floor(i / Math.max(2, islandReplicas))),
      linkOut: replicas + i,
      linkIn: 2 * replicas + i,
      linkUp: 3 * replicas + Math.min(1, Math.floor(i / Math.max(2, islandReplicas))),
      ...(islandReplicas > 1 ? { island: Math.floor(i / islandReplicas), linkPeer: i } : {}),
    })),
    blockBytes: 4_000,
    peers: "cluster",
    recompute: "load",
    ...rest,
  };
}

/** A step for the four tokens that are always left. */
const STEP_NS = 1_000 + 10 * 4;
/** 24 of 25 blocks are read: something has to be computed. */
const BYTES = 24 * 4_000;
const LATER = 1e6;

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
  // Two racks: over both uplinks.
  const far = cluster(2, 1);
  const apart = { ...far, replicas: far.replicas.map((each, rack) => ({ ...each, rack })) };
  const uplinks = apart.replicas.map((each, i) => ({ ...each, linkUp: 6 + i }));
  assertEquals(took({ ...apart, replicas: uplinks }), 880 + 2 * BYTES + STEP_NS);
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

Deno.test("a block under read is not evicted, although its holder needs the room", () => {
  // 25 of 40 blocks are kept; 24 are lent while a prompt of 30 blocks comes.
  const rows = [row(0, 0, 25), row(LATER, 0, 25), row(LATER + 10, 500, 30), row(2 * LATER, 0, 25)];
  const lending = serve(cluster(2, 2, {}, { blocks: 40 }), rows);
  const endNs = LATER + 50 + BYTES / 2;
  assertEquals(lending.requests.replica[2], 0);
  assertEquals([lending.requests.loadEndNs[1], lending.requests.scheduledNs[2]], [endNs, endNs]);
  const alone = serve(cluster(2, 2, { peers: "none" }, { blocks: 40 }), rows);
  assertEquals(alone.requests.scheduledNs[2], LATER + 10);
  // Half of the blocks are free all the same: nobody waits for those.
  const small = rows.with(2, row(LATER + 10, 500, 15));
  assertEquals(
    serve(cluster(2, 2, {}, { blocks: 40 }), small).requests.scheduledNs[2],
    LATER + 10,
  );
});

Deno.test("who waits for room lends what is in use there, and nothing idle", () => {
  const [p, q] = [0, 100];
  const second = (wanted: number, blocker: number) => {
    const rows = [
      row(0, p, 25),
      row(1e5, 1_000, 1),
      row(2e5, 2_000, 1),
      row(3e5, q, 10), // replica 0 keeps both, in 35 of 40 blocks
      row(4e5, 3_000, 1),
      row(LATER, p, 25), // 2 borrows 24 of them
      row(LATER + 10, 500, blocker), // waits in 0 when it needs more than 16
      row(LATER + 2_000, wanted, 10), // asks from 1
    ];
    const { requests } = serve(cluster(3, 3, {}, { blocks: 40 }), rows);
    assertEquals([5, 6, 7].map((r) => requests.replica[r]), [2, 0, 1]);
    assertEquals(requests.scheduledNs[6] >= requests.loadEndNs[5], blocker > 16);
    return requests.peerTokens[7];
  };
  assertEquals([second(q, 6), second(q, 30)], [36, 0]);
  assertEquals([second(p, 6), second(p, 30)], [36, 36]);
});

const down = (kind: "replica" | "link", subject: number, timeNs: number): FaultSpec[] => [
  { timeNs, kind: `${kind}-down`, subject },
];

Deno.test("a peer that dies under a read: the request computes, or reads from another", () => {
  const diesNs = LATER + 1_000;
  const faults = down("replica", 0, diesNs);
  const alone = serve(cluster(2, 2, { faults }), [row(0, 0, 25), row(LATER, 0, 25)]);
  assertEquals([alone.finished, alone.requests.retries[1], alone.peerTokens], [2, 0, 0]);
  assertEquals(alone.requests.firstTokenNs[1], diesNs + 2_000);
  // Replica 1 borrowed before, and has the blocks as well.
  const rows = [row(0, 0, 25), row(1e5, 0, 25), row(LATER, 0, 25)];
  const others = serve(cluster(3, 3, { faults }), rows);
  assertEquals([...others.requests.peerTokens], [0, 96, 96]);
  const secondNs = diesNs + 50 + BYTES / 2 + STEP_NS;
  const firstNs = LATER + 50 + BYTES / 2 + STEP_NS;
  assert([firstNs, secondNs].includes(others.requests.firstTokenNs[2]));
  const other = serve(cluster(3, 3, { faults: down("replica", 1, diesNs) }), rows);
  const taken = [others, other].map(({ requests }) => requests.firstTokenNs[2]).sort();
  assertEquals(taken, [firstNs, secondNs]);
});

Deno.test("a reader that dies gives back what it borrowed, and another reads for the request", () => {
  const rows = [row(0, 0, 25), row(LATER, 0, 25), row(LATER + 10, 500, 30)];
  const faults = down("replica", 1, LATER + 1_000);
  const { requests, finished } = serve(cluster(2, 2, { faults }, { blocks: 40 }), rows);
  assertEquals([finished, requests.retries[1]], [3, 1]);
  // The loan ends with its reader, and the prompt that waited for room begins.
  assertEquals(requests.scheduledNs[2], LATER + 1_000);
});

Deno.test("a cut NVLink loses the reads on it; another peer is read over its own", () => {
  const faults = down("link", 0, LATER + 1_000);
  const rows = [row(0, 0, 25), row(LATER, 0, 25), row(2 * LATER, 0, 25)];
  const { requests, links } = serve(cluster(3, 3, { faults }), rows);
  assertEquals([...requests.peerTokens], [0, 0, 96]);
  assertEquals(requests.firstTokenNs[1], LATER + 1_000 + 2_000);
  assertEquals(links.slice(0, 3).map(({ bytes }) => bytes), [0, BYTES, 0]);
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
