/** KV between racks over several spines, by a hash and around what is cut, against arithmetic. */
import { assert, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import type { ServingResult } from "../../engine/serving_result.ts";
import { type FaultSpec, type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";
import { Wiring } from "../support/wiring.ts";

const module = checkingModule();
const serve = (spec: ServingSpec, rows: readonly Row[]): ServingResult =>
  serveTrace(spec, loadOf(rows), { module, checkBooks: true });

const row = (arrivalNs: number, first: number): Row => ({
  arrivalNs,
  blocks: Array.from({ length: 25 }, (_, i) => first + i),
  outputTokens: 2,
});

/** Prefill replicas and decoders in two racks, as `p0 d1`; only the links of racks are slow. */
function racks(seats: string, spines: number, rest: Partial<ServingSpec> = {}): ServingSpec {
  const names = seats.split(" ");
  const engine = { blocks: 1_000, maxSequences: 64, tokenBudget: 1_000 };
  const base = singleEngine(STEP, engine, names.length);
  const wiring = new Wiring({ latencyNs: 0, bytesPerSecond: 1e15 });
  const slow = { latencyNs: 100, bytesPerSecond: 1e9 };
  const two = [0, 1].map((at) => wiring.rack(at, spines, slow));
  return {
    ...base,
    replicas: names.map((name, i) => ({
      ...base.replicas[i],
      role: name[0] === "p" ? "prefill" as const : "decode" as const,
      ...wiring.ports(i),
      ...two[Number(name[1])],
    })),
    links: wiring.links,
    spines,
    blockBytes: 4_000,
    discipline: "fair-share",
    ...rest,
  };
}

const ALONE = 25 * 4_000;
const handoversNs = ({ requests }: ServingResult) =>
  [...requests.decodeStartNs].map((decodeNs, r) => decodeNs - requests.firstTokenNs[r] - 200);

Deno.test("the two directions between racks do not slow each other", () => {
  // The first prompt has room in the other rack only; the second goes where less is to do.
  const spec = racks("p0 p1 d0 d1", 1);
  const replicas = spec.replicas.map((each, i) => i === 2 ? { ...each, blocks: 30 } : each);
  const rows = [{ ...row(0, 0), outputTokens: 40 }, row(0, 100)];
  const across = serve({ ...spec, replicas }, rows);
  assertEquals([...across.requests.decoder], [3, 2]);
  assertEquals(handoversNs(across), [ALONE, ALONE]);
  assertEquals(across.links.slice(0, 4).map(({ bytes }) => bytes), Array(4).fill(ALONE));
  assertEquals(handoversNs(serve(racks("p0 p0 d1", 1), rows)), [2 * ALONE, 2 * ALONE]);
  assertEquals(handoversNs(serve(racks("p0 d0", 1), [row(0, 0)])), [1 - 200]);
});

/** Spines whose links out of the first rack carried anything. */
const spinesUsed = ({ links }: ServingResult) =>
  links.flatMap(({ name, bytes }) => /^up 0/.test(name) && bytes > 0 ? [Number(name.at(-1))] : []);

Deno.test("flows that are hashed on one spine share it; those on two do not", () => {
  const seen = { shared: 0, apart: 0 };
  for (let seed = 0; seed < 24; seed++) {
    const found = serve(racks("p0 p0 d1", 4, { seed }), [row(0, 0), row(0, 100)]);
    const used = spinesUsed(found);
    const slower = used.length === 1 ? 2 : 1;
    seen[slower === 2 ? "shared" : "apart"]++;
    assertEquals(handoversNs(found), Array(2).fill(slower * ALONE), `seed ${seed}: ${used}`);
    // What leaves over a spine comes in from the same one.
    const way = (way: string) => found.links.filter(({ name }) => name.startsWith(way));
    assertEquals(way("up 0").map((l) => l.bytes), way("down 1").map((l) => l.bytes));
  }
  // One in four, give or take.
  assert(seen.shared > 1 && seen.shared < 13, JSON.stringify(seen));
});

const cut = (subjects: number[], timeNs: number, upNs?: number): FaultSpec[] => [
  ...subjects.map((subject) => ({ timeNs, kind: "link-down" as const, subject })),
  ...(upNs === undefined ? [] : subjects.map((subject) => (
    { timeNs: upNs, kind: "link-up" as const, subject }
  ))),
];

Deno.test("pairs spread over all spines; those of a cut one over the others", () => {
  const seats = `${"p0 ".repeat(64)}d1`;
  const rows = Array.from({ length: 64 }, (_, i) => row(1 + i * 1e6, i * 100));
  const carried = (faults: FaultSpec[]) =>
    serve(racks(seats, 4, { faults }), rows).links.slice(0, 4).map(({ bytes }) => bytes / ALONE);
  const whole = carried([]);
  assert(whole.every((pairs) => pairs > 6 && pairs < 29), whole.join());
  const rest = carried(cut([1], 0));
  const more = rest.map((pairs, spine) => pairs - whole[spine]);
  assertEquals([rest[1], more[0] + more[2] + more[3]], [0, whole[1]]);
  assert(more.every((pairs, spine) => spine === 1 || pairs > 0), more.join());
});

Deno.test("a cut spine loses what was under way, and its pairs take the others", () => {
  const [mine] = spinesUsed(serve(racks("p0 d1", 3), [row(0, 0)]));
  const half = 2_000 + ALONE / 2;
  // Out of the sender's rack, or into the receiver's: a spine is of use at both ends or not at all.
  for (const link of [mine, 9 + mine]) {
    const spec = racks("p0 d1", 3, { faults: cut([link], half, 1e7) });
    assertEquals(spec.links[link].name, link < 3 ? `up 0 spine ${mine}` : `down 1 spine ${mine}`);
    const found = serve(spec, [row(0, 0), row(2e6, 100), row(2e7, 200)]);
    assertEquals(handoversNs(found), [ALONE / 2 + ALONE, ALONE, ALONE]);
    // The first two went elsewhere; what was lost is not counted; mended, it is used again.
    const carried = found.links.slice(0, 3).map(({ bytes }) => bytes);
    assertEquals(carried[mine], ALONE);
    assertEquals(carried.toSorted((a, b) => a - b), [0, ALONE, 2 * ALONE]);
  }
  const other = (mine + 1) % 3;
  const spared = serve(racks("p0 d1", 3, { faults: cut([other], half) }), [row(0, 0)]);
  assertEquals([handoversNs(spared), spinesUsed(spared)], [[ALONE], [mine]]);
});

Deno.test("with all spines cut, requests wait for one, and go where there is a way", () => {
  const rows = [row(0, 0), row(1e6, 100)];
  const waits = serve(racks("p0 d1", 3, { faults: cut([0, 1, 2], 10, 5e6) }), rows);
  // One pair, one spine: both leave when it is mended, and share it.
  const thereNs = 5e6 + 2 * ALONE + 200;
  assertEquals([waits.finished, ...waits.requests.decodeStartNs], [2, thereNs, thereNs]);
  const never = serve(racks("p0 d1", 3, { faults: cut([0, 1, 2], 10) }), rows);
  assertEquals([never.finished, never.unfinished], [0, 2]);
  // A decoder in the sender's rack is there for all.
  const near = serve(racks("p0 d1 d0", 3, { faults: cut([0, 1, 2], 10) }), rows);
  assertEquals([near.finished, ...near.requests.decoder], [2, 2, 2]);
});
