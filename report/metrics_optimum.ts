/**
 * The metrics that compare a run with the optimum and with LRU.
 *
 * @module
 */

import type { Metric } from "./metric.ts";
import { counter, isOverDraw, ratio } from "./metric_values.ts";

/** Rows of the table of metrics in `metrics.ts`. */
export const OPTIMUM: readonly Metric[] = [
  counter("optimalHits", {
    label: "optimal hits",
    unit: "blocks",
    better: "neither",
    meaning: "Hits of the exact optimum (MIN with bypass) at this capacity and touch order.",
    doesNotShow: "A policy to deploy: the optimum reads the future.",
  }),
  counter("optimalPrefixHits", {
    label: "optimal prefix",
    unit: "blocks",
    better: "neither",
    meaning: "Prefix hits of that optimum; equal to optimalHits where blocks form a prefix tree.",
    doesNotShow: "The most prefix hits possible: the optimum was asked for block hits.",
  }),
  {
    name: "optimalHitRatio",
    label: "optimum",
    unit: "ratio",
    formula: "optimalHits ÷ accesses",
    better: "neither",
    format: "percent",
    meaning: "The most that any policy can hit at this capacity, in block and so in prefix hits.",
    doesNotShow: "How near an online policy can come; nobody knows the future.",
    value: (run) => ratio(run.optimalHits, run.accesses),
  },
  counter("lruHits", {
    label: "LRU hits",
    unit: "blocks",
    better: "neither",
    meaning: "Hits of plain LRU at this capacity and touch order: the foot of gapClosed.",
    doesNotShow: "What your server does, unless it is plain LRU over this one tier.",
  }),
  counter("lruPrefixHits", {
    label: "LRU prefix hits",
    unit: "blocks",
    better: "neither",
    meaning: "Prefix hits of plain LRU there: the foot of prefixGapClosed, and of every sign.",
    doesNotShow: "What your server does, unless it is plain LRU over this one tier.",
  }),
  {
    name: "prefixGapToOptimal",
    label: "gap",
    unit: "ratio",
    formula: "optimalHits ÷ accesses − prefixHitRatio (shown in points: hundredths)",
    better: "lower",
    format: "points",
    meaning: "How far prefix hits stay below the optimum, whose block hits bound all of them.",
    doesNotShow: "How much of the gap an online policy could ever close.",
    value: (run) => ratio(run.optimalHits - run.prefixHits, run.accesses),
  },
  {
    name: "prefixGapClosed",
    label: "gap closed",
    unit: "ratio",
    formula: "(prefixHits − lruPrefixHits) ÷ (optimalHits − lruPrefixHits); null without a gap",
    better: "higher",
    format: "share",
    meaning: "Share of the way from LRU (0) to the optimum (1) in prefix hits; negative is worse.",
    doesNotShow: "Size: a large share of a tiny gap is worth nothing. Read it beside the gap.",
    value: (run) => ratio(run.prefixHits - run.lruPrefixHits, run.optimalHits - run.lruPrefixHits),
    isShown: (run) => isOverDraw(run.optimalHits - run.lruPrefixHits, run.accesses),
  },
  {
    name: "gapToOptimal",
    label: "block gap",
    unit: "ratio",
    formula: "optimalHits ÷ accesses − blockHitRatio (shown in points: hundredths)",
    better: "lower",
    format: "points",
    meaning: "How far block hits stay below the optimum; below one point is a draw.",
    doesNotShow: "How much of the gap an online policy could ever close.",
    value: (run) => ratio(run.optimalHits - run.hits, run.accesses),
  },
  {
    name: "gapClosed",
    label: "block gap closed",
    unit: "ratio",
    formula: "(hits − lruHits) ÷ (optimalHits − lruHits); null when LRU is optimal",
    better: "higher",
    format: "share",
    meaning: "Share of the way from LRU (0) to the optimum (1) in block hits; negative is worse.",
    doesNotShow: "Size: a large share of a tiny gap is worth nothing. Read it beside gapToOptimal.",
    value: (run) => ratio(run.hits - run.lruHits, run.optimalHits - run.lruHits),
    isShown: (run) => isOverDraw(run.optimalHits - run.lruHits, run.accesses),
  },
];
