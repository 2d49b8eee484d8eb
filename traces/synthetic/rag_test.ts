import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { traceInfo } from "../info.ts";
import type { Trace } from "../trace.ts";
import { synthesize } from "./synthesize.ts";

/** One block a chunk and one system prompt of a block, so that extents can be read. */
const BARE = {
  kind: "rag",
  systemPrompts: 1,
  systemTokens: 16,
  chunkTokens: 16,
  questionTokens: 16,
  requests: 20_000,
};

function blocksOf({ requests, extents }: Trace, row: number): number[] {
  const blocks: number[] = [];
  for (let e = requests.firstExtent[row]; e < requests.firstExtent[row + 1]; e++) {
    for (let n = 0; n < extents.blockCount[e]; n++) blocks.push(extents.firstBlock[e] + n);
  }
  return blocks;
}

Deno.test("rag: documents have Zipf popularity", async () => {
  const trace = await synthesize({ ...BARE, retrieved: 1 });
  const counts = new Map<number, number>();
  for (let row = 0; row < trace.requestCount; row++) {
    const [system, document] = blocksOf(trace, row);
    assertEquals(system, 0);
    counts.set(document, (counts.get(document) ?? 0) + 1);
  }
  const shares = [...counts.values()].sort((a, b) => b - a);
  assertAlmostEquals(Math.log(shares[0] / shares[7]) / Math.log(8), 1.2, 0.06);
  assertAlmostEquals(Math.log(shares[0] / shares[31]) / Math.log(32), 1.2, 0.06);
});

Deno.test("rag: the order of documents decides what a prefix cache can reuse", async () => {
  const ideal = async (set: Record<string, string>) =>
    traceInfo(await synthesize({ ...BARE, ...set })).ideal;
  const relevance = await ideal({});
  const random = await ideal({ order: "random" });
  const popular = await ideal({ order: "popularity" });
  assert(popular.block > relevance.block + 0.02, `${popular.block} ${relevance.block}`);
  // Independent draws are in random order already, but for the popular ones that come first.
  assertAlmostEquals(random.block, relevance.block, 0.02);
  const chunk = await ideal({ reuse: "chunk" });
  assert(chunk.anyBlock > popular.block + 0.01);
});

Deno.test("rag: a chunk anywhere is the same blocks; after other text it is others", async () => {
  const common = { ...BARE, documents: 4, documentZipf: 0, retrieved: 4, order: "random" };
  const unique = async (reuse: string) => {
    const { uniqueBlocks, requestCount } = await synthesize({ ...common, reuse });
    return uniqueBlocks - requestCount - 1;
  };
  assertEquals(await unique("chunk"), 4);
  // All ordered selections of at most four: 4 + 12 + 24 + 24.
  assertEquals(await unique("prefix"), 64);
});

Deno.test("rag: the beginning of a document is retrieved more often", async () => {
  const spec = { ...BARE, documents: 1, retrieved: 1, chunksPerDocument: 4, reuse: "chunk" };
  const trace = await synthesize(spec);
  const counts = new Map<number, number>();
  for (let row = 0; row < trace.requestCount; row++) {
    const [, chunk] = blocksOf(trace, row);
    counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
  }
  const shares = [...counts.values()].sort((a, b) => b - a);
  assertEquals(shares.length, 4);
  assertAlmostEquals(shares[0] / trace.requestCount, 12 / 25, 0.015);
  assertAlmostEquals(shares[3] / trace.requestCount, 3 / 25, 0.015);
});

Deno.test("rag: chunks that do not fill blocks keep their blocks apart", async () => {
  const trace = await synthesize({ ...BARE, systemTokens: 20, chunkTokens: 40, reuse: "chunk" });
  for (let row = 0; row < 500; row++) {
    const blocks = blocksOf(trace, row);
    assertEquals(new Set(blocks).size, blocks.length);
    assertEquals(blocks.length, Math.floor(trace.requests.inputTokens[row] / 16));
  }
});
