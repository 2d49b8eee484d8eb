/**
 * What a routing decision costs in fleets: CPU seconds of whole simulations, and what each router
 * adds per request to a router that draws at random.
 *
 * ```sh
 * deno run --allow-read bench/routing.ts [--smoke] [--replicas=1280,10240] [--sample=8]
 *   [--stale-ms=50] [--routers=random,llm-d]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { registry } from "../engine/registry.ts";
import { serveTrace } from "../engine/serving.ts";
import { type ServingSpec, singleEngine } from "../engine/serving_spec.ts";
import type { Trace } from "../traces/trace.ts";
import { cpuSeconds, textTable } from "./clock.ts";
import { benchTrace } from "./traces.ts";

const BLOCK_TOKENS = 512;
/** Requests that one replica gets in a second: the conversation trace on eight. */
const RATE = 0.42;

const args = parseArgs(Deno.args, {
  string: ["replicas", "sample", "stale-ms", "routers"],
  boolean: ["smoke"],
});
const listed = (text: unknown, fallback: string) => String(text ?? fallback).split(",");
const everyName = registry().routers.map(({ name }) => name).join(",");
const names = listed(args.routers, everyName);
const trace = await benchTrace(args.smoke ? "conversation" : "conv-x100", true);

/** Evenly spaced requests, with tokens for their blocks. */
function atRate(trace: Trace, perSecond: number): Trace {
  const arrivalNs = Float64Array.from(
    { length: trace.requestCount },
    (_, request) => Math.round(request * 1e9 / perSecond),
  );
  const inputTokens = trace.requests.inputTokens.map((blocks) => blocks * BLOCK_TOKENS);
  const requests = { ...trace.requests, arrivalNs, inputTokens };
  return { ...trace, blockTokens: BLOCK_TOKENS, requests };
}

function fleet(replicas: number): ServingSpec {
  const step = { stepNs: 1e7, sequenceNs: 1e5, tokenNs: 1.1e5, pairNs: 1.41, contextNs: 30 };
  const none = { windowTokens: 0, windowPairNs: 0, windowContextNs: 0 };
  const alone = { products: [], smoothness: 1, allReduceNs: 0, allReduceNsPerToken: 0 };
  const engine = { blocks: 900, maxSequences: 256, tokenBudget: 8192 };
  return {
    ...singleEngine({ ...step, ...none, ...alone }, engine, replicas),
    stalenessNs: Number(args["stale-ms"] ?? 50) * 1e6,
    closedLoop: false,
    outputTokensDefault: 340,
    routerSample: Number(args.sample ?? 8),
  };
}

const rows = [[
  "replicas",
  "router",
  "CPU s",
  "M events/s",
  "µs/request",
  "hit %",
  "TTFT s",
  "MiB",
]];
for (const replicas of listed(args.replicas, args.smoke ? "16" : "1280,10240").map(Number)) {
  const load = atRate(trace, replicas * RATE);
  const spec = fleet(replicas);
  const run = (router: string) => cpuSeconds(() => serveTrace({ ...spec, router }, load));
  run("random");
  const { seconds: base } = run("random");
  for (const router of names) {
    const { seconds, value } = run(router);
    const { firstTokenNs, arrivalNs } = value.requests;
    const ttft = firstTokenNs.reduce((sum, ns, i) => sum + ns - arrivalNs[i], 0) / 1e9;
    rows.push([
      String(replicas),
      router,
      seconds.toFixed(2),
      (value.events / seconds / 1e6).toFixed(2),
      ((seconds - base) * 1e6 / load.requestCount).toFixed(1),
      (100 * value.cachedTokens / value.promptTokens).toFixed(1),
      (ttft / load.requestCount).toFixed(2),
      (value.memoryBytes / 2 ** 20).toFixed(0),
    ]);
  }
}
console.log(textTable(rows, 2));
console.log(
  `\n${trace.requestCount} requests; µs/request: more than a router that draws at random`,
);
