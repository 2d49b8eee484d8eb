/** Nothing is lost and nothing is made up, in any small cluster: on the build with assertions. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { runs } from "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { ServingResult } from "../../engine/serving_result.ts";
import type { ServingSpec } from "../../engine/serving_spec.ts";
import type { Trace } from "../../traces/trace.ts";
import { anyCluster, anyLenders, anyLoad, loadOf } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const checking = checkingModule();
const INSTANTS = [
  "arrivalNs",
  "loadStartNs",
  "loadEndNs",
  "scheduledNs",
  "firstTokenNs",
  "decodeStartNs",
  "finishNs",
] as const;

const serve = (spec: ServingSpec, trace: Trace, checkBooks = true) =>
  serveTrace(spec, trace, { module: checking, checkBooks });

/** Every request ended once, its instants do not go back, and so its parts sum to its time. */
function checkRequests(spec: ServingSpec, trace: Trace, result: ServingResult): void {
  const { requests } = result;
  assertEquals(result.unfinished, 0);
  for (let r = 0; r < trace.requestCount; r++) {
    if (requests.state[r] === 2) {
      const tokens = trace.requests.inputTokens[r] + trace.requests.outputTokens![r] - 1;
      const most = Math.max(...spec.replicas.map(({ blocks }) => blocks));
      assert(Math.ceil(tokens / trace.blockTokens) > most, `request ${r} was refused`);
      continue;
    }
    assertEquals(requests.state[r], 1, `request ${r} did not end`);
    const instants = INSTANTS.map((name) => requests[name][r]);
    for (let i = 1; i < instants.length; i++) {
      assert(instants[i] >= instants[i - 1], `request ${r} goes back: ${instants}`);
    }
    assertEquals(requests.outputTokens[r], trace.requests.outputTokens![r]);
    const known = requests.cachedTokens[r] + requests.loadedTokens[r] + requests.peerTokens[r];
    assert(known < Math.max(1, requests.promptTokens[r]) + requests.outputTokens[r]);
    const steps = requests.finishNs[r] - requests.firstTokenNs[r];
    assert(steps >= 1_010 * (requests.outputTokens[r] - 1), `request ${r} decodes too fast`);
  }
  const finished = requests.state.reduce((sum, state) => sum + Number(state === 1), 0);
  assertEquals([result.finished, result.finished + result.refused], [finished, trace.requestCount]);
}

function checkCluster(spec: ServingSpec, result: ServingResult): void {
  for (const [index, replica] of result.replicas.entries()) {
    assert(replica.peakBlocks <= spec.replicas[index].blocks);
    assert(
      replica.busyNs <= result.endNs && replica.mostRunning <= spec.replicas[index].maxSequences,
    );
    assert(replica.meanHeldBlocks <= replica.peakBlocks + 1e-9);
  }
  const tokens = result.replicas.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  assertEquals(tokens, result.outputTokens, "tokens are not what requests got");
  for (const [index, link] of result.links.entries()) {
    const jitters = spec.jitter.shape > 0;
    const { bytesPerSecond } = spec.links[index];
    assert(link.busyNs <= result.endNs);
    // A link carries what it is busy with, rounded up for each transfer.
    if (!jitters && spec.faults.length === 0) {
      const ns = link.bytes / bytesPerSecond * 1e9;
      assert(ns <= link.busyNs + 1, `${link.name} carried ${link.bytes} in ${link.busyNs} ns`);
    }
  }
  for (const [index, store] of result.stores.entries()) {
    assert(store.peakBlocks <= spec.stores[index].blocks);
    assertEquals(store.writes - store.evictions - store.lostBlocks, store.residentBlocks);
  }
}

const bytesOver = ({ links }: ServingResult, names: RegExp) =>
  links.filter(({ name }) => names.test(name)).reduce((sum, { bytes }) => sum + bytes, 0);

/** What leaves a rack comes to another or into the store behind the spines, and so back. */
function checkRacks(spec: ServingSpec, result: ServingResult): void {
  if (spec.spines === undefined || spec.stores.length > 1) return;
  const isFar = spec.stores.some(({ reach }) => reach === "far");
  const [written, read] = isFar
    ? [/^write$/, /^read$/].map((way) => bytesOver(result, way))
    : [0, 0];
  assertEquals(bytesOver(result, /^up/) - written, bytesOver(result, /^down/) - read);
}

