/**
 * Mooncake, FAST 2025, figure 10: GPU seconds of a prefill with one pooled cache of 30 M tokens,
 * from the constants fitted on figure 14 and an exact replay of the published traces.
 */
import { assert, assertEquals } from "@std/assert";
import { compare, openTrace, type Trace } from "kvtier";
import { fitPrefill, prefillModelOf, prefillNs, readPrefills } from "../../serving/fit/prefill.ts";
import { readMeasured } from "../../serving/fit/input.ts";
import { blocksOf } from "../../serving/reference/requests.ts";

const BYTES_PER_TOKEN = 327_680;
const BLOCKS = Math.floor(30e6 / 512);

const measured = await readMeasured("tests/data/serving/fast25_llama70b_a800x8_prefill.csv");
const { constants } = fitPrefill("figure 14", readPrefills(measured), BYTES_PER_TOKEN);
const fitted = prefillModelOf(constants.map(({ value }) => value));
// The fixed time of a fetch is waiting; figure 10 counts what GPUs do.
const model = { ...fitted, fetchNs: 0 };

/** Leading blocks that an LRU cache holds when each request arrives, tails released first. */
function prefixHits(trace: Trace): number[] {
  const cache = new Map<number, true>();
  return Array.from({ length: trace.requestCount }, (_, row) => {
    const blocks = blocksOf(trace, row);
    const missing = blocks.findIndex((block) => !cache.has(block));
    for (const block of blocks.toReversed()) {
      cache.delete(block);
      cache.set(block, true);
    }
    while (cache.size > BLOCKS) cache.delete(cache.keys().next().value!);
    return missing < 0 ? blocks.length : missing;
  });
}

for (
  const [name, hitRatio, seconds] of [
    ["conversation", 0.3748, 1.0505],
    ["synthetic", 0.6219, 0.7828],
  ] as const
) {
  Deno.test(`pooled prefills of ${name} take the published GPU seconds within 3 %`, async () => {
    const trace = await openTrace(`tests/data/${name}_trace.jsonl.gz`);
    const hits = prefixHits(trace);
    const { results: [replayed] } = await compare(trace, {
      policies: ["lru"],
      capacities: [String(BLOCKS)],
      touch: "tail-first",
    });
    const blocks = hits.reduce((sum, each) => sum + each, 0);
    assert(Math.abs(blocks / replayed.prefixHits - 1) < 0.002, `${blocks} ${replayed.prefixHits}`);
    let [ns, cached, tokens] = [0, 0, 0];
    for (const [row, count] of hits.entries()) {
      const prompt = trace.requests.inputTokens[row];
      const hit = Math.min(count * 512, prompt - 1);
      ns += prefillNs(model, prompt, hit, BYTES_PER_TOKEN);
      cached += hit;
      tokens += prompt;
    }
    const mean = ns / trace.requestCount / 1e9;
    assert(Math.abs(mean / seconds - 1) < 0.03, `${mean} s for ${seconds} s`);
    assert(Math.abs(cached / tokens - hitRatio) < 0.035, `${cached / tokens}`);
    assertEquals(trace.blockTokens, 512);
  });
}
