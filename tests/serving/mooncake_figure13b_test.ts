/**
 * Mooncake (FAST '25), figure 13b: how much longer transfers take than their bytes alone, at seven
 * bandwidths, on the synthetic trace; read from the paper's vector paths.
 *
 * The paper does not say how many nodes sent, nor what. Taken here: the ten prefill nodes of its
 * figure 10, requests to each in turn, the whole prompt's KV (320 KiB a token) over the sender's
 * port. Nothing is fitted. Congestion at 24 Gbit/s depends on the number of nodes (nine: 3.6,
 * twelve: 1.6), so that the agreement also says that ten is near the truth.
 */
import { assert } from "@std/assert";
import { serveTrace } from "../../engine/serving.ts";
import { type ServingSpec, singleEngine } from "../../engine/serving_spec.ts";
import { openTrace } from "../../traces/open.ts";
import type { Trace } from "../../traces/trace.ts";
import { STEP } from "../support/serving_cases.ts";

const NODES = 10;
const BYTES_PER_TOKEN = 327_680;
/** Gbit/s; seconds of the bytes alone, and measured. */
const FIGURE = [
  [24, 1.536, 3.649],
  [40, 0.936, 1.134],
  [80, 0.478, 0.510],
  [100, 0.383, 0.403],
  [160, 0.242, 0.251],
  [320, 0.123, 0.125],
  [400, 0.100, 0.102],
] as const;

/** Nodes that compute in no time to speak of, and send to decoders whose ports are wide. */
function senders(trace: Trace, bytesPerSecond: number): ServingSpec {
  const engine = { blocks: 1e5, maxSequences: 1e5, tokenBudget: 2 ** 24 };
  const base = singleEngine({ ...STEP, tokenNs: 0 }, engine, 2 * NODES);
  return {
    ...base,
    discipline: "fair-share",
    handover: "pull",
    deltaTransfer: false,
    blockBytes: trace.blockTokens * BYTES_PER_TOKEN,
    links: base.replicas.flatMap((_, i) => [
      { name: `out${i}`, latencyNs: 0, bytesPerSecond },
      { name: `in${i}`, latencyNs: 0, bytesPerSecond: 1e15 },
    ]),
    replicas: base.replicas.map((each, i) => ({
      ...each,
      prefixCache: false,
      role: i < NODES ? "prefill" : "decode",
      linkOut: 2 * i,
      linkIn: 2 * i + 1,
    })),
  };
}

/** Mean time of transfers over the mean time of their bytes alone. */
function congestion(trace: Trace, gbps: number): number {
  const bytesPerSecond = gbps / 8 * 1e9;
  const spec = senders(trace, bytesPerSecond);
  const { requests } = serveTrace(spec, trace);
  let took = 0;
  let alone = 0;
  for (let r = 0; r < trace.requestCount; r++) {
    took += requests.decodeStartNs[r] - requests.firstTokenNs[r];
    alone += requests.transferBlocks[r] * spec.blockBytes / bytesPerSecond * 1e9;
  }
  return took / alone;
}

Deno.test("congestion of links at seven bandwidths is within 10 % of the published", async () => {
  const trace = await openTrace("tests/data/synthetic_trace.jsonl.gz");
  for (const [gbps, ideal, measured] of FIGURE) {
    const found = congestion(trace, gbps);
    const off = found / (measured / ideal) - 1;
    assert(Math.abs(off) < 0.1, `${gbps} Gbit/s: ${found} beside ${measured / ideal}`);
  }
});
