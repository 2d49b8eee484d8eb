/** What is kept is what was used last, and what leaves one place is found in the next. */
import { assert, assertEquals } from "@std/assert";
import "../support/seed.ts";
import { serveTrace } from "../../engine/serving.ts";
import { type ServingSpec, singleEngine, type StoreSpec } from "../../engine/serving_spec.ts";
import { loadOf, type Row, STEP } from "../support/serving_cases.ts";
import { checkingModule } from "../support/traces.ts";

const serve = (spec: ServingSpec, rows: readonly Row[]) =>
  serveTrace(spec, loadOf(rows), { module: checkingModule(), checkBooks: true });

/** Prompts of 8 blocks and a token, one after the other; each name begins blocks of its own. */
const prompts = (names: string): Row[] =>
  [...names].map((name, i) => ({
    arrivalNs: i * 1e6,
    blocks: Array.from({ length: 9 }, (_, block) => 100 * name.charCodeAt(0) + block),
    inputTokens: 33,
    outputTokens: 1,
  }));

Deno.test("a hit makes a prompt young again: the one that was not used for longest leaves", () => {
  // Room for two prompts; `a` is hit before `c` needs the room of one.
  const spec = singleEngine(STEP, { blocks: 18, maxSequences: 4, tokenBudget: 1_000 });
  const cached = (names: string) => [...serve(spec, prompts(names)).requests.cachedTokens];
  assertEquals(cached("abaca"), [0, 0, 32, 0, 32]);
  assertEquals(cached("abacb").at(-1), 0, "it was b that left");
  assertEquals(cached("abca").at(-1), 0, "without the hit a leaves");
});

Deno.test("what a small pool cannot keep is read from the remote store, and counted there", () => {
  const base = singleEngine(STEP, { blocks: 12, maxSequences: 4, tokenBudget: 1_000 });
  const store = (name: string, tier: number, blocks: number): StoreSpec => ({
    name,
    tier,
    blocks,
    writeThrough: true,
    writeBack: false,
    linkRead: 2 * tier,
    linkWrite: 2 * tier + 1,
  });
  const of = (poolBlocks: number) =>
    serve({
      ...base,
      replicas: base.replicas.map((each) => ({ ...each, stores: [0, 1] })),
      links: ["pool read", "pool write", "remote read", "remote write"].map((name, i) => ({
        name,
        latencyNs: i < 2 ? 100 : 5_000,
        bytesPerSecond: i < 2 ? 1e10 : 1e9,
      })),
      stores: [store("pool", 0, poolBlocks), store("remote", 1, 1_000)],
      blockBytes: 1_000,
      recompute: "load",
    }, prompts("abcdefghabcdefgh"));
  const [tiny, roomy] = [9, 100].map(of);
  assert(tiny.stores[1].hits > 30 && roomy.stores[1].hits === 0);
  assertEquals(roomy.stores[0].hits, tiny.stores[0].hits + tiny.stores[1].hits);
  assertEquals(tiny.links[2].bytes, 1_000 * tiny.stores[1].hits);
  const loadNs = ({ requests }: typeof tiny) =>
    requests.loadEndNs.reduce((sum, ns, r) => sum + ns - requests.loadStartNs[r], 0);
  assert(loadNs(tiny) > 5 * loadNs(roomy), "from further away it takes longer");
});
