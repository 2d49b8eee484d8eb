/** Blocks that replicas lend each other: what is held while they are read, and what breaks then. */
import { assert, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { FaultSpec, ServingSpec } from "../../engine/serving_spec.ts";
import { BYTES, cluster, LATER, row, STEP_NS } from "../support/lenders.ts";
import { loadOf, type Row } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, rows: readonly Row[]) =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

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
