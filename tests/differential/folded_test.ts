/**
 * The folded engine against the kernels on shipped traces, and on a made one of many slices. The
 * largest shipped one, for which the kernels need 1 GB, is compared in `bench/folded.ts`.
 */
import { FoldedReplayer } from "../../engine/folded.ts";
import type { Touch } from "../../engine/result.ts";
import { openTrace } from "../../traces/open.ts";
import type { Trace } from "../../traces/trace.ts";
import { longPaths } from "../support/extents.ts";
import { blockCounts, compareFolded } from "../support/folded_twins.ts";
import { checkingModule, traceOf } from "../support/traces.ts";

const TOUCHES: readonly Touch[] = ["root-first", "tail-first"];
const FILES = [
  "conversation_trace.jsonl.gz",
  "synthetic_trace.jsonl.gz",
  "miniswe_char64.mooncake.jsonl.gz",
  "weka_trace_0026.json",
  "weka_trace_0277.json",
  "weka_trace_0291.json",
  "vidur_splitwise_code.csv",
  "llmservingsim_sharegpt_20.jsonl",
  "tair_event_publisher_60.log",
];
const CAPACITIES = [1, 2, 29, 182, 439, 1000, 5000, 18_279, 45_697, 91_000, 182_790, 400_000];

function compare(trace: Trace, name: string, module?: WebAssembly.Module): void {
  const replayer = new FoldedReplayer(trace, module);
  for (const touch of TOUCHES) {
    compareFolded(replayer, touch, blockCounts(trace, touch, CAPACITIES, "kernel"), name);
  }
}

for (const file of FILES) {
  Deno.test(`the folded engine counts what the kernels count on ${file}`, async () => {
    const url = new URL(`../data/${file}`, import.meta.url);
    compare(await openTrace(decodeURIComponent(url.pathname)), file);
  });
}

Deno.test("the folded engine counts what the kernels count over many slices", () => {
  compare(traceOf(longPaths(5, 40_000, 5)), "long paths", checkingModule());
});
