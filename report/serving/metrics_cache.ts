/**
 * Metrics of a serving simulation about KV that need not be computed.
 *
 * @module
 */

import { ratio } from "../metric_values.ts";
import type { ServingRow } from "./metric.ts";
import { COUNTED } from "./metrics_latency.ts";

const HIT_LIMITS = "Time: a cached token saves computing, and a loaded one may save nothing.";

function tokenShare(
  name: string,
  label: string,
  of: "cachedTokens" | "peerTokens" | "loadedTokens",
  meaning: string,
): ServingRow {
  return {
    name,
    label,
    unit: "ratio",
    formula: `${of} ÷ prompt tokens, of finished requests`,
    better: "higher",
    format: "percent",
    meaning,
    doesNotShow: HIT_LIMITS,
    grounds: ["arrivals", "reuse"],
    value: ({ result, context }) =>
      of === "peerTokens" && context.spec.peers === "none"
        ? null
        : ratio(result[of], result.promptTokens),
  };
}

/** Of the whole run: where the KV of prompts came from. */
export const CACHE_ROWS: readonly ServingRow[] = [
  tokenShare(
    "cachedTokenRatio",
    "cached in HBM",
    "cachedTokens",
    "Share of prompt tokens whose KV was in HBM when their request was first scheduled.",
  ),
  tokenShare(
    "peerTokenRatio",
    "read from peers",
    "peerTokens",
    "Share of prompt tokens whose KV was read from the HBM of other replicas before their request " +
      "was first scheduled; nothing where replicas do not read from each other.",
  ),
  tokenShare(
    "loadedTokenRatio",
    "loaded",
    "loadedTokens",
    "Share of prompt tokens whose KV was loaded from stores below HBM.",
  ),
  {
    name: "computedTokenRatio",
    label: "computed",
    unit: "ratio",
    formula: "1 − cachedTokenRatio − peerTokenRatio − loadedTokenRatio",
    better: "lower",
    format: "percent",
    meaning: "Share of prompt tokens that had to be computed.",
    doesNotShow: "Tokens computed twice, after a preemption or a failure.",
    grounds: ["arrivals", "reuse"],
    value: ({ result: { cachedTokens, peerTokens, loadedTokens, promptTokens } }) =>
      ratio(promptTokens - cachedTokens - peerTokens - loadedTokens, promptTokens),
  },
  {
    name: "strandedTokenRatio",
    label: "stranded",
    unit: "ratio",
    formula: "strandedTokens ÷ prompt tokens, of finished requests; strandedTokens of all requests",
    better: "lower",
    format: "percent",
    meaning: "Share of prompt tokens whose KV was in HBM behind a block that was not, when their " +
      "request was first scheduled: it takes room, and is computed all the same.",
    doesNotShow: "Rules that evict tails first are not looked at: they strand nothing of prompts " +
      "whose blocks name all that stands before them. What nobody asks for again.",
    grounds: ["arrivals", "reuse"],
    value: ({ result }) => ratio(result.strandedTokens, result.promptTokens),
  },
  {
    name: "transferBytes",
    label: "prefill → decode",
    unit: "bytes",
    formula: COUNTED,
    better: "lower",
    format: "bytes",
    meaning: "Bytes of KV sent from replicas that compute prompts to replicas that decode.",
    doesNotShow: "What stores moved; see the links.",
    value: ({ result }) => result.transferBytes,
  },
];