/** A switch carries what the devices below it do, and no more. */
function checkSwitches(spec: ServingSpec, result: ServingResult): void {
  if (spec.replicas[0].linkSwitchIn === undefined) return;
  for (const way of ["in", "out"]) {
    const below = bytesOver(result, new RegExp(`^host ${way}`));
    assertEquals(bytesOver(result, new RegExp(`^switch ${way}`)), below);
  }
}

/** What was sent over the links is what crossed them. */
function checkBytes(spec: ServingSpec, result: ServingResult): void {
  if (spec.faults.length > 0 || spec.deltaTransfer) return;
  const moved = bytesOver(result, /^((host )?in|nvlink) /);
  const stored = result.stores.reduce((sum, { hits }) => sum + hits, 0);
  const lent = result.replicas.reduce((sum, { lentBlocks }) => sum + lentBlocks, 0);
  const loads = (stored + lent) * spec.blockBytes;
  const blocks = result.requests.transferBlocks.reduce((sum, count) => sum + count, 0);
  assertEquals(result.transferBytes, blocks * spec.blockBytes);
  // Parts of prompts whose decoder changed, or that never needed one, were sent for nothing.
  if (spec.handover === "push-layerwise") assert(moved >= result.transferBytes + loads);
  else assertEquals(moved, result.transferBytes + loads);
}

Deno.test("every request completes once or is refused, and all books balance", () => {
  fc.assert(
    fc.property(anyCluster, anyLoad, (spec, rows) => {
      const trace = loadOf(rows);
      const result = serve(spec, trace);
      checkRequests(spec, trace, result);
      checkCluster(spec, result);
      checkBytes(spec, result);
      checkRacks(spec, result);
      checkSwitches(spec, result);
    }),
    { numRuns: runs(600) },
  );
});

Deno.test("those who lend each other blocks wait for nobody, and lend what they have", () => {
  let lent = 0;
  fc.assert(
    fc.property(anyLenders, anyLoad, (spec, rows) => {
      const trace = loadOf(rows);
      const result = serve(spec, trace);
      checkRequests(spec, trace, result);
      checkCluster(spec, result);
      checkBytes(spec, result);
      lent += Number(result.replicas.some(({ lentBlocks }) => lentBlocks > 0));
    }),
    { numRuns: runs(600) },
  );
  assert(lent > runs(100), `${lent} runs had loans`);
});

Deno.test("equal questions have equal answers, with books checked or not", () => {
  fc.assert(
    fc.property(anyCluster, anyLoad, (spec, rows) => {
      const trace = loadOf(rows);
      const first = serve(spec, trace);
      const again = serveTrace(spec, trace);
      assertEquals({ ...again, memoryBytes: 0 }, { ...first, memoryBytes: 0 });
    }),
    { numRuns: runs(100) },
  );
});

Deno.test("a node that dies loses no request, whenever it dies", () => {
  fc.assert(
    fc.property(anyCluster, anyLoad, fc.nat(200_000), (spec, rows, timeNs) => {
      const trace = loadOf(rows);
      for (const subject of spec.replicas.keys()) {
        const kind = "replica" as const;
        const faults = [
          { kind: `${kind}-down` as const, subject, timeNs },
          { kind: `${kind}-up` as const, subject, timeNs: timeNs + 5_000 },
        ];
        const result = serve({ ...spec, faults }, trace);
        checkRequests(spec, trace, result);
      }
    }),
    { numRuns: runs(80) },
  );
});

Deno.test("a cut link or spine loses no request, whenever it is cut", () => {
  fc.assert(
    fc.property(anyCluster, anyLoad, fc.nat(200_000), (spec, rows, timeNs) => {
      const trace = loadOf(rows);
      const spines = Array.from({ length: spec.spines ?? 0 }, (_, spine) => `spine ${spine}`);
      for (const ending of ["up 0", "down 1", "switch in 0", ...spines]) {
        const subjects = [...spec.links.keys()]
          .filter((link) => spec.links[link].name.match(`${ending}( spine|$)`) !== null);
        const at = (timeNs: number, kind: "link-down" | "link-up") =>
          subjects.map((subject) => ({ timeNs, kind, subject }));
        const faults = [...at(timeNs, "link-down"), ...at(timeNs + 20_000, "link-up")];
        const result = serve({ ...spec, faults }, trace);
        checkRequests(spec, trace, result);
        checkRacks(spec, result);
      }
    }),
    { numRuns: runs(80) },
  );
});
