/**
 * Metrics of each tier: what it served, how full it was, what came and went.
 *
 * @module
 */

import { movedBytes } from "./books.ts";
import type { RunMetricRow } from "./metric.ts";
import { DEVICE_ROWS } from "./metrics_device.ts";
import { counter, share } from "./metric_rows.ts";

const HITS: readonly RunMetricRow[] = [
  counter("hits", "count", {
    label: "hits",
    better: "higher",
    meaning: "Look-ups that found their block here, and in no faster tier.",
    doesNotShow: "Use: behind a miss the block is computed anew all the same.",
  }),
  counter("prefixHits", "count", {
    label: "prefix hits",
    better: "higher",
    meaning: "Of those, hits in the leading run of their request.",
    doesNotShow: "Alternatives: without this tier, another might have held some of them.",
  }),
  share("hitRatio", "hits ÷ lookups of the run", {
    label: "block hit",
    better: "higher",
    meaning: "Share of all look-ups that this tier served.",
    doesNotShow: "A ratio of what reached this tier: look-ups above it count too.",
  }, ({ hits }, { result }) => [hits, result.lookups]),
  share("prefixHitRatio", "prefixHits ÷ lookups of the run", {
    label: "prefix hit",
    better: "higher",
    meaning: "Share of all look-ups that this tier served in leading runs: what it is good for.",
    doesNotShow: "What the tier above would hit if it were larger instead.",
  }, ({ prefixHits }, { result }) => [prefixHits, result.lookups]),
];

const RESIDENCY: readonly RunMetricRow[] = [
  counter("capacityBytes", "bytes", {
    label: "capacity",
    better: "lower",
    meaning: "Bytes that the tier may hold.",
    doesNotShow: "Blocks: another scheme fits more of them into the same bytes.",
  }),
  counter("usedBytes", "bytes", {
    label: "held",
    better: "neither",
    meaning: "Bytes held when the trace ended.",
    doesNotShow: "How full the tier was on the way; see meanUsedRatio.",
  }),
  counter("peakBytes", "bytes", {
    label: "peak",
    better: "neither",
    meaning: "Most bytes held at any time.",
    doesNotShow: "For how long.",
  }),
  counter("residentBlocks", "count", {
    label: "blocks held",
    better: "neither",
    meaning: "Blocks held when the trace ended.",
    doesNotShow: "Distinct blocks of the hierarchy: inclusive tiers hold copies.",
  }),
  share("usedRatio", "usedBytes ÷ capacityBytes", {
    label: "full at end",
    better: "neither",
    meaning: "How full the tier was when the trace ended.",
    doesNotShow: "Worth: full of blocks that nobody asks for is full.",
  }, ({ usedBytes, capacityBytes }) => [usedBytes, capacityBytes]),
  share("peakRatio", "peakBytes ÷ capacityBytes", {
    label: "full at most",
    better: "neither",
    meaning: "How full the tier ever was; well below 100 % it is larger than this trace needs.",
    doesNotShow: "Whether less would do: the last blocks to fill it may be hit or not.",
  }, ({ peakBytes, capacityBytes }) => [peakBytes, capacityBytes]),
  share("meanUsedRatio", "mean of used bytes over the samples ÷ capacityBytes", {
    label: "full on average",
    better: "neither",
    meaning: "How full the tier was on average over the samples.",
    doesNotShow: "Time: samples are spread over requests.",
  }, ({ capacityBytes }, { result: { samples } }, tier) => [
    samples.reduce((sum, { usedBytes }) => sum + usedBytes[tier], 0),
    samples.length * capacityBytes,
  ]),
];

const MOVES: readonly RunMetricRow[] = [
  counter("promotedIn", "count", {
    label: "from below",
    better: "neither",
    meaning: "Blocks that came in from a slower tier.",
    doesNotShow: "Why: demand and prefetch count alike; see linkBytes.",
  }),
  counter("demotedIn", "count", {
    label: "from above",
    better: "neither",
    meaning: "Blocks that came in from a faster tier, evicted there or written through.",
    doesNotShow: "Use: most are never asked for again.",
  }),
  counter("insertedIn", "count", {
    label: "new",
    better: "neither",
    meaning: "Newly computed blocks that came in.",
    doesNotShow: "Whether they had been computed before; see recomputedBlocks.",
  }),
  counter("evictions", "count", {
    label: "evicted",
    better: "lower",
    meaning: "Blocks that left to make room.",
    doesNotShow: "Loss: most go to the next tier.",
  }),
  counter("dropped", "count", {
    label: "dropped",
    better: "lower",
    meaning: "Blocks of those that left the hierarchy: no tier took them.",
    doesNotShow: "Regret: only the ones asked for again cost anything.",
  }),
  counter("bypasses", "count", {
    label: "kept out",
    better: "neither",
    meaning: "Blocks that admission or the policy kept out.",
    doesNotShow: "Whether that was right; compare hit ratios.",
  }),
  counter("bytesIn", "bytes", {
    label: "bytes in",
    better: "lower",
    meaning: "Bytes of the blocks that took a place here, in this tier's scheme.",
    doesNotShow: "Traffic: a block computed in place crosses no link to get here.",
  }),
  counter("bytesOut", "bytes", {
    label: "bytes out",
    better: "lower",
    meaning: "Bytes of the blocks that gave their place up, dropped ones included.",
    doesNotShow: "Traffic: a dropped block crosses no link.",
  }),
  {
    name: "readBytes",
    label: "read",
    unit: "bytes",
    formula: "sum of linkBytes from this tier",
    better: "lower",
    format: "bytes",
    meaning: "Bytes read from this tier, for any cause.",
    doesNotShow: "Attention itself, which reads the fastest tier at every step.",
    value: ({ result }, place) => movedBytes(result, { source: place?.tier ?? 0 }),
  },
  {
    name: "writtenBytes",
    label: "written",
    unit: "bytes",
    formula: "sum of linkBytes to this tier",
    better: "lower",
    format: "bytes",
    meaning: "Bytes written to this tier, for any cause; on flash, its wear.",
    doesNotShow: "Write amplification inside the device.",
    value: ({ result }, place) => movedBytes(result, { target: place?.tier ?? 0 }),
  },
];

/** Rows of each tier, in the order of the documents. */
export const TIER_ROWS: readonly RunMetricRow[] = [
  ...HITS,
  ...RESIDENCY,
  ...MOVES,
  ...DEVICE_ROWS,
];
