/**
 * Metrics of a whole replay that are about time: latency, requests, prefetching.
 *
 * @module
 */

import type { HierarchyResult } from "../../engine/hierarchy_result.ts";
import { ratio } from "../metric_values.ts";
import type { RunMetricRow } from "./metric.ts";
import { COUNTED } from "./metric_rows.ts";

const PARTS = {
  load: "moving bytes, latency of the devices included, where nobody waits",
  wait: "standing in the queue of a device, each transfer counted on its own",
  compute: "computing what the leading run does not cover",
  dequantise: "bringing loaded blocks back into the form of the fastest tier",
} as const;

/** Sums of nanoseconds beside their means over look-ups. */
function latencyRows(): RunMetricRow[] {
  const parts = Object.entries(PARTS) as [keyof typeof PARTS, string][];
  const sums = parts.map(([part, what]): RunMetricRow => ({
    name: `${part}Ns`,
    label: part,
    unit: "nanoseconds",
    formula: COUNTED,
    better: "lower",
    format: "duration",
    meaning: `Sum over all look-ups of the time for ${what}.`,
    doesNotShow:
      "Waiting of the user: parts of one request overlap, and requests run side by side.",
    value: ({ result }) => result.latencyNs[part],
  }));
  const means = parts.map(([part, what]): RunMetricRow => ({
    name: `${part}NsMean`,
    label: part,
    unit: "nanoseconds per look-up",
    formula: `${part}Ns ÷ lookups`,
    better: "lower",
    format: "duration",
    meaning: `What the average look-up takes for ${what}.`,
    doesNotShow: "The spread: most look-ups take nothing, and a few take long.",
    value: ({ result }) => ratio(result.latencyNs[part], result.lookups),
  }));
  return [...sums, ...means];
}

const LATENCY: readonly RunMetricRow[] = [
  ...latencyRows(),
  {
    name: "totalNs",
    label: "total",
    unit: "nanoseconds",
    formula: COUNTED,
    better: "lower",
    format: "duration",
    meaning: "Sum over all look-ups of the time to have the block ready.",
    doesNotShow:
      "Time on the clock, which is elapsedNs: n loads lined up at one device wait side by side, " +
      "and each of the n waits is added.",
    value: ({ result }) => result.latencyNs.total,
  },
  {
    name: "elapsedNs",
    label: "elapsed",
    unit: "nanoseconds",
    formula: "end of the last request − first counted arrival; null without a clock",
    better: "neither",
    format: "duration",
    meaning: "Time on the clock, beside the sums above: nothing is counted twice.",
    doesNotShow: "Speed: a trace that arrives over an hour takes an hour, whatever the tiers.",
    value: ({ result }) => result.elapsedNs ?? null,
  },
  {
    name: "latencyNsMean",
    label: "per look-up",
    unit: "nanoseconds per look-up",
    formula: "totalNs ÷ lookups",
    better: "lower",
    format: "duration",
    meaning: "What the average look-up takes until its block is ready.",
    doesNotShow: "The spread, and what the user waits for; see requestNsP99.",
    value: ({ result }) => ratio(result.latencyNs.total, result.lookups),
  },
];

type Percentiles = NonNullable<HierarchyResult["requestNs"]>;

const REQUEST_TIMES: readonly (readonly [keyof Percentiles, string, string])[] = [
  ["mean", "mean", "The average"],
  ["p50", "p50", "Half of all requests took at most this: the nearest-rank"],
  ["p90", "p90", "Nine of ten requests took at most this: the nearest-rank"],
  ["p95", "p95", "19 of 20 requests took at most this: the nearest-rank"],
  ["p99", "p99", "99 of 100 requests took at most this: the nearest-rank"],
  ["max", "max", "The longest"],
];

const REQUESTS: readonly RunMetricRow[] = REQUEST_TIMES.map(([key, label, meaning]) => ({
  name: `requestNs${key[0].toUpperCase()}${key.slice(1)}`,
  label,
  unit: "nanoseconds",
  formula: `${key} over the counted requests; null without a clock`,
  better: "lower",
  format: "duration",
  meaning: `${meaning} time from a request's arrival until all KV of its prompt is ready.`,
  doesNotShow: "Time to the first token: the GPU's own queue and batching are not modelled.",
  value: ({ result }) => result.requestNs?.[key] ?? null,
}));

const PREFETCH_ENDS: readonly (readonly ["useful" | "late" | "wasted", string])[] = [
  ["useful", "that had arrived before the block was asked for"],
  ["late", "whose block was asked for while still on its way"],
  ["wasted", "evicted unused, unused at the end, or not let in"],
];

const PREFETCH: readonly RunMetricRow[] = [
  {
    name: "prefetchRequested",
    label: "prefetched",
    unit: "blocks",
    formula: COUNTED,
    better: "neither",
    format: "count",
    meaning: "Blocks moved up because they might be asked for; useful + late + wasted.",
    doesNotShow: "What they pushed out; see demotedBytes for the cause prefetch.",
    value: ({ result }) => result.prefetch.requested,
  },
  ...PREFETCH_ENDS.flatMap(([end, what]): RunMetricRow[] => {
    const name = `prefetch${end[0].toUpperCase()}${end.slice(1)}`;
    const better = end === "useful" ? "higher" : "lower";
    const doesNotShow = "Whether not prefetching would have been better: compare with none.";
    return [{
      name,
      label: end,
      unit: "blocks",
      formula: COUNTED,
      better,
      format: "count",
      meaning: `Prefetches ${what}.`,
      doesNotShow,
      value: ({ result }) => result.prefetch[end],
    }, {
      name: `${name}Ratio`,
      label: end,
      unit: "ratio",
      formula: `${name} ÷ prefetchRequested; null without prefetches`,
      better,
      format: "percent",
      meaning: `Share of the prefetches ${what}.`,
      doesNotShow,
      value: ({ result: { prefetch } }) => ratio(prefetch[end], prefetch.requested),
    }];
  }),
  {
    name: "prefetchRequestedBytes",
    label: "prefetched bytes",
    unit: "bytes",
    formula: COUNTED,
    better: "lower",
    format: "bytes",
    meaning: "Bytes of the blocks prefetched, without what had to make room for them.",
    doesNotShow: "Harm: they may have used links that stood idle.",
    value: ({ result }) => result.prefetch.bytes,
  },
];

/** Rows of the whole run about time. */
export const TIME_ROWS: readonly RunMetricRow[] = [...LATENCY, ...REQUESTS, ...PREFETCH];
