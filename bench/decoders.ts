/**
 * What choosing decoders costs in fleets of prefill and decode replicas: CPU time of whole
 * simulations at the same load for each replica, so that a cost that grows with the fleet shows.
 *
 * ```sh
 * deno run --allow-read bench/decoders.ts [--smoke] [--fleets=128:128,512:512,2000:6000]
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { serveTrace } from "../engine/serving.ts";
import { type ReplicaSpec, type ServingSpec, singleEngine } from "../engine/serving_spec.ts";
import { cpuSeconds, textTable } from "./clock.ts";
import { fleetLoad } from "./fleet.ts";
import { mooncake } from "./traces.ts";

const BLOCK_TOKENS = 512;
const RACK_REPLICAS = 32;
/** Copies of the conversation trace in ten minutes for each prefill replica, which keeps up. */
const COPIES_PER_PREFILL = 1.25 / 64;
const SPAN_NS = 600e9;

/** Prefill and decode replicas, mixed over racks in their ratio, each with links of its own. */
export function splitFleet(prefill: number, decode: number): ServingSpec {
  const step = { stepNs: 1e7, sequenceNs: 1e5, tokenNs: 1.1e5, pairNs: 1.41, contextNs: 30 };
  const none = { windowTokens: 0, windowPairNs: 0, windowContextNs: 0 };
  const alone = { products: [], smoothness: 1, allReduceNs: 0, allReduceNsPerToken: 0 };
  const engine = { blocks: 900, maxSequences: 256, tokenBudget: 8192 };
  const count = prefill + decode;
  const spec = singleEngine({ ...step, ...none, ...alone }, engine, count);
  const isPrefill = (i: number) =>
    Math.floor((i + 1) * prefill / count) > Math.floor(i * prefill / count);
  const link = (name: string) => ({ name, latencyNs: 1e4, bytesPerSecond: 25e9 });
  return {
    ...spec,
    blockBytes: BLOCK_TOKENS * 327_680,
    closedLoop: false,
    links: spec.replicas.flatMap((_, i) => [link(`replica ${i} in`), link(`replica ${i} out`)]),
    replicas: spec.replicas.map((replica, i): ReplicaSpec => ({
      ...replica,
      role: isPrefill(i) ? "prefill" : "decode",
      rack: Math.floor(i / RACK_REPLICAS),
      linkIn: 2 * i,
      linkOut: 2 * i + 1,
    })),
  };
}

if (import.meta.main) {
  const options = parseArgs(Deno.args, { string: ["fleets"], boolean: ["smoke"] });
  const fleets = String(options.fleets ?? (options.smoke ? "8:8" : "128:128,512:512,2000:6000"));
  const trace = await mooncake("conversation_trace.jsonl.gz");
  const rows = [[
    "prefill : decode",
    "requests",
    "CPU s",
    "µs/request",
    "M events/s",
    "TTFT p50 ms",
  ]];
  for (const ratio of fleets.split(",")) {
    const [prefill, decode] = ratio.split(":").map(Number);
    const load = fleetLoad(trace, Math.max(1, Math.round(prefill * COPIES_PER_PREFILL)), SPAN_NS);
    const { value, seconds } = cpuSeconds(() => serveTrace(splitFleet(prefill, decode), load));
    const { events, finished, requests } = value;
    const ttft = requests.firstTokenNs.map((ns, row) => ns - requests.arrivalNs[row]).sort();
    rows.push([
      ratio,
      String(load.requestCount),
      seconds.toFixed(1),
      (seconds / load.requestCount * 1e6).toFixed(1),
      (events / seconds / 1e6).toFixed(2),
      (ttft[ttft.length >> 1] / 1e6).toFixed(0),
    ]);
    if (finished !== load.requestCount) Deno.exit(1);
  }
  console.log(textTable(rows));
}
