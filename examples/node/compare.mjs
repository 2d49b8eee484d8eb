// The library in Node: `deno task bundle` writes out/kvtier.js, then
//
//   node examples/node/compare.mjs tests/data/conversation_trace.jsonl.gz
import { readFile } from "node:fs/promises";

const library = process.env.KVTIER_BUNDLE ?? new URL("../../out/kvtier.js", import.meta.url).href;
const { compare, comparisonText, parseTrace } = await import(library);

const path = process.argv[2];
const trace = await parseTrace(new Uint8Array(await readFile(path)), path);
const comparison = await compare(trace, {
  policies: ["lru", "arc", "s3-fifo", "optimal"],
  capacities: ["1%", "10%"],
});
console.log(comparisonText(comparison));
console.log(`result ${comparison.resultHash}`);
