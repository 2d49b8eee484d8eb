import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { TraceBuilder } from "./builder.ts";
import { traceHead, traceInfo } from "./info.ts";
import { openTrace } from "./open.ts";
import { isPrefixTree } from "./prefix_tree.ts";
import { dataPath, randomBelow } from "./testing.ts";
import type { Trace } from "./trace.ts";

Deno.test("traceInfo() gives the known figures of the Mooncake traces", async () => {
  const conversation = traceInfo(await openTrace(dataPath("conversation_trace.jsonl.gz")));
  assertEquals(conversation.input.sumTokens, 144_793_823);
  assertEquals(conversation.input.meanTokens.toFixed(1), "12035.1");
  assertEquals(conversation.input.medianTokens, 6_909);
  assertEquals(conversation.input.maxTokens, 126_195);
  assertEquals(conversation.output?.sumTokens, 4_122_048);
  assertEquals(conversation.output?.meanTokens.toFixed(1), "342.6");
  assertEquals(conversation.distinctArrivals, 1_180);
  assertEquals(conversation.spanNs, 3_536_999e6);
  assertEquals(conversation.requestsPerSecond?.toFixed(4), "3.4015");
  assertEquals(ratios(conversation.ideal), ["0.3664", "0.3736", "0.382", "0.4094"]);
  assertEquals(conversation.isPrefixTree, true);
  assertEquals(conversation.firstBlockShare, 1);
  assertEquals(conversation.foldingFactor.toFixed(1), "8.6");

  const synthetic = traceInfo(await openTrace(dataPath("synthetic_trace.jsonl.gz")));
  assertEquals(synthetic.input.sumTokens, 61_194_628);
  assertEquals(synthetic.input.medianTokens, 11_587);
  assertEquals(synthetic.input.maxTokens, 191_378);
  assertEquals(synthetic.output?.sumTokens, 595_432);
  assertEquals(synthetic.distinctArrivals, 3_982);
  assertEquals(synthetic.spanNs, 1_022_025e6);
  assertEquals(ratios(synthetic.ideal), ["0.6396", "0.6512", "0.661", "0.4315"]);
  assertEquals(synthetic.isPrefixTree, true);
});

function ratios({ block, token, fullBlock, requestMean }: ReturnType<typeof traceInfo>["ideal"]) {
  return [block.toFixed(4), token.toFixed(4), fullBlock.toFixed(3), requestMean.toFixed(4)];
}

Deno.test("traceInfo() gives the published figures of the Azure trace", async () => {
  const info = traceInfo(await openTrace(dataPath("azure_2023_code.csv.gz")));
  assertEquals(info.requestCount, 8_819);
  assertEquals(info.input.medianTokens, 1_469);
  assertEquals(Math.round(info.input.meanTokens), 2_048);
  assertEquals(info.input.p99Tokens, 7_436);
  assertEquals(info.output?.medianTokens, 13);
  assertEquals(Math.round(info.output!.meanTokens), 28);
  assertAlmostEquals(info.spanNs! / 1e6, 3_435_948.056, 1e-3);
  assertEquals(info.requestsPerSecond?.toFixed(4), "2.5667");
  assertEquals(info.ideal.block, 0);
  assertMatch(info.reuseSentence, /^No reuse evidence/);
});

/** The same ratios by looking at every block. */
function plainRatios({ requests, extents, requestCount, blockTokens }: Trace) {
  const seen = new Set<number>();
  const sums = { blocks: 0, hits: 0, any: 0, hitTokens: 0, tokens: 0, ratios: 0 };
  for (let row = 0; row < requestCount; row++) {
    const blocks: number[] = [];
    for (let e = requests.firstExtent[row]; e < requests.firstExtent[row + 1]; e++) {
      for (let i = 0; i < extents.blockCount[e]; i++) blocks.push(extents.firstBlock[e] + i);
    }
    const miss = blocks.findIndex((block) => !seen.has(block));
    const leading = miss < 0 ? blocks.length : miss;
    const tokens = Math.min(leading * blockTokens, requests.inputTokens[row]);
    sums.blocks += blocks.length;
    sums.hits += leading;
    sums.any += blocks.filter((block) => seen.has(block)).length;
    sums.hitTokens += tokens;
    sums.tokens += requests.inputTokens[row];
    sums.ratios += tokens / requests.inputTokens[row];
    for (const block of blocks) seen.add(block);
  }
  return {
    block: sums.hits / sums.blocks,
    token: sums.hitTokens / sums.tokens,
    requestMean: sums.ratios / requestCount,
    anyBlock: sums.any / sums.blocks,
  };
}

/** Whether a block has two parents, by looking at every block. */
function plainPrefixTree({ requests, extents, requestCount }: Trace): boolean {
  const parents = new Map<number, number>();
  for (let row = 0; row < requestCount; row++) {
    let parent = -1;
    for (let e = requests.firstExtent[row]; e < requests.firstExtent[row + 1]; e++) {
      for (let i = 0; i < extents.blockCount[e]; i++) {
        const block = extents.firstBlock[e] + i;
        if (parents.has(block) && parents.get(block) !== parent) return false;
        parents.set(block, parent);
        parent = block;
      }
    }
  }
  return true;
}

Deno.test("traceInfo() and isPrefixTree() agree with looking at every block", async () => {
  let trees = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const below = randomBelow(seed);
    const builder = new TraceBuilder({ blockTokens: 10 });
    for (let row = 0; row < 6; row++) {
      const first = below(3) * 10;
      const blocks = Array.from({ length: 1 + below(5) }, (_, index) => first + index);
      if (below(4) === 0) blocks.push(40 + below(3));
      builder.add({ blocks, inputTokens: blocks.length * 10 - below(10) });
    }
    const trace = await builder.build();
    const { ideal } = traceInfo(trace);
    for (const [name, value] of Object.entries(plainRatios(trace))) {
      assertAlmostEquals(ideal[name as keyof typeof ideal], value, 1e-12, `seed ${seed} ${name}`);
    }
    assertEquals(isPrefixTree(trace), plainPrefixTree(trace), `seed ${seed}`);
    if (isPrefixTree(trace)) trees++;
  }
  assert(trees > 10 && trees < 190, `${trees} of 200 are trees`);
});

Deno.test("traceHead() shows the first requests with their extents", async () => {
  const trace = await openTrace(dataPath("conversation_trace.jsonl.gz"));
  const rows = traceHead(trace, 3);
  assertEquals(rows.map(({ extents }) => extents), ["0+14", "0+1 14+14", "0+1 28+14"]);
  assertEquals(rows[0].inputTokens, 6758);
  assertEquals(traceHead(trace, 99_999).length, 12_031);
});
